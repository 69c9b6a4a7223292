//! The engine: everything above the shell behind one door. It does no I/O and looks at no clock.

use crate::evaluate::{Wishes, evaluate};
use crate::model::{Decision, EvidenceKey, Post};
use crate::policy::Pack;
use crate::registry::Registry;
use crate::ruleset::{Levels, Ruleset};

/// Judges posts by one pack.
#[derive(Debug)]
pub struct Engine {
    ruleset: Ruleset,
    key: Option<EvidenceKey>,
    registry: Option<Registry>,
}

impl Engine {
    /// An engine for a checked pack.
    #[must_use]
    pub fn new(pack: Pack, levels: Levels) -> Self {
        Self {
            ruleset: Ruleset::compile(pack, levels),
            key: None,
            registry: None,
        }
    }

    /// With a key that evidence is digested with.
    #[must_use]
    pub fn with_key(mut self, key: EvidenceKey) -> Self {
        self.key = Some(key);
        self
    }

    /// With a registry of protected people: posts that name them are about them.
    #[must_use]
    pub fn with_registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// What judges.
    #[must_use]
    pub fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// Judges one post.
    #[must_use]
    pub fn decide(&self, post: &Post<'_>) -> Decision {
        evaluate(&self.ruleset, post, self.wishes(false))
    }

    /// Judges one post, and tells everything that detectors saw in it.
    #[must_use]
    pub fn decide_with_signals(&self, post: &Post<'_>) -> Decision {
        evaluate(&self.ruleset, post, self.wishes(true))
    }

    fn wishes(&self, signals: bool) -> Wishes<'_> {
        Wishes {
            signals,
            key: self.key.as_ref(),
            registry: self.registry.as_ref(),
        }
    }
}
