//! What a policy says about state, as written.

use super::{Items, Name};
use crate::model::{Action, Bilingual, Comparison, Outcome, Span, SubjectKind};
use crate::policy::ladder::Counted;
use crate::policy::yaml::Spanned;
use std::ops::Range;

/// All that one file says about state.
#[derive(Debug)]
pub(in crate::policy) struct Escalation {
    pub(in crate::policy) hits: Vec<Hit>,
    pub(in crate::policy) measures: Vec<Measure>,
    pub(in crate::policy) ladders: Vec<Ladder>,
    pub(in crate::policy) stories: Items<Story>,
    /// Whether that is all of it that has a name: false when a section could not be read as a map.
    pub(in crate::policy) names_known: bool,
    /// Whether all of it, stories aside, could be read without a mistake.
    pub(in crate::policy) whole: bool,
}

#[derive(Debug)]
pub(in crate::policy) struct Hit {
    pub(in crate::policy) name: Name,
    /// None when it could not be read.
    pub(in crate::policy) of: Option<HitOf>,
    pub(in crate::policy) from_thread: Option<Span>,
}

#[derive(Debug)]
pub(in crate::policy) enum HitOf {
    Decision {
        categories: Vec<Name>,
        rules: Vec<Name>,
        points: Spanned<u32>,
        action: Spanned<Action>,
    },
    Rung {
        ladder: Name,
        rung: Name,
    },
}

#[derive(Debug)]
pub(in crate::policy) struct Measure {
    pub(in crate::policy) name: Name,
    pub(in crate::policy) say: Bilingual,
    /// None when it could not be read.
    pub(in crate::policy) by: Option<MeasureBy>,
}

#[derive(Debug)]
pub(in crate::policy) enum MeasureBy {
    Count {
        of: Vec<Name>,
        count: Counted,
        within: Span,
    },
    Unanswered {
        of: Vec<Name>,
        after: Spanned<Span>,
        within: Span,
    },
    Trend {
        of: Vec<Name>,
        count: Counted,
        within: Span,
        against: Spanned<Span>,
        factor: f64,
        floor: u32,
        holds: Span,
    },
    Sequence {
        first: Vec<Name>,
        then: Vec<Name>,
        within: Span,
        authors: u32,
        holds: Span,
    },
}

#[derive(Debug)]
pub(in crate::policy) struct Ladder {
    pub(in crate::policy) name: Name,
    /// None when it could not be read.
    pub(in crate::policy) subject: Option<SubjectKind>,
    pub(in crate::policy) title: Bilingual,
    pub(in crate::policy) answered_within: Option<Span>,
    pub(in crate::policy) rungs: Vec<Rung>,
    /// Whether all of it could be read without a mistake.
    pub(in crate::policy) whole: bool,
}

#[derive(Debug)]
pub(in crate::policy) struct Rung {
    pub(in crate::policy) id: Name,
    pub(in crate::policy) enter: Option<Requirement>,
    pub(in crate::policy) findings: Vec<Finding>,
    pub(in crate::policy) leave: Leave,
    pub(in crate::policy) action: String,
    pub(in crate::policy) say: Bilingual,
    pub(in crate::policy) signed_by: u32,
}

impl Rung {
    /// Everything it asks for.
    pub(in crate::policy) fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        let findings = self.findings.iter().map(|finding| &finding.when);
        self.enter.iter().chain(findings)
    }
}

#[derive(Debug)]
pub(in crate::policy) struct Finding {
    pub(in crate::policy) id: Name,
    pub(in crate::policy) when: Requirement,
    pub(in crate::policy) say: Bilingual,
}

#[derive(Debug, Default)]
pub(in crate::policy) struct Leave {
    pub(in crate::policy) quiet: Option<Spanned<Span>>,
    pub(in crate::policy) by_person: bool,
}

/// What must hold: all its parts.
#[derive(Debug)]
pub(in crate::policy) struct Requirement {
    pub(in crate::policy) parts: Vec<Part>,
}

#[derive(Debug)]
pub(in crate::policy) enum Part {
    All(Vec<Requirement>),
    Any(Vec<Requirement>),
    None(Vec<Requirement>),
    Measure(Name, Spanned<Comparison>),
}

#[derive(Debug)]
pub(in crate::policy) struct Story {
    pub(in crate::policy) name: Name,
    pub(in crate::policy) events: Vec<Event>,
    pub(in crate::policy) expect: Vec<Expectation>,
}

#[derive(Debug)]
pub(in crate::policy) struct Event {
    pub(in crate::policy) span: Range<usize>,
    pub(in crate::policy) at: Span,
    /// How many times, and how long from one to the next.
    pub(in crate::policy) repeat: (u32, Span),
    pub(in crate::policy) what: What,
}

#[derive(Debug)]
pub(in crate::policy) enum What {
    Posted(Posted),
    Answered(Name, Outcome),
    Deleted(Name),
    Closed(SubjectKind, String),
}

#[derive(Clone, Debug, Default)]
pub(in crate::policy) struct Posted {
    /// None: it is numbered.
    pub(in crate::policy) post: Option<String>,
    pub(in crate::policy) hits: Vec<Name>,
    pub(in crate::policy) text: Option<String>,
    pub(in crate::policy) author: Option<String>,
    pub(in crate::policy) thread: Option<String>,
    pub(in crate::policy) community: Option<String>,
    pub(in crate::policy) targets: Vec<String>,
}

#[derive(Debug)]
pub(in crate::policy) struct Expectation {
    pub(in crate::policy) span: Range<usize>,
    pub(in crate::policy) ladder: Name,
    pub(in crate::policy) subject: String,
    pub(in crate::policy) rung: Name,
    pub(in crate::policy) at: Option<Span>,
    pub(in crate::policy) ever: bool,
    pub(in crate::policy) findings: Option<Vec<Name>>,
}
