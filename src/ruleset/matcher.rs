//! The seam between policies and text: which signals stand where in a post.
//!
//! Everything above asks one question ([`Matcher::find`]) and gets spans of the post. How they are
//! found — words by hash, expressions by their required text, detectors by what triggers them — is
//! known below this file only.

use super::expressions::Expressions;
use super::finders::Finders;
use super::phrases::Phrases;
use crate::policy::{Pack, SignalId, SignalKind, View};
use crate::text::{Folded, Lexicon, Spelled, Word, fold, spell, words};
use std::ops::Range;

/// Spans of the post, by signal. Signals made of others have none here.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    by_signal: Vec<Vec<Range<usize>>>,
    /// The view in which disguises are undone, where there are any, and its words.
    spelled: Option<(Folded, Vec<Word>)>,
}

impl Spans {
    /// The spans of one signal, sorted, each once.
    #[must_use]
    pub fn of(&self, signal: SignalId) -> &[Range<usize>] {
        self.by_signal.get(signal.0).map_or(&[], Vec::as_slice)
    }

    /// Whether no signal stands in the post.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_signal.iter().all(Vec::is_empty)
    }

    /// The words of the post as they are meant, `k.i.l.l` being one: bytes of the post, and the
    /// sentence of each.
    #[must_use]
    pub fn words(&self, reading: &Reading<'_>) -> Vec<(Range<usize>, u32)> {
        let (view, words) = match &self.spelled {
            Some((view, words)) => (view, words),
            None => (&reading.plain, &reading.words),
        };
        let place = |word: &Word| {
            (
                view.in_post(word.start as usize..word.end as usize),
                word.sentence,
            )
        };
        words.iter().map(place).collect()
    }

    pub(super) fn push(&mut self, signal: SignalId, span: Range<usize>) {
        if let Some(spans) = self.by_signal.get_mut(signal.0) {
            spans.push(span);
        }
    }

    fn settle(&mut self) {
        for spans in &mut self.by_signal {
            spans.sort_by_key(|span| (span.start, span.end));
            spans.dedup();
        }
    }
}

/// A post, read: its plain view and the words of it.
#[derive(Debug)]
pub struct Reading<'p> {
    /// The post as received.
    pub post: &'p str,
    /// Its plain view.
    pub plain: Folded,
    /// The words of the plain view.
    pub words: Vec<Word>,
}

impl<'p> Reading<'p> {
    /// Reads a post.
    #[must_use]
    pub fn of(post: &'p str) -> Self {
        let plain = fold(post);
        let words = words(plain.text());
        Self { post, plain, words }
    }
}

/// Finds the signals of a pack in posts.
#[derive(Debug)]
pub struct Matcher {
    phrases: Phrases,
    expressions: Expressions,
    finders: Finders,
    /// The words that policies look for, so that disguises are undone only into them.
    lexicon: Lexicon,
    signals: usize,
}

impl Matcher {
    /// Prepares everything that a pack looks for.
    #[must_use]
    pub(super) fn compile(pack: &Pack) -> Self {
        let mut phrases = Phrases::builder();
        let mut expressions = Vec::new();
        let mut finders = Finders::default();
        for (at, signal) in pack.signals.iter().enumerate() {
            let id = SignalId(at);
            match &signal.kind {
                SignalKind::Terms(terms) => phrases.add(id, signal.view, terms),
                SignalKind::Regex(patterns) => {
                    expressions.extend(patterns.iter().map(|p| (id, signal.view, p.clone())));
                }
                SignalKind::Detect(detector, arguments) => finders.add(id, detector, arguments),
                SignalKind::AnyOf(_) | SignalKind::Near(_) => {}
            }
        }
        let phrases = phrases.build();
        let lexicon = Lexicon::with_beginnings(phrases.spelled_words());
        let expressions = Expressions::new(expressions);
        Self {
            phrases,
            expressions,
            finders,
            lexicon,
            signals: pack.signals.len(),
        }
    }

    /// Where signals stand in a post. Linear in its bytes.
    #[must_use]
    pub fn find(&self, reading: &Reading<'_>) -> Spans {
        let by_signal = vec![Vec::new(); self.signals];
        let mut spans = Spans {
            by_signal,
            spelled: None,
        };
        let (post, text) = (reading.post, reading.plain.text());
        let plain = |span| reading.plain.in_post(span);
        let spelled = spell(post, &reading.plain, &reading.words, &self.lexicon);
        let disguises = spelled.as_ref().map(Disguises::of).unwrap_or_default();
        self.phrases
            .find(text, &reading.words, View::Plain, &mut |signal, span| {
                let span = plain(span);
                if !disguises.hold_a_part(&span) {
                    spans.push(signal, span);
                }
            });
        let mut push = |signal, span| spans.push(signal, span);
        self.expressions
            .find(text, View::Plain, &mut |signal, span| {
                push(signal, plain(span))
            });
        self.expressions.find(post, View::Raw, &mut push);
        self.finders
            .find(reading, &mut |signal, span| push(signal, plain(span)));
        if let Some(spelled) = spelled {
            self.find_spelled(spelled, &mut spans);
        }
        spans.settle();
        spans
    }

    /// What stands in the post once disguises are undone. Only what touches one of them is new.
    fn find_spelled(&self, spelled: Spelled, spans: &mut Spans) {
        let text = spelled.folded.text();
        let words = words(text);
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
        self.phrases.find(text, &words, View::Spelled, &mut new);
        self.expressions.find(text, View::Spelled, &mut new);
        spans.spelled = Some((spelled.folded, words));
    }
}

/// Where a post was disguised, in its bytes, in order.
#[derive(Debug, Default)]
struct Disguises(Vec<Range<usize>>);

impl Disguises {
    fn of(spelled: &Spelled) -> Self {
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
