//! From hashes to what is looked for: filters of a few bits for each, then one line of memory.

use crate::ruleset::extent::{ByExtent, Extent};
use crate::text::Filter;

/// What is looked for, by hash.
#[derive(Debug)]
pub(super) struct Table<T> {
    /// The hashes that are looked up.
    filters: ByExtent<Filter>,
    /// Each hash at the first free place from the one on that it says itself. INVARIANT: a power
    /// of two of them, some of them free; or none.
    slots: Box<[Slot]>,
    shift: u32,
    postings: Box<[T]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    place: Place,
}

/// Neighbours in the list of what is looked for; none, where nothing is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    start: u32,
    end: u32,
}

impl<T> Table<T> {
    /// A table of hashes, from which extent on each is looked for, and what is.
    pub(super) fn new(mut all: Vec<(u64, Extent, T)>) -> Self {
        all.sort_by_key(|(hash, ..)| *hash);
        let hashes = |extent: Extent| -> Vec<u64> {
            let wanted = all.iter().filter(|(_, from, _)| *from <= extent);
            let mut hashes: Vec<u64> = wanted.map(|(hash, ..)| *hash).collect();
            hashes.dedup();
            hashes
        };
        let mut table = Self::of_slots(hashes(Extent::All).len());
        table.filters = ByExtent::new(|extent| Filter::of_hashes(hashes(extent).into_iter()));
        let mut at = 0;
        for same in all.chunk_by(|one, next| one.0 == next.0) {
            let start = at;
            at += same.len() as u32;
            if let Some((hash, ..)) = same.first() {
                table.insert(*hash, Place { start, end: at });
            }
        }
        table.postings = all.into_iter().map(|(.., posting)| posting).collect();
        table
    }

    /// An empty table for so many hashes.
    fn of_slots(hashes: usize) -> Self {
        let slots = (hashes + hashes / 3 + 1).next_power_of_two().max(2);
        Self {
            filters: ByExtent::default(),
            slots: vec![Slot::default(); slots].into(),
            shift: 64 - slots.trailing_zeros(),
            postings: Box::default(),
        }
    }

    fn insert(&mut self, hash: u64, place: Place) {
        let first = (hash >> (self.shift & 63)) as usize;
        let (before, from) = self.slots.split_at_mut(first.min(self.slots.len()));
        let mut slots = from.iter_mut().chain(before);
        if let Some(slot) = slots.find(|slot| slot.place.is_empty()) {
            *slot = Slot { hash, place };
        }
    }

    /// What is looked for by this hash.
    #[inline]
    pub(super) fn place(&self, hash: u64) -> Place {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = (hash >> (self.shift & 63)) as usize;
        while let Some(slot) = self.slots.get(at & mask) {
            if slot.hash == hash || slot.place.is_empty() {
                return slot.place;
            }
            at += 1;
        }
        Place::default()
    }

    pub(super) fn postings(&self, place: Place) -> &[T] {
        let range = place.start as usize..place.end as usize;
        self.postings.get(range).unwrap_or_default()
    }

    pub(super) fn filter(&self, extent: Extent) -> &Filter {
        self.filters.of(extent)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }
}

impl Place {
    fn is_empty(self) -> bool {
        self.start == self.end
    }
}
