//! From the words of a text to what is looked for there: one look at a small filter for each word,
//! one look-up for the few that it lets through.

mod beginnings;
mod table;

use super::extent::Extent;
use super::passage::Passage;
use crate::text::{Key, each_bit, on_this_processor};
use beginnings::Beginnings;
use table::{Place, Table};

/// What is looked for, by the words it is found by.
#[derive(Debug)]
pub(super) struct Index<T> {
    words: Table<T>,
    /// By two neighbouring words: common words stand in many phrases, two of them in few.
    pairs: Table<T>,
    beginnings: Beginnings<T>,
}

/// Collects what an [`Index`] holds: a hash, from which extent on it is looked for, and what is.
#[derive(Debug)]
pub(super) struct Builder<T> {
    words: Vec<(u64, Extent, T)>,
    pairs: Vec<(u64, Extent, T)>,
    beginnings: Vec<(Box<str>, Extent, T)>,
}

impl<T> Builder<T> {
    /// Adds what is looked for where a word stands.
    pub(super) fn word(&mut self, word: Key, extent: Extent, posting: T) {
        self.words.push((word.hash(), extent, posting));
    }

    /// Adds what is looked for where two words stand side by side: at the first of them.
    pub(super) fn pair(&mut self, first: Key, second: Key, extent: Extent, posting: T) {
        let hash = pair(first.hash(), second.hash());
        self.pairs.push((hash, extent, posting));
    }

    /// Adds what is looked for where a word begins so.
    pub(super) fn beginning(&mut self, letters: &str, extent: Extent, posting: T) {
        self.beginnings.push((letters.into(), extent, posting));
    }

    pub(super) fn build(self) -> Index<T> {
        Index {
            words: Table::new(self.words),
            pairs: Table::new(self.pairs),
            beginnings: Beginnings::new(self.beginnings),
        }
    }
}

/// The hash of two neighbouring words.
#[inline(always)]
fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(23) ^ second
}

impl<T> Index<T> {
    pub(super) fn builder() -> Builder<T> {
        Builder {
            words: Vec::new(),
            pairs: Vec::new(),
            beginnings: Vec::new(),
        }
    }

    /// Notes in `hits` the places of a text at which something of an extent may be looked for.
    pub(super) fn look_up(&self, passage: Passage<'_>, extent: Extent, hits: &mut Vec<Hit>) {
        hits.clear();
        on_this_processor(
            #[inline(always)]
            || self.sift(passage, extent, hits),
        );
        // PERF: all are looked up before any is followed, so that memory is waited for but once.
        for hit in hits.iter_mut() {
            hit.place = match hit.of {
                Of::Word => self.words.place(hit.hash),
                Of::Pair => self.pairs.place(hit.hash),
                Of::Beginning => self.beginnings.table.place(hit.hash),
            };
        }
    }

    /// Calls `see` with every word at which something is looked for, and what that is, until it
    /// answers `true`; `hits` are those of [`Index::look_up`] for this text.
    pub(super) fn each(
        &self,
        passage: Passage<'_>,
        hits: &[Hit],
        mut see: impl FnMut(usize, &T) -> bool,
    ) -> bool {
        hits.iter().any(|hit| {
            let at = hit.at as usize;
            let mut see = |posting| see(at, posting);
            match hit.of {
                Of::Word => self.words.postings(hit.place).iter().any(see),
                Of::Pair => self.pairs.postings(hit.place).iter().any(see),
                Of::Beginning => {
                    let (Some(word), Some(key)) = (passage.words.get(at), passage.keys.get(at))
                    else {
                        return false;
                    };
                    let postings = self.beginnings.table.postings(hit.place).iter();
                    let mut stand =
                        postings.filter(|(start, _)| start.begins(passage.text, *word, *key));
                    stand.any(|(_, posting)| see(posting))
                }
            }
        })
    }

    /// Notes the words, pairs and beginnings that the filters let through.
    #[inline(always)]
    fn sift(&self, passage: Passage<'_>, extent: Extent, hits: &mut Vec<Hit>) {
        const STEP: usize = 64;
        let words = self.words.filter(extent).sieve();
        let pairs = self.pairs.filter(extent).sieve();
        let text = passage.text.as_bytes();
        let looks_at_beginnings = !self.beginnings.is_empty();
        let steps = passage.keys.chunks(STEP).zip(passage.words.chunks(STEP));
        let mut last = 0;
        for (step, (keys, bounds)) in steps.enumerate() {
            let base = step * STEP;
            // PERF: bits are set whether or not a filter lets something through, so that nothing
            // but the few that it does is a branch.
            let (mut of_word, mut of_pair, mut of_beginning) = (0_u64, 0_u64, 0_u64);
            let mut before = last;
            for (at, key) in keys.iter().enumerate() {
                let hash = key.hash();
                of_word |= words.passes(hash) << (at & 63);
                of_pair |= pairs.passes(pair(before, hash)) << (at & 63);
                before = hash;
            }
            if looks_at_beginnings {
                for (at, word) in bounds.iter().enumerate() {
                    let passes = self.beginnings.passes(text, word.start as usize);
                    of_beginning |= passes << (at & 63);
                }
            }
            each_bit(of_word, |at| {
                if let Some(key) = keys.get(at) {
                    hits.push(Hit::new(Of::Word, base + at, key.hash()));
                }
            });
            each_bit(of_pair, |at| {
                let first = at
                    .checked_sub(1)
                    .map_or(Some(last), |at| Some(keys.get(at)?.hash()));
                // The first word of a text has none before it.
                if let (Some(first), Some(key), Some(place)) =
                    (first, keys.get(at), (base + at).checked_sub(1))
                {
                    hits.push(Hit::new(Of::Pair, place, pair(first, key.hash())));
                }
            });
            each_bit(of_beginning, |at| {
                if let (Some(word), Some(key)) = (bounds.get(at), keys.get(at)) {
                    self.beginnings.hashes(text, *word, *key, extent, |hash| {
                        hits.push(Hit::new(Of::Beginning, base + at, hash));
                    });
                }
            });
            last = before;
        }
    }
}

/// Where a filter let something through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    of: Of,
    at: u32,
    hash: u64,
    /// What is looked for there.
    place: Place,
}

impl Hit {
    fn new(of: Of, at: usize, hash: u64) -> Self {
        Self {
            of,
            at: at as u32,
            hash,
            place: Place::default(),
        }
    }
}

/// What was let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Word,
    Pair,
    Beginning,
}
