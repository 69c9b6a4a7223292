//! `vigie explain`
#![expect(clippy::disallowed_methods, reason = "reads a file")]

use super::explained::Explained;
use super::judging::Judging;
use super::options::Format;
use super::terminal::{WARNING, say};
use super::{Ending, Failure};
use crate::limits::LINE_BYTES_MAX;
use crate::model::{Language, Post};
use crate::wire::post_from_json;
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Show why a post gets its decision
///
/// The post's words are shown, since you asked; no other command shows them.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie explain \"Voilà son adresse : 27 bis rue des Lilas\"")]
pub(super) struct Explain {
    /// The post: a text, the name of a file, or `-` for stdin
    #[arg(value_name = "TEXT|FILE", default_value = "-")]
    post: String,
    /// The post is JSON, as for `scan`
    #[arg(long)]
    json_post: bool,
    #[command(flatten)]
    judging: Judging,
    /// The language of the reasons
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: Lang,
    /// How to print: `json` is the decision and `would_change`
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    /// English
    En,
    /// French
    Fr,
}

impl Explain {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let (engine, _) = self.judging.engine()?;
        let written = self.read()?;
        let post = match self.json_post {
            true => post_from_json(&written)
                .map_err(|wrong| Failure::Usage(format!("the post can't be read: {wrong}")))?,
            false => Post::of_text(written.as_str()),
        };
        if !self.json_post && written.starts_with('{') && post_from_json(&written).is_ok() {
            say(&format!(
                "{WARNING}note:{WARNING:#} this looks like JSON and is read as text; add --json-post"
            ));
        }
        let explained = Explained::new(&engine, &post);
        let language = match self.lang {
            Lang::En => Language::En,
            Lang::Fr => Language::Fr,
        };
        match self.format {
            Format::Text => explained.print(language, out)?,
            Format::Json => {
                explained
                    .json()
                    .and_then(|json| serde_json::to_writer_pretty(&mut *out, &json))
                    .map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(Ending::Fine)
    }

    /// The post as it was given.
    fn read(&self) -> Result<String, Failure> {
        let path = Path::new(&self.post);
        let (name, file): (PathBuf, Box<dyn Read>) = match self.post.as_str() {
            "-" => {
                if io::stdin().is_terminal() {
                    say("reading the post from the terminal; end it with Ctrl-D");
                }
                ("stdin".into(), Box::new(io::stdin()))
            }
            _ if path.is_file() => match File::open(path) {
                Ok(file) => (path.to_owned(), Box::new(file)),
                Err(source) => return Err(unreadable(path, source)),
            },
            _ => return Ok(self.post.clone()),
        };
        let mut text = String::new();
        file.take(LINE_BYTES_MAX as u64 + 1)
            .read_to_string(&mut text)
            .map_err(|source| unreadable(&name, source))?;
        if text.len() > LINE_BYTES_MAX {
            let (name, limit) = (name.display(), LINE_BYTES_MAX >> 20);
            let message = format!("`{name}` is longer than a post can be ({limit} MiB)");
            return Err(Failure::Usage(message));
        }
        let end = text.trim_end_matches(['\r', '\n']).len();
        text.truncate(end);
        Ok(text)
    }
}

fn unreadable(path: &Path, source: io::Error) -> Failure {
    Failure::File {
        what: "read",
        path: path.to_owned(),
        source,
    }
}
