//! Which words of a text may be disguised. Nearly none are, so this is what disguises cost.
//!
//! INVARIANT: whatever the reader of disguises would change is among the suspects, or a number right
//! before one; the others it would pass over. That both answers are the same is tested.

use super::lexicon::Lexicon;
use super::segment::{JOINED_LETTERS_MIN, is_sentence, looks_joined, may_be_joined};
use super::signs::is_glue;
use super::swap::SWAPPED_LETTERS_MIN;
use super::{GLUE_BYTES_MAX, GLUED_WORDS_MAX};
use crate::limits::SPELLED_WORD_LETTERS_MAX;
use crate::text::blocks::{each_bit, on_this_processor};
use crate::text::key::Key;
use crate::text::outline::Outline;
use crate::text::words::Word;

/// What looking for disguises keeps from one text to the next: one for each thread.
#[derive(Debug, Default)]
pub struct Memory {
    /// The suspects of the text at hand, by number.
    pub(super) suspects: Vec<usize>,
    /// Its suspects as bits, while they are gathered.
    marks: Vec<u64>,
    /// Long words that are no words joined, by a hash of theirs. A bounded cache: long words come
    /// again and again, and are looked at once.
    whole: Vec<[u64; 2]>,
    /// The lexicon they are whole in.
    lexicon: u64,
}

/// Words that are remembered: 128 kB, which the second cache of a processor holds.
const WHOLE_WORDS: usize = 1 << 13;

impl Memory {
    /// Whether a word is remembered as no words joined; else it will be, if `is_joined` says so.
    fn is_whole(&mut self, key: Key, word: &[u8], is_joined: impl FnOnce() -> bool) -> bool {
        let place = self.whole.get_mut(key.hash() as usize % WHOLE_WORDS);
        let (Some(letters), Some(place)) = (long_word(word), place) else {
            return !is_joined();
        };
        if *place == letters {
            return true;
        }
        let whole = !is_joined();
        if whole {
            *place = letters;
        }
        whole
    }

    fn turn_to(&mut self, lexicon: &Lexicon, words: usize) {
        self.suspects.clear();
        self.marks.clear();
        self.marks.resize(words.div_ceil(MARKS), 0);
        if self.lexicon != lexicon.number || self.whole.is_empty() {
            self.lexicon = lexicon.number;
            self.whole.clear();
            self.whole.resize(WHOLE_WORDS, [0; 2]);
        }
    }

    fn mark(&mut self, at: usize) {
        if let Some(marks) = self.marks.get_mut(at / MARKS) {
            *marks |= 1 << (at % MARKS);
        }
    }

    fn is_marked(&self, at: usize) -> bool {
        let marks = self.marks.get(at / MARKS);
        marks.is_some_and(|marks| marks >> (at % MARKS) & 1 == 1)
    }

    /// From marks to numbers.
    fn list(&mut self) {
        for (marks, first) in self.marks.iter().zip((0..).step_by(MARKS)) {
            let mut left = *marks;
            while left != 0 {
                self.suspects.push(first + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// The letters of a word of eight to sixteen bytes, as numbers; none of another one.
#[inline]
fn long_word(word: &[u8]) -> Option<[u64; 2]> {
    let (first, last) = (word.first_chunk()?, word.last_chunk()?);
    let both = 16_usize.checked_sub(word.len())?;
    let behind = u64::from_le_bytes(*last).checked_shr(8 * both as u32);
    Some([u64::from_le_bytes(*first), behind.unwrap_or(0)])
}

/// Words of which one number holds the marks.
const MARKS: usize = 64;

/// Notes the numbers of the words that may be disguised, in order.
pub(super) fn find(text: &str, outline: &Outline, lexicon: &Lexicon, memory: &mut Memory) {
    let glance = Glance {
        text,
        words: outline.words(),
        keys: outline.keys(),
        lexicon,
    };
    memory.turn_to(lexicon, glance.words.len());
    glance.mark_odd(outline.odd(), memory);
    glance.mark_alone(memory);
    glance.mark_tied(outline.tied(), memory);
    memory.list();
}

/// Words, gone along.
struct Walk<'a> {
    words: &'a [Word],
    at: usize,
}

impl Walk<'_> {
    /// The number of the first word that ends at `place` or behind it. Places come in order.
    #[inline]
    fn to(&mut self, place: u32) -> Option<(usize, Word)> {
        // PERF: from one place to the next it is often far.
        const STRIDE: usize = 8;
        let ends_before = |word: &Word| word.end < place;
        while self.words.get(self.at + STRIDE).is_some_and(ends_before) {
            self.at += STRIDE;
        }
        while self.words.get(self.at).is_some_and(ends_before) {
            self.at += 1;
        }
        Some((self.at, *self.words.get(self.at)?))
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
    /// Marks the words in which something odd stands, or right behind which it does.
    fn mark_odd(&self, odd: &[u32], memory: &mut Memory) {
        let mut walk = Walk {
            words: self.words,
            at: 0,
        };
        for place in odd {
            let Some((at, word)) = walk.to(*place) else {
                return;
            };
            if word.start <= *place {
                memory.mark(at);
            }
            // Pictographs touch their neighbours.
            if word.end == *place && self.words.get(at + 1).is_some_and(|w| w.start == *place) {
                memory.mark(at + 1);
            }
        }
    }

    /// Marks the words that may be disguised by themselves.
    fn mark_alone(&self, memory: &mut Memory) {
        let words = self.words.chunks(MARKS).zip(self.keys.chunks(MARKS));
        for (first, (words, keys)) in (0..).step_by(MARKS).zip(words) {
            let noted = on_this_processor(
                #[inline(always)]
                || self.note(words, keys),
            );
            each_bit(noted, |bit| {
                if self.is_suspect(first + bit, memory) {
                    memory.mark(first + bit);
                }
            });
        }
    }

    /// Of at most [`MARKS`] words, as bits, those that [`Glance::is_suspect`] may be true for: what can
    /// be told from keys and lengths.
    #[inline(always)]
    fn note(&self, words: &[Word], keys: &[Key]) -> u64 {
        let mut noted = 0;
        let swapped = self.lexicon.swapped.sieve();
        // PERF: no branch hangs on what a word is, and the filter may be out of reach.
        for (at, (word, key)) in words.iter().zip(keys).enumerate() {
            let letters = word.end.wrapping_sub(word.start);
            let by_length = (letters == 1) | (letters >= JOINED_LETTERS_MIN as u32);
            noted |= (u64::from(by_length) | swapped.passes(key.hash())) << (at & (MARKS - 1));
        }
        noted
    }

    /// Marks the words that lead others which signs tie to them, where they may be a disguise
    /// together.
    fn mark_tied(&self, tied: &[u32], memory: &mut Memory) {
        let mut walk = Walk {
            words: self.words,
            at: 0,
        };
        // The tied word before, and how many words it is tied to.
        let (mut before, mut chain) = (0, 0);
        for place in tied {
            let Some((at, word)) = walk.to(*place) else {
                return;
            };
            let Some(first) = at.checked_sub(1).filter(|_| word.start == *place) else {
                continue;
            };
            chain = if before == first { chain + 1 } else { 1 };
            before = at;
            let leads = (chain - 1) % GLUED_WORDS_MAX == 0;
            if leads && !memory.is_marked(first) && self.is_tied(first, memory) {
                memory.mark(first);
            }
        }
    }

    /// Whether a word of letters may be disguised by itself.
    #[inline]
    fn is_suspect(&self, at: usize, memory: &mut Memory) -> bool {
        let (Some(word), Some(key)) = (self.words.get(at), self.keys.get(at)) else {
            return false;
        };
        match (word.end - word.start) as usize {
            0..=1 => is_spelled_out(self.text.as_bytes(), *word, self.words.get(at + 1)),
            letters @ SWAPPED_LETTERS_MIN.. => {
                self.lexicon.swapped.lets_through(*key)
                    || letters >= JOINED_LETTERS_MIN && self.is_joined(*word, *key, memory)
            }
            _ => false,
        }
    }

    /// Whether a long word may be several, or what follows a contraction may:
    /// `i'mgoingtokillyou`.
    fn is_joined(&self, word: Word, key: Key, memory: &mut Memory) -> bool {
        let (start, end) = (word.start as usize, word.end as usize);
        let own = self.text.get(start..end).unwrap_or_default();
        let joined = |letters: &str| {
            let letters = letters.as_bytes();
            looks_joined(letters, self.lexicon) && may_be_joined(letters, self.lexicon)
                || is_sentence(letters, self.lexicon)
        };
        if !memory.is_whole(key, own.as_bytes(), || joined(own)) {
            return true;
        }
        let before = start
            .checked_sub(1)
            .and_then(|at| self.text.as_bytes().get(at));
        before == Some(&b'\'') && super::contracted(own).any(joined)
    }

    /// Whether the words that signs tie to this one, which begins them, may be a disguise together:
    /// `tu-er` may, `est-ce` may not. They may, too, where one of them is a suspect by itself.
    fn is_tied(&self, first: usize, memory: &Memory) -> bool {
        let mut letters = [0; SPELLED_WORD_LETTERS_MAX * 2];
        let (mut count, mut joints, mut vowel, mut number) = (0, 0, false, true);
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
                Some(dots) if dots.len() <= GLUE_BYTES_MAX && dots.bytes().all(is_joint) => {
                    joints += dots.len();
                }
                Some(other) if other.chars().all(is_glue) => return true,
                Some(_) => break,
            }
            if at > first && memory.is_marked(at) {
                return true;
            }
            let own = self.text.get(word.start as usize..word.end as usize);
            for letter in own.unwrap_or_default().bytes() {
                let Some(slot) = letters.get_mut(count).filter(|_| is_drawn(letter)) else {
                    return true;
                };
                *slot = letter;
                count += 1;
                number &= letter.is_ascii_digit();
                vowel |= matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
            }
            end = Some(word.end);
        }
        let together = letters.get(..count).unwrap_or_default();
        if together.iter().any(u8::is_ascii_digit) {
            // Numbers tied together are read beside a disguise only, and then one by one.
            return !number;
        }
        let stretched = together
            .windows(3)
            .any(|three| matches!(three, [a, b, c] if a == b && b == c));
        stretched || !vowel && joints == 1 || self.lexicon.contains(together)
    }
}

/// Whether a byte is a letter, or a digit.
fn is_drawn(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Whether a byte parts letters and hides none but a vowel: `-` or `.`.
fn is_joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'.')
}

/// Whether a word of one character may begin `k i l l`: another one follows, and one of both is no
/// digit.
fn is_spelled_out(text: &[u8], word: Word, next: Option<&Word>) -> bool {
    let Some(next) = next else { return false };
    let byte = |word: &Word| text.get(word.start as usize).copied().unwrap_or(b' ');
    let one = next.end - next.start == 1;
    byte(next) == b'_' || one && !(byte(&word).is_ascii_digit() && byte(next).is_ascii_digit())
}
