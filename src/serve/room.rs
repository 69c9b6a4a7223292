//! How many posts may wait at once: as many as get their turn soon, however busy the machine is.
//!
//! What is durable waits for a turn of a thread before it is answered, behind everybody who has come
//! meanwhile. That wait is what whoever comes now has to expect, so it decides how many are let in. What
//! the disk takes is no part of it: posts that wait for one flush take no more time of it than one.

use crate::limits::{
    REFUSED_A_TURN_MAX, TURN_MICROS_MAX, TURN_OLD_MILLIS, TURN_WINDOW_MILLIS, WAITING_MIN,
};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Where posts wait to be durable and answered.
#[derive(Debug)]
pub(super) struct Room {
    /// Places there ever are.
    most: usize,
    /// Places there are now.
    places: AtomicUsize,
    taken: AtomicUsize,
    opened: Instant,
    /// When it is next told how many places there are, in microseconds since it was opened.
    counts_at: AtomicU64,
    /// How many got a turn since it was told last.
    turns: AtomicU64,
    /// How long all of them waited for it, in microseconds.
    waited: AtomicU64,
    /// How many were turned away since then.
    refused: AtomicU64,
}

/// A place, given back when this is dropped.
#[derive(Debug)]
pub(super) struct Place<'r>(&'r Room);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Room {
    pub(super) fn new(most: usize, opened: Instant) -> Self {
        Self {
            most,
            places: AtomicUsize::new(most),
            taken: AtomicUsize::new(0),
            opened,
            counts_at: AtomicU64::new(WINDOW_MICROS),
            turns: AtomicU64::new(0),
            waited: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Whether whoever comes now would wait too long. What nobody has told anything of for long counts no more:
    /// the first ones after a quiet night find the whole room.
    pub(super) fn is_full(&self, now: impl FnOnce() -> Instant) -> bool {
        let taken = self.taken.load(Ordering::Relaxed);
        taken >= self.most || taken >= self.places() && !self.is_old_news(now())
    }

    fn is_old_news(&self, now: Instant) -> bool {
        let due = Duration::from_micros(self.counts_at.load(Ordering::Relaxed));
        let late = Duration::from_millis(TURN_OLD_MILLIS);
        now.saturating_duration_since(self.opened) > due + late
    }

    /// How many may be in it now.
    pub(super) fn places(&self) -> usize {
        self.places.load(Ordering::Relaxed)
    }

    /// Takes a place, even where there is none: whoever was let in stays.
    pub(super) fn enter(&self) -> Place<'_> {
        self.taken.fetch_add(1, Ordering::Relaxed);
        Place(self)
    }

    /// Somebody was turned away.
    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody got a turn at an instant, and had waited for it so long.
    pub(super) fn turned(&self, waited: Duration, now: Instant) {
        let micros = |it: Duration| u64::try_from(it.as_micros()).unwrap_or(u64::MAX);
        self.turns.fetch_add(1, Ordering::Relaxed);
        self.waited.fetch_add(micros(waited), Ordering::Relaxed);
        let now = micros(now.saturating_duration_since(self.opened));
        let due = self.counts_at.load(Ordering::Relaxed);
        let next = now.saturating_add(WINDOW_MICROS);
        let (ok, failed) = (Ordering::Relaxed, Ordering::Relaxed);
        // One of those that come late enough counts.
        if now >= due
            && self
                .counts_at
                .compare_exchange(due, next, ok, failed)
                .is_ok()
        {
            let turns = self.turns.swap(0, Ordering::Relaxed).max(1);
            let mean = self.waited.swap(0, Ordering::Relaxed) / turns;
            let refused = self.refused.swap(0, Ordering::Relaxed);
            let helps = refused <= turns.saturating_mul(REFUSED_A_TURN_MAX);
            let places = self.fitting(mean, helps);
            self.places.store(places, Ordering::Relaxed);
        }
    }

    /// How many places there should be when turns took so long in the mean. Waits grow with places, so these
    /// shrink by as much as waits are too long, but by half at most, for a thread may have stood still for once; and
    /// they grow again by steps. `helps`: whether there is something to win. When most of the time goes to refusals,
    /// fewer places only make more of those, and nobody waits less.
    fn fitting(&self, mean: u64, helps: bool) -> usize {
        let places = self.places();
        let fit = match mean > TURN_MICROS_MAX && helps {
            true => {
                let share = TURN_MICROS_MAX as f64 / mean as f64;
                (places as f64 * share.max(0.5)) as usize
            }
            false => places + places / 8 + 1,
        };
        fit.max(WAITING_MIN).min(self.most)
    }
}

const WINDOW_MICROS: u64 = 1_000 * TURN_WINDOW_MILLIS;

#[cfg(test)]
mod tests {
    use super::{Room, WINDOW_MICROS};
    use crate::limits::WAITING_MIN;
    use crate::serve::clock::ticks;
    use std::time::Duration;

    /// The places after so many windows in which turns took these times, in microseconds.
    fn after(windows: u32, waits: &[u64]) -> usize {
        let begin = ticks();
        let room = Room::new(256, begin);
        for window in 1..=windows {
            let end = begin + window * Duration::from_micros(WINDOW_MICROS);
            for (left, wait) in (0..waits.len() as u32).rev().zip(waits) {
                let now = end - left * Duration::from_micros(1);
                room.turned(Duration::from_micros(*wait), now);
            }
        }
        room.places()
    }

    #[test]
    fn a_line_that_is_too_long_makes_the_room_smaller_down_to_what_always_fits() {
        assert_eq!(after(1, &[1_500, 500, 2_000]), 192);
        assert_eq!(after(1, &[90_000]), 128);
        assert_eq!(after(20, &[4_000]), WAITING_MIN);
    }

    #[test]
    fn short_waits_make_it_no_smaller() {
        assert_eq!(after(20, &[90, 2_000, 300]), 256);
    }

    #[test]
    fn when_it_mostly_refuses_it_lets_more_in() {
        let begin = ticks();
        let room = Room::new(256, begin);
        let mut places = Vec::new();
        for window in 1..60 {
            // As many turns as places, of five that come.
            (0..1_000).skip(room.places()).for_each(|_| room.refused());
            let now = begin + window * Duration::from_micros(WINDOW_MICROS);
            for _ in 1..room.places() {
                room.turned(Duration::from_millis(20), now - Duration::from_micros(1));
            }
            room.turned(Duration::from_millis(20), now);
            places.push(room.places());
        }
        let later = places.split_off(20);
        assert!(later.iter().all(|it| *it > 4 * WAITING_MIN), "{later:?}");
    }

    #[test]
    fn it_grows_again_once_the_line_is_short() {
        let begin = ticks();
        let room = Room::new(256, begin);
        let at = |window: u32| begin + window * Duration::from_micros(WINDOW_MICROS);
        for window in 1..4 {
            room.turned(Duration::from_millis(50), at(window));
        }
        assert_eq!(room.places(), WAITING_MIN);
        for window in 4..40 {
            room.turned(Duration::from_micros(10), at(window));
        }
        assert_eq!(room.places(), 256);
    }

    #[test]
    fn it_is_full_when_every_place_is_taken_and_places_come_back() {
        let begin = ticks();
        let room = Room::new(2, begin);
        let first = room.enter();
        assert!(!room.is_full(|| begin));
        let second = room.enter();
        assert!(room.is_full(|| begin));
        drop(first);
        assert!(!room.is_full(|| begin));
        drop(second);
    }

    #[test]
    fn after_a_quiet_while_the_whole_room_is_there() {
        let begin = ticks();
        let room = Room::new(256, begin);
        for window in 1..10 {
            let now = begin + window * Duration::from_micros(WINDOW_MICROS);
            room.turned(Duration::from_millis(50), now);
        }
        let _places: Vec<_> = (0..WAITING_MIN).map(|_| room.enter()).collect();
        assert!(room.is_full(|| begin + Duration::from_secs(1)));
        assert!(!room.is_full(|| begin + Duration::from_secs(60)));
    }

    #[test]
    fn a_room_smaller_than_what_always_fits_stays_as_small_as_it_was_made() {
        let begin = ticks();
        let room = Room::new(1, begin);
        let late = begin + Duration::from_secs(1);
        room.turned(Duration::from_secs(1), late);
        assert_eq!(room.places(), 1);
    }
}
