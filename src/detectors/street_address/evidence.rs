//! Whether what a grammar read is believed: each fact has a weight, and the sum must reach a bar.

use super::lexicon::{LOCATOR, LOCATOR_WEAK, STOP, UNIT};
use super::number::House;
use super::place::{Place, Tail, tail};
use super::reading::{Gap, Reading};
use std::ops::Range;

/// The sum of weights from which a street is believed.
const BAR: i32 = 5;

/// What a grammar read behind (or around) a house number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Street {
    /// The word after it.
    pub(super) end: usize,
    /// What the words alone weigh.
    pub(super) weight: i32,
    /// Whether its name has capitals that say something.
    pub(super) capital: bool,
}

/// Judges a street behind the house number that starts at `start`. The words of the address.
pub(super) fn judge(
    r: &Reading<'_>,
    start: usize,
    house: House,
    street: Street,
) -> Option<Range<usize>> {
    let tail = tail(r, street.end);
    let whole = with_unit_before(r, start)..tail.end;
    let mut weight = street.weight + around(r, &whole, street.end, tail);
    weight += i32::from(house.digits >= 3) + if house.marked { 2 } else { 0 };
    weight += if street.capital { 2 } else { 0 };
    weight -= i32::from(house.slashed);
    (weight >= BAR).then_some(whole)
}

/// What the surroundings of an address weigh.
pub(super) fn around(r: &Reading<'_>, whole: &Range<usize>, end: usize, tail: Tail) -> i32 {
    let place = match tail.place {
        Place::Unsaid => 0,
        Place::Town => 1,
        Place::Region => 3,
        Place::Digits | Place::Code => 4,
    };
    let alone = r.ends_line(whole.start) && r.ends_line(whole.end);
    let closed = r.closed(end) || r.is(end, STOP);
    place
        + if tail.unit { 3 } else { 0 }
        + if alone { 2 } else { 0 }
        + i32::from(closed)
        + announced(r, whole.start)
}

/// What the words right before an address weigh.
pub(super) fn announced(r: &Reading<'_>, start: usize) -> i32 {
    let Some(before) = start.checked_sub(1) else {
        return 0;
    };
    let near = matches!(
        r.gap(start),
        Gap::Space | Gap::Colon | Gap::Comma | Gap::Line | Gap::Dash
    );
    let earlier = before.checked_sub(1).is_some_and(|b| r.is(b, LOCATOR));
    match near {
        true if r.is(before, LOCATOR) || earlier => 2,
        true if r.is(before, LOCATOR_WEAK) => 1,
        true | false => 0,
    }
}

/// Takes `Flat 3,` or `bâtiment B,` before an address.
fn with_unit_before(r: &Reading<'_>, start: usize) -> usize {
    let joins = matches!(
        r.gap(start),
        Gap::Comma | Gap::Space | Gap::Line | Gap::Slash
    );
    let Some(unit) = start.checked_sub(2).filter(|_| joins) else {
        return start;
    };
    let short = r.word(unit + 1).len() <= 4;
    let beside = matches!(r.gap(unit + 1), Gap::Space | Gap::Dot | Gap::Sign);
    if r.is(unit, UNIT) && !r.is(unit, STOP) && short && beside {
        unit
    } else {
        start
    }
}
