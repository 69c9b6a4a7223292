//! The outline of a folded text: where its words and numbers stand, and what looks odd in it. One
//! pass, in blocks of bits; only what reads policies' words looks at letters again.

use super::blocks::{BLOCK, Classes, classify, each_bit};
use super::key::Key;
use super::words::{Kind, Word, kind};
use fearless_simd::{Level, Simd, dispatch};

/// Where words and numbers stand in a folded text, and where a word may be disguised. Drawn again
/// and again in the same memory.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    words: Vec<Word>,
    /// The key of each word.
    keys: Vec<Key>,
    /// Where words begin and end, in turn, until they are words.
    bounds: Vec<u32>,
    /// Where runs of digits begin.
    numbers: Vec<u32>,
    /// Places, in order, in or right behind words that aren't made of letters alone, or that touch
    /// what may stand for a letter.
    odd: Vec<u32>,
    /// Where words begin between which and the word before nothing but signs stands.
    tied: Vec<u32>,
    /// Whether `@` stands somewhere, or `:`, or what is drawn like them.
    has_drawn: bool,
}

impl Outline {
    /// The outline of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut outline = Self::default();
        outline.draw(text);
        outline
    }

    /// Draws the outline of another text.
    pub fn draw(&mut self, text: &str) {
        self.bounds.clear();
        self.numbers.clear();
        self.odd.clear();
        self.tied.clear();
        self.has_drawn = false;
        dispatch!(Level::new(), simd => self.draw_with(simd, text));
    }

    #[inline(always)]
    fn draw_with<S: Simd>(&mut self, simd: S, text: &str) {
        let mut pen = Pen::new(text, self);
        classify(
            simd,
            text.as_bytes(),
            #[inline(always)]
            |classes| pen.block(classes),
        );
        pen.end();
        self.note_words(text.as_bytes());
    }

    /// From bounds to words and keys.
    #[inline(always)]
    fn note_words(&mut self, text: &[u8]) {
        let bounds = self.bounds.as_chunks::<2>().0;
        // PERF: what stands there is written over.
        self.words.resize(bounds.len(), Word { start: 0, end: 0 });
        self.keys.resize(bounds.len(), Key::default());
        let words = self.words.chunks_mut(BLOCK);
        let chunks = bounds
            .chunks(BLOCK)
            .zip(words)
            .zip(self.keys.chunks_mut(BLOCK));
        for ((bounds, words), keys) in chunks {
            // PERF: nobody can tell how long the next word is, so nothing is a branch but the few long
            // ones.
            let mut long = 0;
            let places = words.iter_mut().zip(keys.iter_mut());
            for (at, ([start, end], (word, key))) in bounds.iter().zip(places).enumerate() {
                let (start, end) = (*start, *end);
                *word = Word { start, end };
                let is_long;
                (*key, is_long) = Key::short(text, start as usize, end as usize);
                long |= is_long << (at & 63);
            }
            each_bit(long, |at| {
                if let (Some([start, end]), Some(key)) = (bounds.get(at), keys.get_mut(at)) {
                    *key = Key::long(text, *start as usize, *end as usize);
                }
            });
        }
    }

    /// The words, in order.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The keys of the words, in order.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    pub(super) fn into_words(self) -> Vec<Word> {
        self.words
    }

    /// Where runs of digits begin, in order.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Where words may be disguised, in order: each place lies in a word, or right behind it.
    pub(super) fn odd(&self) -> &[u32] {
        &self.odd
    }

    /// Where words begin that signs tie to the word before, in order.
    pub(super) fn tied(&self) -> &[u32] {
        &self.tied
    }

    /// Whether `@`, `$`, `+` or `|` stands in the text.
    #[must_use]
    pub fn has_drawn(&self) -> bool {
        self.has_drawn
    }
}

/// What is carried from block to block. Masks are as of [`Classes`]: bit 0 is the first byte.
struct Pen<'o> {
    text: &'o str,
    outline: &'o mut Outline,
    /// Where the block begins.
    base: usize,
    /// 1 where a run of signs behind a word goes on into the block.
    run: u64,
    /// The last byte before the block, as the lowest bit: part of a word …
    word: u64,
    /// … a letter, a digit, a sign, and so on.
    before: Classes,
    /// Bytes of a character that began before the block: part of a word, and where pictographs end.
    spilt: Beyond,
}

/// Characters beyond ASCII.
#[derive(Clone, Copy, Debug, Default)]
struct Beyond {
    /// Bytes of words.
    word: u64,
    /// Bytes where a pictograph begins, or what follows one.
    split: u64,
}

impl<'o> Pen<'o> {
    fn new(text: &'o str, outline: &'o mut Outline) -> Self {
        Self {
            text,
            outline,
            base: 0,
            run: 0,
            word: 0,
            before: Classes::default(),
            spilt: Beyond::default(),
        }
    }

    #[inline(always)]
    fn block(&mut self, classes: Classes) {
        let mut word = classes.letter | classes.digit | classes.low_line;
        let mut split = 0;
        // PERF: after folding, nearly all blocks are ASCII.
        if classes.high | self.spilt.word | self.spilt.split != 0 {
            let beyond = self.beyond(classes.high);
            word |= beyond.word;
            split = beyond.split & word & (word << 1 | self.word);
        }
        self.bounds(word, split);
        self.numbers(classes);
        self.odd(classes, word);
        self.outline.has_drawn |= classes.drawn != 0;
        self.word = word >> (BLOCK - 1);
        self.before = Classes {
            letter: classes.letter >> (BLOCK - 1),
            digit: classes.digit >> (BLOCK - 1),
            low_line: 0,
            high: classes.high >> (BLOCK - 1),
            sign: 0,
            drawn: classes.drawn >> (BLOCK - 1),
            bang: classes.bang >> (BLOCK - 1),
            star: 0,
            doubled: classes.doubled >> (BLOCK - 1),
        };
        self.base += BLOCK;
    }

    /// Notes where words begin and end: wherever a byte of a word stands beside one of none, and
    /// twice where two words touch.
    #[inline(always)]
    fn bounds(&mut self, word: u64, split: u64) {
        let mut turns = (word ^ (word << 1 | self.word)) | split;
        let base = self.base as u32;
        if split == 0 {
            // PERF: most blocks hold that many, and hardly one more.
            return push_bits::<32>(&mut self.outline.bounds, base, turns);
        }
        while turns != 0 {
            let bit = turns.trailing_zeros();
            self.outline.bounds.push(base + bit);
            if split >> bit & 1 == 1 {
                self.outline.bounds.push(base + bit);
            }
            turns &= turns - 1;
        }
    }

    #[inline(always)]
    fn numbers(&mut self, classes: Classes) {
        let starts = classes.digit & !(classes.digit << 1 | self.before.digit);
        push_bits::<8>(&mut self.outline.numbers, self.base as u32, starts);
    }

    /// Notes where words may be disguised. Each line below is one way; what a line shifts by one is
    /// about the byte before.
    #[inline(always)]
    fn odd(&mut self, now: Classes, word: u64) {
        let was = self.before;
        let word_before = word << 1 | self.word;
        let letter_before = now.letter << 1 | was.letter;
        let digit_before = now.digit << 1 | was.digit;
        let drawn_before = (now.drawn | now.bang) << 1 | was.drawn | was.bang;
        let doubled_before = now.doubled << 1 | was.doubled;
        let in_word = word & !(now.letter | now.digit)
            | now.digit & letter_before
            | now.letter & digit_before
            | now.letter & now.doubled & doubled_before;
        let beside = now.drawn & word_before
            | word & drawn_before
            | now.high & word_before
            | word & (now.high << 1 | was.high);
        let stars = now.star & word_before | word & (now.star << 1 | was.star);
        let odd = in_word | beside | stars;
        push_bits::<8>(&mut self.outline.odd, self.base as u32, odd);
        // A run of signs behind a word: adding a bit where it begins carries to what follows it.
        let run = now.sign | now.high & !word;
        let (sum, carried) = run.overflowing_add(run & word_before);
        let (sum, carried_on) = sum.overflowing_add(self.run);
        self.run = u64::from(carried | carried_on);
        push_bits::<8>(&mut self.outline.tied, self.base as u32, sum & word);
    }

    /// The characters beyond ASCII that begin in this block, and what spilt over from the last one.
    fn beyond(&mut self, high: u64) -> Beyond {
        let mut here = std::mem::take(&mut self.spilt);
        let mut left = high;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            let Some(c) = self
                .text
                .get(self.base + bit..)
                .and_then(|rest| rest.chars().next())
            else {
                continue; // inside a character
            };
            let kind = kind(c);
            if kind == Kind::Between {
                continue;
            }
            let bytes = c.len_utf8();
            for at in bit..bit + bytes {
                set(&mut here.word, &mut self.spilt.word, at);
            }
            if kind == Kind::Pictograph {
                set(&mut here.split, &mut self.spilt.split, bit);
                set(&mut here.split, &mut self.spilt.split, bit + bytes);
            }
        }
        here
    }

    /// A word may end with the text.
    fn end(self) {
        if self.word == 1 {
            self.outline.bounds.push(self.base as u32);
        }
        if let Some(last) = self.outline.bounds.last_mut() {
            *last = (*last).min(self.text.len() as u32);
        }
    }
}

/// Pushes the places of the bits that are set.
#[inline(always)]
fn push_bits<const STEP: usize>(places: &mut Vec<u32>, base: u32, mut bits: u64) {
    // PERF: so many at a time and cut afterwards, so that no branch hangs on how many there are.
    let count = bits.count_ones() as usize;
    let end = places.len() + count;
    let mut left = count;
    while left > 0 {
        let mut step = [0; STEP];
        for place in &mut step {
            *place = base.wrapping_add(bits.trailing_zeros());
            bits &= bits.wrapping_sub(1);
        }
        places.extend_from_slice(&step);
        left = left.saturating_sub(STEP);
    }
    places.truncate(end);
}

/// Sets a bit of this block, or of the next one.
fn set(here: &mut u64, next: &mut u64, at: usize) {
    match at.checked_sub(BLOCK) {
        None => *here |= 1 << at,
        Some(at) => *next |= 1 << at,
    }
}
