//! Whom or what a ladder follows.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// What a subject is, in the order in which hits reach them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SubjectKind {
    /// The person the harm is aimed at.
    Target,
    /// The account that posted it.
    Author,
    /// Ordered posts.
    Thread,
    /// A board, server or site.
    Community,
}

impl SubjectKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Target, Self::Author, Self::Thread, Self::Community];

    /// Its name in policies and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Author => "author",
            Self::Thread => "thread",
            Self::Community => "community",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whom or what a ladder follows, by the forum's own id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Arc<str>,
}

impl fmt::Display for Subject {
    /// `target/u9`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}
