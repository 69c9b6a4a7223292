//! `vigie explain`

use super::options::{Policies, RuleLevels};
use super::{Ending, Failure, policies};
use crate::engine::Engine;
use crate::model::Post;
use crate::wire::decision_json;
use clap::Args;
use std::io::Write;

/// Show why a post gets its decision
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie explain \"Voilà son adresse : 27 bis rue des Lilas\"")]
pub(super) struct Explain {
    /// The post's text
    text: String,
    #[command(flatten)]
    policies: Policies,
    #[command(flatten)]
    levels: RuleLevels,
}

impl Explain {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let engine = Engine::new(policies::pack(&self.policies)?, self.levels.levels());
        let decision = engine.decide(&Post::of_text(self.text.as_str()));
        serde_json::to_writer_pretty(&mut *out, &decision_json(&decision))
            .map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(Ending::Fine)
    }
}
