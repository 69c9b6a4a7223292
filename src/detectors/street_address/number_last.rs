//! The number after the street: Belgium, Switzerland, and the neighbours' languages.

use super::evidence::{Street, around};
use super::french::{Strength, name, nameless, street_word};
use super::lexicon::{
    COUNTED, Classes, MONTH, NUMBERER, OTHER_BEFORE, STOP, UNIT, ends_like_a_street,
};
use super::number::{House, counts, house};
use super::place::{place, tail};
use super::reading::{Gap, Reading, is_ordinal};
use crate::detectors::postal_code::code;
use std::ops::Range;

/// The sum of weights from which a street with its number behind is believed.
const BAR: i32 = 6;

/// `Rue de la Loi 16`, `Chaussée de Waterloo 123 bte 4`: the address that starts at `at`.
pub(super) fn french(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let (named_at, strength) = street_word(r, at)?;
    let name = name(r, named_at).or_else(|| nameless(r, at, named_at));
    let name = name.filter(|name| !name.misnamed)?;
    let weight = match strength {
        Strength::Strong => 3,
        Strength::Medium => 2,
        Strength::Weak => 0,
    };
    judge(
        r,
        at,
        Street {
            end: name.end,
            weight,
            capital: name.capital,
        },
    )
}

/// `Kerkstraat 12`, `Bahnhofstrasse 12`, `Genter Strasse 16a`: the street ends
/// at `at`.
pub(super) fn compound(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let own = matches!(
        r.word(at),
        "strasse" | "str" | "vei" | "veien" | "plass" | "gade" | "vej"
    );
    let named_before = own && r.gap(at) == Gap::Space && at > 0 && r.capital(at - 1);
    if !named_before && !ends_like_a_street(r.word(at)) {
        return None;
    }
    let mut start = at;
    while start > 0 && start + 3 > at && r.gap(start) == Gap::Space && r.capital(start - 1) {
        if r.is(start - 1, STOP) || !named_before && start < at {
            break;
        }
        start -= 1;
    }
    judge(
        r,
        start,
        Street {
            end: at + 1,
            weight: 3,
            capital: r.capital(at) || named_before,
        },
    )
}

/// `Calle Principal 20`, `ul. Strzelecka 12`, and `15 Strada Doctor Davila`, number first.
pub(super) fn other(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    if !r.is(at, OTHER_BEFORE) {
        return None;
    }
    let name = name(r, at + 1).filter(|name| name.capital)?;
    let capital = r.capital(at);
    judge(
        r,
        at,
        Street {
            end: name.end,
            weight: if capital { 4 } else { 2 },
            capital: true,
        },
    )
}

/// `Oude Baan 45, 3000 Leuven`: no street word at all, but a postal code and its town follow the
/// house number, which was read at `at`.
pub(super) fn coded(r: &Reading<'_>, at: usize, house: House) -> Option<Range<usize>> {
    let set_off = matches!(r.gap(house.next), Gap::Comma | Gap::Line);
    if !set_off || house.digits > 4 || r.gap(at) != Gap::Space {
        return None;
    }
    let code = code(r, house.next).filter(|code| code.shape.before_town())?;
    let recent = r.word(house.next).starts_with("20") && r.word(house.next) != "2000";
    let town = matches!(r.gap(code.next), Gap::Space | Gap::Comma) && r.capital(code.next);
    let mut start = at;
    while start > 0 && start + 4 > at && r.capital(start - 1) && !r.is(start - 1, OTHER_NUMBER) {
        start -= 1;
        if r.gap(start) != Gap::Space {
            break;
        }
    }
    let (end, _) = place(r, house.next);
    (start < at && town && !recent && r.closed(end)).then_some(start..end)
}

/// What a number behind a name would otherwise belong to.
const OTHER_NUMBER: Classes = STOP.or(NUMBERER).or(UNIT).or(COUNTED).or(MONTH);

/// Judges a street whose house number would follow.
fn judge(r: &Reading<'_>, start: usize, street: Street) -> Option<Range<usize>> {
    let at = street.end;
    if !matches!(r.gap(at), Gap::Space | Gap::Comma | Gap::Dot) || r.word(at - 1).len() < 2 {
        return None;
    }
    let number = house(r, at).filter(|number| fits(r, at, *number))?;
    let tail = tail(r, number.next);
    let whole = start..tail.end;
    let mut weight = street.weight + around(r, &whole, number.next, tail);
    weight += if street.capital { 2 } else { 0 };
    (weight >= BAR).then_some(whole)
}

/// Whether a number behind a name may be a house's: short, no ordinal, counting nothing.
fn fits(r: &Reading<'_>, at: usize, number: House) -> bool {
    let counting = counts(r, number.next) && r.gap(number.next) == Gap::Space;
    number.digits <= 4 && !is_ordinal(r.word(at)) && !counting
}
