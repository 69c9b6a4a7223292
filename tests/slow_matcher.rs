//! A slow, obvious matcher: every reading of a term at every word, every expression over the whole
//! text. What finds the same quickly must agree with it.
#![expect(clippy::indexing_slicing, reason = "what panics fails the test")]

use regex::bytes::{Regex, RegexBuilder};
use std::collections::BTreeSet;
use std::ops::Range;
use vigie::limits::{TERM_GAP_WORDS_MAX, TERM_SEPARATOR_CHARS_MAX};
use vigie::policy::{Pack, Piece, SignalKind, Term, View, is_soft_separator};
use vigie::ruleset::Reading;
use vigie::text::{Spelled, Word, is_pictograph, sentences};

/// Bytes of a post where something stands: starts and ends.
pub(crate) type Places = BTreeSet<(usize, usize)>;

/// From which side a gap `...` is crossed to the nearest word where the rest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossed {
    Forward,
    Backward,
}

/// Everything that a pack looks for, one by one. Detectors are left out.
#[derive(Debug)]
pub(crate) struct SlowMatcher {
    signals: Vec<(View, Looks)>,
}

#[derive(Debug)]
enum Looks {
    Phrases(Vec<Phrase>),
    Expressions(Vec<Regex>),
    Nothing,
}

/// A term, written out.
#[derive(Debug)]
struct Phrase {
    /// Whether it stands only where a phrase begins.
    opens: bool,
    /// Its readings, up to its gap.
    readings: Vec<Vec<Piece>>,
    /// How it goes on behind its gap, if it has one.
    behind_gap: Option<Vec<Vec<Piece>>>,
}

impl SlowMatcher {
    pub(crate) fn of(pack: &Pack) -> Self {
        let looks = |kind: &SignalKind, view| match kind {
            SignalKind::Terms(terms) => {
                Looks::Phrases(terms.iter().map(|term| Phrase::of(term)).collect())
            }
            SignalKind::Regex(patterns) => {
                let expression =
                    |text: &str| RegexBuilder::new(text).unicode(view == View::Raw).build();
                let texts = patterns.iter().map(|pattern| pattern.text.as_str());
                Looks::Expressions(texts.map(|text| expression(text).unwrap()).collect())
            }
            SignalKind::Detect(..) | SignalKind::AnyOf(_) | SignalKind::Near(_) => Looks::Nothing,
        };
        let signals = pack.signals.iter();
        let signals = signals.map(|signal| (signal.view, looks(&signal.kind, signal.view)));
        Self {
            signals: signals.collect(),
        }
    }

    /// Where each signal stands in a post.
    pub(crate) fn see(
        &self,
        reading: &Reading<'_>,
        spelled: Option<&Spelled>,
        crossed: Crossed,
    ) -> Vec<Places> {
        let plain = Passage::of(reading.plain.text());
        let undisguised = spelled.map(|spelled| (spelled, Passage::of(spelled.folded.text())));
        let see = |(view, looks): &(View, Looks)| {
            if *view == View::Raw {
                return looks
                    .at(&Passage::of(reading.post), crossed)
                    .into_iter()
                    .collect();
            }
            let in_post = |(start, end): (usize, usize)| reading.plain.in_post(start..end);
            let mut places: Places = looks
                .at(&plain, crossed)
                .into_iter()
                .map(in_post)
                .filter(|span| !looks.are_words() || !is_part_of_a_disguise(span, spelled))
                .map(|span| (span.start, span.end))
                .collect();
            if let (View::Spelled, Some((spelled, passage))) = (view, &undisguised) {
                let found = looks.at(passage, crossed).into_iter();
                let new = found.filter(|place| touches_a_disguise(*place, spelled));
                places.extend(new.map(|(start, end)| {
                    let span = spelled.folded.in_post(start..end);
                    (span.start, span.end)
                }));
            }
            places
        };
        self.signals.iter().map(see).collect()
    }
}

fn is_part_of_a_disguise(span: &Range<usize>, spelled: Option<&Spelled>) -> bool {
    spelled.is_some_and(|spelled| {
        spelled.altered.iter().any(|altered| {
            let disguise = spelled.folded.in_post(altered.clone());
            disguise.start <= span.start && span.end <= disguise.end && disguise != *span
        })
    })
}

fn touches_a_disguise((start, end): (usize, usize), spelled: &Spelled) -> bool {
    let mut altered = spelled.altered.iter();
    altered.any(|altered| altered.start < end && start < altered.end)
}

impl Looks {
    fn are_words(&self) -> bool {
        matches!(self, Self::Phrases(_))
    }

    /// Every place in a text.
    fn at(&self, passage: &Passage<'_>, crossed: Crossed) -> Vec<(usize, usize)> {
        match self {
            Self::Phrases(phrases) => {
                let places = phrases
                    .iter()
                    .flat_map(|phrase| phrase.at(passage, crossed));
                places
                    .map(|(first, last)| passage.bytes(first, last))
                    .collect()
            }
            Self::Expressions(expressions) => {
                let text = passage.text;
                let matches = expressions
                    .iter()
                    .flat_map(|one| one.find_iter(text.as_bytes()));
                let widened = |start, end| {
                    (
                        text.floor_char_boundary(start),
                        text.ceil_char_boundary(end),
                    )
                };
                matches
                    .map(|found| widened(found.start(), found.end()))
                    .collect()
            }
            Self::Nothing => Vec::new(),
        }
    }
}

impl Phrase {
    fn of(term: &Term) -> Self {
        let mut readings = vec![Vec::new()];
        for slot in &term.slots {
            let longer = |reading: &Vec<Piece>| {
                let reading = reading.clone();
                slot.options
                    .iter()
                    .map(move |option| [&reading, &**option].concat())
            };
            readings = readings.iter().flat_map(longer).collect();
        }
        let gap = |reading: &Vec<Piece>| reading.iter().position(|piece| *piece == Piece::Gap);
        if readings.iter().all(|reading| gap(reading).is_none()) {
            return Self {
                opens: term.opens,
                readings,
                behind_gap: None,
            };
        }
        let (before, behind) = readings
            .iter()
            .map(|reading| {
                let at = gap(reading).expect("a gap stands in all readings or in none");
                (reading[..at].to_vec(), reading[at + 1..].to_vec())
            })
            .unzip();
        Self {
            opens: term.opens,
            readings: before,
            behind_gap: Some(behind),
        }
    }

    /// The first and the last word of every place.
    fn at(&self, passage: &Passage<'_>, crossed: Crossed) -> Vec<(usize, usize)> {
        let anywhere = self.anywhere(passage, crossed).into_iter();
        let stands = |(first, _): &(usize, usize)| !self.opens || passage.opens(*first);
        anywhere.filter(stands).collect()
    }

    fn anywhere(&self, passage: &Passage<'_>, crossed: Crossed) -> Vec<(usize, usize)> {
        let before = passage.places(&self.readings);
        let Some(behind) = &self.behind_gap else {
            return before;
        };
        let behind = passage.places(behind);
        let steps = |(_, end): &(usize, usize), (start, _): &(usize, usize)| {
            let skipped = start.checked_sub(end + 1)?;
            let crosses = skipped <= TERM_GAP_WORDS_MAX
                && passage.sentences.get(*end) == passage.sentences.get(*start);
            crosses.then_some(skipped)
        };
        let mut places = Vec::new();
        for one in &before {
            for other in &behind {
                let Some(skipped) = steps(one, other) else {
                    continue;
                };
                let nearest = match crossed {
                    Crossed::Forward => behind.iter().filter_map(|place| steps(one, place)).min(),
                    Crossed::Backward => {
                        before.iter().filter_map(|place| steps(place, other)).min()
                    }
                };
                if nearest == Some(skipped) {
                    places.push((one.0, other.1));
                }
            }
        }
        places
    }
}

/// A text as words.
struct Passage<'t> {
    text: &'t str,
    words: Vec<Word>,
    sentences: Vec<u32>,
}

impl<'t> Passage<'t> {
    fn of(text: &'t str) -> Self {
        let words = words_one_by_one(text);
        let sentences = sentences(text, &words).collect();
        Self {
            text,
            words,
            sentences,
        }
    }

    fn bytes(&self, first: usize, last: usize) -> (usize, usize) {
        (
            self.words[first].start as usize,
            self.words[last].end as usize,
        )
    }

    fn word(&self, at: usize) -> &'t str {
        let (start, end) = self.bytes(at, at);
        &self.text[start..end]
    }

    /// The first and the last word wherever one of these phrases stands.
    fn places(&self, phrases: &[Vec<Piece>]) -> Vec<(usize, usize)> {
        let starts = 0..self.words.len();
        let all = starts.flat_map(|start| phrases.iter().map(move |pieces| (start, pieces)));
        all.filter(|(start, pieces)| self.stands(*start, pieces))
            .map(|(start, pieces)| (start, start + pieces.len() - 1))
            .collect()
    }

    fn stands(&self, start: usize, pieces: &[Piece]) -> bool {
        start + pieces.len() <= self.words.len()
            && pieces.iter().enumerate().all(|(at, piece)| {
                let touches = at == 0 || self.neighbours(start + at - 1);
                touches && is_asked_for(piece, self.word(start + at))
            })
    }

    /// Whether only mentions stand between a word and what ended the phrase before.
    fn opens(&self, at: usize) -> bool {
        let mut before = (0..at).rev();
        let is_mention = |one: usize| self.text[..self.words[one].start as usize].ends_with('@');
        let goes_on =
            |one: usize| self.neighbours(one) && self.sentences[one] == self.sentences[one + 1];
        let first = before.find(|one| !goes_on(*one) || !is_mention(*one));
        first.is_none_or(|one| !goes_on(one))
    }

    /// Whether a word and the next one may stand together in a phrase.
    fn neighbours(&self, at: usize) -> bool {
        let between = &self.text[self.words[at].end as usize..self.words[at + 1].start as usize];
        between.chars().count() <= TERM_SEPARATOR_CHARS_MAX
            && between.chars().all(is_soft_separator)
    }
}

fn is_asked_for(piece: &Piece, word: &str) -> bool {
    match piece {
        Piece::Word(wanted) => **wanted == *word,
        Piece::Prefix(letters) => word.starts_with(&**letters),
        Piece::Suffix(letters) => word.ends_with(&**letters),
        Piece::Infix(letters) => word.contains(&**letters),
        Piece::AnyWord => true,
        Piece::Gap => panic!("gaps are cut out before"),
    }
}

/// The words of a text, character by character.
pub(crate) fn words_one_by_one(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut goes_on = false;
    for (at, c) in text.char_indices() {
        let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
        let is_letter = c.is_alphanumeric() || c == '_';
        match words.last_mut() {
            Some(word) if is_letter && goes_on => word.end = end,
            _ if is_letter || is_pictograph(c) => words.push(Word { start, end }),
            _ => {}
        }
        goes_on = is_letter;
    }
    words
}

/// Where runs of digits begin, byte by byte.
pub(crate) fn numbers_one_by_one(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let begins =
        |at: &usize| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[*at - 1].is_ascii_digit());
    (0..bytes.len())
        .filter(begins)
        .map(|at| at as u32)
        .collect()
}
