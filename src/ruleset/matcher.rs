//! The seam between policies and text: which signals stand where in a post.
//!
//! Everything above asks two questions: whether any rule can fire at all ([`Matcher::may_fire`]),
//! which costs next to nothing, and what stands where ([`Matcher::find`]). How it is found — words
//! by hash, expressions where what they require stands, detectors by what triggers them — is known
//! below this file only.

use super::expressions::{self, Expressions, Sought};
use super::finders::Finders;
use super::index::{Hit, Index};
use super::passage::Passage;
use super::prospects::{Looking, Marks, Prospects};
use super::shadow::only_in_shadow;
use super::spans::{Reading, Spans};
use super::terms::{Candidate, Terms};
use super::watch::Watch;
use crate::policy::{Pack, SignalId, SignalKind, View};
use crate::text::{Lexicon, Memory, Outline, Spelled, spell};
use std::ops::Range;

/// Finds the signals of a pack in posts.
#[derive(Debug)]
pub struct Matcher {
    /// What is looked for in folded texts, by the words it is found by.
    index: Index<Posting>,
    terms: Terms,
    folded: Expressions,
    raw: Expressions,
    finders: Finders,
    /// The words that policies look for, so that disguises are undone only into them.
    lexicon: Lexicon,
    /// Which rules have a prospect in a post.
    prospects: Prospects,
    /// Whether rules are asked whatever stands in a post.
    is_open: bool,
}

/// What is looked for around a word.
#[derive(Clone, Debug)]
enum Posting {
    Term(Candidate),
    Expression(Sought),
}

/// Memory that finding needs beside what it answers: one for each thread, used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    expressions: expressions::Scratch,
    hits: Vec<Hit>,
    disguises: Memory,
    marks: Marks,
    spans: Vec<Range<usize>>,
}

/// A post with its disguises undone.
#[derive(Debug)]
pub struct Undisguised {
    spelled: Spelled,
    outline: Outline,
}

impl Undisguised {
    /// The text as it is meant, the way back to the post, and what differs from the plain view.
    #[must_use]
    pub fn spelled(&self) -> &Spelled {
        &self.spelled
    }
}

impl Matcher {
    /// Prepares everything that a pack looks for.
    #[must_use]
    pub(super) fn compile(pack: &Pack, watch: &Watch, prospects: Prospects) -> Self {
        let mut terms = Terms::default();
        let (mut folded, mut raw) = (Expressions::default(), Expressions::default());
        let mut finders = Finders::default();
        let hidden = only_in_shadow(pack);
        for (at, signal) in pack.signals.iter().enumerate() {
            let id = SignalId(at);
            let lends = !hidden.contains(&id);
            let gate = watch.gate().binary_search(&id).is_ok();
            match &signal.kind {
                SignalKind::Terms(of) => terms.add((id, signal), (gate, lends), of),
                SignalKind::Regex(patterns) => {
                    let reads = match signal.view {
                        View::Raw => &mut raw,
                        View::Plain | View::Spelled => &mut folded,
                    };
                    for pattern in patterns {
                        reads.add(id, signal.view, gate, pattern);
                    }
                }
                SignalKind::Detect(detector, arguments) => {
                    finders.add(id, gate, detector, arguments);
                }
                SignalKind::AnyOf(_) | SignalKind::Near(_) => {}
            }
        }
        let mut index = Index::builder();
        terms.build(&mut index, Posting::Term);
        folded.build(&mut index, Posting::Expression);
        // No word of a post as received is looked up: none is folded.
        raw.build(&mut index, Posting::Expression);
        Self {
            index: index.build(),
            lexicon: Lexicon::with_beginnings(terms.spelled_words()),
            terms,
            folded,
            raw,
            finders,
            prospects,
            is_open: watch.is_open(),
        }
    }

    /// What the post says once disguises are undone, where there are any.
    #[must_use]
    pub fn undisguise(&self, reading: &Reading<'_>, scratch: &mut Scratch) -> Option<Undisguised> {
        let memory = &mut scratch.disguises;
        let spelled = spell(reading.plain, reading.outline, &self.lexicon, memory)?;
        let outline = Outline::of(spelled.folded.text());
        Some(Undisguised { spelled, outline })
    }

    /// Whether a rule can fire on a post at all. `false` is sure. Linear in its bytes, and quick;
    /// what the rules in question ask for is noted, and [`Matcher::find`] finds nothing else.
    #[must_use]
    pub fn may_fire(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        scratch: &mut Scratch,
    ) -> bool {
        let opened = undisguised.is_some()
            || self.is_open
            || self.words_open(reading, scratch)
            || self.raw_open(reading, scratch)
            || self.finders.opens_gate(reading, &mut scratch.spans);
        opened && {
            self.mark(reading, undisguised, scratch);
            self.prospects.ask(&mut scratch.marks)
        }
    }

    /// Marks every signal that may stand in the post.
    fn mark(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            expressions: windows,
            hits,
            marks,
            ..
        } = scratch;
        self.prospects.begin(marks);
        let plain = (reading.plain.text(), reading.outline);
        let spelled = undisguised.map(|it| (it.spelled.folded.text(), &it.outline));
        for (text, outline) in [Some(plain), spelled].into_iter().flatten() {
            let passage = Passage::new(text, outline);
            let mark_term = |marks: &mut Marks, at, candidate: &Candidate| {
                let signal = candidate.may_stand(passage, at);
                signal.into_iter().for_each(|signal| marks.stands(signal));
                false
            };
            windows.clear();
            self.index
                .look_up(passage, false, hits, |at, posting| match posting {
                    Posting::Term(candidate) => mark_term(marks, at, candidate),
                    Posting::Expression(expression) => {
                        self.folded.note_word(expression, passage, at, windows);
                        false
                    }
                });
            self.terms
                .by_parts(passage, |at, candidate| mark_term(marks, at, candidate));
            self.folded
                .note_others(text, outline.numbers(), false, windows);
            self.folded
                .noted(windows, &mut |signal| marks.stands(signal));
        }
        if !self.raw.is_empty() {
            windows.clear();
            self.raw.note_others(reading.post, &[], false, windows);
            self.raw.noted(windows, &mut |signal| marks.stands(signal));
        }
        self.finders
            .triggered(reading, &mut |signal| marks.stands(signal));
    }

    fn words_open(&self, reading: &Reading<'_>, scratch: &mut Scratch) -> bool {
        let text = reading.plain.text();
        let passage = Passage::new(text, reading.outline);
        let Scratch {
            expressions: scratch,
            hits,
            ..
        } = scratch;
        scratch.clear();
        let opened = self
            .index
            .look_up(passage, true, hits, |at, posting| match posting {
                Posting::Term(candidate) => self.terms.opens_gate(passage, at, candidate),
                Posting::Expression(expression) => {
                    self.folded.note_word(expression, passage, at, scratch);
                    false
                }
            });
        let by_parts = || {
            let opens = |at, candidate: &Candidate| self.terms.opens_gate(passage, at, candidate);
            self.terms.opens_gate_by_parts() && self.terms.by_parts(passage, opens)
        };
        if opened || by_parts() {
            return true;
        }
        if self.folded.opens_gate_without_words() {
            self.folded
                .note_others(text, reading.outline.numbers(), true, scratch);
        }
        self.folded.opens_gate(text, scratch)
    }

    fn raw_open(&self, reading: &Reading<'_>, scratch: &mut Scratch) -> bool {
        if !self.raw.opens_gate_without_words() {
            return false;
        }
        scratch.expressions.clear();
        self.raw
            .note_others(reading.post, &[], true, &mut scratch.expressions);
        self.raw.opens_gate(reading.post, &mut scratch.expressions)
    }

    /// Where all signals stand in a post, for those who ask once.
    #[must_use]
    pub fn see(&self, reading: &Reading<'_>) -> Spans {
        let mut scratch = Scratch::default();
        let undisguised = self.undisguise(reading, &mut scratch);
        self.prospects.want_all(&mut scratch.marks);
        let mut spans = Spans::default();
        self.find_texts(reading, undisguised, &mut spans, &mut scratch);
        self.find_forms(reading, &mut spans, &mut scratch);
        spans.settle();
        spans
    }

    /// Where the signals stand in a post that rules ask for which may fire, as
    /// [`Matcher::may_fire`] noted right before. Linear in its bytes.
    #[must_use]
    pub fn find(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<Undisguised>,
        scratch: &mut Scratch,
    ) -> Spans {
        let mut spans = Spans::default();
        self.find_texts(reading, undisguised, &mut spans, scratch);
        // Detectors cost most: only rules that have all else they need are worth them.
        self.prospects.begin(&mut scratch.marks);
        spans
            .found()
            .for_each(|signal| scratch.marks.stands(signal));
        let mark = &mut |signal| scratch.marks.stands(signal);
        self.finders.triggered(reading, mark);
        if !self.prospects.ask(&mut scratch.marks) {
            return Spans::default();
        }
        self.find_forms(reading, &mut spans, scratch);
        spans.settle();
        spans
    }

    /// Finds terms and expressions, in every view of the post.
    fn find_texts(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<Undisguised>,
        spans: &mut Spans,
        scratch: &mut Scratch,
    ) {
        let disguises = undisguised.as_ref().map(Disguises::of).unwrap_or_default();
        let Scratch {
            expressions: windows,
            hits,
            marks,
            ..
        } = scratch;
        let looking = Looking {
            view: View::Plain,
            wanted: Some(marks),
        };
        let plain = |span| reading.plain.in_post(span);
        let passage = Passage::new(reading.plain.text(), reading.outline);
        self.find_words(passage, looking, windows, hits, &mut |signal, span| {
            let span = plain(span);
            if !disguises.hold_a_part(&span) {
                spans.push(signal, span);
            }
        });
        self.folded
            .note_others(passage.text, reading.outline.numbers(), false, windows);
        self.folded
            .matches(passage.text, looking, windows, &mut |signal, span| {
                spans.push(signal, plain(span));
            });
        if !self.raw.is_empty() {
            windows.clear();
            self.raw.note_others(reading.post, &[], false, windows);
            self.raw
                .matches(reading.post, looking, windows, &mut |signal, span| {
                    spans.push(signal, span);
                });
        }
        if let Some(undisguised) = undisguised {
            self.find_undisguised(undisguised, marks, spans, (windows, hits));
        }
    }

    /// Finds what has a form rather than a word.
    fn find_forms(&self, reading: &Reading<'_>, spans: &mut Spans, scratch: &mut Scratch) {
        let looking = Looking {
            view: View::Plain,
            wanted: Some(&scratch.marks),
        };
        let found = &mut scratch.spans;
        self.finders
            .find(reading, looking, found, &mut |signal, span| {
                spans.push(signal, reading.plain.in_post(span));
            });
    }

    /// Tells the terms of a text, and notes where expressions may match that require a word.
    fn find_words(
        &self,
        passage: Passage<'_>,
        looking: Looking<'_>,
        windows: &mut expressions::Scratch,
        hits: &mut Vec<Hit>,
        tell: &mut dyn FnMut(SignalId, Range<usize>),
    ) {
        windows.clear();
        self.index.look_up(passage, false, hits, |at, posting| {
            match posting {
                Posting::Term(candidate) => {
                    self.terms.verify(passage, at, candidate, looking, tell);
                }
                Posting::Expression(expression) => {
                    self.folded.note_word(expression, passage, at, windows);
                }
            }
            false
        });
        self.terms.by_parts(passage, |at, candidate| {
            self.terms.verify(passage, at, candidate, looking, tell);
            false
        });
    }

    /// What stands in the post once disguises are undone. Only what touches one of them is new.
    fn find_undisguised(
        &self,
        undisguised: Undisguised,
        marks: &Marks,
        spans: &mut Spans,
        (windows, hits): (&mut expressions::Scratch, &mut Vec<Hit>),
    ) {
        let Undisguised { spelled, outline } = undisguised;
        let text = spelled.folded.text();
        let looking = Looking {
            view: View::Spelled,
            wanted: Some(marks),
        };
        let mut new = |signal, span: Range<usize>| {
            let at = spelled
                .altered
                .partition_point(|altered| altered.end <= span.start);
            if spelled
                .altered
                .get(at)
                .is_some_and(|altered| altered.start < span.end)
            {
                spans.push(signal, spelled.folded.in_post(span));
            }
        };
        let passage = Passage::new(text, &outline);
        self.find_words(passage, looking, windows, hits, &mut new);
        self.folded
            .note_others(text, outline.numbers(), false, windows);
        self.folded.matches(text, looking, windows, &mut new);
        spans.undisguised(spelled.folded, outline);
    }
}

/// Where a post was disguised, in its bytes, in order.
#[derive(Debug, Default)]
struct Disguises(Vec<Range<usize>>);

impl Disguises {
    fn of(undisguised: &Undisguised) -> Self {
        let spelled = undisguised.spelled();
        Self(
            spelled
                .altered
                .iter()
                .map(|span| spelled.folded.in_post(span.clone()))
                .collect(),
        )
    }

    /// Whether a span is only a part of something disguised. The letters of `s.u.e` are no words:
    /// taken for `s` and `e`, they would put words into the author's mouth.
    fn hold_a_part(&self, span: &Range<usize>) -> bool {
        let at = self.0.partition_point(|disguise| disguise.end < span.end);
        let holds = |d: &Range<usize>| d.start <= span.start && span.end <= d.end && d != span;
        self.0.get(at).is_some_and(holds)
    }
}
