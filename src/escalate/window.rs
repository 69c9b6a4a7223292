//! The hits of a stretch of event time that ends now.

use super::hit::{Hit, Id};
use super::keep::fields;
use crate::limits::HITS_PER_SUBJECT_MAX;
use crate::model::{Span, Timestamp};
use crate::policy::{Counted, Kinds};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// The hits of a stretch of time, counted in one way. Moving it forward costs nothing beyond the
/// hits that come and go.
#[derive(Clone, Debug)]
pub(super) struct Window {
    hits: VecDeque<Arc<Hit>>,
    tally: Tally,
}

/// What is counted, of which kinds.
#[derive(Clone, Debug)]
struct Tally {
    of: Kinds,
    count: Counted,
    hits: u64,
    /// How many hits each author or target has.
    each: FxHashMap<Id, u32>,
}

fields!(Window { hits, tally });
fields!(Tally {
    of,
    count,
    hits,
    each
});

impl Window {
    pub(super) fn new(of: Kinds, count: Counted) -> Self {
        Self {
            hits: VecDeque::new(),
            tally: Tally {
                of,
                count,
                hits: 0,
                each: FxHashMap::default(),
            },
        }
    }

    /// Adds a hit that is no earlier than the others, if it is of these kinds. When there are more than any
    /// ladder may ask for, the oldest goes.
    pub(super) fn add(&mut self, hit: &Arc<Hit>) {
        if !hit.kinds.meet(self.tally.of) {
            return;
        }
        self.tally.add(hit);
        self.hits.push_back(Arc::clone(hit));
        if self.hits.len() > HITS_PER_SUBJECT_MAX
            && let Some(oldest) = self.hits.pop_front()
        {
            self.tally.remove(&oldest);
        }
    }

    /// Takes out what happened at `end` or before, and hands it on.
    pub(super) fn expire(&mut self, end: Timestamp, mut gone: impl FnMut(Arc<Hit>)) {
        let tally = &mut self.tally;
        while_front(
            &mut self.hits,
            |hit| hit.at <= end,
            |hit| {
                tally.remove(&hit);
                gone(hit);
            },
        );
    }

    /// Takes out one hit.
    pub(super) fn remove(&mut self, hit: &Hit) {
        if let Ok(at) = self.hits.binary_search_by(|other| other.as_ref().cmp(hit))
            && let Some(hit) = self.hits.remove(at)
        {
            self.tally.remove(&hit);
        }
    }

    pub(super) fn count(&self) -> u64 {
        match self.tally.count {
            Counted::Hits => self.tally.hits,
            Counted::Posts => self.hits.len() as u64,
            Counted::Authors | Counted::Targets => self.tally.each.len() as u64,
        }
    }

    /// How many happened at `end` or before.
    pub(super) fn count_until(&self, end: Timestamp) -> u64 {
        self.hits.partition_point(|hit| hit.at <= end) as u64
    }

    pub(super) fn hits(&self) -> impl DoubleEndedIterator<Item = &Arc<Hit>> {
        self.hits.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.hits = VecDeque::new();
        self.tally.hits = 0;
        self.tally.each = FxHashMap::default();
    }
}

impl Tally {
    fn ids<'h>(&self, hit: &'h Hit) -> &'h [Id] {
        match self.count {
            Counted::Hits | Counted::Posts => &[],
            Counted::Authors => std::slice::from_ref(&hit.author),
            Counted::Targets => &hit.targets,
        }
    }

    fn add(&mut self, hit: &Hit) {
        self.hits += u64::from(hit.kinds.shared(self.of));
        for id in self.ids(hit) {
            *self.each.entry(*id).or_default() += 1;
        }
    }

    fn remove(&mut self, hit: &Hit) {
        self.hits -= u64::from(hit.kinds.shared(self.of));
        for id in self.ids(hit) {
            if let Some(count) = self.each.get_mut(id) {
                *count -= 1;
                if *count == 0 {
                    self.each.remove(id);
                }
            }
        }
    }
}

/// How much would be expected in a stretch as long as `within`, going by a past of `past` length
/// that held `count`. A past shorter than the stretch is taken as one stretch: nothing is made of a
/// few hours.
pub(super) fn expected(count: u64, within: Span, past: Span) -> f64 {
    let past = past.max(within).millis();
    match past {
        0 => 0.0,
        past => count as f64 * (within.millis() as f64 / past as f64),
    }
}

/// Takes out the first ones as long as they are so.
pub(super) fn while_front<T>(
    queue: &mut VecDeque<T>,
    is_so: impl Fn(&T) -> bool,
    mut gone: impl FnMut(T),
) {
    while queue.front().is_some_and(&is_so) {
        queue.pop_front().into_iter().for_each(&mut gone);
    }
}
