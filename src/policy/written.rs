//! A policy as written: every value with its place, no name resolved, nothing promised.

pub(super) mod ladders;

use super::pack::Mode;
use super::yaml::Spanned;
use crate::model::{Action, Bilingual, Comparison, Language};
use std::ops::Range;

/// A name as written.
pub(super) type Name = Spanned<String>;

/// Terms of one language, or of none.
pub(super) type TermList = (Option<Language>, Vec<Name>);

/// One file: everything of it that could be read. What has a name keeps it even when the rest of
/// it is unreadable, so that one mistake is told once.
#[derive(Debug)]
pub(super) struct File {
    pub(super) header: Header,
    pub(super) signals: Vec<Signal>,
    /// Whether `signals` stands for all of them: false when it could not be read as a map.
    pub(super) signals_known: bool,
    pub(super) rules: Items<Rule>,
    /// The ids of all rules, those of unreadable ones too.
    pub(super) rule_ids: Vec<Name>,
    /// Whether that is all of them: false when a rule has no id.
    pub(super) rule_ids_known: bool,
    pub(super) decide: Items<Threshold>,
    pub(super) tests: Items<Test>,
    pub(super) escalation: ladders::Escalation,
}

/// The items of a list that could be read, and whether that is all of them.
#[derive(Debug)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
    pub(super) whole: bool,
}

#[derive(Debug)]
pub(super) struct Header {
    /// None when the header has no readable one.
    pub(super) id: Option<Name>,
    pub(super) version: String,
    pub(super) category: Option<Name>,
    /// Whether the header could be read without a mistake.
    pub(super) whole: bool,
    pub(super) title: Bilingual,
    pub(super) maps_to: Vec<(&'static str, Vec<&'static str>)>,
}

#[derive(Debug)]
pub(super) struct Signal {
    pub(super) name: Name,
    /// None when it could not be read.
    pub(super) kind: Option<Kind>,
    pub(super) view: Option<Spanned<&'static str>>,
    pub(super) evidence: Option<String>,
    pub(super) except: Vec<Except>,
}

impl Signal {
    /// The names of the signals it is made of.
    pub(super) fn names_of_kind(&self) -> &[Name] {
        match &self.kind {
            None | Some(Kind::Terms { .. } | Kind::Regex(_) | Kind::Detect { .. }) => &[],
            Some(Kind::AnyOf(of)) => of,
            Some(Kind::Near(near)) => &near.of,
        }
    }

    /// The names of signals in its exceptions.
    pub(super) fn names_of_except(&self) -> impl Iterator<Item = &Name> {
        self.except.iter().flat_map(|except| {
            let (Place::Near { signal, .. } | Place::Inside(signal)) = &except.place;
            std::iter::once(signal).chain(&except.unless)
        })
    }
}

#[derive(Debug)]
pub(super) enum Kind {
    Terms {
        span: Range<usize>,
        lists: Vec<TermList>,
    },
    Regex(Vec<Name>),
    Detect {
        name: Name,
        arguments: Vec<(Name, Argument)>,
    },
    AnyOf(Vec<Name>),
    Near(Near),
}

#[derive(Debug)]
pub(super) struct Argument {
    pub(super) span: Range<usize>,
    pub(super) words: Vec<Name>,
    pub(super) is_list: bool,
}

#[derive(Debug)]
pub(super) struct Near {
    pub(super) span: Range<usize>,
    pub(super) of: Vec<Name>,
    pub(super) within: u32,
    pub(super) covers: Option<Spanned<u32>>,
    pub(super) ordered: bool,
    pub(super) same_sentence: bool,
}

#[derive(Debug)]
pub(super) struct Except {
    pub(super) place: Place,
    pub(super) unless: Vec<Name>,
    /// Percentage kept.
    pub(super) keep: u8,
}

#[derive(Debug)]
pub(super) enum Place {
    Near {
        signal: Name,
        within: u32,
        side: &'static str,
        same_sentence: bool,
    },
    Inside(Name),
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: Name,
    pub(super) level: u8,
    pub(super) mode: Mode,
    pub(super) when: Condition,
    pub(super) points: Spanned<u32>,
    pub(super) boosts: Vec<Boost>,
    pub(super) because: Bilingual,
}

#[derive(Debug)]
pub(super) struct Boost {
    pub(super) condition: Condition,
    pub(super) points: Spanned<u32>,
}

/// A condition and the bytes it stands in.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) span: Range<usize>,
    pub(super) parts: Vec<Part>,
}

/// One thing that must hold.
#[derive(Debug)]
pub(super) enum Part {
    Signal(Name),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    None(Vec<Condition>),
    Attribute(Name, Comparison),
    Count(Name, Comparison),
    Language(Vec<Language>),
    Length(Comparison),
}

#[derive(Debug)]
pub(super) struct Threshold {
    pub(super) at: Spanned<u32>,
    pub(super) action: Spanned<Action>,
}

#[derive(Debug)]
pub(super) struct Test {
    pub(super) expect: Expect,
    pub(super) examples: Vec<Example>,
    /// Places of examples that say the same, in English and in French.
    pub(super) pairs: Vec<[usize; 2]>,
}

#[derive(Debug)]
pub(super) enum Expect {
    Hit(Vec<Name>),
    Miss(Vec<Name>),
    BelowPoints(u32),
    BelowAction(Action),
}

#[derive(Debug)]
pub(super) struct Example {
    pub(super) span: Range<usize>,
    pub(super) text: String,
    pub(super) group: Option<Language>,
    pub(super) target: Option<String>,
    pub(super) lang: Option<Language>,
    pub(super) attrs: Vec<(String, String)>,
    pub(super) evade: bool,
}
