//! The English order: number, name, street word. United States, Britain, Canada, and wherever else
//! streets have English names.

use super::evidence::{Street, announced, judge};
use super::french;
use super::lexicon::{
    DIRECTION, EN_FAINT, EN_MEDIUM, EN_SHORT, EN_STREET, EN_STRONG, EN_WEAK, FR_STREET, HIGHWAY,
    HIGHWAY_OF, MISNAMER, MONTH, NAMED, NUMBER_WORD, OTHER_BEFORE, SEQUEL, STATE_CODE, STATE_NAME,
    STOP, UNIT,
};
use super::number::{House, counts};
use super::place::{Place, place, unit};
use super::reading::{Gap, Reading, is_number, is_ordinal};
use crate::detectors::postal_code::{Shape, code};
use crate::limits::ADDRESS_NAME_WORDS_MAX;
use std::ops::Range;

/// The address whose house number was read at `start`.
pub(super) fn numbered(r: &Reading<'_>, start: usize, house: House) -> Option<Range<usize>> {
    let at = house.next;
    if !matches!(r.gap(at), Gap::Space | Gap::Comma) || counts(r, at) {
        return None;
    }
    [highway, suffixed, grid, prefixed, directed, fitted]
        .into_iter()
        .filter_map(|grammar| grammar(r, at))
        .chain(announced_name(r, start, at))
        .map(|street| Street {
            // "call 911, Main Street is blocked": in this order a comma parts.
            weight: street.weight - if r.gap(at) == Gap::Comma { 2 } else { 0 },
            ..street
        })
        .find_map(|street| judge(r, start, house, street))
        .or_else(|| coded(r, start, house))
}

/// `One South Example Drive`: a house number in letters, which needs capitals or a full address.
pub(super) fn spelled(r: &Reading<'_>, start: usize) -> Option<Range<usize>> {
    if !r.is(start, NUMBER_WORD) || r.gap(start + 1) != Gap::Space || counts(r, start + 1) {
        return None;
    }
    let house = House {
        next: start + 1,
        digits: 1,
        one: false,
        marked: false,
        slashed: false,
    };
    let capital = r.capital(start) && r.capital(start + 1);
    let street = suffixed(r, start + 1)?;
    let coded = place(r, street.end).1 >= Place::Digits || unit(r, street.end).is_some();
    (coded || capital && street.capital)
        .then(|| judge(r, start, house, street))
        .flatten()
}

/// A house with a name for a number, believed with a British postcode only:
/// `The Old Rectory, Church Lane, Little Example NR21 0HP`. Seen from its street word.
pub(super) fn named_house(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let street = r.is(at, EN_STRONG.or(EN_MEDIUM)) && r.capital(at);
    if !street || !matches!(r.gap(at + 1), Gap::Comma | Gap::Line) {
        return None;
    }
    let mut start = at;
    while start > 0 && start + ADDRESS_NAME_WORDS_MAX > at && r.capital(start - 1) {
        if !matches!(
            r.gap(start),
            Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Comma | Gap::Line
        ) {
            break;
        }
        start -= 1;
    }
    let named = (start..=at).any(|k| k > start && matches!(r.gap(k), Gap::Comma | Gap::Line));
    let (end, place) = place(r, at + 1);
    let coded = at + 1 < end
        && (at + 1..end).any(|k| {
            code(r, k).is_some_and(|code| code.shape == Shape::Britain && code.next == end)
        });
    (named && coded && place == Place::Code).then_some(start..end)
}

/// `Maple Grove Rd`, `N. 5th St`, `SE A ST`, `Broadway`.
fn suffixed(r: &Reading<'_>, at: usize) -> Option<Street> {
    let mut best: Option<(usize, i32)> = None;
    for k in at..at + ADDRESS_NAME_WORDS_MAX {
        if k > at && !joins(r, k) || !may_be_named(r, k) {
            break;
        }
        let Some(weight) = strength(r, at, k) else {
            continue;
        };
        if best.is_none_or(|(last, most)| weight > most || weight == most && k == last + 1) {
            best = Some((k, weight));
        }
    }
    let (word, mut weight) = best?;
    let mut end = word + 1;
    while end < word + 3 && r.is(end, EN_STREET) && joins(r, end) && !lower_noun(r, end) {
        end += 1;
    }
    let after = direction_after(r, end);
    // "77 example ave springfield": a town ends the line.
    let town = r.gap(after) == Gap::Space && (r.ends_line(after + 1) || r.ends_line(after + 2));
    weight += i32::from(town && r.is(word, EN_STRONG) && !r.is(after, STOP));
    if r.is(after, SEQUEL) && !r.capital(after) {
        weight -= 3;
    }
    let directed = after > end || r.is(at, DIRECTION) && word > at + 1;
    weight += i32::from(directed) + i32::from((at..word).any(|k| is_ordinal(r.word(k))));
    let capital = (at..word).all(|k| r.capital(k) || !alphabetic(r, k) || r.is(k, STOP))
        && (at..=word).any(|k| r.capital(k));
    Some(Street {
        end: after,
        weight,
        capital,
    })
}

/// What the street word at `k` weighs behind the name that starts at `at`.
fn strength(r: &Reading<'_>, at: usize, k: usize) -> Option<i32> {
    let turned = k == at + 1 && r.is(at, DIRECTION) && !r.is(k, EN_STRONG);
    if k == at || turned {
        return r.is(k, NAMED).then_some(3);
    }
    // "20 blessés avenue Foch": this street has its name behind.
    let french = r.is(k, FR_STREET) && !r.capital(k - 1) && r.capital(k + 1);
    let french = french && r.gap(k + 1) == Gap::Space;
    let misnamed = french || r.is(k - 1, MISNAMER) || r.is(k - 1, STOP) && !r.capital(k - 1);
    let classes = r.classes(k);
    let weight = match classes {
        c if c.any(EN_STRONG) => 4,
        c if c.any(EN_MEDIUM) => 3 + i32::from(r.is(k, EN_SHORT) && phrase_ends(r, k + 1)),
        c if c.any(EN_WEAK) => 2,
        c if c.any(EN_FAINT) => 0,
        _ => return None,
    };
    // `3 d Cir.` is a court.
    let letter = k == at + 1 && r.word(at).len() == 1 && !r.written_capital(at);
    let letter = letter && !classes.any(EN_STRONG) && r.word(k) != "st";
    let ranked =
        letter || matches!(r.word(k), "place" | "pl") && k == at + 1 && is_ordinal(r.word(at));
    Some(if misnamed || ranked {
        weight - 3
    } else {
        weight
    })
}

fn phrase_ends(r: &Reading<'_>, at: usize) -> bool {
    r.closed(at) || r.is(at, STOP.or(DIRECTION)) || r.gap(at) == Gap::Dot
}

/// Whether a street word after a street word is an everyday noun here.
fn lower_noun(r: &Reading<'_>, at: usize) -> bool {
    r.is(at, EN_WEAK.or(EN_FAINT)) && !r.written_capital(at)
}

fn alphabetic(r: &Reading<'_>, at: usize) -> bool {
    r.word(at).starts_with(char::is_alphabetic)
}

/// Whether the gap before `at` may stand inside a name.
fn joins(r: &Reading<'_>, at: usize) -> bool {
    match r.gap(at) {
        Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::And => true,
        Gap::Dot => at.checked_sub(1).is_some_and(|b| {
            r.word(b).len() <= 2 || r.is(b, EN_STREET.or(DIRECTION)) && r.word(b).len() <= 4
        }),
        Gap::Dash
        | Gap::Slash
        | Gap::Comma
        | Gap::Colon
        | Gap::Line
        | Gap::Sign
        | Gap::Bracket
        | Gap::Other
        | Gap::Edge => false,
    }
}

/// Whether the word at `at` may stand in the name of a street.
fn may_be_named(r: &Reading<'_>, at: usize) -> bool {
    let word = r.word(at);
    if word.is_empty() || word.len() > 24 {
        return false;
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let beside = r.is(at + 1, DIRECTION.or(EN_STREET)) || at > 0 && r.is(at - 1, DIRECTION);
        return is_ordinal(word) || is_number(word) && word.len() <= 5 && beside;
    }
    let letter = word.len() == 1 && !matches!(word, "a" | "i" | "u");
    let initial = word.len() == 1 && r.upper(at) || letter && r.gap(at + 1) == Gap::Dot;
    let middle = letter && at > 0 && alphabetic(r, at - 1) && alphabetic(r, at + 1);
    let initial = initial || middle || compass(r, at);
    let shouted = r.upper(at) && word.len() > 1;
    let tied = matches!(r.gap(at), Gap::Apostrophe) || r.capital(at) && !shouted;
    !r.is(at, STOP) || initial || tied || spans_names(r, at)
}

/// `of`, `and`, `the` between capitals: `Isle of Palms Road`, `Wind and Fire Drive`.
fn spans_names(r: &Reading<'_>, at: usize) -> bool {
    matches!(r.word(at), "of" | "and" | "the")
        && (r.written_capital(at + 1) || r.word(at + 1) == "the")
        && at
            .checked_sub(1)
            .is_some_and(|b| r.written_capital(b) || r.word(b) == "of")
}

/// Whether the word at `at` is a compass point, not "so" or "no" or French "se".
fn compass(r: &Reading<'_>, at: usize) -> bool {
    let word = r.word(at);
    let other = matches!(word, "no" | "so") && r.gap(at + 1) != Gap::Dot;
    let french = word == "se" && !r.written_capital(at);
    r.is(at, DIRECTION) && !other && !french
}

/// The word after the compass points that close a street name.
fn direction_after(r: &Reading<'_>, at: usize) -> usize {
    let mut end = at;
    while end < at + 2 && r.is(end, DIRECTION) {
        let near = matches!(r.gap(end), Gap::Space | Gap::Comma | Gap::Dot);
        let short = r.word(end).len() <= 2 && !r.is(end, STOP) || r.upper(end);
        if !near || !(short || r.capital(end) || r.closed(end + 1)) {
            break;
        }
        end += 1;
    }
    end
}

/// `State Highway 16`, `County Road 12`, `US 19`, `Route 9 West`, `Highway No. 130 North`.
fn highway(r: &Reading<'_>, at: usize) -> Option<Street> {
    let mut word = at;
    while word < at + 4 && !r.is(word, HIGHWAY) && may_lead(r, word) {
        word += 1;
    }
    let letter = matches!(r.word(word), "d" | "i" | "n") && r.capital(word);
    let spelled = letter || r.is(word, HIGHWAY);
    let region = word > at && r.is(word - 1, STATE_CODE.or(STATE_NAME)) && r.capital(word - 1);
    let coded = region || word > at && r.word(word - 1) == "us";
    let mut number = match (spelled, coded) {
        (true, _) => word + 1,
        (false, true) => word,
        (false, false) => return None,
    };
    if matches!(r.word(number), "no" | "number") {
        number += 1;
    }
    let near = matches!(
        r.gap(number),
        Gap::Space | Gap::Hyphen | Gap::Sign | Gap::Dot
    );
    let name = r.word(number);
    let numbered =
        name.len() <= 5 && is_number(name.trim_end_matches(|c: char| c.is_ascii_lowercase()));
    let lettered = name.len() <= 2 && r.upper(number) && word > at && alphabetic(r, number);
    if !near || !(numbered || lettered) || counts(r, number + 1) {
        return None;
    }
    let weight = match (spelled && word > at, r.word(word).len()) {
        (true, 2..) => 4,
        (false, 1) => 2,
        (true | false, _) => 3,
    };
    let end = direction_after(r, number + 1);
    Some(Street {
        end,
        weight,
        capital: (at..number).all(|k| r.capital(k)),
    })
}

/// Whether a word may lead up to the word of a numbered road.
fn may_lead(r: &Reading<'_>, at: usize) -> bool {
    r.is(at, HIGHWAY_OF.or(STATE_CODE).or(STATE_NAME)) || compass(r, at)
}

/// The grids of Utah and the Midwest: `654 n 800 e`, `2901 East 3300 South`.
fn grid(r: &Reading<'_>, at: usize) -> Option<Street> {
    let crossed = compass(r, at) && is_number(r.word(at + 1)) && r.is(at + 2, DIRECTION);
    let near = joins(r, at + 1) && joins(r, at + 2);
    (crossed && near).then_some(Street {
        end: at + 3,
        weight: 5,
        capital: false,
    })
}

/// The street word first: `Avenue of the Americas`, `El Camino Real`, `Via Roma`, `The Prado`.
fn prefixed(r: &Reading<'_>, at: usize) -> Option<Street> {
    let at = if matches!(r.word(at), "el" | "the" | "la") {
        at + 1
    } else {
        at
    };
    if matches!(r.word(at), "ave" | "avenue" | "avn") && r.word(at + 1) == "of" {
        let named = if r.word(at + 2) == "the" {
            at + 3
        } else {
            at + 2
        };
        let capital = r.capital(named);
        return Some(Street {
            end: named + 1,
            weight: 3,
            capital,
        });
    }
    if !r.is(at, OTHER_BEFORE) {
        return None;
    }
    let name = french::name(r, at + 1)?;
    let capital = r.capital(at) && name.capital;
    Some(Street {
        end: name.end,
        weight: 2,
        capital,
    })
}

/// A compass point and a name, no street word: `N LaSalle`, `West 35th`, `E. 71st`.
fn directed(r: &Reading<'_>, at: usize) -> Option<Street> {
    if !compass(r, at) || !joins(r, at + 1) || r.word(at + 1).len() < 2 {
        return None;
    }
    let letter = r.word(at).len() <= 2;
    let mut end = at + 1;
    while end < at + 4 && joins(r, end) && (named_in_capitals(r, end) || letter && end < at + 2) {
        if unit(r, end).is_some() || r.is(end, STOP) && !r.capital(end) {
            break;
        }
        end += 1;
    }
    let ordinal = is_ordinal(r.word(at + 1));
    let dotted = letter && r.gap(at + 1) == Gap::Dot;
    let weight = 1 + i32::from(letter) + i32::from(ordinal) + i32::from(dotted);
    if is_number(r.word(at + 1)) && r.word(at + 1).len() <= 4 {
        return Some(Street {
            end: at + 2,
            weight: 0,
            capital: false,
        });
    }
    (end > at + 1).then_some(Street {
        end,
        weight,
        capital: r.capital(at + 1),
    })
}

fn named_in_capitals(r: &Reading<'_>, at: usize) -> bool {
    is_ordinal(r.word(at)) || r.written_capital(at) && (!r.is(at, STOP) || r.capital(at))
}

/// A name alone, but then a part of a building: `2225 Commonwealth Apt F`.
fn fitted(r: &Reading<'_>, at: usize) -> Option<Street> {
    let mut end = at;
    while end < at + 3 && alphabetic(r, end) && !r.is(end, STOP) && (end == at || joins(r, end)) {
        let next = r.gap(end) != Gap::Comma || end == at;
        if r.is(end, UNIT.or(MONTH)) || counts(r, end) || !next {
            break;
        }
        end += 1;
    }
    let weight = if (at..end).all(|k| r.written_capital(k)) {
        -1
    } else {
        -2
    };
    // `bump #5`, `CF # 264`: a number sign alone says little.
    let signed = if r.gap(end) == Gap::Sign { 3 } else { 0 };
    if end > at && is_number(r.word(end)) && r.word(end).len() <= 4 && r.gap(end) == Gap::Space {
        end += 1;
    }
    (end > at && unit(r, end).is_some() && r.word(end) != "no").then_some(Street {
        end,
        weight: weight - signed,
        capital: r.capital(at),
    })
}

/// A name alone, but somebody lives at it: `she lives at 42 Example`.
fn announced_name(r: &Reading<'_>, start: usize, at: usize) -> Option<Street> {
    let named = (at..at + 4).take_while(|k| {
        r.capital(*k) && alphabetic(r, *k) && !r.is(*k, STOP.or(MONTH)) && joins(r, *k)
    });
    let end = at + named.count();
    (end > at && announced(r, start) >= 2).then_some(Street {
        end,
        weight: 0,
        capital: true,
    })
}

/// No street word at all, but a full line of address: `3054 Hidden Meadow, Seguin, TX 78155`.
fn coded(r: &Reading<'_>, start: usize, house: House) -> Option<Range<usize>> {
    let at = house.next;
    let named = alphabetic(r, at) && (r.capital(at) || !r.is(at, STOP)) && r.gap(at) == Gap::Space;
    if !named || r.is(at, MONTH) {
        return None;
    }
    let (end, place) = place(r, at + 1);
    let alone = r.ends_line(start) && r.ends_line(end);
    let sure = place == Place::Code || place == Place::Region && alone;
    let sure = sure && (r.written_capital(at) || house.digits >= 3);
    (sure || place == Place::Digits && only_capitals(r, at, house)).then_some(start..end)
}

/// Whether nothing but capitalised words stands between a house number and five digits.
fn only_capitals(r: &Reading<'_>, at: usize, house: House) -> bool {
    let named = (at..at + 5).take_while(|k| r.capital(*k) && alphabetic(r, *k) && joins(r, *k));
    let behind = at + named.count();
    house.digits <= 4
        && behind > at
        && matches!(r.gap(behind), Gap::Space | Gap::Comma | Gap::Line)
        && code(r, behind).is_some_and(|code| code.shape == Shape::Five)
}
