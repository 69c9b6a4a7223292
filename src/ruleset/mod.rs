//! A pack made ready to run: immutable, shared by all threads.

mod beside;
mod expressions;
mod extent;
mod finders;
mod index;
mod matcher;
mod numbers;
mod passage;
mod prospects;
mod shadow;
mod spans;
mod terms;
mod watch;

pub use finders::AllDetectors;
pub use matcher::{Matcher, Scratch, Undisguised};
pub use spans::{Page, Reading, Spans};
pub use watch::{RuleId, Watch};

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
    watch: Watch,
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
        let (watch, prospects) = Watch::new(&pack, levels);
        let matcher = Matcher::compile(&pack, &watch, prospects);
        let digest = digest(&pack, levels);
        Self {
            pack,
            watch,
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

    /// Which rules to ask, given what stands in a post.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.watch
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
