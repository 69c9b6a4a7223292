//! The command line: one thin file per command. Data goes to stdout, words go to stderr.
//!
//! Exit codes: 0 fine, 1 findings (policies with errors, failed tests, lines that could not be
//! read), 2 wrong usage or trouble with files. A reader that stops reading is no trouble.

mod audit;
mod check;
mod completions;
mod diff;
mod dumps;
mod eval;
mod explain;
mod explained;
mod forget;
mod highlight;
mod judging;
mod key;
mod log;
mod options;
mod policies;
mod progress;
mod reference;
mod scan;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod statement;
mod target;
mod terminal;
mod test;

pub use reference::reference;

use crate::store::StoreError;
use clap::{CommandFactory, Parser, Subcommand};
use options::ColorWhen;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use thiserror::Error;

/// Content-moderation rules engine: YAML policies judge posts in English and French, with reasons
/// and evidence
#[derive(Debug, Parser)]
#[command(name = "vigie", version, max_term_width = 100, after_help = EXAMPLE)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
}

const EXAMPLE: &str = "Example:
  echo '{\"text\":\"She lives at 27 bis rue des Lilas\"}' | vigie scan -";

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Test(test::Test),
    Explain(explain::Explain),
    Scan(scan::Scan),
    Audit(audit::Audit),
    Diff(diff::Diff),
    Eval(Box<eval::Eval>),
    Target(target::Target),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Serve>),
    Forget(forget::Forget),
    Log(log::Log),
    Schema(schema::Schema),
    Statement(Box<statement::StatementOf>),
    Completions(completions::Completions),
}

/// How a command ended, when nothing stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Nothing to complain about.
    Fine,
    /// It found what it looks for: mistakes, failures, unreadable lines.
    Findings,
}

/// What stopped a command.
#[derive(Debug, Error)]
enum Failure {
    /// The arguments don't make sense together.
    #[error("{0}")]
    Usage(String),
    /// A file or folder could not be read or written.
    #[error("cannot {what} `{}`: {source}", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The policies have errors; they are printed already.
    #[error("{0}")]
    Policies(String),
    /// An audit was stopped; what was done is kept.
    #[error("{0}")]
    Audit(#[from] crate::audit::Error),
    /// What is kept can't be read or written.
    #[error(transparent)]
    Kept(#[from] StoreError),
    /// The sidecar doesn't run.
    #[cfg(feature = "serve")]
    #[error(transparent)]
    Serve(Box<crate::serve::StartError>),
    /// Nobody takes the output.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.set();
    let mut out = terminal::out();
    let ending = arguments
        .command
        .run(&mut out)
        .and_then(|ending| Ok(out.flush().map(|()| ending)?));
    match ending {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // What was printed so far is still worth reading; a second failure says nothing new.
            let _ = out.flush();
            terminal::error(&failure.to_string());
            ExitCode::from(2)
        }
    }
}

impl Command {
    fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        match self {
            Self::Check(check) => check.run(out),
            Self::Test(test) => test.run(out),
            Self::Explain(explain) => explain.run(out),
            Self::Scan(scan) => scan.run(),
            Self::Audit(audit) => audit.run(),
            Self::Diff(diff) => diff.run(out),
            Self::Eval(eval) => eval.run(out),
            Self::Target(target) => target.run(out),
            #[cfg(feature = "serve")]
            Self::Serve(serve) => serve.run(out),
            Self::Forget(forget) => forget.run(),
            Self::Log(log) => log.run(out),
            Self::Schema(schema) => schema.run(out),
            Self::Statement(statement) => statement.run(out),
            Self::Completions(completions) => completions.run(&mut Arguments::command(), out),
        }
    }
}
