//! Policies for commands: read, checked, and their mistakes shown.

use super::terminal::{count, say};
use super::{Failure, options};
use crate::diagnostics::{Severity, to_text};
use crate::ingest::{PolicyFiles, read_policies};
use crate::policy::{Checked, Pack, check_with, shipped};
use std::path::PathBuf;

/// The policies of some paths, checked; without paths, the shipped ones. Gives the number of files
/// too.
pub(super) fn load(paths: &[PathBuf]) -> Result<(Checked, usize), Failure> {
    let (files, unreadable) = match paths {
        [] => (shipped(), Vec::new()),
        _ => {
            let read = read(paths)?;
            (read.files, read.unreadable)
        }
    };
    let number = files.len() + unreadable.len();
    Ok((check_with(files, unreadable), number))
}

/// The pack that a command judges by. Its mistakes are told on stderr.
pub(super) fn pack(policies: &options::Policies) -> Result<Pack, Failure> {
    demand(load(&policies.policies)?.0)
}

/// The pack, or why there is none.
pub(super) fn demand(checked: Checked) -> Result<Pack, Failure> {
    let errors = checked.count(Severity::Error);
    match checked.pack {
        Some(pack) => Ok(pack),
        None => {
            for diagnostic in &checked.diagnostics {
                if diagnostic.code.severity() == Severity::Error {
                    say(&format!("{}\n", to_text(diagnostic, true)));
                }
            }
            let count = count(errors, "error");
            Err(Failure::Policies(format!(
                "the policies have {count}, so nothing was judged"
            )))
        }
    }
}

/// The names that the policies of some paths have in a pack.
pub(super) fn names(paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
    Ok(read(paths)?
        .files
        .into_iter()
        .map(|file| file.name)
        .collect())
}

fn read(paths: &[PathBuf]) -> Result<PolicyFiles, Failure> {
    read_policies(paths).map_err(|(path, source)| Failure::File {
        what: "read",
        path,
        source,
    })
}
