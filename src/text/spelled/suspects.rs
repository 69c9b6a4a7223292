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

/// What looking for disguises keeps from one text to the next: one for each thread.
#[derive(Debug, Default)]
pub struct Memory {
    /// The suspects of the text at hand, by number.
    pub(super) suspects: Vec<usize>,
    /// Long words that are no words joined, by a hash of theirs. A bounded cache: long words come
    /// again and again, and are looked at once.
    whole: Vec<[u8; WHOLE_LETTERS_MAX]>,
    /// The lexicon they are whole in.
    lexicon: u64,
}

/// Letters of a word that is remembered.
const WHOLE_LETTERS_MAX: usize = 24;

/// Words that are remembered.
const WHOLE_WORDS: usize = 1 << 10;

impl Memory {
    /// Whether a word is remembered as no words joined; else it will be, if `is_joined` says so.
    fn is_whole(&mut self, key: Key, word: &[u8], is_joined: impl FnOnce() -> bool) -> bool {
        let mut padded = [0; WHOLE_LETTERS_MAX];
        let place = self.whole.get_mut(key.hash() as usize % WHOLE_WORDS);
        let (Some(start), Some(place)) = (padded.get_mut(..word.len()), place) else {
            return !is_joined();
        };
        start.copy_from_slice(word);
        if *place == padded {
            return true;
        }
        let whole = !is_joined();
        if whole {
            *place = padded;
        }
        whole
    }

    fn turn_to(&mut self, lexicon: &Lexicon) {
        self.suspects.clear();
        if self.lexicon != lexicon.number || self.whole.is_empty() {
            self.lexicon = lexicon.number;
            self.whole.clear();
            self.whole.resize(WHOLE_WORDS, [0; WHOLE_LETTERS_MAX]);
        }
    }
}

/// Notes the numbers of the words that may be disguised, in order.
pub(super) fn find(text: &str, outline: &Outline, lexicon: &Lexicon, memory: &mut Memory) {
    memory.turn_to(lexicon);
    let glance = Glance {
        text,
        words: outline.words(),
        keys: outline.keys(),
        lexicon,
    };
    let (mut odd, mut tied) = (Places::new(outline.odd()), Places::new(outline.tied()));
    // How many words the one before is tied to.
    let mut chain = 0;
    for (at, (word, key)) in glance.words.iter().zip(glance.keys).enumerate() {
        let is_odd = odd.from(word.start) <= word.end;
        chain = if tied.from(word.start) == word.start {
            chain + 1
        } else {
            0
        };
        if is_odd || glance.is_suspect(at, *word, *key, memory) {
            memory.suspects.push(at);
            continue;
        }
        let ties = tied.next != NOWHERE && chain % GLUED_WORDS_MAX == 0;
        let next = if ties { glance.words.get(at + 1) } else { None };
        let leads = next.is_some_and(|next| tied.from(word.end) == next.start);
        if leads && glance.is_tied(at, memory) {
            memory.suspects.push(at);
        }
    }
}

/// Places in order, gone along.
struct Places<'a> {
    next: u32,
    rest: &'a [u32],
}

/// Behind the last place.
const NOWHERE: u32 = u32::MAX;

impl<'a> Places<'a> {
    fn new(places: &'a [u32]) -> Self {
        Self {
            next: 0,
            rest: places,
        }
    }

    /// The first place from `start` on.
    #[inline]
    fn from(&mut self, start: u32) -> u32 {
        while self.next < start {
            let (next, rest) = match self.rest {
                [next, rest @ ..] => (*next, rest),
                [] => (NOWHERE, self.rest),
            };
            (self.next, self.rest) = (next, rest);
        }
        self.next
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
    fn is_suspect(&self, at: usize, word: Word, key: Key, memory: &mut Memory) -> bool {
        match (word.end - word.start) as usize {
            0..=1 => is_spelled_out(self.text.as_bytes(), word, self.words.get(at + 1)),
            letters @ SWAPPED_LETTERS_MIN.. => {
                self.lexicon.swapped.lets_through(key)
                    || letters >= JOINED_LETTERS_MIN && self.is_joined(word, key, memory)
            }
            _ => false,
        }
    }

    /// Whether a long word may be several, or what follows a contraction may:
    /// `i'mgoingtokillyou`.
    fn is_joined(&self, word: Word, key: Key, memory: &mut Memory) -> bool {
        let (start, end) = (word.start as usize, word.end as usize);
        let own = self.text.get(start..end).unwrap_or_default();
        let joined = |letters: &str| may_be_joined(letters.as_bytes(), self.lexicon);
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
    fn is_tied(&self, first: usize, memory: &mut Memory) -> bool {
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
            let key = self.keys.get(at).copied().filter(|_| at > first);
            if key.is_some_and(|key| self.is_suspect(at, *word, key, memory)) {
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
