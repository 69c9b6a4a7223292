//! What judges posts: policies, levels, the key of evidence, the registry of protected people.

use super::key::{Key, registry_key};
use super::options::{Policies, RuleLevels};
use super::{Failure, policies};
use crate::engine::Engine;
use crate::model::EvidenceKey;
use crate::store::read_registry;
use clap::Args;
use std::path::PathBuf;

/// Options of the commands that judge dumps.
#[derive(Debug, Args)]
pub(super) struct Judging {
    #[command(flatten)]
    policies: Policies,
    #[command(flatten)]
    levels: RuleLevels,
    #[command(flatten)]
    key: Key,
    /// Posts that name a person of this registry are about them; see `vigie target`. Needs the key
    /// that the registry was made with
    #[arg(long, value_name = "FILE")]
    pub(super) registry: Option<PathBuf>,
}

impl Judging {
    /// The engine, and the key that it digests evidence with.
    pub(super) fn engine(&self) -> Result<(Engine, Option<EvidenceKey>), Failure> {
        let mut engine = Engine::new(policies::pack(&self.policies)?, self.levels.levels());
        let key = self.key.read()?;
        if let Some(path) = &self.registry {
            let key = registry_key(key.as_ref())?;
            engine = engine.with_registry(read_registry(path, &key)?);
        }
        if let Some(key) = &key {
            engine = engine.with_key(key.clone());
        }
        Ok((engine, key))
    }
}
