//! What follows a street: parts of the building, then town, state, postal code, country.

use super::lexicon::{
    COUNTRY, FLOOR, LINK, PROVINCE_CODE, PROVINCE_NAME, STATE_CODE, STATE_NAME, STOP, UNIT,
    is_region,
};
use super::reading::{Gap, Reading, is_number, is_ordinal};
use crate::detectors::postal_code::{Code, code};
use crate::limits::ADDRESS_PLACE_WORDS_MAX;

/// What follows a street.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    /// The word after it.
    pub(super) end: usize,
    /// A part of the building is named.
    pub(super) unit: bool,
    /// How surely a place is named.
    pub(super) place: Place,
}

/// How surely a place follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// None.
    Unsaid,
    /// A capitalised name behind a comma or on the next line.
    Town,
    /// A state or a province.
    Region,
    /// Digits that look like a postal code.
    Digits,
    /// A postal code that is nothing else: with letters, or behind a region.
    Code,
}

/// Reads on from word `at`.
pub(super) fn tail(r: &Reading<'_>, at: usize) -> Tail {
    let mut end = at;
    while end < at + 8 {
        let Some(next) = unit(r, end) else { break };
        end = next;
    }
    let unit = end > at;
    end = bare_number(r, end);
    let (end, place) = place(r, end);
    Tail {
        end: country(r, end),
        unit,
        place,
    }
}

/// The word after one part of a building: `apt 4B`, `# 12`, `bte 4`, `3rd floor`, `bâtiment B`.
pub(super) fn unit(r: &Reading<'_>, at: usize) -> Option<usize> {
    let gap = r.gap(at);
    if matches!(
        gap,
        Gap::Edge | Gap::Other | Gap::Apostrophe | Gap::Slash | Gap::Colon
    ) {
        return None;
    }
    if gap == Gap::Sign && !r.is(at, UNIT) {
        return designator(r, at);
    }
    if (is_ordinal(r.word(at)) || matches!(r.word(at), "ground" | "second" | "first" | "third"))
        && r.is(at + 1, FLOOR)
        && matches!(r.gap(at + 1), Gap::Space)
    {
        return Some(at + 2);
    }
    if !r.is(at, UNIT)
        || !matches!(
            r.gap(at + 1),
            Gap::Space | Gap::Sign | Gap::Dot | Gap::Hyphen
        )
    {
        return None;
    }
    let named = match r.word(at + 1) {
        "no" | "n" | "numero" => at + 2,
        _ => at + 1,
    };
    designator(r, named)
}

/// Takes a number that stands for a flat without saying so: `52 Example St 3 Brooklyn`.
fn bare_number(r: &Reading<'_>, at: usize) -> usize {
    let word = r.word(at);
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let short = is_number(digits) && word.len() <= 4 && word.len() <= digits.len() + 1;
    let ends = matches!(r.gap(at + 1), Gap::Edge | Gap::Line | Gap::Comma);
    let enclosed = r.gap(at) == Gap::Comma && r.gap(at + 1) == Gap::Comma;
    if (r.gap(at) == Gap::Space && ends || enclosed) && short {
        at + 1
    } else {
        at
    }
}

/// The word after the number or letter of a part of a building.
fn designator(r: &Reading<'_>, at: usize) -> Option<usize> {
    let word = r.word(at);
    let numbered = word.len() <= 6 && word.bytes().any(|b| b.is_ascii_digit());
    let lettered =
        word.len() == 1 && !matches!(word, "i" | "a" | "y") || word.len() == 1 && r.upper(at);
    if !numbered && !lettered {
        return None;
    }
    let more = r.word(at + 1);
    let joined = r.gap(at + 1) == Gap::Hyphen && more.len() <= 5;
    let spaced = r.gap(at + 1) == Gap::Space
        && more.len() == 1
        && r.upper(at + 1)
        && numbered
        && !r.is(at + 1, STOP);
    Some(if joined || spaced { at + 2 } else { at + 1 })
}

/// Reads a place at `at`: the word after it, and how sure it is.
pub(super) fn place(r: &Reading<'_>, at: usize) -> (usize, Place) {
    let mut town = None;
    for step in 0..ADDRESS_PLACE_WORDS_MAX {
        let k = at + step;
        if !runs_on(r, k, step == 0) {
            break;
        }
        if let Some(code) = code(r, k).filter(|code| fits(r, *code, step)) {
            let place = if code.shape.is_digits() {
                Place::Digits
            } else {
                Place::Code
            };
            return (town_after(r, code), place);
        }
        if let Some(next) = region(r, k, step > 0).filter(|next| !names_town(r, *next)) {
            return match code(r, next).filter(|c| c.shape.behind_region()) {
                Some(code) if runs_on(r, next, false) => (code.next, Place::Code),
                Some(_) | None => (close(r, next), Place::Region),
            };
        }
        if !may_be_town(r, k) {
            break;
        }
        if town.is_none() && r.closed(k + 1) {
            town = town_alone(r, at, k + 1);
        }
    }
    town.map_or((at, Place::Unsaid), |end| (end, Place::Town))
}

/// A code right behind the street, or behind a comma: anywhere. Elsewhere five digits could count.
fn fits(r: &Reading<'_>, code: Code, step: usize) -> bool {
    step <= 5 && !super::number::counts(r, code.next)
}

/// Whether the gap before `at` may stand inside one address.
fn runs_on(r: &Reading<'_>, at: usize, first: bool) -> bool {
    match r.gap(at) {
        Gap::Space | Gap::Comma | Gap::Line | Gap::Bracket | Gap::Dash => true,
        Gap::Hyphen | Gap::Apostrophe => !first,
        Gap::Dot => first || at.checked_sub(1).is_some_and(|b| r.word(b).len() <= 3),
        Gap::Slash | Gap::Colon | Gap::Sign | Gap::And | Gap::Other | Gap::Edge => false,
    }
}

/// Whether a town's name may hold the word at `at`.
fn may_be_town(r: &Reading<'_>, at: usize) -> bool {
    let word = r.word(at);
    let joined =
        matches!(r.gap(at), Gap::Hyphen) || matches!(r.gap(at + 1), Gap::Hyphen | Gap::Apostrophe);
    let letters = word.len() <= 24 && word.chars().all(char::is_alphabetic);
    letters && (joined || r.capital(at) || r.is(at, LINK) || !r.is(at, STOP))
}

/// A town without state or code: capitals behind a comma or a line break, then the end of a phrase.
fn town_alone(r: &Reading<'_>, at: usize, end: usize) -> Option<usize> {
    let set_off = matches!(r.gap(at), Gap::Comma | Gap::Line);
    let named = (at..end).all(|k| r.capital(k) || r.is(k, LINK)) && r.capital(at);
    let in_lower = r.ends_line(end) && (at..end).all(|k| !r.is(k, STOP));
    (set_off && (named || in_lower) && end - at <= 4).then_some(end)
}

/// The word after a state or province at `at`.
fn region(r: &Reading<'_>, at: usize, after_town: bool) -> Option<usize> {
    if is_region(r.word(at), r.word(at + 1)) && matches!(r.gap(at + 1), Gap::Space | Gap::Hyphen) {
        return Some(at + 2);
    }
    if r.is(at, STATE_NAME.or(PROVINCE_NAME)) {
        return Some(at + 1);
    }
    if r.word(at) == "district" && r.word(at + 1) == "of" && r.word(at + 2) == "columbia" {
        return Some(at + 3);
    }
    if !r.is(at, STATE_CODE.or(PROVINCE_CODE)) {
        return None;
    }
    let coded = code(r, at + 1).is_some_and(|c| c.shape.behind_region());
    let written = r.upper(at) && r.capital(at);
    let set_off = r.gap(at) == Gap::Comma && r.closed(at + 1);
    let other = r.is(at, STOP.or(LINK)) && !r.ends_line(at + 1);
    let plain = after_town && r.closed(at + 1) && !other;
    (coded || written || set_off || plain).then_some(at + 1)
}

/// Whether another region follows, so that this one is a town: `New York NY`, `Washington, DC`.
fn names_town(r: &Reading<'_>, at: usize) -> bool {
    runs_on(r, at, false) && region(r, at, true).is_some()
}

/// Includes a closing code of the other order: `Oakland 94610 CA`, `QLD 4035`.
fn close(r: &Reading<'_>, at: usize) -> usize {
    let word = r.word(at);
    let code = r.gap(at) == Gap::Space && is_number(word) && word.len() == 4;
    if code { at + 1 } else { at }
}

/// The word after the town that follows a postal code, or the code itself.
fn town_after(r: &Reading<'_>, code: Code) -> usize {
    let mut end = code.next;
    if !code.shape.before_town() {
        return end;
    }
    for step in 0..5 {
        let k = code.next + step;
        let joined = matches!(r.gap(k), Gap::Hyphen | Gap::Apostrophe) && step > 0;
        let spaced = r.gap(k) == Gap::Space || step == 0 && r.gap(k) == Gap::Comma;
        let letters = r.word(k).chars().all(char::is_alphabetic) && !r.word(k).is_empty();
        let first = step == 0 && !r.is(k, STOP) && r.gap(k) == Gap::Space;
        let linked = r.is(k, LINK) && (r.capital(k + 1) || r.gap(k + 1) == Gap::Hyphen);
        if r.word(k) == "cedex"
            || !letters
            || !(joined || spaced && (r.capital(k) || first || linked))
        {
            break;
        }
        end = k + 1;
    }
    if r.word(end) == "cedex" && r.gap(end) == Gap::Space {
        end += if is_number(r.word(end + 1)) && r.gap(end + 1) == Gap::Space {
            2
        } else {
            1
        };
    }
    end
}

/// Includes the country.
fn country(r: &Reading<'_>, at: usize) -> usize {
    let set_off = matches!(
        r.gap(at),
        Gap::Comma | Gap::Line | Gap::Space | Gap::Bracket
    );
    if !set_off {
        return at;
    }
    match (r.word(at), r.word(at + 1)) {
        ("united", "states" | "kingdom") => {
            let america = r.word(at + 2) == "of" && r.word(at + 3) == "america";
            at + if america { 4 } else { 2 }
        }
        _ if r.is(at, COUNTRY) && r.capital(at) => at + 1,
        _ => at,
    }
}
