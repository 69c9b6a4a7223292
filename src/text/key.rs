//! A word as one number, and a small filter of such numbers: how a word is known without reading it
//! letter by letter.

/// A word of a folded text as a number. INVARIANT: two words of at most seven bytes, or of eight
/// ASCII ones, have the same key only if they are the same; of longer ones [`Key::is_exact`] is
/// false, and who finds one compares letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u64);

/// Set in the keys of long words, and in no others: letters are ASCII, and seven bytes don't reach it.
const LONG: u64 = 1 << 63;

/// An odd number whose bits are spread evenly (2^64 by the golden ratio, as in Fibonacci hashing).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

const WHOLE: usize = 8;

impl Key {
    /// Letters of a beginning that its key holds.
    pub(crate) const BEGINNING_MAX: usize = 7;

    /// The key of a whole word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::at(word.as_bytes(), 0, word.len())
    }

    /// The key of the word at `start..end` of a text.
    #[inline(always)]
    pub(super) fn at(text: &[u8], start: usize, end: usize) -> Self {
        match Self::short(text, start, end) {
            (key, 0) => key,
            _ => Self::long(text, start, end),
        }
    }

    /// The key of the word at `start..end` of a text, and 0; or 1, where the word takes a long one.
    #[inline(always)]
    pub(super) fn short(text: &[u8], start: usize, end: usize) -> (Self, u64) {
        let bytes = end.wrapping_sub(start);
        let others = 8_usize.wrapping_mul(bytes.min(WHOLE)).wrapping_neg();
        let key = eight_bytes(text, start) & u64::MAX >> (others & 63);
        (Self(key), u64::from(bytes > WHOLE) | key >> 63)
    }

    /// The key of the word at `start..end` of a text that takes a long one.
    #[inline(always)]
    pub(super) fn long(text: &[u8], start: usize, end: usize) -> Self {
        let first = eight_bytes(text, start);
        let last = eight_bytes(text, end.saturating_sub(WHOLE));
        let mixed = (first.wrapping_mul(SPREAD) ^ last)
            .wrapping_mul(SPREAD)
            .wrapping_add(end.saturating_sub(start) as u64);
        Self(mixed | LONG)
    }

    /// Whether words of the same key are the same.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.0 & LONG == 0
    }

    /// The key of the first `letters` bytes, two to [`Self::BEGINNING_MAX`], of what stands at `start`
    /// of a text; no word has this key.
    #[inline(always)]
    pub(crate) fn beginning(text: &[u8], start: usize, letters: usize) -> Self {
        Self(eight_bytes(text, start)).first(letters)
    }

    /// The same, of the word at `start` that has this key and at least so many bytes.
    #[inline(always)]
    pub(crate) fn beginning_of(self, text: &[u8], start: usize, letters: usize) -> Self {
        match self.is_exact() {
            true => self.first(letters),
            false => Self::beginning(text, start, letters),
        }
    }

    #[inline(always)]
    fn first(self, letters: usize) -> Self {
        let letters = letters.min(Self::BEGINNING_MAX);
        let kept = self.0 & ((1 << (8 * letters)) - 1);
        // No word has a highest byte so low: of shorter ones it is 0, of others a letter or above.
        Self(kept | (letters as u64) << 56)
    }

    /// The keys of the last three to eight letters of a word of eight letters or more.
    #[inline(always)]
    pub(super) fn endings(word: &[u8]) -> Option<[Self; 6]> {
        let last = u64::from_le_bytes(*word.last_chunk()?);
        Some([40, 32, 24, 16, 8, 0].map(|cut| Self(last >> cut)))
    }

    /// The keys of the first one to four letters of what stands at `start`.
    #[inline(always)]
    pub(super) fn starts(text: &[u8], start: usize) -> [Self; 4] {
        let first = eight_bytes(text, start);
        [0xff, 0xffff, 0x00ff_ffff, 0xffff_ffff].map(|kept| Self(first & kept))
    }

    /// The key of two neighbouring words; no word has it, nearly.
    #[inline(always)]
    #[must_use]
    pub fn with(self, next: Self) -> Self {
        Self((self.0.rotate_left(23) ^ next.0).wrapping_mul(SPREAD) | LONG)
    }

    /// The key spread over all bits; that of another word is another.
    #[inline(always)]
    #[must_use]
    pub fn hash(self) -> u64 {
        let spread = self.0.wrapping_mul(SPREAD);
        spread ^ spread >> 32
    }

    /// One of 64 bits: a set of words is the bits of its words, and holds no others, nearly.
    #[inline]
    #[must_use]
    pub fn bit(self) -> u64 {
        1 << (self.hash() >> 58)
    }
}

/// The eight bytes from `at` on; behind the end stand zeros.
#[inline(always)]
fn eight_bytes(text: &[u8], at: usize) -> u64 {
    match text.get(at..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_bytes(text, at),
    }
}

/// The bytes from `at` on, where there are fewer than eight.
#[cold]
#[inline(never)]
fn last_bytes(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default().iter().rev();
    rest.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Which words are worth looking up: a Bloom filter of one cache line a question. About one word in
/// a hundred is let through wrongly, none is held back.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// INVARIANT: a power of two of them, or none.
    blocks: Vec<u64>,
    shift: u32,
}

/// Bits for each word.
const BITS_PER_WORD: usize = 24;

impl Filter {
    /// A filter that lets these words through.
    #[must_use]
    pub fn of(keys: impl ExactSizeIterator<Item = Key>) -> Self {
        Self::of_hashes(keys.map(Key::hash))
    }

    /// The same, of what is known by its hash.
    #[must_use]
    pub fn of_hashes(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        if hashes.len() == 0 {
            return Self::default();
        }
        let blocks = hashes.len() * BITS_PER_WORD / 64;
        let blocks = blocks.max(2).next_power_of_two();
        let mut filter = Self {
            blocks: vec![0; blocks],
            shift: 64 - blocks.trailing_zeros(),
        };
        for hash in hashes {
            let at = (hash >> filter.shift) as usize;
            if let Some(block) = filter.blocks.get_mut(at) {
                *block |= pair(hash);
            }
        }
        filter
    }

    /// Whether a word may be one of them.
    #[inline(always)]
    #[must_use]
    pub fn lets_through(&self, key: Key) -> bool {
        self.passes(key.hash()) == 1
    }

    /// 1 where what has this hash may be one of them, else 0.
    #[inline(always)]
    #[must_use]
    pub fn passes(&self, hash: u64) -> u64 {
        self.sieve().passes(hash)
    }

    /// The filter, for those who ask it of many words in a row.
    #[inline(always)]
    #[must_use]
    pub fn sieve(&self) -> Sieve<'_> {
        Sieve {
            blocks: &self.blocks,
            shift: self.shift,
        }
    }
}

/// A [`Filter`] at hand: where its bits are is looked up once.
#[derive(Clone, Copy, Debug)]
pub struct Sieve<'f> {
    blocks: &'f [u64],
    shift: u32,
}

impl Sieve<'_> {
    /// 1 where what has this hash may be one of them, else 0.
    #[inline(always)]
    #[must_use]
    pub fn passes(self, hash: u64) -> u64 {
        let block = self.blocks.get((hash >> (self.shift & 63)) as usize);
        block.map_or(0, |block| {
            block >> (hash & 63) & block >> (hash >> 6 & 63) & 1
        })
    }
}

/// Two bits of a block.
#[inline]
fn pair(hash: u64) -> u64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_eight_letters_are_exact_and_longer_ones_are_not() {
        for (word, exact) in [("a", true), ("murderer", true), ("murderers", false)] {
            assert_eq!(Key::of(word).is_exact(), exact, "{word}");
        }
        // Eight bytes of which the last is not ASCII.
        assert!(!Key::of("abcdefé").is_exact());
        assert!(Key::of("🔪").is_exact());
    }

    #[test]
    fn a_key_is_the_same_wherever_the_word_stands() {
        for word in ["k", "kill", "murderer", "assassination", "🔪"] {
            let text = format!("I will {word} you, they said to nobody");
            let end = 7 + word.len();
            assert_eq!(Key::at(text.as_bytes(), 7, end), Key::of(word), "{word}");
        }
    }

    #[test]
    fn beginnings_are_no_words() {
        let of = |word: &str, letters| Key::beginning(word.as_bytes(), 0, letters);
        assert_ne!(of("kill", 4), Key::of("kill"));
        assert_eq!(of("killings", 4), of("kill", 4));
        assert_ne!(of("killings", 3), of("killings", 4));
    }

    #[test]
    fn the_filter_lets_its_words_through_and_hardly_any_other() {
        let words: Vec<String> = (0..5_000).map(|n| format!("w{n}x")).collect();
        let filter = Filter::of(words.iter().map(|word| Key::of(word)));
        assert!(words.iter().all(|word| filter.lets_through(Key::of(word))));
        let wrong = (0..20_000)
            .filter(|n| filter.lets_through(Key::of(&format!("o{n}y"))))
            .count();
        assert!(wrong < 1_000, "{wrong} of 20000 let through");
        assert!(!Filter::of([].into_iter()).lets_through(Key::of("kill")));
    }
}
