//! `vigie scan`
#![expect(clippy::disallowed_methods, reason = "reads files")]

use super::options::{Policies, RuleLevels};
use super::terminal::say;
use super::{Ending, Failure, policies};
use crate::engine::Engine;
use crate::wire::{decision_json, post_from_json};
use clap::Args;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

/// Judge posts: NDJSON in, one decision a line out, in the same order
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie scan posts.ndjson > decisions.ndjson")]
pub(super) struct Scan {
    /// Files of posts, one JSON object a line; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    policies: Policies,
    #[command(flatten)]
    levels: RuleLevels,
    /// Add everything that detectors saw, whether or not a rule used it
    #[arg(long)]
    signals: bool,
}

impl Scan {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let engine = Engine::new(policies::pack(&self.policies)?, self.levels.levels());
        let mut ending = Ending::Fine;
        for path in &self.files {
            let reader: Box<dyn BufRead> = match path.as_os_str() == "-" {
                true => Box::new(BufReader::new(io::stdin())),
                false => Box::new(BufReader::new(File::open(path).map_err(|source| {
                    Failure::File {
                        what: "read",
                        path: path.clone(),
                        source,
                    }
                })?)),
            };
            for (at, line) in reader.lines().enumerate() {
                let line = line?;
                match post_from_json(&line) {
                    Ok(post) => {
                        let decision = match self.signals {
                            true => engine.decide_with_signals(&post),
                            false => engine.decide(&post),
                        };
                        writeln!(out, "{}", decision_json(&decision))?;
                    }
                    Err(error) => {
                        say(&format!("{}:{}: {error}", path.display(), at + 1));
                        ending = Ending::Findings;
                    }
                }
            }
        }
        Ok(ending)
    }
}
