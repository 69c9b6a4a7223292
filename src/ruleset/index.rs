//! From the words of a text to what is looked for there: one look at a small filter for each word,
//! one look-up for the few that it lets through.

use super::passage::Passage;
use crate::text::{Filter, Key};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Bytes of a beginning by which it is looked up; longer ones are compared.
const BEGINNING_LETTERS: Range<usize> = 2..5;

/// What is looked for, by the words it is found by.
#[derive(Debug)]
pub(super) struct Index<T> {
    words: Table<T>,
    /// By two neighbouring words: common words stand in many phrases, two of them in few.
    pairs: Table<T>,
    /// By the first letters of words. What is looked for says the whole beginning.
    beginnings: Table<(Box<str>, T)>,
    /// Which of [`BEGINNING_LETTERS`] are used.
    lengths: Vec<usize>,
}

/// From keys to what is looked for.
#[derive(Debug)]
struct Table<T> {
    /// The keys that are looked up.
    filter: Filter,
    /// Those of them that may make a rule fire.
    gate: Filter,
    places: FxHashMap<Key, Range<u32>>,
    postings: Vec<T>,
}

/// Collects what an [`Index`] holds: key, whether it opens the gate, and what is looked for.
#[derive(Debug)]
pub(super) struct Builder<T> {
    words: Vec<(Key, bool, T)>,
    pairs: Vec<(Key, bool, T)>,
    beginnings: Vec<(Key, bool, (Box<str>, T))>,
    lengths: Vec<usize>,
}

impl<T> Builder<T> {
    /// Adds what is looked for where a word stands.
    pub(super) fn word(&mut self, word: Key, gate: bool, posting: T) {
        self.words.push((word, gate, posting));
    }

    /// Adds what is looked for where two words stand side by side: at the first of them.
    pub(super) fn pair(&mut self, first: Key, second: Key, gate: bool, posting: T) {
        self.pairs.push((first.with(second), gate, posting));
    }

    /// Adds what is looked for where a word begins so.
    pub(super) fn beginning(&mut self, letters: &str, gate: bool, posting: T) {
        let length = letters.len().min(BEGINNING_LETTERS.end - 1);
        if !self.lengths.contains(&length) {
            self.lengths.push(length);
        }
        let key = Key::beginning(letters.as_bytes(), 0, length);
        self.beginnings.push((key, gate, (letters.into(), posting)));
    }

    pub(super) fn build(self) -> Index<T> {
        Index {
            words: Table::new(self.words),
            pairs: Table::new(self.pairs),
            beginnings: Table::new(self.beginnings),
            lengths: self.lengths,
        }
    }
}

impl<T> Table<T> {
    fn new(mut postings: Vec<(Key, bool, T)>) -> Self {
        postings.sort_by_key(|(key, _, _)| *key);
        let keys = |gate_only: bool| -> Vec<Key> {
            let wanted = postings.iter().filter(|p| p.1 || !gate_only);
            let mut keys: Vec<Key> = wanted.map(|posting| posting.0).collect();
            keys.dedup();
            keys
        };
        let (filter, gate) = (keys(false), keys(true));
        let mut places: FxHashMap<Key, Range<u32>> = FxHashMap::default();
        places.reserve(filter.len());
        for (at, (key, _, _)) in postings.iter().enumerate() {
            let at = at as u32;
            places.entry(*key).or_insert(at..at).end = at + 1;
        }
        Self {
            filter: Filter::of(filter.into_iter()),
            gate: Filter::of(gate.into_iter()),
            places,
            postings: postings.into_iter().map(|p| p.2).collect(),
        }
    }

    fn filter(&self, gate_only: bool) -> &Filter {
        if gate_only { &self.gate } else { &self.filter }
    }

    fn postings(&self, key: Key) -> &[T] {
        let place = self.places.get(&key);
        let place = place.map_or(0..0, |place| place.start as usize..place.end as usize);
        self.postings.get(place).unwrap_or_default()
    }
}

impl<T> Index<T> {
    pub(super) fn builder() -> Builder<T> {
        Builder {
            words: Vec::new(),
            pairs: Vec::new(),
            beginnings: Vec::new(),
            lengths: Vec::new(),
        }
    }

    /// Calls `see` with every word of a text at which something is looked for, and what that is,
    /// until it answers `true`.
    pub(super) fn look_up(
        &self,
        passage: Passage<'_>,
        gate_only: bool,
        mut see: impl FnMut(usize, &T) -> bool,
    ) -> bool {
        let looked_up =
            |table: &Table<T>, at: usize, key: Key, see: &mut dyn FnMut(usize, &T) -> bool| {
                table.postings(key).iter().any(|posting| see(at, posting))
            };
        let words = self.words.filter(gate_only);
        for (at, key) in passage.keys.iter().enumerate() {
            if words.lets_through(*key) && looked_up(&self.words, at, *key, &mut see) {
                return true;
            }
        }
        let pairs = self.pairs.filter(gate_only);
        let seconds = passage.keys.iter().skip(1);
        for (at, (first, second)) in passage.keys.iter().zip(seconds).enumerate() {
            let key = first.with(*second);
            if pairs.lets_through(key) && looked_up(&self.pairs, at, key, &mut see) {
                return true;
            }
        }
        let lengths = self.lengths.iter();
        lengths
            .copied()
            .any(|length| self.look_up_beginnings(passage, gate_only, length, &mut see))
    }

    fn look_up_beginnings(
        &self,
        passage: Passage<'_>,
        gate_only: bool,
        length: usize,
        see: &mut impl FnMut(usize, &T) -> bool,
    ) -> bool {
        let filter = self.beginnings.filter(gate_only);
        let text = passage.text.as_bytes();
        for (at, (word, key)) in passage.words.iter().zip(passage.keys).enumerate() {
            if ((word.end - word.start) as usize) < length {
                continue;
            }
            let key = key.beginning_of(text, word.start as usize, length);
            if filter.lets_through(key) {
                let letters = passage.word(at).unwrap_or_default();
                for (beginning, posting) in self.beginnings.postings(key) {
                    if letters.starts_with(&**beginning) && see(at, posting) {
                        return true;
                    }
                }
            }
        }
        false
    }
}
