//! Regular expressions of a pack: each runs only on texts that hold what it requires.

use crate::policy::{Pattern, SignalId, View};
use aho_corasick::AhoCorasick;
use regex::bytes::{RegexSet, RegexSetBuilder};
use std::ops::Range;

/// The regular expressions that a pack uses.
#[derive(Debug)]
pub(super) struct Expressions {
    raw: Group,
    folded: Group,
}

/// Expressions that read one kind of text.
#[derive(Debug)]
struct Group {
    all: Vec<(SignalId, View, Pattern)>,
    /// Required texts of all expressions, and which expression each belongs to.
    literals: Option<AhoCorasick>,
    owner_of_literal: Vec<usize>,
    /// Expressions that require nothing, tried together: one pass says which of them match.
    without_literal: Vec<usize>,
    together: Option<RegexSet>,
}

impl Expressions {
    pub(super) fn new(all: Vec<(SignalId, View, Pattern)>) -> Self {
        let (raw, folded) = all.into_iter().partition(|(_, view, _)| *view == View::Raw);
        Self {
            raw: Group::new(raw, true),
            folded: Group::new(folded, false),
        }
    }

    /// Runs the expressions that read `view`; those of `Spelled` read `Plain` too.
    pub(super) fn find(
        &self,
        text: &str,
        view: View,
        found: &mut impl FnMut(SignalId, Range<usize>),
    ) {
        let group = match view {
            View::Raw => &self.raw,
            View::Plain | View::Spelled => &self.folded,
        };
        if group.all.is_empty() {
            return;
        }
        for ((signal, reads, pattern), candidate) in group.all.iter().zip(group.candidates(text)) {
            if candidate && (view != View::Spelled || *reads == View::Spelled) {
                for hit in pattern.regex.find_iter(text.as_bytes()) {
                    found(*signal, on_boundaries(text, hit.range()));
                }
            }
        }
    }
}

impl Group {
    fn new(all: Vec<(SignalId, View, Pattern)>, unicode: bool) -> Self {
        let mut literals = Vec::new();
        let mut owner_of_literal = Vec::new();
        let mut without_literal = Vec::new();
        let mut texts = Vec::new();
        for (at, (_, _, pattern)) in all.iter().enumerate() {
            if pattern.required.is_empty() {
                without_literal.push(at);
                texts.push(pattern.text.as_str());
            }
            for literal in &pattern.required {
                literals.push(literal.clone());
                owner_of_literal.push(at);
            }
        }
        let literals = if literals.is_empty() {
            None
        } else {
            AhoCorasick::new(literals).ok()
        };
        let together = match texts.as_slice() {
            [] | [_] => None,
            some => RegexSetBuilder::new(some).unicode(unicode).build().ok(),
        };
        Self {
            literals,
            owner_of_literal,
            without_literal,
            together,
            all,
        }
    }

    /// Which expressions are worth running on a text.
    fn candidates(&self, text: &str) -> Vec<bool> {
        let mut candidates = vec![false; self.all.len()];
        let mut mark = |at: Option<&usize>| {
            if let Some(candidate) = at.and_then(|at| candidates.get_mut(*at)) {
                *candidate = true;
            }
        };
        if let Some(literals) = &self.literals {
            for hit in literals.find_overlapping_iter(text) {
                mark(self.owner_of_literal.get(hit.pattern().as_usize()));
            }
        }
        match &self.together {
            Some(set) => set
                .matches(text.as_bytes())
                .into_iter()
                .for_each(|hit| mark(self.without_literal.get(hit))),
            None => self.without_literal.iter().for_each(|at| mark(Some(at))),
        }
        candidates
    }
}

/// An expression that reads bytes may stop inside a character: evidence never does.
fn on_boundaries(text: &str, span: Range<usize>) -> Range<usize> {
    text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end)
}
