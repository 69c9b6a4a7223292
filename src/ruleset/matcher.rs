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
use super::prospects::{Extent, Kind, Looking, Marks, Prospects};
use super::shadow::only_in_shadow;
use super::spans::{Reading, Spans};
use super::terms::{Candidate, Terms};
use super::watch::Watch;
use crate::policy::{Pack, SignalId, SignalKind, View};
use crate::text::{Folded, Lexicon, Memory, Outline, Spelled, spell};
use std::ops::Range;

/// Finds the signals of a pack in posts.
#[derive(Debug)]
pub struct Matcher {
    /// What is looked for in folded texts, by the words it is found by.
    index: Index<Posting>,
    terms: Terms,
    folded: Expressions,
    raw: Expressions,
    /// Whether each of those needs a word of the plain view, and is none the less found by parts.
    raw_needs_words: bool,
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
    /// Expressions that read the post as received.
    Raw,
}

/// Memory that finding needs beside what it answers: one for each thread, used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    plain: Noted,
    spelled: Noted,
    /// Where expressions may match that read the post as received.
    raw: expressions::Scratch,
    disguises: Memory,
    marks: Marks,
    spans: Vec<Range<usize>>,
}

/// What was noted of a text.
#[derive(Debug, Default)]
struct Noted {
    /// Where something may be looked for.
    hits: Vec<Hit>,
    /// Where expressions may match.
    windows: expressions::Scratch,
    /// Whether a word stands that those need which read the post as received.
    has_raw_words: bool,
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

    fn passage(&self) -> Passage<'_> {
        Passage::new(self.spelled.folded.text(), &self.outline)
    }

    /// Keeps what stands in this view, unless it touches nothing that was disguised: then it was found
    /// in the plain view.
    fn push_new(&self, signal: SignalId, span: Range<usize>, spans: &mut Spans) {
        let altered = &self.spelled.altered;
        let at = altered.partition_point(|altered| altered.end <= span.start);
        if altered.get(at).is_some_and(|it| it.start < span.end) {
            spans.push(signal, self.spelled.folded.in_post(span));
        }
    }

    fn into_view(self) -> (Folded, Outline) {
        (self.spelled.folded, self.outline)
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
        let raw_needs_words = raw.plain_words(&mut |word, gate| {
            index.word(word, gate, Posting::Raw);
        });
        Self {
            index: index.build(),
            lexicon: Lexicon::with_beginnings(terms.spelled_words())
                .with_pairs(|see| terms.each_spelled_pair(see)),
            terms,
            folded,
            raw,
            raw_needs_words,
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
        let opened = self.is_open
            || self.words_open(plain_passage(reading), reading.outline, &mut scratch.plain)
            || undisguised
                .is_some_and(|it| self.words_open(it.passage(), &it.outline, &mut scratch.spelled))
            || self.raw_open(reading, scratch)
            || self.finders.opens_gate(reading, &mut scratch.spans);
        opened && {
            self.prospects.begin(&mut scratch.marks);
            self.note(reading, undisguised, scratch);
            self.prospects.ask(Extent::Needs, &mut scratch.marks)
        }
    }

    /// Whether terms or expressions stand in a folded text that may make a rule fire.
    fn words_open(&self, passage: Passage<'_>, outline: &Outline, noted: &mut Noted) -> bool {
        let Noted {
            hits,
            windows,
            has_raw_words,
        } = noted;
        *has_raw_words = false;
        windows.clear();
        self.index.look_up(passage, true, hits);
        let opened = self.index.each(passage, hits, |at, posting| match posting {
            Posting::Term(candidate) => self.terms.opens_gate(passage, at, candidate),
            Posting::Expression(expression) => {
                self.folded.note_word(expression, passage, at, windows);
                false
            }
            Posting::Raw => {
                *has_raw_words = true;
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
                .note_others(passage.text, outline.numbers(), true, windows);
        }
        self.folded.opens_gate(passage.text, windows)
    }

    fn raw_open(&self, reading: &Reading<'_>, scratch: &mut Scratch) -> bool {
        if !self.raw.opens_gate_without_words() || !self.may_match_raw(scratch) {
            return false;
        }
        scratch.raw.clear();
        self.raw
            .note_others(reading.post, &[], true, &mut scratch.raw);
        self.raw.opens_gate(reading.post, &mut scratch.raw)
    }

    /// Whether expressions may match that read the post as received, as far as its words say.
    fn may_match_raw(&self, scratch: &Scratch) -> bool {
        !self.raw.is_empty() && (!self.raw_needs_words || scratch.plain.has_raw_words)
    }

    /// Notes where something may stand in the post, and marks every signal that may.
    fn note(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            plain,
            spelled,
            marks,
            ..
        } = scratch;
        self.note_text(plain_passage(reading), reading.outline, plain, marks);
        match undisguised {
            Some(it) => self.note_text(it.passage(), &it.outline, spelled, marks),
            None => spelled.windows.clear(),
        }
        let may_match_raw = self.may_match_raw(scratch);
        let Scratch { raw, marks, .. } = scratch;
        raw.clear();
        if may_match_raw {
            self.raw.note_others(reading.post, &[], false, raw);
            self.raw.noted(raw, &mut |signal| marks.stands(signal));
        }
        self.finders
            .triggered(reading, &mut |signal| marks.stands(signal));
    }

    fn note_text(
        &self,
        passage: Passage<'_>,
        outline: &Outline,
        noted: &mut Noted,
        marks: &mut Marks,
    ) {
        let Noted {
            hits,
            windows,
            has_raw_words,
        } = noted;
        *has_raw_words = false;
        let mark_term = |marks: &mut Marks, at, candidate: &Candidate| {
            let signal = candidate.may_stand(passage, at);
            signal.into_iter().for_each(|signal| marks.stands(signal));
            false
        };
        windows.clear();
        self.index.look_up(passage, false, hits);
        self.index.each(passage, hits, |at, posting| match posting {
            Posting::Term(candidate) => mark_term(marks, at, candidate),
            Posting::Expression(expression) => {
                self.folded.note_word(expression, passage, at, windows);
                false
            }
            Posting::Raw => {
                *has_raw_words = true;
                false
            }
        });
        self.terms
            .by_parts(passage, |at, candidate| mark_term(marks, at, candidate));
        self.folded
            .note_others(passage.text, outline.numbers(), false, windows);
        self.folded
            .noted(windows, &mut |signal| marks.stands(signal));
    }

    /// Where all signals stand in a post, for those who ask once.
    #[must_use]
    pub fn see(&self, reading: &Reading<'_>) -> Spans {
        let mut scratch = Scratch::default();
        let undisguised = self.undisguise(reading, &mut scratch);
        self.note(reading, undisguised.as_ref(), &mut scratch);
        self.prospects.want_all(&mut scratch.marks);
        let mut spans = Spans::default();
        for kind in Kind::ALL {
            self.find_kind(
                kind,
                reading,
                undisguised.as_ref(),
                &mut spans,
                &mut scratch,
            );
        }
        spans.settle(undisguised.map(Undisguised::into_view));
        spans
    }

    /// Where the signals stand in a post that rules ask for which may fire, as
    /// [`Matcher::may_fire`] noted right before. Linear in its bytes.
    ///
    /// What is cheap to find comes first, and what rules need before what counts once they hold: most
    /// rules that may fire don't, for want of a word.
    #[must_use]
    pub fn find(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<Undisguised>,
        scratch: &mut Scratch,
    ) -> Spans {
        let mut spans = Spans::default();
        let text = undisguised.as_ref();
        for kind in Kind::ALL {
            if !self.prospects.asks_for(kind, &scratch.marks) {
                continue;
            }
            self.find_kind(kind, reading, text, &mut spans, scratch);
            self.prospects.seek(kind, &mut scratch.marks);
            if !self.may_still_fire(kind, Extent::Needs, reading, &spans, scratch) {
                return Spans::default();
            }
        }
        if !self.may_still_fire(Kind::Form, Extent::All, reading, &spans, scratch) {
            return Spans::default();
        }
        for kind in Kind::ALL {
            self.find_kind(kind, reading, text, &mut spans, scratch);
        }
        spans.settle(undisguised.map(Undisguised::into_view));
        spans
    }

    /// Whether a rule may still fire, now that what it needs was sought up to this kind. Notes what is
    /// asked for from here on.
    fn may_still_fire(
        &self,
        sought: Kind,
        extent: Extent,
        reading: &Reading<'_>,
        spans: &Spans,
        scratch: &mut Scratch,
    ) -> bool {
        let Scratch {
            plain,
            spelled,
            raw,
            marks,
            ..
        } = scratch;
        self.prospects.again(marks);
        spans.found().for_each(|signal| marks.stands(signal));
        let mark = &mut |signal| marks.stands(signal);
        if sought < Kind::Expression {
            self.folded.noted(&plain.windows, mark);
            self.folded.noted(&spelled.windows, mark);
            self.raw.noted(raw, mark);
        }
        if sought < Kind::Form {
            self.finders.triggered(reading, mark);
        }
        self.prospects.ask(extent, marks)
    }

    /// Finds the signals of a kind that are worth it, in every view of the post.
    fn find_kind(
        &self,
        kind: Kind,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        spans: &mut Spans,
        scratch: &mut Scratch,
    ) {
        match kind {
            Kind::Terms => self.find_terms(reading, undisguised, spans, scratch),
            Kind::Expression => self.find_expressions(reading, undisguised, spans, scratch),
            Kind::Form => self.find_forms(reading, spans, scratch),
        }
    }

    fn find_terms(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        spans: &mut Spans,
        scratch: &Scratch,
    ) {
        let disguises = undisguised.map(Disguises::of).unwrap_or_default();
        let wanted = Some(&scratch.marks);
        let find = |passage: Passage<'_>, noted: &Noted, view, tell: Tell<'_>| {
            let looking = Looking { view, wanted };
            let mut verify = |at, candidate: &Candidate| {
                self.terms.verify(passage, at, candidate, looking, tell);
                false
            };
            self.index
                .each(passage, &noted.hits, |at, posting| match posting {
                    Posting::Term(candidate) => verify(at, candidate),
                    Posting::Expression(_) | Posting::Raw => false,
                });
            self.terms.by_parts(passage, verify);
        };
        let passage = plain_passage(reading);
        find(passage, &scratch.plain, View::Plain, &mut |signal, span| {
            let span = reading.plain.in_post(span);
            if !disguises.hold_a_part(&span) {
                spans.push(signal, span);
            }
        });
        if let Some(it) = undisguised {
            let tell: Tell<'_> = &mut |signal, span| it.push_new(signal, span, spans);
            find(it.passage(), &scratch.spelled, View::Spelled, tell);
        }
    }

    fn find_expressions(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        spans: &mut Spans,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            plain,
            spelled,
            raw,
            marks,
            ..
        } = scratch;
        let wanted = Some(&*marks);
        let looking = |view| Looking { view, wanted };
        let (text, windows) = (reading.plain.text(), &mut plain.windows);
        self.folded
            .matches(text, looking(View::Plain), windows, &mut |signal, span| {
                spans.push(signal, reading.plain.in_post(span));
            });
        self.raw.matches(
            reading.post,
            looking(View::Plain),
            raw,
            &mut |signal, span| {
                spans.push(signal, span);
            },
        );
        if let Some(it) = undisguised {
            let (text, windows) = (it.passage().text, &mut spelled.windows);
            self.folded.matches(
                text,
                looking(View::Spelled),
                windows,
                &mut |signal, span| {
                    it.push_new(signal, span, spans);
                },
            );
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
}

/// What is told where a signal stands.
type Tell<'t> = &'t mut dyn FnMut(SignalId, Range<usize>);

fn plain_passage<'r>(reading: &Reading<'r>) -> Passage<'r> {
    Passage::new(reading.plain.text(), reading.outline)
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
