//! A pack made ready to run: immutable, shared by all threads.

mod expressions;
mod finders;
mod matcher;
mod phrases;

pub use finders::AllDetectors;
pub use matcher::{Matcher, Reading, Spans};

use crate::policy::{Pack, sha256_name};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Up to which level rules count, and up to which they are only observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Rules up to this level give points.
    pub enforce: u8,
    /// Rules up to this level are reported, without points.
    pub observe: u8,
}

impl Default for Levels {
    /// Enforce what rarely errs; observe nothing more.
    fn default() -> Self {
        Self {
            enforce: 2,
            observe: 2,
        }
    }
}

/// A pack made ready to run.
#[derive(Debug)]
pub struct Ruleset {
    pack: Pack,
    matcher: Matcher,
    detectors: AllDetectors,
    levels: Levels,
    digest: Arc<str>,
}

impl Ruleset {
    /// Compiles a checked pack. What could fail was checked.
    #[must_use]
    pub fn compile(pack: Pack, levels: Levels) -> Self {
        let levels = Levels {
            observe: levels.observe.max(levels.enforce),
            ..levels
        };
        let matcher = Matcher::compile(&pack);
        let digest = digest(&pack, levels);
        Self {
            pack,
            matcher,
            detectors: AllDetectors::new(),
            levels,
            digest,
        }
    }

    /// The policies.
    #[must_use]
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// What finds the signals that stand in texts.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Every detector, whether or not a rule uses it.
    #[must_use]
    pub fn detectors(&self) -> &AllDetectors {
        &self.detectors
    }

    /// Which rules count.
    #[must_use]
    pub fn levels(&self) -> Levels {
        self.levels
    }

    /// Names what judges: the pack and the levels. Two rulesets of one digest decide alike.
    #[must_use]
    pub fn digest(&self) -> &Arc<str> {
        &self.digest
    }
}

fn digest(pack: &Pack, levels: Levels) -> Arc<str> {
    let mut hash = Sha256::new();
    hash.update(pack.digest.as_bytes());
    hash.update([levels.enforce, levels.observe]);
    sha256_name(hash)
}
