//! Terms of a pack: each text word is looked up once, and phrases are verified in place.

use crate::limits::{TERM_GAP_WORDS_MAX, TERM_SEPARATOR_CHARS_MAX};
use crate::policy::{Phrase, Piece, SignalId, View, is_soft_separator};
use crate::text::Word;
use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The terms that a pack uses.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    all: Vec<Entry>,
    /// Phrases by their anchor: the word of theirs that is looked up.
    by_word: FxHashMap<Box<str>, Bucket>,
    /// Phrases that hold no whole word are found by a part of one.
    parts: Option<AhoCorasick>,
    candidate_of_part: Vec<Candidate>,
}

#[derive(Debug)]
struct Entry {
    signal: SignalId,
    view: View,
    phrase: Phrase,
}

/// The phrases of one anchor. Alternatives give a common word thousands of them, so those whose
/// neighbour is a word too are found by both.
#[derive(Debug, Default)]
struct Bucket {
    alone: Vec<Candidate>,
    before: FxHashMap<Box<str>, Vec<Candidate>>,
    behind: FxHashMap<Box<str>, Vec<Candidate>>,
}

/// A phrase, and which of its pieces was just seen.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    entry: usize,
    anchor: usize,
}

/// A folded text and its words.
#[derive(Clone, Copy)]
struct Text<'t> {
    text: &'t str,
    words: &'t [Word],
}

impl Phrases {
    pub(super) fn builder() -> Self {
        Self::default()
    }

    pub(super) fn add(&mut self, signal: SignalId, view: View, phrases: &[Phrase]) {
        self.all.extend(phrases.iter().map(|phrase| Entry {
            signal,
            view,
            phrase: phrase.clone(),
        }));
    }

    pub(super) fn build(mut self) -> Self {
        let mut parts: Vec<Box<str>> = Vec::new();
        for (entry, Entry { phrase, .. }) in self.all.iter().enumerate() {
            // The longest whole word is, for want of frequencies, the rarest.
            let whole = |piece: &Piece| matches!(piece, Piece::Word(_));
            let longest = |whole_only: bool| {
                phrase
                    .0
                    .iter()
                    .enumerate()
                    .filter(|(_, piece)| !whole_only || whole(piece))
                    .filter_map(|(at, piece)| Some((at, piece.letters()?)))
                    .max_by_key(|(_, letters)| letters.len())
            };
            if let Some((anchor, word)) = longest(true) {
                let bucket = self.by_word.entry(word.into()).or_default();
                bucket.add(phrase, Candidate { entry, anchor });
            } else if let Some((anchor, letters)) = longest(false) {
                parts.push(letters.into());
                self.candidate_of_part.push(Candidate { entry, anchor });
            }
        }
        let automaton = AhoCorasick::new(parts.iter().map(|part| part.as_bytes()));
        self.parts = automaton.ok().filter(|_| !parts.is_empty());
        self
    }

    /// The words that terms of the view `spelled` look for; `true` for beginnings of words.
    pub(super) fn spelled_words(&self) -> impl Iterator<Item = (&str, bool)> {
        self.all
            .iter()
            .filter(|entry| entry.view == View::Spelled)
            .flat_map(|entry| entry.phrase.0.iter())
            .filter_map(|piece| match piece {
                Piece::Word(word) => Some((&**word, false)),
                Piece::Prefix(word) => Some((&**word, true)),
                Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => None,
            })
    }

    /// Finds the phrases that read `view`. Terms of `Spelled` also read `Plain`.
    pub(super) fn find(
        &self,
        text: &str,
        words: &[Word],
        view: View,
        found: &mut impl FnMut(SignalId, Range<usize>),
    ) {
        let text = Text { text, words };
        for at in 0..words.len() {
            let word = text.word(at).unwrap_or_default();
            let Some(bucket) = self.by_word.get(word) else {
                continue;
            };
            for candidate in bucket.candidates(text, at) {
                self.verify(text, *candidate, at, view, found);
            }
        }
        let Some(parts) = &self.parts else { return };
        for hit in parts.find_overlapping_iter(text.text) {
            let at = words.partition_point(|word| word.end as usize <= hit.start());
            if let Some(candidate) = self.candidate_of_part.get(hit.pattern().as_usize()) {
                self.verify(text, *candidate, at, view, found);
            }
        }
    }

    fn verify(
        &self,
        text: Text<'_>,
        candidate: Candidate,
        at: usize,
        view: View,
        found: &mut impl FnMut(SignalId, Range<usize>),
    ) {
        let Some(entry) = self.all.get(candidate.entry) else {
            return;
        };
        if view == View::Spelled && entry.view != View::Spelled {
            return;
        }
        let Some((before, from)) = entry.phrase.0.split_at_checked(candidate.anchor) else {
            return;
        };
        let Some(last) = text.forward(at, from) else {
            return;
        };
        let Some(first) = text.backward(at, before) else {
            return;
        };
        if let (Some(first), Some(last)) = (text.words.get(first), text.words.get(last)) {
            found(entry.signal, first.start as usize..last.end as usize);
        }
    }
}

impl Bucket {
    fn add(&mut self, phrase: &Phrase, candidate: Candidate) {
        let word_at = |at: Option<usize>| match phrase.0.get(at?)? {
            Piece::Word(word) => Some(word.clone()),
            Piece::Prefix(_) | Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => {
                None
            }
        };
        let list = if let Some(next) = word_at(Some(candidate.anchor + 1)) {
            self.behind.entry(next).or_default()
        } else if let Some(previous) = word_at(candidate.anchor.checked_sub(1)) {
            self.before.entry(previous).or_default()
        } else {
            &mut self.alone
        };
        list.push(candidate);
    }

    /// The phrases that may stand where their anchor is word `at`.
    fn candidates<'b>(&'b self, text: Text<'_>, at: usize) -> impl Iterator<Item = &'b Candidate> {
        let of = |neighbours: &'b FxHashMap<Box<str>, Vec<Candidate>>, at: Option<usize>| {
            let word = if neighbours.is_empty() {
                None
            } else {
                text.word(at?)
            };
            word.and_then(|word| neighbours.get(word))
        };
        let behind = of(&self.behind, Some(at + 1)).into_iter().flatten();
        let before = of(&self.before, at.checked_sub(1)).into_iter().flatten();
        self.alone.iter().chain(behind).chain(before)
    }
}

impl<'t> Text<'t> {
    fn word(self, at: usize) -> Option<&'t str> {
        let word = self.words.get(at)?;
        self.text.get(word.start as usize..word.end as usize)
    }

    /// Where the pieces end, when the first of them stands at word `at`.
    fn forward(self, at: usize, pieces: &[Piece]) -> Option<usize> {
        let Some((piece, rest)) = pieces.split_first() else {
            return at.checked_sub(1);
        };
        if *piece == Piece::Gap {
            let last = at.saturating_add(TERM_GAP_WORDS_MAX);
            return (at..=last)
                .take_while(|start| self.same_sentence(at.saturating_sub(1), *start))
                .find_map(|start| self.forward_after_gap(start, rest));
        }
        if !piece.accepts(self.word(at)?) {
            return None;
        }
        let next = at + 1;
        let neighbour = !matches!(rest.first(), None | Some(Piece::Gap));
        if neighbour && !self.adjacent(at, next) {
            return None;
        }
        self.forward(next, rest)
    }

    fn forward_after_gap(self, at: usize, rest: &[Piece]) -> Option<usize> {
        self.word(at)?;
        self.forward(at, rest)
    }

    /// Where the pieces begin, when the last of them stands just before word `at`.
    fn backward(self, at: usize, pieces: &[Piece]) -> Option<usize> {
        let Some((piece, rest)) = pieces.split_last() else {
            return Some(at);
        };
        if *piece == Piece::Gap {
            let first = at.saturating_sub(TERM_GAP_WORDS_MAX);
            return (first..=at)
                .rev()
                .take_while(|end| self.same_sentence(*end, at))
                .find_map(|end| self.backward_before_gap(end, rest));
        }
        let previous = at.checked_sub(1)?;
        if !self.adjacent(previous, at) || !piece.accepts(self.word(previous)?) {
            return None;
        }
        self.backward(previous, rest)
    }

    fn backward_before_gap(self, at: usize, rest: &[Piece]) -> Option<usize> {
        let (piece, before) = rest.split_last()?;
        let previous = at
            .checked_sub(1)
            .filter(|previous| self.same_sentence(*previous, at))?;
        piece
            .accepts(self.word(previous)?)
            .then(|| self.backward(previous, before))
            .flatten()
    }

    fn same_sentence(self, one: usize, other: usize) -> bool {
        match (self.words.get(one), self.words.get(other)) {
            (Some(one), Some(other)) => one.sentence == other.sentence,
            _ => false,
        }
    }

    /// Whether nothing but soft separators stands between two neighbouring words.
    fn adjacent(self, one: usize, next: usize) -> bool {
        let (Some(one), Some(next)) = (self.words.get(one), self.words.get(next)) else {
            return false;
        };
        let between = self
            .text
            .get(one.end as usize..next.start as usize)
            .unwrap_or_default();
        between.len() <= 4 * TERM_SEPARATOR_CHARS_MAX
            && between.chars().count() <= TERM_SEPARATOR_CHARS_MAX
            && between.chars().all(is_soft_separator)
    }
}
