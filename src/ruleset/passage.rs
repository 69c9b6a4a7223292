//! A folded text as words: where terms are verified, in place.

use crate::limits::{TERM_GAP_WORDS_MAX, TERM_SEPARATOR_CHARS_MAX};
use crate::policy::{Piece, Slot, is_soft_separator};
use crate::text::{Key, Outline, Word, ends_between};
use std::ops::Range;

/// A folded text and its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage<'t> {
    pub(super) text: &'t str,
    pub(super) words: &'t [Word],
    pub(super) keys: &'t [Key],
}

/// What is called with each place where something ends (or begins): a word, by number.
pub(super) type Found<'f> = &'f mut dyn FnMut(usize);

impl<'t> Passage<'t> {
    pub(super) fn new(text: &'t str, outline: &'t Outline) -> Self {
        Self {
            text,
            words: outline.words(),
            keys: outline.keys(),
        }
    }

    /// The bytes from one word to another.
    pub(super) fn span(self, first: usize, last: usize) -> Option<Range<usize>> {
        let (first, last) = (self.words.get(first)?, self.words.get(last)?);
        Some(first.start as usize..last.end as usize)
    }

    pub(super) fn word(self, at: usize) -> Option<&'t str> {
        self.text.get(self.span(at, at)?)
    }

    /// The bit of a word's key; none where there is no word.
    pub(super) fn bit(self, at: Option<usize>) -> u64 {
        let key = at.and_then(|at| self.keys.get(at));
        key.map_or(0, |key| key.bit())
    }

    fn accepts(self, piece: &Piece, at: usize) -> bool {
        match (self.keys.get(at), piece) {
            (Some(key), Piece::Word(wanted)) if key.is_exact() => wanted.key() == *key,
            (Some(key), _) => self.word(at).is_some_and(|word| piece.accepts(*key, word)),
            (None, _) => false,
        }
    }

    /// Tells every word with which a term may end whose next piece stands at word `at`: `pieces`,
    /// then `slots`. `touching`: it must stand right behind the word before.
    ///
    /// After a gap the nearest place counts where the rest stands. Linear in the term's readings,
    /// which are bounded, and in the words of its gaps.
    pub(super) fn forward(
        self,
        at: usize,
        touching: bool,
        pieces: &[Piece],
        slots: &[Slot],
        found: Found<'_>,
    ) {
        let Some((piece, rest)) = pieces.split_first() else {
            match slots.split_first() {
                None => found(at.saturating_sub(1)),
                Some((slot, slots)) => {
                    for option in &slot.options {
                        self.forward(at, touching, option, slots, found);
                    }
                }
            }
            return;
        };
        if *piece == Piece::Gap {
            for start in at..=at.saturating_add(TERM_GAP_WORDS_MAX) {
                if !self.same_sentence(at.saturating_sub(1), start) {
                    return;
                }
                let mut any = false;
                self.forward(start, false, rest, slots, &mut |last| {
                    any = true;
                    found(last);
                });
                if any {
                    return;
                }
            }
            return;
        }
        let stands = !touching
            || at
                .checked_sub(1)
                .is_some_and(|last| self.adjacent(last, at));
        if stands && self.accepts(piece, at) {
            self.forward(at + 1, true, rest, slots, found);
        }
    }

    /// Tells every word with which a term may begin whose last piece stands right before word `at`:
    /// `slots`, then `pieces`.
    pub(super) fn backward(
        self,
        at: usize,
        touching: bool,
        slots: &[Slot],
        pieces: &[Piece],
        found: Found<'_>,
    ) {
        let Some((piece, rest)) = pieces.split_last() else {
            match slots.split_last() {
                None => found(at),
                Some((slot, slots)) => {
                    for option in &slot.options {
                        self.backward(at, touching, slots, option, found);
                    }
                }
            }
            return;
        };
        if *piece == Piece::Gap {
            for end in (at.saturating_sub(TERM_GAP_WORDS_MAX)..=at).rev() {
                if end == 0 || !self.same_sentence(end - 1, at) {
                    return;
                }
                let mut any = false;
                self.backward(end, false, slots, rest, &mut |first| {
                    any = true;
                    found(first);
                });
                if any {
                    return;
                }
            }
            return;
        }
        let Some(previous) = at.checked_sub(1) else {
            return;
        };
        if (!touching || self.adjacent(previous, at)) && self.accepts(piece, previous) {
            self.backward(previous, true, slots, rest, found);
        }
    }

    /// Whether a phrase begins at a word: nothing stands before it but those who are spoken to by
    /// name, or something that ends a phrase or a sentence.
    pub(super) fn opens(self, at: usize) -> bool {
        let mut first = at;
        while let Some(previous) = first.checked_sub(1) {
            if !self.adjacent(previous, first) || !self.same_sentence(previous, first) {
                return true;
            }
            if !self.is_mention(previous) {
                return false;
            }
            first = previous;
        }
        true
    }

    /// Whether an at sign stands right before a word.
    fn is_mention(self, at: usize) -> bool {
        let start = self.words.get(at).map_or(0, |word| word.start as usize);
        start
            .checked_sub(1)
            .is_some_and(|before| self.text.as_bytes().get(before) == Some(&b'@'))
    }

    /// Whether no sentence ends between two words, the first of which comes first.
    fn same_sentence(self, one: usize, other: usize) -> bool {
        let Some(words) = self.words.get(one..=other) else {
            return false;
        };
        words.windows(2).all(|pair| match pair {
            [word, next] => !ends_between(self.text, *word, *next),
            _ => true,
        })
    }

    /// Whether nothing but soft separators stands between two neighbouring words.
    fn adjacent(self, one: usize, next: usize) -> bool {
        let (Some(one), Some(next)) = (self.words.get(one), self.words.get(next)) else {
            return false;
        };
        let between = self.text.get(one.end as usize..next.start as usize);
        match between.unwrap_or_default() {
            " " => true,
            between => {
                between.len() <= 4 * TERM_SEPARATOR_CHARS_MAX
                    && between.chars().count() <= TERM_SEPARATOR_CHARS_MAX
                    && between.chars().all(is_soft_separator)
            }
        }
    }
}
