//! `vigie completions`

use super::{Ending, Failure};
use clap::Args;
use clap_complete::Shell;
use std::io::Write;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie completions bash > /etc/bash_completion.d/vigie")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(
        &self,
        command: &mut clap::Command,
        out: &mut dyn Write,
    ) -> Result<Ending, Failure> {
        // Into memory first: the generator panics when nobody reads.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "vigie", &mut script);
        out.write_all(&script)?;
        Ok(Ending::Fine)
    }
}
