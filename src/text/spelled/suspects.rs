//! Which words of a text may be disguised. Nearly none are, so this is what disguises cost.
//!
//! INVARIANT: whatever the reader of disguises would change is among the suspects, or a number right
//! before one; the others it would pass over. That both answers are the same is tested.

use super::lexicon::Lexicon;
use super::segment::{JOINED_LETTERS_MIN, may_be_joined};
use super::swap::SWAPPED_LETTERS_MIN;
use crate::text::key::Key;
use crate::text::outline::Outline;
use crate::text::words::Word;

/// The numbers of the words that may be disguised, in order.
pub(super) fn suspects<'a>(
    text: &'a str,
    outline: &'a Outline,
    lexicon: &'a Lexicon,
) -> impl Iterator<Item = usize> + 'a {
    let words = outline.words();
    let mut odd = outline.odd();
    let of_words = words.iter().zip(outline.keys()).enumerate();
    of_words.filter_map(move |(at, (word, key))| {
        while let [first, rest @ ..] = odd
            && *first < word.start
        {
            odd = rest;
        }
        let is_odd = odd.first().is_some_and(|place| *place <= word.end);
        let letters = (word.end - word.start) as usize;
        let suspect = is_odd
            || match letters {
                0..=1 => is_spelled_out(text.as_bytes(), *word, words.get(at + 1)),
                SWAPPED_LETTERS_MIN.. => {
                    lexicon.may_be_swapped(*key)
                        || letters >= JOINED_LETTERS_MIN && is_joined(text, *word, lexicon)
                }
                _ => false,
            };
        suspect.then_some(at)
    })
}

/// Whether a word of one character may begin `k i l l`: another one follows, and one of both is no
/// digit.
fn is_spelled_out(text: &[u8], word: Word, next: Option<&Word>) -> bool {
    let Some(next) = next else { return false };
    let byte = |word: &Word| text.get(word.start as usize).copied().unwrap_or(b' ');
    let one = next.end - next.start == 1;
    byte(next) == b'_' || one && !(byte(&word).is_ascii_digit() && byte(next).is_ascii_digit())
}

/// Whether a long word may be several, or what follows a contraction may: `i'mgoingtokillyou`.
fn is_joined(text: &str, word: Word, lexicon: &Lexicon) -> bool {
    let (before, start) = text
        .split_at_checked(word.start as usize)
        .unwrap_or_default();
    let letters = start
        .get(..(word.end - word.start) as usize)
        .unwrap_or_default();
    may_be_joined(letters.as_bytes(), lexicon)
        || before.ends_with('\'')
            && super::contracted(letters).any(|rest| may_be_joined(rest.as_bytes(), lexicon))
}

impl Lexicon {
    /// Whether a word may be one of the lexicon with two letters swapped.
    #[inline]
    fn may_be_swapped(&self, key: Key) -> bool {
        self.swapped.lets_through(key)
    }
}
