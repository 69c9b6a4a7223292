//! Which words of a text may be disguised. Nearly none are, so this is what disguises cost.
//!
//! INVARIANT: whatever the reader of disguises would change is among the suspects, or a number right
//! before one; the others it would pass over. That both answers are the same is tested.

use super::GLUED_WORDS_MAX;
use super::lexicon::Lexicon;
use super::segment::{JOINED_LETTERS_MIN, may_be_joined};
use super::signs::is_glue;
use super::swap::SWAPPED_LETTERS_MIN;
use crate::limits::SPELLED_WORD_LETTERS_MAX;
use crate::text::key::Key;
use crate::text::outline::Outline;
use crate::text::words::Word;

/// The numbers of the words that may be disguised, in order.
pub(super) fn suspects<'a>(
    text: &'a str,
    outline: &'a Outline,
    lexicon: &'a Lexicon,
) -> impl Iterator<Item = usize> + 'a {
    let glance = Glance {
        text,
        words: outline.words(),
        keys: outline.keys(),
        lexicon,
    };
    let (mut odd, mut tied) = (outline.odd(), outline.tied());
    // How many words the one before is tied to.
    let mut chain = 0;
    glance
        .words
        .iter()
        .enumerate()
        .filter_map(move |(at, word)| {
            skip_before(&mut odd, word.start);
            skip_before(&mut tied, word.start);
            chain = match tied.split_first() {
                Some((first, rest)) if *first == word.start => {
                    tied = rest;
                    chain + 1
                }
                _ => 0,
            };
            let is_odd = odd.first().is_some_and(|place| *place <= word.end);
            let next = glance.words.get(at + 1).map(|next| next.start);
            let leads =
                tied.first().copied() == next && next.is_some() && chain % GLUED_WORDS_MAX == 0;
            (is_odd || glance.is_suspect(at, *word) || leads && glance.is_tied(at)).then_some(at)
        })
}

fn skip_before(places: &mut &[u32], start: u32) {
    while let [first, rest @ ..] = *places
        && *first < start
    {
        *places = rest;
    }
}

/// A text at first sight.
#[derive(Clone, Copy)]
struct Glance<'a> {
    text: &'a str,
    words: &'a [Word],
    keys: &'a [Key],
    lexicon: &'a Lexicon,
}

impl Glance<'_> {
    /// Whether a word of letters may be disguised by itself.
    #[inline]
    fn is_suspect(&self, at: usize, word: Word) -> bool {
        match (word.end - word.start) as usize {
            0..=1 => is_spelled_out(self.text.as_bytes(), word, self.words.get(at + 1)),
            letters @ SWAPPED_LETTERS_MIN.. => {
                let swapped = self
                    .keys
                    .get(at)
                    .is_some_and(|key| self.lexicon.may_be_swapped(*key));
                swapped || letters >= JOINED_LETTERS_MIN && is_joined(self.text, word, self.lexicon)
            }
            _ => false,
        }
    }

    /// Whether the words that signs tie to this one, which begins them, may be a disguise together:
    /// `tu-er` may, `est-ce` may not. They may, too, where one of them is a suspect by itself.
    fn is_tied(&self, first: usize) -> bool {
        let mut letters = [0; SPELLED_WORD_LETTERS_MAX * 2];
        let (mut count, mut joints, mut vowel) = (0, 0, false);
        let mut end = None;
        for (at, word) in self
            .words
            .iter()
            .enumerate()
            .skip(first)
            .take(GLUED_WORDS_MAX)
        {
            let between = end.and_then(|end: u32| self.text.get(end as usize..word.start as usize));
            match between {
                None => {}
                Some("-" | ".") => joints += 1,
                Some(other) if other.chars().all(is_glue) => return true,
                Some(_) => break,
            }
            let own = self.text.get(word.start as usize..word.end as usize);
            for letter in own.unwrap_or_default().bytes() {
                let Some(slot) = letters
                    .get_mut(count)
                    .filter(|_| letter.is_ascii_lowercase())
                else {
                    return true;
                };
                *slot = letter;
                count += 1;
                vowel |= matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
            }
            if at > first && self.is_suspect(at, *word) {
                return true;
            }
            end = Some(word.end);
        }
        let together = letters.get(..count).unwrap_or_default();
        let stretched = together
            .windows(3)
            .any(|three| matches!(three, [a, b, c] if a == b && b == c));
        stretched || !vowel && joints == 1 || self.lexicon.contains(together)
    }
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
