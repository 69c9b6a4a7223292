//! One measure of one subject, moving along in event time.

use super::hit::{Hit, Id};
use super::keep::{Keep, Keeper, Kept, fields};
use super::window::{Window, expected, while_front};
use crate::limits::SEQUENCES_OPEN_MAX;
use crate::model::{Span, Timestamp};
use crate::policy::{Counted, Kinds, MeasureBy};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// A measure at work.
#[derive(Clone, Debug)]
pub(super) enum Gauge {
    /// Counters, those of unanswered posts too.
    Count(Window),
    Trend(Box<Trend>),
    Sequence(Box<Sequence>),
}

/// Now against before.
#[derive(Clone, Debug)]
pub(super) struct Trend {
    recent: Window,
    past: Window,
    /// When the subject's past begins.
    begins: Option<Timestamp>,
    /// When a rise was seen last, and on what.
    risen: Option<(Timestamp, Vec<Arc<Hit>>)>,
}

/// One thing and then another.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    /// Firsts that wait for what follows, by target, or by thread where no target is known.
    open: FxHashMap<Id, Open>,
    /// How many firsts wait in all.
    waiting: usize,
    /// No first that waits is older.
    oldest: Option<Timestamp>,
    seen: VecDeque<(Timestamp, Vec<Arc<Hit>>)>,
}

/// What is known of one target, or thread.
#[derive(Clone, Debug, Default)]
struct Open {
    firsts: VecDeque<Arc<Hit>>,
    then: VecDeque<Arc<Hit>>,
}

fields!(Trend {
    recent,
    past,
    begins,
    risen
});
fields!(Sequence {
    open,
    waiting,
    oldest,
    seen
});
fields!(Open { firsts, then });

impl Keep for Gauge {
    fn keep(&self, to: &mut Keeper) {
        match self {
            Self::Count(window) => {
                0_u32.keep(to);
                window.keep(to);
            }
            Self::Trend(trend) => {
                1_u32.keep(to);
                trend.keep(to);
            }
            Self::Sequence(sequence) => {
                2_u32.keep(to);
                sequence.keep(to);
            }
        }
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        match u32::take(from)? {
            0 => Keep::take(from).map(Self::Count),
            1 => Keep::take(from).map(Self::Trend),
            2 => Keep::take(from).map(Self::Sequence),
            _ => None,
        }
    }
}

impl Gauge {
    pub(super) fn new(by: &MeasureBy) -> Self {
        match by {
            MeasureBy::Count { of, count, .. } => Self::Count(Window::new(*of, *count)),
            MeasureBy::Unanswered { of, .. } => Self::Count(Window::new(*of, Counted::Posts)),
            MeasureBy::Trend { of, count, .. } => Self::Trend(Box::new(Trend {
                recent: Window::new(*of, *count),
                past: Window::new(*of, *count),
                begins: None,
                risen: None,
            })),
            MeasureBy::Sequence { .. } => Self::Sequence(Box::default()),
        }
    }

    /// Takes in a hit. Hits come in order.
    pub(super) fn add(&mut self, by: &MeasureBy, hit: &Arc<Hit>) {
        self.pass(by, hit.at);
        match (self, by) {
            (Self::Count(window), _) => window.add(hit),
            (Self::Trend(trend), by) => trend.add(by, hit),
            (
                Self::Sequence(sequence),
                MeasureBy::Sequence {
                    first,
                    then,
                    authors,
                    ..
                },
            ) => {
                if hit.kinds.meet(*then) {
                    sequence.follow(hit, *authors);
                }
                if hit.kinds.meet(*first) {
                    sequence.begin(hit);
                }
            }
            (Self::Sequence(_), _) => {}
        }
    }

    /// Takes out a hit that the platform acted upon. A sequence stays: what was leaked is leaked.
    pub(super) fn answered(&mut self, by: &MeasureBy, hit: &Hit) {
        match (self, by) {
            (Self::Count(window), _) => window.remove(hit),
            (Self::Trend(trend), _) => {
                trend.recent.remove(hit);
                trend.past.remove(hit);
            }
            (Self::Sequence(_), _) => {}
        }
    }

    /// Moves on to an instant.
    pub(super) fn pass(&mut self, by: &MeasureBy, now: Timestamp) {
        match (self, by) {
            (
                Self::Count(window),
                MeasureBy::Count { within, .. } | MeasureBy::Unanswered { within, .. },
            ) => window.expire(now.before(*within), drop),
            (
                Self::Trend(trend),
                MeasureBy::Trend {
                    within,
                    against,
                    holds,
                    ..
                },
            ) => {
                let Trend { recent, past, .. } = &mut **trend;
                recent.expire(now.before(*within), |hit| past.add(&hit));
                past.expire(now.before(within.and(*against)), drop);
                trend.risen.take_if(|(at, _)| at.after(*holds) <= now);
            }
            (Self::Sequence(sequence), MeasureBy::Sequence { within, holds, .. }) => {
                sequence.pass(now, *within, *holds);
            }
            (Self::Count(_) | Self::Trend(_) | Self::Sequence(_), _) => {}
        }
    }

    /// The number at an instant that was passed to.
    pub(super) fn value(&self, by: &MeasureBy, now: Timestamp) -> u64 {
        match (self, by) {
            (Self::Count(window), MeasureBy::Unanswered { after, .. }) => {
                window.count_until(now.before(*after))
            }
            (Self::Count(window), _) => window.count(),
            (Self::Trend(trend), _) => u64::from(trend.risen.is_some()),
            (Self::Sequence(sequence), _) => sequence.seen.len() as u64,
        }
    }

    /// Calls `see` with the hits that the number rests on.
    pub(super) fn evidence(&self, by: &MeasureBy, now: Timestamp, see: &mut impl FnMut(&Arc<Hit>)) {
        match (self, by) {
            (Self::Count(window), MeasureBy::Unanswered { after, .. }) => {
                let end = now.before(*after);
                window.hits().filter(|hit| hit.at <= end).for_each(see);
            }
            (Self::Count(window), _) => window.hits().for_each(see),
            (Self::Trend(trend), _) => {
                let risen = trend.risen.iter().flat_map(|(_, hits)| hits);
                risen.for_each(see);
            }
            (Self::Sequence(sequence), _) => {
                let seen = sequence.seen.iter().flat_map(|(_, hits)| hits);
                seen.for_each(see);
            }
        }
    }

    /// Forgets what was counted: a rung that was left is entered on new evidence only. The past that
    /// trends are measured against stays.
    pub(super) fn begin_anew(&mut self) {
        match self {
            Self::Count(window) => window.clear(),
            Self::Trend(trend) => {
                let Trend {
                    recent,
                    past,
                    risen,
                    ..
                } = &mut **trend;
                recent.expire(Timestamp::LAST, |hit| past.add(&hit));
                *risen = None;
            }
            Self::Sequence(sequence) => **sequence = Sequence::default(),
        }
    }
}

impl Trend {
    fn add(&mut self, by: &MeasureBy, hit: &Arc<Hit>) {
        let MeasureBy::Trend {
            of,
            within,
            against,
            factor,
            floor,
            ..
        } = by
        else {
            return;
        };
        if !hit.kinds.meet(*of) {
            return;
        }
        // After a silence that nothing looks back over, the past begins anew, forgotten or not.
        if self.recent.is_empty() && self.past.is_empty() {
            self.begins = None;
        }
        let begins = *self.begins.get_or_insert(hit.at);
        self.recent.add(hit);
        let past = hit.at.before(*within).since(begins).min(*against);
        let expected = expected(self.past.count(), *within, past);
        let now = self.recent.count();
        if now >= u64::from(*floor) && now as f64 >= factor * expected {
            self.risen = Some((hit.at, self.recent.hits().cloned().collect()));
        }
    }
}

impl Sequence {
    /// Under what a hit waits or follows: its targets; where none is known, its thread.
    fn places(hit: &Hit) -> impl Iterator<Item = Id> {
        let thread = hit.thread.filter(|_| hit.targets.is_empty());
        hit.targets.iter().copied().chain(thread)
    }

    fn begin(&mut self, hit: &Arc<Hit>) {
        for place in Self::places(hit) {
            if self.waiting >= SEQUENCES_OPEN_MAX {
                return;
            }
            let open = self.open.entry(place).or_default();
            open.firsts.push_back(Arc::clone(hit));
            self.waiting += 1;
            self.oldest.get_or_insert(hit.at);
        }
    }

    /// One who follows. Once enough have, all that waited for them are one sequence: the same address
    /// told three times is no three dangers.
    fn follow(&mut self, hit: &Arc<Hit>, authors: u32) {
        for place in Self::places(hit) {
            let Some(open) = self.open.get_mut(&place) else {
                continue;
            };
            if open.firsts.iter().all(|first| first.post == hit.post) {
                continue;
            }
            // The last of each author counts: it outlives firsts that are forgotten.
            open.then.retain(|then| then.author != hit.author);
            open.then.push_back(Arc::clone(hit));
            if open.then.len() < authors as usize {
                continue;
            }
            let open = self.open.remove(&place).unwrap_or_default();
            self.waiting -= open.firsts.len();
            let mut hits: Vec<Arc<Hit>> = open.firsts.into_iter().chain(open.then).collect();
            hits.sort();
            self.seen.push_back((hit.at, hits));
        }
    }

    fn pass(&mut self, now: Timestamp, within: Span, holds: Span) {
        let end = now.before(holds);
        while_front(&mut self.seen, |(at, _)| *at <= end, drop);
        let end = now.before(within);
        if self.oldest.is_none_or(|oldest| oldest > end) {
            return;
        }
        let waiting = &mut self.waiting;
        self.open.retain(|_, open| {
            while_front(&mut open.firsts, |hit| hit.at <= end, |_| *waiting -= 1);
            // Who followed only what is forgotten follows nothing any more.
            let first = open.firsts.front().map(|hit| hit.at);
            let before = |hit: &Arc<Hit>| first.is_none_or(|first| hit.at < first);
            while_front(&mut open.then, before, drop);
            !open.firsts.is_empty()
        });
        let firsts = self.open.values().filter_map(|open| open.firsts.front());
        self.oldest = firsts.map(|hit| hit.at).min();
    }
}

/// The kinds of hits that measures look at.
pub(super) fn kinds_of<'m>(measures: impl Iterator<Item = &'m MeasureBy>) -> Kinds {
    measures.fold(Kinds::default(), |kinds, by| kinds.and(by.kinds()))
}
