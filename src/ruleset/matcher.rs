//! The seam between policies and text: which signals stand where in a post.
//!
//! Everything above asks two questions: whether any rule can fire at all ([`Matcher::may_fire`]),
//! which costs next to nothing, and what stands where ([`Matcher::find`]). How it is found — words
//! by hash, expressions where what they require stands, detectors by what triggers them — is known
//! below this file only.

use super::expressions::{self, Expressions, Received, Sought};
use super::extent::Extent;
use super::finders::Finders;
use super::index::{Hit, Index};
use super::passage::Passage;
use super::prospects::{Kind, Looking, Marks, Prospects};
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
    /// One that reads the post as received.
    Received(Received),
}

/// Memory that finding needs beside what it answers: one for each thread, used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    notes: Notes,
    disguises: Memory,
    marks: Marks,
    spans: Vec<Range<usize>>,
}

/// What was noted of a post.
#[derive(Debug, Default)]
struct Notes {
    plain: Noted,
    spelled: Noted,
    /// Where expressions may match that read the post as received.
    raw: expressions::Scratch,
}

/// What was noted of a text.
#[derive(Debug, Default)]
struct Noted {
    /// Where something may be looked for.
    hits: Vec<Hit>,
    /// Where expressions may match.
    windows: expressions::Scratch,
    /// Words around which expressions may match that read the post as received.
    received: Vec<(usize, Received)>,
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
            let extent = prospects.extent(id);
            match &signal.kind {
                SignalKind::Terms(of) => terms.add((id, signal), (extent, lends), of),
                SignalKind::Regex(patterns) => {
                    let reads = match signal.view {
                        View::Raw => &mut raw,
                        View::Plain | View::Spelled => &mut folded,
                    };
                    for pattern in patterns {
                        reads.add(id, signal.view, extent, pattern);
                    }
                }
                SignalKind::Detect(detector, arguments) => {
                    finders.add(id, extent, detector, arguments);
                }
                SignalKind::AnyOf(_) | SignalKind::Near(_) => {}
            }
        }
        let mut index = Index::builder();
        terms.build(&mut index, Posting::Term);
        folded.build(&mut index, Posting::Expression);
        // No word of a post as received is looked up: none is folded.
        raw.build(&mut index, Posting::Expression);
        raw.plain_words(&mut |word, received| {
            index.word(word, received.extent(), Posting::Received(received));
        });
        Self {
            index: index.build(),
            lexicon: Lexicon::with_beginnings(terms.spelled_words())
                .with_pairs(|see| terms.each_spelled_pair(see)),
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
        let opened = self.is_open
            || self.words_open(
                plain_passage(reading),
                reading.outline,
                &mut scratch.notes.plain,
            )
            || undisguised.is_some_and(|it| {
                self.words_open(it.passage(), &it.outline, &mut scratch.notes.spelled)
            })
            || self.raw_open(reading, scratch)
            || self.finders.opens_gate(reading, &mut scratch.spans);
        opened && {
            self.prospects.begin(&mut scratch.marks);
            self.note_needs(reading, undisguised, scratch);
            self.prospects.ask(Extent::Needs, &mut scratch.marks)
        }
    }

    /// Whether terms or expressions stand in a folded text that may make a rule fire.
    fn words_open(&self, passage: Passage<'_>, outline: &Outline, noted: &mut Noted) -> bool {
        let opens = |at, candidate: &Candidate| self.terms.opens_gate(passage, at, candidate);
        if self.look_up(Extent::Gate, passage, noted, opens) {
            return true;
        }
        let (numbers, windows) = (outline.numbers(), &mut noted.windows);
        if self.folded.opens_gate_without_words() {
            self.folded
                .note_others(passage.text, numbers, Extent::Gate, windows);
        }
        self.folded.opens_gate(passage.text, windows)
    }

    /// Calls `see` with every term of a folded text that an extent looks for, until it answers `true`;
    /// notes where words stand around which expressions may match.
    fn look_up(
        &self,
        extent: Extent,
        passage: Passage<'_>,
        noted: &mut Noted,
        mut see: impl FnMut(usize, &Candidate) -> bool,
    ) -> bool {
        let Noted {
            hits,
            windows,
            received,
        } = noted;
        received.clear();
        windows.clear();
        self.index.look_up(passage, extent, hits);
        let seen = self.index.each(passage, hits, |at, posting| match posting {
            Posting::Term(candidate) => see(at, candidate),
            Posting::Expression(expression) => {
                self.folded
                    .note_word(expression, extent, passage, at, windows);
                false
            }
            Posting::Received(expression) => {
                received.push((at, *expression));
                false
            }
        });
        seen || self.terms.by_parts(passage, extent, see)
    }

    fn raw_open(&self, reading: &Reading<'_>, scratch: &mut Scratch) -> bool {
        if !self.raw.opens_gate_without_words() {
            return false;
        }
        self.note_raw(Extent::Gate, reading, &mut scratch.notes);
        self.raw.opens_gate(reading.post, &mut scratch.notes.raw)
    }

    /// Notes where expressions may match that read the post as received, given the words noted in its
    /// plain view.
    fn note_raw(&self, extent: Extent, reading: &Reading<'_>, notes: &mut Notes) {
        let Notes { plain, raw, .. } = notes;
        raw.clear();
        self.raw.note_others(reading.post, &[], extent, raw);
        for (at, received) in &plain.received {
            if let Some(word) = plain_passage(reading).span(*at, *at) {
                let word = reading.plain.in_post(word);
                self.raw
                    .note_received(received, extent, word, raw, reading.post.len());
            }
        }
    }

    /// Notes where something may stand in the post that conditions need, and marks every such signal.
    fn note_needs(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        scratch: &mut Scratch,
    ) {
        let Scratch { notes, marks, .. } = scratch;
        let mut mark = |signal| marks.stands(signal);
        self.note(Extent::Needs, reading, undisguised, notes, |candidate| {
            mark(candidate.signal());
        });
        self.mark_windows(notes, &mut mark);
        self.finders.triggered(reading, &mut mark);
    }

    /// Marks every signal of expressions that may match where it was noted.
    fn mark_windows(&self, notes: &Notes, mark: &mut impl FnMut(SignalId)) {
        self.folded.noted(&notes.plain.windows, mark);
        self.folded.noted(&notes.spelled.windows, mark);
        self.raw.noted(&notes.raw, mark);
    }

    /// Notes where anything may stand in the post.
    fn note_all(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        scratch: &mut Scratch,
    ) {
        let notes = &mut scratch.notes;
        self.note(Extent::All, reading, undisguised, notes, |_| ());
    }

    /// Notes where something of an extent may stand in the post, and tells every term of it that may.
    fn note(
        &self,
        extent: Extent,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        notes: &mut Notes,
        mut tell: impl FnMut(&Candidate),
    ) {
        let Notes { plain, spelled, .. } = notes;
        let passage = plain_passage(reading);
        self.note_text(extent, passage, reading.outline, plain, &mut tell);
        match undisguised {
            Some(it) => self.note_text(extent, it.passage(), &it.outline, spelled, &mut tell),
            None => spelled.windows.clear(),
        }
        self.note_raw(extent, reading, notes);
    }

    fn note_text(
        &self,
        extent: Extent,
        passage: Passage<'_>,
        outline: &Outline,
        noted: &mut Noted,
        tell: &mut impl FnMut(&Candidate),
    ) {
        self.look_up(extent, passage, noted, |at, candidate| {
            if candidate.may_stand(extent, passage, at) {
                tell(candidate);
            }
            false
        });
        let (numbers, windows) = (outline.numbers(), &mut noted.windows);
        self.folded
            .note_others(passage.text, numbers, extent, windows);
    }

    /// Where all signals stand in a post, for those who ask once.
    #[must_use]
    pub fn see(&self, reading: &Reading<'_>) -> Spans {
        let mut scratch = Scratch::default();
        let undisguised = self.undisguise(reading, &mut scratch);
        self.note_all(reading, undisguised.as_ref(), &mut scratch);
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
        let more = |kind| self.prospects.asks_for(kind, &scratch.marks);
        if Kind::ALL.into_iter().any(more) {
            self.note_all(reading, text, scratch);
            for kind in Kind::ALL {
                self.find_kind(kind, reading, text, &mut spans, scratch);
            }
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
        let Scratch { notes, marks, .. } = scratch;
        self.prospects.again(marks);
        spans.found().for_each(|signal| marks.stands(signal));
        let mark = &mut |signal| marks.stands(signal);
        if sought < Kind::Expression {
            self.mark_windows(notes, mark);
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
                    Posting::Expression(_) | Posting::Received(_) => false,
                });
            self.terms.by_parts(passage, Extent::All, verify);
        };
        let passage = plain_passage(reading);
        find(
            passage,
            &scratch.notes.plain,
            View::Plain,
            &mut |signal, span| {
                let span = reading.plain.in_post(span);
                if !disguises.hold_a_part(&span) {
                    spans.push(signal, span);
                }
            },
        );
        if let Some(it) = undisguised {
            let tell: Tell<'_> = &mut |signal, span| it.push_new(signal, span, spans);
            find(it.passage(), &scratch.notes.spelled, View::Spelled, tell);
        }
    }

    fn find_expressions(
        &self,
        reading: &Reading<'_>,
        undisguised: Option<&Undisguised>,
        spans: &mut Spans,
        scratch: &mut Scratch,
    ) {
        let Scratch { notes, marks, .. } = scratch;
        let Notes {
            plain,
            spelled,
            raw,
        } = notes;
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
