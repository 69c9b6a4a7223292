//! `vigie forget`

use super::terminal::{count, say};
use super::{Ending, Failure};
use crate::model::SubjectKind;
use crate::store::{LiveOptions, LiveState};
use clap::Args;
use std::path::PathBuf;

/// Take a person or a place out of the state, the snapshots and the decision log of a sidecar
///
/// What happened stays, since others are judged by it; by whom or to whom, nothing tells any more: a
/// name that says nothing stands in its place. The log can still be proven. Stopped halfway, it goes
/// on when it is called again or when the sidecar starts.
///
/// The sidecar must not run on that folder meanwhile. Somebody who wrote and was written about is two
/// subjects: `author` and `target`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie forget target u9 --state vigie-state")]
pub(super) struct Forget {
    /// What it is: target, author, thread, community
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: SubjectKind,
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
    /// The folder of the state
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
}

fn kind(written: &str) -> Result<SubjectKind, String> {
    let names = SubjectKind::ALL.map(SubjectKind::name).join(", ");
    SubjectKind::named(written).ok_or_else(|| format!("there are: {names}"))
}

impl Forget {
    pub(super) fn run(&self) -> Result<Ending, Failure> {
        let (mut live, recovered) = LiveState::open_left(&self.state, LiveOptions::default())?;
        if recovered.erased {
            say("an erasure that was interrupted was brought to its end first");
        }
        let erased = live.erase(self.kind, &self.id)?;
        live.snapshot()?;
        match erased.instead {
            Some(instead) => {
                let lines = usize::try_from(erased.lines).unwrap_or(usize::MAX);
                let lines = count(lines, "line");
                say(&format!(
                    "erased from {lines} of the log; it stands there as `{instead}`"
                ));
            }
            None => say("nothing is known of it"),
        }
        Ok(Ending::Fine)
    }
}
