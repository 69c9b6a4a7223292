//! Post boxes and rural routes, which stand where a street would.

use super::lexicon::{COUNTRY, STATE_CODE};
use super::place::{Place, tail};
use super::reading::{Gap, Reading, is_number};
use crate::detectors::postal_code::code;
use std::ops::Range;

/// The box whose first word is at `at`.
pub(super) fn boxed(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let (end, sure) = post_box(r, at)
        .or_else(|| rural_route(r, at))
        .or_else(|| military(r, at))
        .or_else(|| french_box(r, at))?;
    let tail = tail(r, end);
    let announced =
        tail.place >= Place::Region || r.is(end, STATE_CODE.or(COUNTRY)) && r.upper(end);
    let last = match r.word(tail.end) {
        "cedex" => tail.end + 1,
        _ => tail.end,
    };
    (sure || announced || r.word(tail.end) == "cedex").then_some(at..last)
}

/// `P.O. Box 123`, `PO Box 123`, `Box 123`… the last only with a place.
fn post_box(r: &Reading<'_>, at: usize) -> Option<(usize, bool)> {
    let beside = |k: usize| matches!(r.gap(k), Gap::Space | Gap::Dot);
    let word = match (r.word(at), r.word(at + 1), r.word(at + 2)) {
        ("p", "o", "box") if beside(at + 1) && beside(at + 2) => at + 2,
        ("po" | "post" | "postal", "box", _) if beside(at + 1) => at + 1,
        ("post", "office", "box") => at + 2,
        ("pobox", _, _) => at,
        _ => return None,
    };
    numbered(r, word + 1).map(|end| (end, true))
}

/// `FPO AE 09345`: the post office of an army or a fleet.
fn military(r: &Reading<'_>, at: usize) -> Option<(usize, bool)> {
    let office = matches!(r.word(at), "apo" | "fpo" | "dpo");
    let area = matches!(r.word(at + 1), "aa" | "ae" | "ap");
    let code = code(r, at + 2).filter(|_| office && area)?;
    code.shape.behind_region().then_some((code.next, true))
}

/// `RR 2 Box 10`, `HC 21 Box 52`, `PSC 3117, Box 609`, `Rural Route 3`.
fn rural_route(r: &Reading<'_>, at: usize) -> Option<(usize, bool)> {
    let route = match (r.word(at), r.word(at + 1)) {
        ("rural" | "star" | "hc", "route" | "rte") => at + 2,
        ("rr" | "hc" | "hcr" | "psc" | "cmr" | "unit", _) => at + 1,
        ("rt" | "rte" | "route", _) => at + 1,
        _ => return None,
    };
    let next = numbered(r, route)?;
    let joins = matches!(r.gap(next), Gap::Space | Gap::Comma | Gap::Line | Gap::Dot);
    if r.word(next) == "box" && joins {
        return numbered(r, next + 1).map(|end| (end, true));
    }
    Some((next, r.word(at) == "rural")).filter(|_| matches!(r.word(at), "rr" | "rural"))
}

/// `BP 123`, `CS 12345`, `boîte postale 12`, `C.P. 40`, `Postfach 7`: believed with a place only,
/// for the letters have many other readings.
fn french_box(r: &Reading<'_>, at: usize) -> Option<(usize, bool)> {
    match (r.word(at), r.word(at + 1)) {
        ("boite" | "case", "postale") => numbered(r, at + 2).map(|end| (end, true)),
        ("postfach" | "postbus", _) => numbered(r, at + 1).map(|end| (end, r.capital(at))),
        ("bp" | "cs" | "tsa" | "cp", _) => numbered(r, at + 1).map(|end| (end, false)),
        ("b" | "c", "p" | "s") if r.gap(at + 1) == Gap::Dot => {
            numbered(r, at + 2).map(|end| (end, false))
        }
        _ => None,
    }
}

/// The word after a number at `at`, perhaps behind `#` or `no`.
fn numbered(r: &Reading<'_>, at: usize) -> Option<usize> {
    let at = if matches!(r.word(at), "no" | "number" | "n") {
        at + 1
    } else {
        at
    };
    let near = matches!(
        r.gap(at),
        Gap::Space | Gap::Dot | Gap::Sign | Gap::Colon | Gap::Hyphen
    );
    let word = r.word(at);
    let digits = is_number(word.trim_end_matches(|c: char| c.is_ascii_lowercase()));
    (near && digits && word.len() <= 8).then_some(at + 1)
}
