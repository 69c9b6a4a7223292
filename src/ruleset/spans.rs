//! A post as it is read, and what was found in it.

use crate::policy::SignalId;
use crate::text::{Folded, Outline, sentences};
use std::ops::Range;

/// The views of a post: memory that is read into again and again.
#[derive(Clone, Debug, Default)]
pub struct Page {
    plain: Folded,
    outline: Outline,
}

impl Page {
    /// Reads a post.
    pub fn read<'p>(&'p mut self, post: &'p str) -> Reading<'p> {
        self.plain.fold(post);
        self.outline.draw(self.plain.text());
        Reading {
            post,
            plain: &self.plain,
            outline: &self.outline,
        }
    }
}

/// A post, read: its plain view and the words of it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'p> {
    /// The post as received.
    pub post: &'p str,
    /// Its plain view.
    pub plain: &'p Folded,
    /// The outline of the plain view: its words and numbers.
    pub outline: &'p Outline,
}

/// Spans of the post, by signal. Signals made of others have none here.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// As found, until they are settled.
    found: Vec<(SignalId, usize, usize)>,
    /// The signals that stand, in order, and where their spans begin in the list of all.
    signals: Vec<(SignalId, usize)>,
    ranges: Vec<Range<usize>>,
    /// The view in which disguises are undone, where there are any.
    spelled: Option<(Folded, Outline)>,
}

impl Spans {
    /// The spans of one signal, sorted, each once.
    #[must_use]
    pub fn of(&self, signal: SignalId) -> &[Range<usize>] {
        let Ok(at) = self.signals.binary_search_by_key(&signal, |(id, _)| *id) else {
            return &[];
        };
        let start = self.signals.get(at).map_or(0, |(_, start)| *start);
        let next = self.signals.get(at + 1);
        let end = next.map_or(self.ranges.len(), |(_, start)| *start);
        self.ranges.get(start..end).unwrap_or_default()
    }

    /// The signals that stand in the post, in order.
    pub fn signals(&self) -> impl Iterator<Item = SignalId> {
        self.signals.iter().map(|(signal, _)| *signal)
    }

    /// Whether no signal stands in the post.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.signals.is_empty()
    }

    /// The words of the post as they are meant, `k.i.l.l` being one: bytes of the post, and the
    /// sentence of each.
    #[must_use]
    pub fn words(&self, reading: &Reading<'_>) -> Vec<(Range<usize>, u32)> {
        let (view, outline) = match &self.spelled {
            Some((view, outline)) => (view, outline),
            None => (reading.plain, reading.outline),
        };
        let words = outline.words();
        let spans = words
            .iter()
            .map(|word| word.start as usize..word.end as usize);
        let in_post = spans.map(|span| view.in_post(span));
        in_post.zip(sentences(view.text(), words)).collect()
    }

    pub(super) fn push(&mut self, signal: SignalId, span: Range<usize>) {
        self.found.push((signal, span.start, span.end));
    }

    /// The signals found so far, in any order.
    pub(super) fn found(&self) -> impl Iterator<Item = SignalId> {
        self.found.iter().map(|(signal, ..)| *signal)
    }

    /// Sorts what was found, and keeps the view in which disguises are undone; from here on it can
    /// be asked for.
    pub(super) fn settle(&mut self, undisguised: Option<(Folded, Outline)>) {
        self.spelled = undisguised;
        self.found.sort_unstable();
        self.found.dedup();
        for (signal, start, end) in self.found.drain(..) {
            if self.signals.last().is_none_or(|(last, _)| *last != signal) {
                self.signals.push((signal, self.ranges.len()));
            }
            self.ranges.push(start..end);
        }
    }
}
