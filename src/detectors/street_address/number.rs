//! House numbers: `12`, `27 bis`, `166B`, `123-45`, `618 1/2`, `12/345`, `12 et 14`.

use super::lexicon::{COUNTED, DATER, EN_STRONG, LOCATOR, MONTH, NUMBERER, STOP, UNIT};
use super::reading::{Gap, Reading, is_number, is_ordinal};

/// A house number.
#[derive(Clone, Copy, Debug)]
pub(super) struct House {
    /// The word after it.
    pub(super) next: usize,
    /// Its digits; those of a year tell nothing.
    pub(super) digits: usize,
    /// Whether it is plain `1`, which in French chat also is an article.
    pub(super) one: bool,
    /// Whether something only house numbers have follows: `bis`, a range, a letter.
    pub(super) marked: bool,
    /// Whether a slash and a short number follow, as in flats of Australia and dates of everybody.
    pub(super) slashed: bool,
}

/// The house number that starts at word `at`, if it may be one.
pub(super) fn house(r: &Reading<'_>, at: usize) -> Option<House> {
    if !opens(r, at) || numbered_otherwise(r, at) {
        return None;
    }
    if gridded(r.word(at)) {
        let next = if gridded(r.word(at + 1)) {
            at + 2
        } else {
            at + 1
        };
        return Some(House {
            next,
            digits: 4,
            one: false,
            marked: true,
            slashed: false,
        });
    }
    let (digits, letter) = split(r, at)?;
    let one = r.word(at) == "1";
    let digits = if like_a_year(r.word(at)) { 2 } else { digits };
    let slashed = r.gap(at + 1) == Gap::Slash && r.word(at + 1).len() <= 2;
    let mut house = House {
        next: at + 1,
        digits,
        one,
        marked: letter,
        slashed,
    };
    extend(r, &mut house);
    Some(house)
}

/// Whether a house number may start with this word.
pub(super) fn may_be_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || gridded(word)
}

/// `W156N9762`, `N970`: the grids of Wisconsin, in one word or two.
fn gridded(word: &str) -> bool {
    let compass = |c: char| matches!(c, 'n' | 's' | 'e' | 'w');
    let digits = |part: &str| part.len() >= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = word.strip_prefix(compass) else {
        return false;
    };
    rest.split_once(compass)
        .map_or(digits(rest), |(a, b)| digits(a) && digits(b))
}

/// Digits of a word, and whether a letter of a house follows them.
fn split(r: &Reading<'_>, at: usize) -> Option<(usize, bool)> {
    let word = r.word(at);
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - letters.len();
    let fits = match letters {
        "" | "bis" | "ter" | "quater" | "a" | "b" | "c" | "d" | "f" => true,
        // `20h` is an hour; `2e`, `5k`, `4x` are an ordinal, a distance, a multiple.
        "h" => false,
        _ => letters.len() == 1 && r.upper(at),
    };
    ((1..=6).contains(&digits) && fits).then_some((digits, !letters.is_empty()))
}

/// Whether nothing glued to the left says that the digits go on or are a price.
fn opens(r: &Reading<'_>, at: usize) -> bool {
    let digits_before = at.checked_sub(1).is_some_and(|b| {
        let unit = r.word(b).starts_with(char::is_alphabetic) && r.gap(at) == Gap::Slash;
        r.word(b).ends_with(|c: char| c.is_ascii_digit()) && !unit
    });
    match r.char_before(at) {
        None | Some('(' | '[' | '"' | '\'' | '>' | '*' | '|' | '@' | '{' | '_') => true,
        Some(':' | ',' | '-' | '.' | '!' | '?' | '/') => !digits_before,
        Some(c) => c.is_whitespace(),
    }
}

/// Whether the word before says that this number counts or dates something.
fn numbered_otherwise(r: &Reading<'_>, at: usize) -> bool {
    let word = r.word(at);
    let thousands = at > 0 && is_number(r.word(at - 1)) && word.starts_with('0');
    let pair = |k: usize| is_number(r.word(k)) && r.word(k).len() == 2;
    let phone = at > 1 && pair(at) && pair(at - 1) && pair(at - 2);
    let joined = matches!(r.gap(at + 1), Gap::Slash | Gap::Hyphen);
    let floor = at > 1 && is_ordinal(r.word(at - 2));
    let unit =
        !joined && !floor && at > 0 && r.follows(at, UNIT) && !r.is(at - 1, STOP.or(LOCATOR));
    if r.follows(at, NUMBERER) || thousands || phone || unit {
        return true;
    }
    like_a_year(word) && r.follows(at, DATER) || word.len() <= 2 && r.follows(at, MONTH)
}

/// Whether a number may be a year.
pub(in crate::detectors) fn like_a_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

/// Takes what goes with a house number: a range, a fraction, `bis`, a letter.
fn extend(r: &Reading<'_>, house: &mut House) {
    let next = house.next;
    let range = matches!(r.gap(next), Gap::Hyphen | Gap::Slash) && short_number(r, next);
    let spaced = matches!(r.gap(next), Gap::Dash | Gap::And) && is_number(r.word(next));
    let listed = r.gap(next) == Gap::Space
        && matches!(r.word(next), "et" | "and")
        && is_number(r.word(next + 1));
    let half = r.gap(next) == Gap::Space
        && r.gap(next + 1) == Gap::Slash
        && is_number(r.word(next))
        && is_number(r.word(next + 1));
    if listed || half {
        house.next += 2;
    } else if range || spaced {
        house.next += 1;
    }
    if matches!(r.gap(house.next), Gap::Space | Gap::Comma)
        && matches!(r.word(house.next), "bis" | "ter" | "quater")
    {
        house.next += 1;
    }
    house.marked |= house.next > next && !house.slashed;
}

/// `45` of `123-45`, `B` of `9820-B`.
fn short_number(r: &Reading<'_>, at: usize) -> bool {
    let word = r.word(at);
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() <= 1 && word.len() <= 6 && (letters.len() < word.len() || r.upper(at))
}

/// Whether the word at `at` is what numbers count: `300 pages`.
pub(super) fn counts(r: &Reading<'_>, at: usize) -> bool {
    let named = if r.word(at).len() == 1 {
        // `1401 H St`, `1800 m street`: a letter names a street.
        r.written_capital(at) || r.is(at + 1, EN_STRONG) || r.word(at + 1) == "st"
    } else {
        r.capital(at)
    };
    r.is(at, COUNTED) && !named
}
