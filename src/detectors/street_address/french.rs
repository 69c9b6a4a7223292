//! The French order: number, street word, name. France, Québec, Belgium and Switzerland alike.

use super::evidence::{Street, judge};
use super::lexicon::{
    Classes, FR_MEDIUM, FR_STREET, FR_STRONG, FR_WEAK, INVARIABLE, LINK, MONTH, NOT_A_NAME,
    QUALIFIER, SAINT, STOP, TITLE,
};
use super::number::{House, counts};
use super::place::{Place, tail};
use super::reading::{Gap, Reading, is_number, is_ordinal};
use crate::detectors::postal_code::{Shape, code};
use crate::limits::ADDRESS_NAME_WORDS_MAX;
use std::ops::Range;

/// The address whose house number was read at `start`.
pub(super) fn numbered(r: &Reading<'_>, start: usize, house: House) -> Option<Range<usize>> {
    let mut at = house.next;
    // `122 B boulevard`, but not `20 h place`: that is an hour.
    let lettered = matches!(r.word(at), "a" | "b" | "c" | "d") || r.word(at) != "h" && r.upper(at);
    if lettered && r.word(at).len() == 1 && street_word(r, at + 1).is_some() {
        at += 1;
    }
    if house.slashed || !matches!(r.gap(at), Gap::Space | Gap::Comma) {
        return None;
    }
    let Some((named_at, strength)) = street_word(r, at) else {
        return hamlet(r, start, house, at);
    };
    let name = name(r, named_at).or_else(|| nameless(r, at, named_at))?;
    let mut weight = strength.weight() + i32::from(name.article);
    if strength == Strength::Weak && !name.article {
        weight -= 2;
    }
    // "4 place de …" is a plural forgotten or an address; "1 place" is neither.
    weight += match (house.one, r.is(named_at - 1, INVARIABLE)) {
        (true, false) if strength == Strength::Strong && (name.linked || name.capital) => 0,
        (true, _) if !name.capital && strength == Strength::Strong => -1,
        (true, _) if !name.capital => -2,
        (true, _) | (_, true) => 0,
        (false, false) => 1,
    };
    if name.misnamed {
        weight -= 5;
    }
    let route = matches!(r.word(named_at - 1), "route" | "rte") && name.linked;
    weight += i32::from(route) + i32::from(town_ends_line(r, name.end));
    judge(
        r,
        start,
        house,
        Street {
            end: name.end,
            weight,
            capital: name.capital,
        },
    )
}

/// Whether a town, or what may be one, ends the line: `6 cité exemple saumur`.
fn town_ends_line(r: &Reading<'_>, at: usize) -> bool {
    let words = (at..at + 5).take_while(|k| {
        matches!(r.gap(*k), Gap::Space | Gap::Hyphen | Gap::Apostrophe)
            && r.word(*k).chars().all(char::is_alphabetic)
            && (!r.is(*k, STOP) || r.gap(*k) == Gap::Hyphen)
    });
    let end = at + words.count();
    end > at && r.ends_line(end)
}

/// `Lieu-dit Les Granges, 24000 Périgueux`: no number, so the town must follow.
pub(super) fn unnumbered(r: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let place_word = matches!(
        r.word(at),
        "lieu" | "lieudit" | "residence" | "hameau" | "domaine" | "ld"
    );
    let zone = matches!(r.word(at), "zi" | "za" | "zac") && r.upper(at);
    if !place_word && !zone {
        return None;
    }
    let (named_at, _) = street_word(r, at)?;
    let name = name(r, named_at).filter(|name| name.capital)?;
    let tail = tail(r, name.end);
    (tail.place >= Place::Digits).then_some(at..tail.end)
}

/// `Grande Rue`: the adjective is the name.
pub(super) fn nameless(r: &Reading<'_>, at: usize, end: usize) -> Option<Name> {
    let qualified = end == at + 2 && qualifies(r, at) && r.is(at + 1, FR_STRONG);
    let capital = r.capital(at);
    qualified.then_some(Name {
        end,
        capital,
        article: false,
        linked: false,
        misnamed: false,
    })
}

/// A hamlet in place of a street: `8 le Ruel 35890`, `4 Les Charrons`.
fn hamlet(r: &Reading<'_>, start: usize, house: House, at: usize) -> Option<Range<usize>> {
    let article = matches!(r.word(at), "le" | "la" | "les" | "l");
    if !article || r.gap(at) != Gap::Space {
        return None;
    }
    let name = name(r, at).filter(|name| !name.misnamed)?;
    let coded = code(r, name.end).is_some_and(|code| code.shape == Shape::Five);
    let street = Street {
        end: name.end,
        weight: 1,
        capital: r.capital(at + 1),
    };
    if street.capital || coded {
        judge(r, start, house, street)
    } else {
        None
    }
}

/// How surely a street word is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// `rue`.
    Strong,
    /// `place`.
    Medium,
    /// `parc`.
    Weak,
}

impl Strength {
    const fn weight(self) -> i32 {
        match self {
            Self::Strong => 4,
            Self::Medium => 3,
            Self::Weak => 1,
        }
    }
}

/// Whether an adjective or an ordinal may come before a street word: `grande rue`, `5e Avenue`.
fn qualifies(r: &Reading<'_>, at: usize) -> bool {
    let english = r.word(at).ends_with(['t', 'd', 'h']);
    r.is(at, QUALIFIER) || is_ordinal(r.word(at)) && !english
}

/// The word after the street word at `at` (and its adjective), and how sure it is.
pub(super) fn street_word(r: &Reading<'_>, at: usize) -> Option<(usize, Strength)> {
    let qualified = qualifies(r, at)
        && r.is(at + 1, FR_STREET)
        && matches!(r.gap(at + 1), Gap::Space | Gap::Apostrophe | Gap::Hyphen);
    let word = if qualified { at + 1 } else { at };
    let classes: Classes = r.classes(word);
    if matches!(
        (r.word(word), r.word(word + 1)),
        ("lieu", "dit") | ("rond", "point")
    ) {
        return Some((word + 2, Strength::Medium));
    }
    let short = r.gap(word + 1) == Gap::Dot || matches!(r.word(word + 1), "de" | "du" | "des");
    if r.word(word) == "r" && short {
        return Some((word + 1, Strength::Medium));
    }
    let strength = match classes {
        c if c.any(FR_STRONG) => Strength::Strong,
        c if c.any(FR_MEDIUM) => Strength::Medium,
        c if c.any(FR_WEAK) => Strength::Weak,
        _ => return None,
    };
    Some((word + 1, strength))
}

/// The name of a street.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// The word after it.
    pub(super) end: usize,
    /// Its first own word has a capital.
    pub(super) capital: bool,
    /// It starts with an article: `du`, `des`, `de la`, `de l'`.
    pub(super) article: bool,
    /// It starts with any word that ties: `de`, `d'` too.
    pub(super) linked: bool,
    /// It names something that is no street: `place de parking`.
    pub(super) misnamed: bool,
}

/// The name that starts at `at`, right behind a street word.
pub(super) fn name(r: &Reading<'_>, at: usize) -> Option<Name> {
    let mut walk = Walk {
        at,
        own: 0,
        budget: 2,
        name: None,
    };
    for step in 0..ADDRESS_NAME_WORDS_MAX {
        if !walk.joins(r, step == 0) {
            break;
        }
        let Some(()) = walk.step(r, at) else { break };
    }
    walk.name
}

/// A walk along the words of a name.
struct Walk {
    at: usize,
    own: u32,
    budget: u32,
    name: Option<Name>,
}

impl Walk {
    /// Whether the gap before the next word may stand inside a name.
    fn joins(&self, r: &Reading<'_>, first: bool) -> bool {
        match r.gap(self.at) {
            Gap::Space => true,
            Gap::Dot => first || self.at.checked_sub(1).is_some_and(|b| r.word(b).len() <= 3),
            Gap::Hyphen => true,
            Gap::Apostrophe => !first,
            Gap::Dash
            | Gap::Slash
            | Gap::Comma
            | Gap::Colon
            | Gap::Line
            | Gap::Sign
            | Gap::Bracket
            | Gap::And
            | Gap::Other
            | Gap::Edge => false,
        }
    }

    /// Takes the next word, or ends.
    fn step(&mut self, r: &Reading<'_>, start: usize) -> Option<()> {
        let at = self.at;
        let word = r.word(at);
        if let Some(next) = date(r, at) {
            return self.take(r, start, next);
        }
        let glued = matches!(r.gap(at), Gap::Hyphen | Gap::Apostrophe);
        // `rue des 4 Vents`
        let counted = self.own == 0 && at > start && word.len() <= 3 && r.gap(at + 1) == Gap::Space;
        if word.starts_with(|c: char| c.is_ascii_digit()) && !is_ordinal(word) {
            self.at += 1;
            return counted.then_some(());
        }
        if r.is(at, LINK) && !(r.is(at, SAINT) && self.own == 0) {
            return self.link(r);
        }
        let capital = r.capital(at) || glued;
        // Behind an article stands a noun: `rue de la Font`, `rue du Bas`.
        let noun =
            self.own == 0 && at > start && matches!(r.word(at - 1), "la" | "du" | "l" | "en");
        let initial = word.len() == 1 && r.upper(at);
        let hyphened = r.gap(at + 1) == Gap::Hyphen;
        if r.is(at, STOP) && !capital && !noun && !initial && !hyphened {
            return None;
        }
        match self.name {
            Some(name) if name.capital && !capital => None,
            Some(name) if !name.capital && !glued && self.own >= self.budget => None,
            Some(_) | None => self.take(r, start, at + 1),
        }
    }

    /// Takes a word that ties a name together, if one of its own follows.
    fn link(&mut self, r: &Reading<'_>) -> Option<()> {
        let word = r.word(self.at);
        let inside = self.name.is_some();
        let tied =
            matches!(r.gap(self.at), Gap::Hyphen) || matches!(r.gap(self.at + 1), Gap::Hyphen);
        let capital = r.capital(self.at + 1) || r.capital(self.at + 2);
        let loose = matches!(word, "a" | "au" | "aux" | "en" | "et" | "sur" | "sous");
        // `rue sur la côte`, `rue d'en bas`, but not `rue à traverser`.
        let opening = !inside
            && word != "a"
            && (r.is(self.at + 1, LINK) || r.gap(self.at) == Gap::Apostrophe);
        if loose && !capital && !tied && !opening {
            return None;
        }
        if !inside && self.own == 0 {
            self.budget = 1;
        } else if inside && !tied && self.name.is_some_and(|n| n.capital) && !capital {
            return None;
        } else if inside {
            self.budget += 1;
        }
        self.at += 1;
        Some(())
    }

    /// Takes the words up to `next` into the name.
    fn take(&mut self, r: &Reading<'_>, start: usize, next: usize) -> Option<()> {
        let at = self.at;
        self.own += u32::from(!r.is(at, TITLE.or(SAINT)));
        let first = self.name.unwrap_or(Name {
            end: next,
            capital: r.capital(at),
            article: (start..at)
                .any(|k| matches!(r.word(k), "du" | "des" | "la" | "l" | "le" | "les")),
            linked: at > start,
            misnamed: misnamed(r, at),
        });
        self.name = Some(Name { end: next, ..first });
        self.at = next;
        Some(())
    }
}

/// Whether this is no name of a street: `place de parking`, `av. J.-C.`, `square ft`.
fn misnamed(r: &Reading<'_>, at: usize) -> bool {
    let era = matches!(r.word(at), "j" | "jc") && r.is(at - 1, FR_MEDIUM);
    era || !r.capital(at) && (r.is(at, NOT_A_NAME) || counts(r, at)) || r.word(at) == "i"
}

/// The word after a date that names a street: `8 mai 1945`, `11 novembre`.
fn date(r: &Reading<'_>, at: usize) -> Option<usize> {
    let day = r.word(at);
    if !(is_number(day) && day.len() <= 2 || day == "1er") || !r.is(at + 1, MONTH) {
        return None;
    }
    let year = r.word(at + 2);
    let dated = is_number(year) && year.len() == 4 && r.gap(at + 2) == Gap::Space;
    Some(if dated { at + 3 } else { at + 2 })
}
