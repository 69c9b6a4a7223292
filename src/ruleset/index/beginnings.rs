//! What is looked for by the first letters of words. Most words are passed over after a look at
//! three of them.

use super::table::Table;
use crate::ruleset::extent::Extent;
use crate::text::{Key, Word};
use std::ops::Range;

/// Bytes of a beginning by which it is looked up; longer ones are compared.
const LETTERS: Range<usize> = 2..5;

/// Five bits of each of three letters.
const TRIPLES: usize = 1 << 15;

/// By the first letters of words. What is looked for says the whole beginning.
#[derive(Debug)]
pub(super) struct Beginnings<T> {
    pub(super) table: Table<(Start, T)>,
    /// One bit for each three letters that a beginning has.
    triples: Box<[u64; TRIPLES / 64]>,
    /// Which of [`LETTERS`] are used.
    lengths: Vec<usize>,
}

/// How words begin. PERF: nearly all of it is at hand where what is looked for is.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// The first letters, as many as a key holds.
    first: Key,
    letters: u32,
    /// All of them, where those are more.
    all: Option<Box<str>>,
}

impl Start {
    fn of(letters: Box<str>) -> Self {
        let bytes = letters.as_bytes();
        Self {
            first: Key::beginning(bytes, 0, bytes.len()),
            letters: bytes.len() as u32,
            all: (bytes.len() > Key::BEGINNING_MAX).then_some(letters),
        }
    }

    /// Whether the word of a text that has this key begins so.
    #[inline]
    pub(super) fn begins(&self, text: &str, word: Word, key: Key) -> bool {
        let (start, letters) = (word.start as usize, self.letters as usize);
        let has_room = word.end - word.start >= self.letters;
        has_room && key.beginning_of(text.as_bytes(), start, letters) == self.first && {
            let whole = |all: &str| text.get(start..).is_some_and(|rest| rest.starts_with(all));
            self.all.as_deref().is_none_or(whole)
        }
    }
}

impl<T> Beginnings<T> {
    pub(super) fn new(all: Vec<(Box<str>, Extent, T)>) -> Self {
        let mut triples = Box::new([0; TRIPLES / 64]);
        let mut lengths = Vec::new();
        let hashed = all.into_iter().map(|(letters, extent, posting)| {
            let bytes = letters.as_bytes();
            let length = bytes.len().min(LETTERS.end - 1);
            if !lengths.contains(&length) {
                lengths.push(length);
            }
            note_triples(&mut triples, bytes);
            let hash = Key::beginning(bytes, 0, length).hash();
            (hash, extent, (Start::of(letters), posting))
        });
        let table = Table::new(hashed.collect());
        Self {
            table,
            triples,
            lengths,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// 1 where a word at `start` may have one of the beginnings, else 0.
    #[inline(always)]
    pub(super) fn passes(&self, text: &[u8], start: usize) -> u64 {
        let rest = text.get(start..).unwrap_or_default();
        // At the very end of a text nobody is passed over.
        rest.first_chunk().map_or(1, |letters| {
            let triple = triple(*letters);
            let block = self.triples.get(triple >> 6);
            block.map_or(1, |block| block >> (triple & 63) & 1)
        })
    }

    /// Calls `see` with the hash of each beginning of a word that may be one of them.
    #[inline(always)]
    pub(super) fn hashes(
        &self,
        text: &[u8],
        word: Word,
        key: Key,
        extent: Extent,
        mut see: impl FnMut(u64),
    ) {
        let filter = self.table.filter(extent);
        for length in &self.lengths {
            if (word.end - word.start) as usize >= *length {
                let key = key.beginning_of(text, word.start as usize, *length);
                if filter.lets_through(key) {
                    see(key.hash());
                }
            }
        }
    }
}

/// Sets the bits of the letters with which a word may begin that begins so.
fn note_triples(triples: &mut [u64; TRIPLES / 64], beginning: &[u8]) {
    let mut set = |letters: [u8; 4]| {
        let triple = triple(letters);
        if let Some(block) = triples.get_mut(triple >> 6) {
            *block |= 1 << (triple & 63);
        }
    };
    match beginning {
        [] => {}
        [one] => (0..=u16::MAX).for_each(|n| {
            let [two, three] = n.to_le_bytes();
            set([*one, two, three, 0]);
        }),
        [one, two] => (0..=u8::MAX).for_each(|three| set([*one, *two, three, 0])),
        [one, two, three, ..] => set([*one, *two, *three, 0]),
    }
}

/// Five bits of each of the first three letters.
#[inline(always)]
fn triple(letters: [u8; 4]) -> usize {
    let letters = u32::from_le_bytes(letters) as usize;
    letters & 0x1f | letters >> 3 & 0x3e0 | letters >> 6 & 0x7c00
}
