//! What is advised for a post.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is advised for a post, mildest first. The engine advises; the forum acts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Action {
    /// Nothing: publish.
    #[default]
    Allow,
    /// Publish, and keep a trace.
    Note,
    /// Publish, and let a moderator look.
    Review,
    /// Keep back until a moderator has looked.
    Hold,
    /// Do not publish.
    Remove,
}

impl Action {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [
        Self::Allow,
        Self::Note,
        Self::Review,
        Self::Hold,
        Self::Remove,
    ];

    /// Its name in policies and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Note => "note",
            Self::Review => "review",
            Self::Hold => "hold",
            Self::Remove => "remove",
        }
    }

    /// The action of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
