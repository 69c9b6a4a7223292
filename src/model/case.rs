//! A subject standing on a rung, or having stood on one: what happened, why, and what is advised.

use super::{Bilingual, Subject, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A subject's way on one ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Whom or what it is about.
    pub subject: Subject,
    /// The ladder, by name.
    pub ladder: Arc<str>,
    /// The rung it stands on; none when it has left the ladder.
    pub rung: Option<Arc<str>>,
    /// How high that rung is, from 1; 0 when it has left.
    pub height: usize,
    /// Since when.
    pub since: Timestamp,
    /// Every step, up and down, in order.
    pub history: Vec<Step>,
    /// Steps left out of `history`, the oldest, when there were too many.
    pub forgotten: usize,
    /// The findings of the ladder, each met or not, at the moment when most of them were met.
    pub findings: Vec<Finding>,
    /// What is advised; none when it has left the ladder.
    pub recommendation: Option<Recommendation>,
    /// What would step it down.
    pub steps_down: Option<Bilingual>,
}

/// One step of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The rung that was reached; none: the ladder was left.
    pub rung: Option<Arc<str>>,
    /// When, in event time.
    pub at: Timestamp,
    /// Whether it led up.
    pub up: bool,
    /// Why. Never the words of a post.
    pub because: Bilingual,
    /// What was counted.
    pub numbers: Vec<Number>,
    /// The posts it rests on, oldest first.
    pub evidence: Vec<Arc<str>>,
}

/// Something that was measured, and what was asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The counter, trend or sequence, by name.
    pub name: Arc<str>,
    /// What was counted.
    pub value: u64,
    /// What was asked: `>= 3`.
    pub asked: Arc<str>,
    /// Whether it held.
    pub held: bool,
}

/// One of the things that a rung asks for and that people want told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its name.
    pub id: Arc<str>,
    /// Whether it is met.
    pub met: bool,
    /// What it says.
    pub say: Bilingual,
    /// What was counted.
    pub numbers: Vec<Number>,
    /// The posts it rests on.
    pub evidence: Vec<Arc<str>>,
    /// When this was so.
    pub at: Timestamp,
}

/// What is advised. The engine never acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation {
    /// What to do: a name that the policy gives.
    pub action: Arc<str>,
    /// What people are told.
    pub say: Bilingual,
    /// How many people must sign it before anybody acts.
    pub signed_by: u32,
}

/// What the platform did about a post, told to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// The platform acted.
    Enforced,
    /// A person looked, and found nothing: the hits of the post are void.
    Dismissed,
    /// The author contests it: nothing changes until that is decided.
    Appealed,
    /// The platform took its action back: the hits of the post are void.
    Overturned,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Enforced,
        Self::Dismissed,
        Self::Appealed,
        Self::Overturned,
    ];

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Dismissed => "dismissed",
            Self::Appealed => "appealed",
            Self::Overturned => "overturned",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether the hits of the post no longer count.
    #[must_use]
    pub const fn voids(self) -> bool {
        match self {
            Self::Dismissed | Self::Overturned => true,
            Self::Enforced | Self::Appealed => false,
        }
    }
}
