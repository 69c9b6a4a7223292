//! The forms of one class, by their first word: what makes hardly any word of a post cost anything.

use super::key::{DIGEST_BYTES, Form, Hint};
use rustc_hash::FxHashMap;

/// Bits of a first word's hint.
const FIRST_BITS: u32 = 24;

/// Bits of the filter for each form: one word in 64 is looked up for nothing.
const FILTER_BITS_PER_FORM: usize = 64;

/// A form, opened.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    /// 24 bits of all words.
    pub(super) whole: u32,
    /// How many words.
    pub(super) words: u8,
    pub(super) digest: [u8; DIGEST_BYTES],
    /// The number of the target.
    pub(super) target: u32,
}

/// The forms of one class.
#[derive(Default)]
pub(super) struct Table {
    /// One bit for the beginning of each first word's hint. INVARIANT: a power of two of words, or
    /// none.
    filter: Vec<u64>,
    shift: u32,
    by_first: FxHashMap<u32, Vec<Candidate>>,
    forms: usize,
}

impl Table {
    pub(super) fn new(forms: &[(Form, Hint, u32)]) -> Self {
        let mut table = Self::default();
        if forms.is_empty() {
            return table;
        }
        let bits = (forms.len() * FILTER_BITS_PER_FORM)
            .next_power_of_two()
            .clamp(1 << 10, 1 << FIRST_BITS);
        table.filter = vec![0; bits / 64];
        table.shift = FIRST_BITS - bits.trailing_zeros();
        table.forms = forms.len();
        for (form, hint, target) in forms {
            let bit = (hint.first >> table.shift) as usize;
            if let Some(block) = table.filter.get_mut(bit / 64) {
                *block |= 1 << (bit % 64);
            }
            table
                .by_first
                .entry(hint.first)
                .or_default()
                .push(Candidate {
                    whole: hint.whole,
                    words: hint.words,
                    digest: form.digest,
                    target: *target,
                });
        }
        table
    }

    pub(super) fn is_empty(&self) -> bool {
        self.filter.is_empty()
    }

    /// How many forms there are.
    pub(super) fn len(&self) -> usize {
        self.forms
    }

    /// Whether a first word of this hint may begin a form.
    #[inline(always)]
    pub(super) fn lets_through(&self, first: u32) -> bool {
        let bit = first >> (self.shift & 31);
        let block = self.filter.get((bit / 64) as usize);
        block.is_some_and(|block| block >> (bit % 64) & 1 == 1)
    }

    /// The forms whose first word has this hint.
    pub(super) fn candidates(&self, first: u32) -> &[Candidate] {
        match self.lets_through(first) {
            true => self.by_first.get(&first).map_or(&[], Vec::as_slice),
            false => &[],
        }
    }
}
