//! Where signals stand, and how close to each other: in words of the post, whatever view saw them.

use super::signals;
use crate::policy::SignalId;
use crate::ruleset::{Reading, Ruleset, Spans};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// One place of a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Bytes of the post.
    pub(super) span: Range<usize>,
    /// First word it touches, counted in the whole post.
    pub(super) first: u32,
    /// Last word it touches.
    pub(super) last: u32,
    /// Percentage of the points that exceptions leave it.
    pub(super) kept: u8,
}

/// A place of a signal, and what exceptions leave it: for those who ask why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The signal.
    pub signal: SignalId,
    /// Bytes of the post.
    pub span: Range<usize>,
    /// Percentage of the points that exceptions leave it; 0: it doesn't count.
    pub kept: u8,
}

/// Every signal's places in one post.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    /// The signals that stand, in the order of the pack.
    by_signal: Vec<(SignalId, Vec<Occurrence>)>,
}

impl Occurrences {
    /// From what was found to what counts: signals made of others, and exceptions. Only signals are
    /// asked of which something stands.
    pub(super) fn compose(ruleset: &Ruleset, reading: &Reading<'_>, spans: &Spans) -> Self {
        let mut all = Self::default();
        if spans.is_empty() {
            return all;
        }
        let grid = Grid::new(reading, spans);
        // A signal stands behind all that it is made of and refers to.
        let mut asked: BTreeSet<SignalId> = spans.signals().collect();
        while let Some(id) = asked.pop_first() {
            let Some(signal) = ruleset.pack().signals.get(id.0) else {
                continue;
            };
            let found = Found {
                spans: spans.of(id),
                is_measured: ruleset.watch().is_measured(id),
            };
            let found = signals::compose(signal, found, &grid, &all);
            if !found.is_empty() {
                all.by_signal.push((id, found));
                asked.extend(ruleset.watch().made_of(id));
            }
        }
        all
    }

    /// Every place of every signal, with what exceptions leave it.
    pub(super) fn trace(ruleset: &Ruleset, reading: &Reading<'_>, spans: &Spans) -> Vec<Trace> {
        let known = Self::compose(ruleset, reading, spans);
        let grid = Grid::new(reading, spans);
        let mut traces = Vec::new();
        for (at, signal) in ruleset.pack().signals.iter().enumerate() {
            let id = SignalId(at);
            let left: BTreeMap<_, _> = known
                .of(id)
                .iter()
                .map(|place| ((place.span.start, place.span.end), place.kept))
                .collect();
            let found = Found {
                spans: spans.of(id),
                is_measured: true,
            };
            for place in signals::before_exceptions(signal, found, &grid, &known) {
                let left = left.get(&(place.span.start, place.span.end)).copied();
                traces.push(Trace {
                    signal: id,
                    span: place.span,
                    kept: left.unwrap_or(0),
                });
            }
        }
        traces
    }

    /// The signals that stand, in the order of the pack.
    pub(super) fn signals(&self) -> impl Iterator<Item = SignalId> {
        self.by_signal.iter().map(|(signal, _)| *signal)
    }

    /// The places of one signal, in order.
    pub(super) fn of(&self, signal: SignalId) -> &[Occurrence] {
        let at = self.by_signal.binary_search_by_key(&signal, |(id, _)| *id);
        at.ok()
            .and_then(|at| self.by_signal.get(at))
            .map_or(&[], |(_, places)| places)
    }

    /// The best share of points that any place of a signal keeps; none when it doesn't stand.
    pub(super) fn kept(&self, signal: SignalId) -> Option<u8> {
        self.of(signal)
            .iter()
            .map(|occurrence| occurrence.kept)
            .max()
    }
}

/// What was found of one signal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'s> {
    /// Bytes of the post, in order.
    pub(super) spans: &'s [Range<usize>],
    /// Whether anybody asks how far it stands from others.
    pub(super) is_measured: bool,
}

/// The words of a post by their bytes as received. They are counted when the first one is asked for:
/// signals that stand alone need no distances.
#[derive(Debug)]
pub(super) struct Grid<'s> {
    reading: &'s Reading<'s>,
    spans: &'s Spans,
    /// Bytes and sentence of each word.
    words: OnceCell<Vec<(Range<usize>, u32)>>,
}

impl<'s> Grid<'s> {
    fn new(reading: &'s Reading<'_>, spans: &'s Spans) -> Self {
        Self {
            reading,
            spans,
            words: OnceCell::new(),
        }
    }

    fn words(&self) -> &[(Range<usize>, u32)] {
        self.words.get_or_init(|| self.spans.words(self.reading))
    }

    /// A span of the post as an occurrence. Where nobody asks for distances, it has no words.
    pub(super) fn place(&self, span: Range<usize>, is_measured: bool) -> Occurrence {
        let (mut first, mut last) = (0, 0);
        if is_measured {
            let words = self.words();
            first = words.partition_point(|(word, _)| word.end <= span.start);
            let after = words.partition_point(|(word, _)| word.start < span.end);
            last = after.saturating_sub(1).max(first);
        }
        Occurrence {
            span,
            first: narrow(first),
            last: narrow(last),
            kept: 100,
        }
    }

    /// First and last word of the sentences that an occurrence touches.
    pub(super) fn sentence(&self, occurrence: &Occurrence) -> (u32, u32) {
        let words = self.words();
        let of = |word: u32| words.get(word as usize).map_or(u32::MAX, |word| word.1);
        let (from, to) = (of(occurrence.first), of(occurrence.last));
        let first = words.partition_point(|word| word.1 < from);
        let after = words.partition_point(|word| word.1 <= to);
        (narrow(first), narrow(after.saturating_sub(1)))
    }
}

/// Words are fewer than bytes, and bytes of a post fit.
fn narrow(word: usize) -> u32 {
    u32::try_from(word).unwrap_or(u32::MAX)
}
