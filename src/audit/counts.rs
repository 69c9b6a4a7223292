//! What an audit counts.

use super::entry::{Entry, place};
use crate::model::{Action, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

const DAY_MILLIS: i64 = 86_400_000;

/// Posts, counted. Those that the journal keeps are counted when it is read in order, each edit
/// once; all others when they are judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Posts without a time.
    pub(super) untimed: u64,
    /// Posts too long to be judged whole.
    pub(super) cut: u64,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    /// In the order of [`Action::ALL`].
    pub(super) actions: [u64; Action::ALL.len()],
    /// By days since 1970, in UTC.
    pub(super) per_day: BTreeMap<i64, u64>,
}

impl Counts {
    pub(super) fn post(&mut self, at: Option<Timestamp>, action: Action, is_cut: bool) {
        if let Some(number) = self.actions.get_mut(usize::from(place(action))) {
            *number += 1;
        }
        self.cut += u64::from(is_cut);
        let Some(millis) = at.map(Timestamp::millis) else {
            self.untimed += 1;
            return;
        };
        *self
            .per_day
            .entry(millis.div_euclid(DAY_MILLIS))
            .or_default() += 1;
        self.spans(millis, millis);
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.untimed += other.untimed;
        self.cut += other.cut;
        for (number, more) in self.actions.iter_mut().zip(other.actions) {
            *number += more;
        }
        for (day, more) in &other.per_day {
            *self.per_day.entry(*day).or_default() += more;
        }
        if let (Some(first), Some(last)) = (other.first, other.last) {
            self.spans(first, last);
        }
    }

    /// Leaves out the days after an instant that dates are believed until. How many posts that were.
    pub(super) fn without_after(&mut self, until: Timestamp) -> u64 {
        let until = until.millis();
        let ahead = self.per_day.split_off(&(until.div_euclid(DAY_MILLIS) + 1));
        self.last = self.last.map(|last| last.min(until));
        ahead.values().sum()
    }

    fn spans(&mut self, first: i64, last: i64) {
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        self.last = Some(self.last.map_or(last, |known| known.max(last)));
    }

    pub(super) fn posts(&self) -> u64 {
        self.actions.iter().sum()
    }
}

/// What was found, counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Posts of each day and category, at `note` and above.
    pub(super) per_day: BTreeMap<(i64, Arc<str>), u64>,
    /// Posts of each category, in the order of [`Action::ALL`].
    pub(super) categories: BTreeMap<Arc<str>, [u64; Action::ALL.len()]>,
    /// Posts on which each rule in shadow fired, by what is advised without it.
    pub(super) shadow: BTreeMap<Arc<str>, [u64; Action::ALL.len()]>,
}

impl Found {
    /// `at`: when it was posted, if that is known and believed.
    pub(super) fn post(&mut self, entry: &Entry<'_>, at: Option<Timestamp>) {
        for category in &entry.body.categories {
            let known = self.categories.get_key_value(*category);
            let category: Arc<str> = known.map_or_else(|| (*category).into(), |(it, _)| it.clone());
            let day = at.map(|at| at.millis().div_euclid(DAY_MILLIS));
            let day = day.filter(|_| entry.action >= Action::Note);
            if let Some(day) = day {
                *self.per_day.entry((day, category.clone())).or_default() += 1;
            }
            count(&mut self.categories, category, entry.action);
        }
        for rule in &entry.body.shadow {
            let known = self.shadow.get_key_value(*rule);
            let rule: Arc<str> = known.map_or_else(|| (*rule).into(), |(it, _)| it.clone());
            count(&mut self.shadow, rule, entry.action);
        }
    }
}

fn count(counts: &mut BTreeMap<Arc<str>, [u64; Action::ALL.len()]>, of: Arc<str>, action: Action) {
    let actions = counts.entry(of).or_default();
    if let Some(number) = actions.get_mut(usize::from(place(action))) {
        *number += 1;
    }
}
