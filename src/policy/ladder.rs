//! Checked ladders: what of decisions is remembered, how it is measured, and where that leads.
//!
//! ```text
//! decision ─ hit kinds ─► hits of a subject ─ measures ─► numbers ─ requirements ─► rungs
//! ```

use crate::model::{Action, Bilingual, Comparison, Outcome, Span, SubjectKind};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// What all policies of a pack say about state. Names are resolved to numbers.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Escalation {
    /// Kinds of hits, at most [`Kinds::MAX`].
    pub kinds: Vec<HitKind>,
    /// Counters, trends and sequences.
    pub measures: Vec<Measure>,
    /// The ladders. One that feeds on another's rungs stands after it.
    pub ladders: Vec<Ladder>,
}

/// Which kind of hits: its place in [`Escalation::kinds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KindId(pub usize);

/// Which measure: its place in [`Escalation::measures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MeasureId(pub usize);

/// Which ladder: its place in [`Escalation::ladders`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LadderId(pub usize);

/// A set of kinds of hits.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Kinds(u64);

impl Kinds {
    /// How many kinds a pack may have.
    pub const MAX: usize = 64;

    /// With one more. INVARIANT: checked packs have no kind beyond [`Kinds::MAX`].
    #[must_use]
    pub const fn with(self, kind: KindId) -> Self {
        Self(self.0 | 1 << (kind.0 % Self::MAX))
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one kind is among them.
    #[must_use]
    pub const fn has(self, kind: KindId) -> bool {
        self.0 >> (kind.0 % Self::MAX) & 1 == 1
    }

    /// Whether they have a kind together.
    #[must_use]
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// How many kinds they have together.
    #[must_use]
    pub const fn shared(self, other: Self) -> u32 {
        (self.0 & other.0).count_ones()
    }

    /// As bits: bit 0 is the first kind of the pack.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// From bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Each of them, in order.
    pub fn each(self) -> impl Iterator<Item = KindId> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let at = (left != 0).then(|| left.trailing_zeros())?;
            left &= left - 1;
            Some(KindId(at as usize))
        })
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<KindId> for Kinds {
    fn from_iter<I: IntoIterator<Item = KindId>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// A kind of hits: what of decisions is remembered, under which name.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct HitKind {
    /// Its name in its policy.
    pub name: Arc<str>,
    /// Its policy's id.
    pub policy: Arc<str>,
    /// What makes one.
    pub of: HitOf,
    /// How far back the hits of its thread tell whom it is aimed at, when it names nobody; none: they
    /// don't.
    pub from_thread: Option<Span>,
}

/// What makes a hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HitOf {
    /// A decision with enough points.
    Decision {
        /// In one of these categories; none: not asked.
        categories: Vec<Arc<str>>,
        /// Of one of these rules; none: not asked.
        rules: Vec<Arc<str>>,
        /// At least so many points there.
        points: u32,
        /// And at least this action.
        action: Action,
    },
    /// A target reaching a rung: counted where the posts stand that led there.
    Rung {
        /// A ladder of targets.
        ladder: LadderId,
        /// Its rung, from 0.
        rung: usize,
    },
}

/// A counter, a trend or a sequence: one number about a subject at an instant.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name in its policy: editing texts never resets it.
    pub name: Arc<str>,
    /// Its policy's id.
    pub policy: Arc<str>,
    /// What people are told of it: "threats in 48 hours".
    pub say: Bilingual,
    /// How it is measured.
    pub by: MeasureBy,
}

/// What a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Counted {
    /// Each hit.
    Hits,
    /// Posts.
    Posts,
    /// Authors. Those that are not known count as one.
    Authors,
    /// Targets.
    Targets,
}

impl Counted {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Hits, Self::Posts, Self::Authors, Self::Targets];

    /// Its name in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hits => "hits",
            Self::Posts => "posts",
            Self::Authors => "authors",
            Self::Targets => "targets",
        }
    }

    /// What is counted under this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|counted| counted.name() == name)
    }
}

/// How a measure is taken. Windows end at the instant that is asked about and don't hold the instant
/// they begin at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MeasureBy {
    /// How many in a window.
    Count {
        /// Of which hits.
        of: Kinds,
        /// What is counted.
        count: Counted,
        /// The window.
        within: Span,
    },
    /// How many posts wait for an outcome.
    Unanswered {
        /// Posts with such a hit.
        of: Kinds,
        /// For at least so long.
        after: Span,
        /// The window.
        within: Span,
    },
    /// 1 when there is much more of it than the subject's own past would make expected, else 0.
    Trend {
        /// Of which hits.
        of: Kinds,
        /// What is counted.
        count: Counted,
        /// The window.
        within: Span,
        /// The past it is compared with, right before the window, as far as the subject has one.
        against: Span,
        /// How many times the mean of that past.
        factor: f64,
        /// At least so many in the window, however quiet the past.
        floor: u32,
        /// For so long a rise that was seen stays seen.
        holds: Span,
    },
    /// How often one thing was followed by another about the same target.
    Sequence {
        /// The first.
        first: Kinds,
        /// What follows, in other posts.
        then: Kinds,
        /// At most so long after the first.
        within: Span,
        /// By at least so many authors.
        authors: u32,
        /// For so long one that was seen stays seen.
        holds: Span,
    },
}

/// Named steps for a subject, with ways in and ways out.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    /// Its name, unique in the pack.
    pub name: Arc<str>,
    /// Its policy's id.
    pub policy: Arc<str>,
    /// What it is, in one line for people.
    pub title: Bilingual,
    /// Whom or what it follows.
    pub subject: SubjectKind,
    /// Posts that the platform acted upon within this time stop counting: who moderates is no
    /// danger.
    pub answered_within: Option<Span>,
    /// Its rungs, lowest first.
    pub rungs: Vec<Rung>,
}

/// One step of a ladder.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Rung {
    /// Its name, unique in its ladder.
    pub name: Arc<str>,
    /// What must hold, together with all findings.
    pub enter: Option<Requirement>,
    /// What must be met, each told apart.
    pub findings: Vec<FindingOf>,
    /// The ways out.
    pub leave: Leave,
    /// What is advised: a name.
    pub action: Arc<str>,
    /// What people are told.
    pub say: Bilingual,
    /// How many people must sign before anybody acts.
    pub signed_by: u32,
}

/// A finding, as a ladder asks for it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingOf {
    /// Its name.
    pub id: Arc<str>,
    /// When it is met.
    pub when: Requirement,
    /// What it says.
    pub say: Bilingual,
}

/// The ways out of a rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// After so long without a hit that the ladder looks at.
    pub quiet: Option<Span>,
    /// When a person closes the case.
    pub by_person: bool,
}

/// What must hold for a rung to be entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Requirement {
    /// All of these.
    All(Vec<Requirement>),
    /// At least one of these.
    Any(Vec<Requirement>),
    /// Not one of these.
    None(Vec<Requirement>),
    /// A number, compared.
    Measure(MeasureId, Comparison),
}

impl MeasureBy {
    /// The hits that it looks at.
    #[must_use]
    pub const fn kinds(&self) -> Kinds {
        match self {
            Self::Count { of, .. } | Self::Unanswered { of, .. } | Self::Trend { of, .. } => *of,
            Self::Sequence { first, then, .. } => first.and(*then),
        }
    }

    /// How far back it looks from an instant.
    #[must_use]
    pub const fn reach(&self) -> Span {
        match self {
            Self::Count { within, .. } | Self::Unanswered { within, .. } => *within,
            Self::Trend {
                within,
                against,
                holds,
                ..
            } => within.and(*against).and(*holds),
            Self::Sequence { within, holds, .. } => within.and(*holds),
        }
    }
}

impl Requirement {
    /// Calls `see` with every measure that is named anywhere in it.
    pub fn measures(&self, see: &mut impl FnMut(MeasureId)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().for_each(|part| part.measures(see));
            }
            Self::Measure(id, _) => see(*id),
        }
    }
}

/// A story that ladders are tested with.
#[derive(Debug)]
pub struct Timeline {
    /// What it tells.
    pub name: String,
    /// Where it was written.
    pub span: Range<usize>,
    /// What happens, in order of time. Repeated happenings are written out.
    pub events: Vec<Happening>,
    /// What is expected.
    pub expect: Vec<Expectation>,
}

/// One thing that happens.
#[derive(Debug)]
pub struct Happening {
    /// Where it was written.
    pub span: Range<usize>,
    /// How long after the beginning.
    pub at: Span,
    /// What happens.
    pub what: What,
}

/// What happens in a story.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Somebody posts.
    Posted {
        /// The post.
        post: String,
        /// What hits it is, where its text is not told.
        hits: Kinds,
        /// Its text, to be judged.
        text: Option<String>,
        /// Who.
        author: Option<String>,
        /// Where.
        thread: Option<String>,
        /// On which board.
        community: Option<String>,
        /// About whom.
        targets: Vec<String>,
    },
    /// The platform tells what it did about a post.
    Answered(String, Outcome),
    /// A post is deleted.
    Deleted(String),
    /// A person closes a case.
    Closed(SubjectKind, String),
}

/// On which rung a subject is expected to stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Where it was written.
    pub span: Range<usize>,
    /// The ladder.
    pub ladder: LadderId,
    /// The subject's id.
    pub subject: String,
    /// The rung, from 0; none: on no rung.
    pub rung: Option<usize>,
    /// How long after the beginning; none: at the end of the story.
    pub at: Option<Span>,
    /// Whether it is the highest rung ever reached that is meant.
    pub ever: bool,
    /// Findings that are met, and no others; none: not asked.
    pub findings: Option<Vec<Arc<str>>>,
}
