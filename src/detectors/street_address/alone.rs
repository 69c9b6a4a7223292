//! A post that is nothing but an address, as in an answer to "where does she live?".
//!
//! Then capitals and one number are enough without any street word. A number of three digits is
//! asked for, or a town behind a comma: `12 Angry Men` is a film.

use super::lexicon::{COUNTED, LINK, MONTH, NUMBERER, STOP, UNIT};
use super::number::{house, like_a_year};
use super::reading::{Gap, Reading, is_number, is_ordinal};
use std::ops::Range;

/// Words of a post that may be an address without a street word.
const WORDS_MAX: usize = 9;

/// The whole post, when it reads as an address; `number_last` also takes `Name 12, Town`.
pub(super) fn alone(r: &Reading<'_>, number_last: bool) -> Option<Range<usize>> {
    if !(2..=WORDS_MAX).contains(&r.len()) {
        return None;
    }
    let at = (0..r.len()).find(|k| r.word(*k).starts_with(|c: char| c.is_ascii_digit()))?;
    let house = house(r, at).filter(|_| !like_a_year(r.word(at)))?;
    let named = |span: Range<usize>| span.clone().all(|k| names(r, k)) && !span.is_empty();
    let rest = house.next..r.len();
    let commas = (1..r.len()).filter(|k| r.gap(*k) == Gap::Comma).count();
    let believed = if at == 0 {
        named(rest.clone()) && (commas == 1 || house.digits >= 3 && commas == 0 && rest.len() >= 2)
    } else {
        let behind = rest.is_empty() || r.gap(house.next) == Gap::Comma && named(rest);
        number_last && named(0..at) && commas == 1 && behind && r.gap(at) == Gap::Space
    };
    believed.then_some(0..r.len())
}

/// Whether a capitalised word may be part of a name.
fn names(r: &Reading<'_>, at: usize) -> bool {
    let joined = matches!(
        r.gap(at),
        Gap::Space | Gap::Comma | Gap::Hyphen | Gap::Apostrophe | Gap::Edge
    ) || r.gap(at) == Gap::Dot && r.word(at - 1).len() <= 3;
    let word = r.word(at);
    let other = STOP.or(COUNTED).or(MONTH).or(NUMBERER).or(UNIT);
    let capital = r.capital(at) && (!r.is(at, other) || word.len() == 1);
    joined && !is_number(word) && !is_ordinal(word) && (capital || r.is(at, LINK) && at > 0)
}
