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
    /// The words, and beginnings, that are looked up.
    filter: Filter,
    /// Those of them that may make a rule fire.
    gate: Filter,
    /// Which of [`BEGINNING_LETTERS`] are used.
    lengths: Vec<usize>,
    places: FxHashMap<Key, Range<u32>>,
    postings: Vec<T>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Builder::default().build()
    }
}

/// Collects what an [`Index`] holds.
#[derive(Debug)]
pub(super) struct Builder<T> {
    /// Key, whether it opens the gate, and what is looked for.
    postings: Vec<(Key, bool, T)>,
    lengths: Vec<usize>,
}

impl<T> Default for Builder<T> {
    fn default() -> Self {
        Self {
            postings: Vec::new(),
            lengths: Vec::new(),
        }
    }
}

impl<T> Builder<T> {
    /// Adds what is looked for where a word stands.
    pub(super) fn word(&mut self, word: Key, gate: bool, posting: T) {
        self.postings.push((word, gate, posting));
    }

    /// Adds what is looked for where a word begins so.
    pub(super) fn beginning(&mut self, letters: &str, gate: bool, posting: T) {
        let length = letters.len().min(BEGINNING_LETTERS.end - 1);
        if !self.lengths.contains(&length) {
            self.lengths.push(length);
        }
        let key = Key::beginning(letters.as_bytes(), 0, length);
        self.postings.push((key, gate, posting));
    }

    pub(super) fn build(mut self) -> Index<T> {
        self.postings.sort_by_key(|(key, _, _)| *key);
        let keys = |gate_only: bool| -> Vec<Key> {
            let wanted = self.postings.iter().filter(|p| p.1 || !gate_only);
            let mut keys: Vec<Key> = wanted.map(|posting| posting.0).collect();
            keys.dedup();
            keys
        };
        let (filter, gate) = (keys(false), keys(true));
        let mut places: FxHashMap<Key, Range<u32>> = FxHashMap::default();
        places.reserve(filter.len());
        for (at, (key, _, _)) in self.postings.iter().enumerate() {
            let at = at as u32;
            places.entry(*key).or_insert(at..at).end = at + 1;
        }
        Index {
            filter: Filter::of(filter.into_iter()),
            gate: Filter::of(gate.into_iter()),
            lengths: self.lengths,
            places,
            postings: self.postings.into_iter().map(|p| p.2).collect(),
        }
    }
}

impl<T> Index<T> {
    pub(super) fn builder() -> Builder<T> {
        Builder::default()
    }

    /// Calls `see` with every word of a text and what is looked for there, until it answers `true`.
    /// What is found by its beginning may still not stand there.
    pub(super) fn look_up(
        &self,
        passage: Passage<'_>,
        gate_only: bool,
        mut see: impl FnMut(usize, &T) -> bool,
    ) -> bool {
        let filter = if gate_only { &self.gate } else { &self.filter };
        let mut found = |at: usize, key: Key| {
            let place = self.places.get(&key);
            let place = place.map_or(0..0, |place| place.start as usize..place.end as usize);
            let mut postings = self.postings.get(place).unwrap_or_default().iter();
            postings.any(|posting| see(at, posting))
        };
        for (at, key) in passage.keys.iter().enumerate() {
            if filter.lets_through(*key) && found(at, *key) {
                return true;
            }
        }
        for length in &self.lengths {
            for (at, word) in passage.words.iter().enumerate() {
                if (word.end - word.start) as usize >= *length {
                    let text = passage.text.as_bytes();
                    let key = Key::beginning(text, word.start as usize, *length);
                    if filter.lets_through(key) && found(at, key) {
                        return true;
                    }
                }
            }
        }
        false
    }
}
