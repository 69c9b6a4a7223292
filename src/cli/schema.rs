//! `vigie schema`

use super::{Ending, Failure};
use crate::authoring::schema;
use clap::Args;
use std::io::{self, Write};

/// Print the JSON Schema of the policy language, for editors
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie schema > policy.schema.json")]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        serde_json::to_writer_pretty(&mut *out, &schema()).map_err(io::Error::from)?;
        writeln!(out)?;
        Ok(Ending::Fine)
    }
}
