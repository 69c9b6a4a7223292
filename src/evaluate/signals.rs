//! Signals made of others, and exceptions. Linear in the number of places, up to sorting.

use super::occurrences::{Found, Grid, Occurrence, Occurrences};
use crate::policy::{Except, Near, Place, Side, Signal, SignalKind};
use std::ops::Range;

/// The places of one signal; those of signals it needs are known.
pub(super) fn compose(
    signal: &Signal,
    found: Found<'_>,
    grid: &Grid<'_>,
    known: &Occurrences,
) -> Vec<Occurrence> {
    let mut places = before_exceptions(signal, found, grid, known);
    for except in &signal.except {
        except_from(&mut places, except, grid, known);
    }
    places
}

/// The places of one signal, exceptions left aside.
pub(super) fn before_exceptions(
    signal: &Signal,
    found: Found<'_>,
    grid: &Grid<'_>,
    known: &Occurrences,
) -> Vec<Occurrence> {
    match &signal.kind {
        SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => {
            let place = |span: &Range<usize>| grid.place(span.clone(), found.is_measured);
            found.spans.iter().map(place).collect()
        }
        SignalKind::AnyOf(of) => in_order(
            of.iter()
                .flat_map(|id| known.of(*id).iter().cloned())
                .collect(),
        ),
        SignalKind::Near(near) => in_order(close_together(near, grid, known)),
    }
}

/// By place; of several at the same place, the one that keeps most.
fn in_order(mut places: Vec<Occurrence>) -> Vec<Occurrence> {
    places.sort_by_key(|place| {
        (
            place.span.start,
            place.span.end,
            std::cmp::Reverse(place.kept),
        )
    });
    places.dedup_by(|later, earlier| later.span == earlier.span);
    places
}

/// The windows in which all members stand close together, each as short as it can be.
fn close_together(near: &Near, grid: &Grid<'_>, known: &Occurrences) -> Vec<Occurrence> {
    if near.of.iter().any(|id| known.of(*id).is_empty()) {
        return Vec::new();
    }
    let mut events: Vec<(usize, &Occurrence)> = Vec::new();
    for (member, id) in near.of.iter().enumerate() {
        events.extend(known.of(*id).iter().map(|place| (member, place)));
    }
    // At one place, later members first: one span never serves two members of an ordered list.
    events.sort_by_key(|(member, place)| (place.first, place.last, std::cmp::Reverse(*member)));
    let windows = match near.ordered {
        true => ordered_windows(near, &events),
        false => unordered_windows(near, &events),
    };
    let whole = |window: &Occurrence| {
        let (first, last) = grid.sentence(&Occurrence {
            last: window.first,
            ..window.clone()
        });
        !near.same_sentence || (first <= window.first && window.last <= last)
    };
    windows.into_iter().filter(whole).collect()
}

/// The gap between two places in words; none when they overlap or touch.
fn words_between(earlier: &Occurrence, later: &Occurrence) -> u32 {
    later.first.saturating_sub(earlier.last.saturating_add(1))
}

fn cover(a: &Occurrence, b: &Occurrence) -> Occurrence {
    Occurrence {
        span: a.span.start.min(b.span.start)..a.span.end.max(b.span.end),
        first: a.first.min(b.first),
        last: a.last.max(b.last),
        kept: a.kept.min(b.kept),
    }
}

fn fits(near: &Near, window: &Occurrence) -> bool {
    window.last - window.first < near.covers
}

/// Members in the order of the list. `chains[m]` is the latest run of members `0..=m`: a later one
/// is never farther from what follows.
fn ordered_windows(near: &Near, events: &[(usize, &Occurrence)]) -> Vec<Occurrence> {
    let mut chains: Vec<Option<(Occurrence, &Occurrence)>> = vec![None; near.of.len()];
    let mut windows = Vec::new();
    for (member, place) in events {
        let run = match member.checked_sub(1) {
            None => Some((*place).clone()),
            Some(before) => match chains.get(before) {
                Some(Some((run, last)))
                    if words_between(last, place) <= near.within && last.first <= place.first =>
                {
                    Some(cover(run, place))
                }
                Some(_) | None => None,
            },
        };
        let Some(run) = run else { continue };
        if member + 1 == near.of.len() && fits(near, &run) {
            windows.push(run.clone());
        }
        if let Some(slot) = chains.get_mut(*member) {
            *slot = Some((run, place));
        }
    }
    windows
}

/// Members in any order: at each place, the latest place of every other member.
fn unordered_windows(near: &Near, events: &[(usize, &Occurrence)]) -> Vec<Occurrence> {
    let mut latest: Vec<Option<&Occurrence>> = vec![None; near.of.len()];
    let mut windows = Vec::new();
    for (member, place) in events {
        if let Some(slot) = latest.get_mut(*member) {
            *slot = Some(place);
        }
        let mut members: Vec<&Occurrence> = latest.iter().flatten().copied().collect();
        if members.len() < near.of.len() {
            continue;
        }
        members.sort_by_key(|member| (member.first, member.last));
        let close = members.windows(2).all(|pair| match pair {
            [earlier, later] => words_between(earlier, later) <= near.within,
            _ => true,
        });
        let window = members
            .iter()
            .fold((*place).clone(), |window, member| cover(&window, member));
        if close && fits(near, &window) {
            windows.push(window);
        }
    }
    windows
}

/// Lowers what places keep, or drops them, where the exception holds.
fn except_from(
    places: &mut Vec<Occurrence>,
    except: &Except,
    grid: &Grid<'_>,
    known: &Occurrences,
) {
    if places.is_empty() || except.unless.iter().any(|id| !known.of(*id).is_empty()) {
        return;
    }
    let (Place::Near { signal, .. } | Place::Inside(signal)) = except.place;
    let others = Others::of(known.of(signal));
    for place in places.iter_mut() {
        let holds = match except.place {
            Place::Near { .. } => reach(place, &except.place, grid)
                .into_iter()
                .flatten()
                .any(|words| others.within(words)),
            Place::Inside(_) => others.hold(place),
        };
        if holds {
            place.kept = place.kept.min(except.keep);
        }
    }
    places.retain(|place| place.kept > 0);
}

/// The words among which the other signal must stand, first and last: before the span and after it.
/// A place that overlaps is on both sides, unless it must stand apart.
fn reach(place: &Occurrence, near: &Place, grid: &Grid<'_>) -> [Option<(u32, u32)>; 2] {
    let Place::Near {
        within,
        side,
        apart,
        same_sentence,
        ..
    } = *near
    else {
        return [None, None];
    };
    let low = place.first.saturating_sub(within.saturating_add(1));
    let high = place.last.saturating_add(within.saturating_add(1));
    let before = match apart {
        true => place.first.checked_sub(1).map(|last| (low, last)),
        false => Some((low, place.last)),
    };
    let after = match apart {
        true => Some((place.last.saturating_add(1), high)),
        false => Some((place.first, high)),
    };
    let (sentence_first, sentence_last) = match same_sentence {
        true => grid.sentence(place),
        false => (0, u32::MAX),
    };
    let cut = |(low, high): (u32, u32)| (low.max(sentence_first), high.min(sentence_last));
    let some = |words: &(u32, u32)| words.0 <= words.1;
    [
        before.filter(|_| side != Side::After).map(cut).filter(some),
        after.filter(|_| side != Side::Before).map(cut).filter(some),
    ]
}

/// The places of another signal, ready to be asked.
struct Others<'o> {
    by_first: Vec<&'o Occurrence>,
    /// The farthest last word, and last byte, of all places so far.
    farthest: Vec<(u32, usize)>,
}

impl<'o> Others<'o> {
    fn of(places: &'o [Occurrence]) -> Self {
        let mut by_first: Vec<&Occurrence> = places.iter().collect();
        by_first.sort_by_key(|place| (place.first, place.span.start));
        let farthest = by_first
            .iter()
            .scan((0, 0), |far, place| {
                *far = (far.0.max(place.last), far.1.max(place.span.end));
                Some(*far)
            })
            .collect();
        Self { by_first, farthest }
    }

    /// Whether one of them touches these words.
    fn within(&self, (low, high): (u32, u32)) -> bool {
        let count = self.by_first.partition_point(|place| place.first <= high);
        let farthest = count.checked_sub(1).and_then(|at| self.farthest.get(at));
        farthest.is_some_and(|(last, _)| *last >= low)
    }

    /// Whether one of them holds a place whole.
    fn hold(&self, place: &Occurrence) -> bool {
        let starts_before = |other: &&Occurrence| other.span.start <= place.span.start;
        let count = self.by_first.partition_point(starts_before);
        let farthest = count.checked_sub(1).and_then(|at| self.farthest.get(at));
        farthest.is_some_and(|(_, end)| *end >= place.span.end)
    }
}
