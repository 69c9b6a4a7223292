//! `vigie check`

use super::options::Format;
use super::terminal::{ERROR, GOOD, WARNING, count, say};
use super::{Ending, Failure, policies};
use crate::diagnostics::{Code, Severity, did_you_mean, to_json, to_text};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Find every mistake in policies, with line, column and help
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie check rules --deny-warnings")]
pub(super) struct Check {
    /// Policy files, or folders of them [default: the pack that comes with the program]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print: `json` is one object a line
    #[arg(long, default_value = "text")]
    format: Format,
    /// Warnings count as errors
    #[arg(long)]
    deny_warnings: bool,
    /// Print what a code means, such as `P043`, and nothing else
    #[arg(long, value_name = "CODE", conflicts_with_all = ["paths", "deny_warnings", "format"])]
    explain: Option<String>,
}

impl Check {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        if let Some(code) = &self.explain {
            return explain(code, out);
        }
        let (checked, files) = policies::load(&self.paths)?;
        for diagnostic in &checked.diagnostics {
            match self.format {
                Format::Text => writeln!(out, "{}\n", to_text(diagnostic, true))?,
                Format::Json => writeln!(out, "{}", to_json(diagnostic))?,
            }
        }
        out.flush()?;
        let (errors, warnings) = (
            checked.count(Severity::Error),
            checked.count(Severity::Warning),
        );
        summary(errors, warnings, files);
        let refused = errors > 0 || (self.deny_warnings && warnings > 0);
        Ok(match refused {
            true => Ending::Findings,
            false => Ending::Fine,
        })
    }
}

fn summary(errors: usize, warnings: usize, files: usize) {
    let style = match (errors, warnings) {
        (0, 0) => GOOD,
        (0, _) => WARNING,
        (_, _) => ERROR,
    };
    let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
    let files = count(files, "file");
    say(&format!("{style}{errors}, {warnings}{style:#} in {files}"));
}

/// Prints the page of a code, given by id or by name.
fn explain(written: &str, out: &mut dyn Write) -> Result<Ending, Failure> {
    let is_it = |code: &&Code| code.id().eq_ignore_ascii_case(written) || code.name() == written;
    let Some(code) = Code::ALL.iter().find(is_it) else {
        let names = Code::ALL.iter().flat_map(|code| [code.id(), code.name()]);
        let hint = did_you_mean(&written.to_uppercase(), names.clone())
            .or_else(|| did_you_mean(written, names))
            .map(|near| format!("; did you mean `{near}`?"));
        let message = format!("there is no code `{written}`{}", hint.unwrap_or_default());
        return Err(Failure::Usage(message));
    };
    let (id, name, severity) = (code.id(), code.name(), code.severity().name());
    writeln!(out, "{id} {name} ({severity})\n\n{}", code.page())?;
    Ok(Ending::Fine)
}
