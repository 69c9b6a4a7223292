//! One subject: its hits in order of event time, and its way on every ladder for its kind.
//!
//! What comes in order moves the climbs on. What comes late, is withdrawn or changes lets them begin
//! again from the hits that are remembered, so the order of delivery makes no difference.

use super::climb::{Climb, Path};
use super::hit::{Hit, Id};
use super::keep::{Keep, Keeper, Kept, fields};
use super::names::Names;
use super::rest::Rested;
use crate::limits::{HITS_PER_SUBJECT_MAX, THREAD_HITS_LOOKED_AT_MAX};
use crate::model::{Subject, Timestamp};
use crate::policy::Kinds;
use std::borrow::Cow;
use std::sync::Arc;

/// What is known of one subject.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) subject: Subject,
    /// In order.
    hits: Vec<Arc<Hit>>,
    /// When persons closed its cases, in order.
    closings: Vec<Timestamp>,
    /// A climb for each ladder of its kind; none when they rest.
    climbs: Vec<Climb>,
    /// The climbs, when nothing is remembered that they could be counted again from.
    rested: Option<Rested>,
    /// How the climbs stood when the hits before those remembered had been counted.
    base: Option<Vec<Climb>>,
    /// The last happening that the climbs have counted.
    counted: Option<(Timestamp, Turn)>,
    /// Whether the climbs must begin again.
    is_stale: bool,
    /// What was told of the rungs it reached.
    pub(super) told: Vec<Arc<Hit>>,
}

/// What happens at one instant, in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Answered(Arc<Hit>),
    Closed,
    Posted(Arc<Hit>),
}

fields!(Track {
    subject,
    hits,
    closings,
    climbs,
    rested,
    base,
    counted,
    is_stale,
    told,
});

impl Keep for Turn {
    fn keep(&self, to: &mut Keeper) {
        match self {
            Self::Answered(hit) => {
                0_u32.keep(to);
                hit.keep(to);
            }
            Self::Closed => 1_u32.keep(to),
            Self::Posted(hit) => {
                2_u32.keep(to);
                hit.keep(to);
            }
        }
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        match u32::take(from)? {
            0 => Keep::take(from).map(Self::Answered),
            1 => Some(Self::Closed),
            2 => Keep::take(from).map(Self::Posted),
            _ => None,
        }
    }
}

impl Track {
    /// Policies were replaced: the hits that are remembered are counted again by the new ones. What
    /// was counted for good stays, by the names of ladders and rungs.
    pub(super) fn carry(&mut self, names: &Names) {
        let kind = self.subject.kind;
        self.base = self.base.take().map(|climbs| names.climbs(kind, climbs));
        let climbs = std::mem::take(&mut self.climbs);
        self.climbs = names.climbs(kind, climbs);
        let rested = self.rested.take();
        self.rested = rested.map(|rested| Rested::new(&names.climbs(kind, rested.climbs())));
        self.counted = None;
        self.is_stale |= !self.hits.is_empty() || !self.closings.is_empty();
    }

    pub(super) fn new(subject: Subject) -> Self {
        Self {
            subject,
            hits: Vec::new(),
            closings: Vec::new(),
            climbs: Vec::new(),
            rested: None,
            base: None,
            counted: None,
            is_stale: false,
            told: Vec::new(),
        }
    }

    /// The climbs as of the last [`Track::settle`].
    pub(super) fn climbs(&self) -> Cow<'_, [Climb]> {
        match &self.rested {
            Some(rested) => Cow::Owned(rested.climbs()),
            None => Cow::Borrowed(&self.climbs),
        }
    }

    /// The rungs it stands on, ladder by ladder; those that rest stand on none.
    pub(super) fn rungs(&self) -> Vec<Option<usize>> {
        self.climbs.iter().map(|climb| climb.rung).collect()
    }

    /// Adds a hit; nothing when it is there already.
    pub(super) fn insert(&mut self, hit: &Arc<Hit>, paths: &[Path<'_>]) {
        let Err(at) = self.hits.binary_search(hit) else {
            return;
        };
        self.wake();
        self.hits.insert(at, Arc::clone(hit));
        match hit.answered {
            // As it was before it was answered, and then answered.
            Some(_) => self.is_stale = true,
            None => self.happen(hit.at, Turn::Posted(Arc::clone(hit)), paths),
        }
    }

    /// Takes a hit away as if it had never been.
    pub(super) fn withdraw(&mut self, hit: &Arc<Hit>) {
        if let Ok(at) = self.hits.binary_search(hit) {
            self.hits.remove(at);
            self.is_stale = true;
        }
    }

    /// A hit has been answered: `new` stands where `old` stood.
    pub(super) fn answer(&mut self, old: &Arc<Hit>, new: &Arc<Hit>, paths: &[Path<'_>]) {
        let place = self.hits.binary_search(old).ok();
        let Some(stands) = place.and_then(|at| self.hits.get_mut(at)) else {
            return;
        };
        *stands = Arc::clone(new);
        match (old.answered, new.answered) {
            (None, Some(at)) => self.happen(at, Turn::Answered(Arc::clone(new)), paths),
            _ => self.is_stale = true,
        }
    }

    /// A person closes its cases.
    pub(super) fn close(&mut self, at: Timestamp, paths: &[Path<'_>]) {
        if let Err(place) = self.closings.binary_search(&at) {
            self.wake();
            self.closings.insert(place, at);
            self.happen(at, Turn::Closed, paths);
        }
    }

    /// What was counted and forgotten is the base of whatever comes now.
    fn wake(&mut self) {
        let is_resting = self.hits.is_empty() && self.closings.is_empty() && !self.is_stale;
        if let Some(rested) = self.rested.take() {
            self.climbs = rested.climbs();
        }
        if is_resting && self.has_history() {
            self.base = Some(self.climbs.clone());
        }
    }

    fn happen(&mut self, at: Timestamp, turn: Turn, paths: &[Path<'_>]) {
        let now = (at, turn);
        if self.is_stale || self.counted.as_ref().is_some_and(|last| *last >= now) {
            self.is_stale = true;
            return;
        }
        self.climbs.resize_with(paths.len(), Climb::default);
        self.count(&now, paths);
        self.counted = Some(now);
    }

    fn count(&mut self, (at, turn): &(Timestamp, Turn), paths: &[Path<'_>]) {
        for (climb, path) in self.climbs.iter_mut().zip(paths) {
            match turn {
                Turn::Posted(hit) => climb.hit(*path, hit),
                Turn::Closed => climb.close(*path, *at),
                Turn::Answered(hit) => {
                    let hits = &self.hits;
                    climb.answer(*path, hit, *at, |feeds| still_counts(hits, feeds, *at));
                }
            }
        }
    }

    /// Counts again from the hits that are remembered, if anything makes that necessary.
    pub(super) fn settle(&mut self, paths: &[Path<'_>]) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.climbs = self.base.clone().unwrap_or_default();
        self.climbs.resize_with(paths.len(), Climb::default);
        let posted = self
            .hits
            .iter()
            .map(|hit| (hit.at, Turn::Posted(Arc::clone(hit))));
        let answered = self.hits.iter().filter_map(|hit| {
            let at = hit.answered?;
            Some((at, Turn::Answered(Arc::clone(hit))))
        });
        let closed = self.closings.iter().map(|at| (*at, Turn::Closed));
        let mut turns: Vec<(Timestamp, Turn)> = posted.chain(answered).chain(closed).collect();
        turns.sort();
        for turn in &turns {
            self.count(turn, paths);
        }
        self.counted = turns.pop();
    }

    /// When it last stepped up or down.
    pub(super) fn last_step(&self) -> Option<Timestamp> {
        let climbs = self.climbs();
        let steps = climbs.iter().filter_map(|climb| climb.steps.last());
        steps.map(|step| step.at).max()
    }

    /// Time passes.
    pub(super) fn pass(&mut self, now: Timestamp, paths: &[Path<'_>]) {
        self.settle(paths);
        for (climb, path) in self.climbs.iter_mut().zip(paths) {
            climb.pass(*path, now);
        }
    }

    /// Whom a thread is about right before a hit: the one target of what was posted there since
    /// `since`; none when there were several. What names nobody itself tells nothing.
    pub(super) fn is_about(&self, hit: &Hit, since: Timestamp) -> Option<Id> {
        let end = self
            .hits
            .partition_point(|other| (other.at, &other.post) < (hit.at, &hit.post));
        let earlier = self.hits.get(..end).unwrap_or_default().iter().rev();
        let mut targets = earlier
            .take(THREAD_HITS_LOOKED_AT_MAX)
            .take_while(|other| other.at > since)
            .filter(|other| !other.from_thread && other.reached.is_none())
            .flat_map(|other| other.targets.iter().copied());
        let first = targets.next()?;
        targets.all(|target| target == first).then_some(first)
    }

    /// The posts from an instant on that name nobody, and that may be told anew whom they are aimed
    /// at.
    pub(super) fn aimless(&self, from: Timestamp) -> Vec<Arc<str>> {
        let start = self.hits.partition_point(|hit| hit.at < from);
        let later = self.hits.get(start..).unwrap_or_default().iter();
        later
            .take(2 * THREAD_HITS_LOOKED_AT_MAX)
            .filter(|hit| hit.from_thread || hit.targets.is_empty())
            .map(|hit| Arc::clone(&hit.post))
            .collect()
    }

    /// When something last happened.
    pub(super) fn last(&self) -> Option<Timestamp> {
        self.hits.last().map(|hit| hit.at)
    }

    /// Whether a hit can still be withdrawn or answered.
    pub(super) fn remembers(&self, hit: &Arc<Hit>) -> bool {
        self.hits.binary_search(hit).is_ok()
    }

    /// Whether it stands on a rung.
    pub(super) fn stands(&self) -> bool {
        self.climbs.iter().any(|climb| climb.rung.is_some())
    }

    /// Whether it may ever have stood on one: whatever is still to be counted.
    pub(super) fn may_have_history(&self) -> bool {
        self.is_stale || self.has_history()
    }

    /// Whether it ever stood on one.
    pub(super) fn has_history(&self) -> bool {
        self.rested.is_some() || self.climbs.iter().any(|climb| !climb.steps.is_empty())
    }

    /// Forgets hits that nothing looks back to any more: those before `cutoff`, unless the subject
    /// stands on a rung, and the oldest when there are too many. What they led to stays.
    pub(super) fn forget(&mut self, cutoff: Timestamp, paths: &[Path<'_>]) {
        self.settle(paths);
        let old = match self.stands() {
            true => 0,
            false => self.hits.partition_point(|hit| hit.at < cutoff),
        };
        self.forget_first(old, cutoff, paths);
    }

    /// Forgets hits before `cutoff`, whoever stands on a rung.
    pub(super) fn forget_before(&mut self, cutoff: Timestamp, paths: &[Path<'_>]) {
        self.settle(paths);
        let old = self.hits.partition_point(|hit| hit.at < cutoff);
        self.forget_first(old, cutoff, paths);
    }

    fn forget_first(&mut self, old: usize, cutoff: Timestamp, paths: &[Path<'_>]) {
        let many = self.hits.len().saturating_sub(HITS_PER_SUBJECT_MAX);
        let gone = old.max(many);
        if gone == 0 {
            return;
        }
        if gone == self.hits.len() && self.closings.last().is_none_or(|at| *at < cutoff) {
            self.rest();
            return;
        }
        let kept = self.hits.split_off(gone);
        let until = kept.first().map(|hit| hit.at);
        let open = self
            .closings
            .partition_point(|at| until.is_none_or(|until| *at < until));
        let open = self.closings.split_off(open);
        // The climbs of what is forgotten become the base; those of all stay as they are.
        let whole = std::mem::take(&mut self.climbs);
        let counted = self.counted.take();
        self.is_stale = true;
        self.settle(paths);
        self.base = Some(std::mem::replace(&mut self.climbs, whole));
        (self.hits, self.closings, self.counted) = (kept, open, counted);
    }

    /// Nothing is left to count again: until something new comes, the climbs are their own base.
    fn rest(&mut self) {
        self.climbs.iter_mut().for_each(Climb::rest);
        if !self.stands() {
            let has_history = self.has_history();
            let climbs = std::mem::take(&mut self.climbs);
            self.rested = has_history.then(|| Rested::new(&climbs));
        }
        self.base = None;
        self.counted = None;
        self.hits = Vec::new();
        self.closings = Vec::new();
    }
}

/// The last hit until `now` that a ladder looks at and that wasn't answered by then.
fn still_counts(hits: &[Arc<Hit>], feeds: Kinds, now: Timestamp) -> Option<Timestamp> {
    let until = hits.partition_point(|hit| hit.at <= now);
    let mut earlier = hits.get(..until).unwrap_or_default().iter().rev();
    let waits = |hit: &&Arc<Hit>| {
        hit.kinds.meet(feeds) && hit.answered.is_none_or(|answered| answered > now)
    };
    earlier.find(waits).map(|hit| hit.at)
}
