//! What judges posts: policies, levels, the key of evidence, the registry of protected people.
#![expect(clippy::disallowed_methods, reason = "names a registry by its content")]

use super::key::{Key, registry_key};
use super::options::{Policies, RuleLevels};
use super::{Failure, policies};
use crate::engine::Engine;
use crate::model::EvidenceKey;
use crate::policy::{Pack, sha256_name};
use crate::store::read_registry;
use clap::Args;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

/// Options of the commands that judge posts.
#[derive(Debug, Args)]
pub(super) struct Judging {
    #[command(flatten)]
    policies: Policies,
    #[command(flatten)]
    pub(super) rules: Rules,
}

/// How posts are judged, whichever policies do.
#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(flatten)]
    levels: RuleLevels,
    #[command(flatten)]
    key: Key,
    /// Posts that name a person of this registry are about them; see `vigie target`. Needs the key
    /// that the registry was made with
    #[arg(long, value_name = "FILE")]
    registry: Option<PathBuf>,
}

impl Judging {
    /// The engine, and the key that it digests evidence with.
    pub(super) fn engine(&self) -> Result<(Engine, Option<EvidenceKey>), Failure> {
        self.rules.engine(policies::pack(&self.policies)?)
    }
}

impl Rules {
    /// The engine of a pack, and the key that it digests evidence with.
    pub(super) fn engine(&self, pack: Pack) -> Result<(Engine, Option<EvidenceKey>), Failure> {
        let mut engine = Engine::new(pack, self.levels.levels());
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

    /// What names the registry by its content.
    pub(super) fn registry_name(&self) -> Result<Option<String>, Failure> {
        let Some(path) = &self.registry else {
            return Ok(None);
        };
        let content = fs::read(path).map_err(|source| Failure::File {
            what: "read",
            path: path.clone(),
            source,
        })?;
        Ok(Some(
            sha256_name(Sha256::new_with_prefix(content)).to_string(),
        ))
    }
}
