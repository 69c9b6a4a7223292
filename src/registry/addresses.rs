//! Addresses: a house number and the words of its street, as everybody writes them.
//!
//! `27 bis, rue des Lilas`, `27bis r. Lilas` and `27 B Rue Des LILAS` are one: `27b r lilas`. A
//! suffix is one letter, as postal services write it (`B` for `bis`, `T` for `ter`, `Q` for
//! `quater`); words for kinds of streets, titles and compass points are as short as people write
//! them; the little words that tie a name together are left out.

use super::alias::AliasError;
use super::phrase::{Class, Phrase, whole};
use super::search::Search;
use super::table::Candidate;
use crate::limits::{ADDRESS_GAP_BYTES_MAX, REGISTERED_WORDS_MAX};
use crate::text::{Key, Outline, Word, fold_term};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Words that say what kind of street it is: each line is one kind, the shortest way first.
static KINDS: &[&str] = &[
    "aly alley",
    "all allee allees",
    "av ave avenue aven avn",
    "bd blvd boulevard boul boulv",
    "ch che chem chemin",
    "cir circle circ",
    "close cl clos",
    "cres crescent cr cresc",
    "crs cours",
    "ct court crt",
    "dr drive docteur doctor drv",
    "esp esplanade",
    "fg fbg faubourg",
    "gdn gdns garden gardens",
    "gr grove grv",
    "ham hameau",
    "hts heights",
    "hwy highway",
    "imp impasse",
    "ln lane",
    "lot lotissement",
    "mt mount montee",
    "pass passage",
    "pkwy parkway pky pkway",
    "pl place plc",
    "prom promenade",
    "qu quai",
    "r rue",
    "rd road rond",
    "res residence",
    "rte route",
    "sq square",
    "st street str saint",
    "ste sainte",
    "ter terr terrace terrasse",
    "trl trail",
    "way wy",
];

/// Words of names of streets that are written short: each line is one word, the shortest way first.
static WORDS: &[&str] = &[
    "cdt commandant",
    "col colonel",
    "e east",
    "fr frere",
    "gal gen general",
    "gd grand",
    "gde grande",
    "lt lieutenant",
    "mal marechal",
    "n north",
    "nd notre",
    "pdt president",
    "pr prof professeur professor",
    "pt petit",
    "pte petite",
    "s south",
    "vx vieux",
    "w west",
];

/// Words that tie a name together, and that half of all people leave out or change.
const TIES: &str = "d de del des du l la las le les of the";

/// Parts of a building: what follows one with a number is not part of the street.
const UNITS: &[&str] = &[
    "app",
    "appartement",
    "appt",
    "apt",
    "apartment",
    "bat",
    "batiment",
    "bldg",
    "bte",
    "building",
    "esc",
    "escalier",
    "etage",
    "flat",
    "floor",
    "room",
    "suite",
    "unit",
];

/// Suffixes of house numbers, and their letter.
const SUFFIXES: [(&str, &str); 3] = [("bis", "b"), ("ter", "t"), ("quater", "q")];

/// Letters that follow a house number after a space. Others begin a street: `27 r. …`, `12 N Main`.
const LETTERS: &[&str] = &["a", "b", "c", "d", "f", "g", "h", "q", "t"];

/// Words of a street, little ones too, whose house number stands behind it.
const STREET_WORDS_BEFORE_MAX: usize = 8;

/// What stands between a street and its number behind it.
const NUMBER_SIGNS: &[&str] = &["n", "no", "nr", "num", "number", "numero"];

/// Digits of the longest house number. Postal codes of France and the US have more than those of
/// any number inside the name of a street.
const HOUSE_DIGITS_MAX: usize = 6;

/// Digits from which a number behind a street is a postal code.
const CODE_DIGITS_MIN: usize = 5;

/// Tokens without which there is no address: a house and a word of its street.
const TOKENS_MIN: usize = 2;

/// What becomes of a word.
#[derive(Clone, Copy)]
enum Reduced {
    /// A kind of street.
    Kind(&'static str),
    /// Another word.
    Word(&'static str),
    /// It is left out.
    Tie,
}

static REDUCED: LazyLock<FxHashMap<Key, Reduced>> = LazyLock::new(|| {
    let mut reduced = FxHashMap::default();
    let lines = |lines: &'static [&'static str]| {
        lines.iter().flat_map(|line| {
            let shortest = line.split(' ').next().unwrap_or_default();
            line.split(' ').map(move |word| (Key::of(word), shortest))
        })
    };
    reduced.extend(lines(KINDS).map(|(key, word)| (key, Reduced::Kind(word))));
    reduced.extend(lines(WORDS).map(|(key, word)| (key, Reduced::Word(word))));
    reduced.extend(TIES.split(' ').map(|tie| (Key::of(tie), Reduced::Tie)));
    reduced
});

/// A house number, reduced.
#[derive(Clone, Copy)]
struct House<'t> {
    digits: &'t str,
    /// One letter, or nothing.
    suffix: &'t str,
    /// The word behind it.
    next: usize,
}

impl House<'_> {
    fn key(&self) -> Key {
        match self.suffix {
            "" => Key::of(self.digits),
            _ => Key::of(&self.text()),
        }
    }

    fn text(&self) -> String {
        [self.digits, self.suffix].concat()
    }
}

/// A folded text, its words and their keys.
#[derive(Clone, Copy)]
struct Page<'t> {
    text: &'t str,
    words: &'t [Word],
    keys: &'t [Key],
}

impl<'t> Page<'t> {
    fn of(text: &'t str, outline: &'t Outline) -> Self {
        Self {
            text,
            words: outline.words(),
            keys: outline.keys(),
        }
    }

    fn word(&self, at: usize) -> &'t str {
        let word = self.words.get(at);
        word.and_then(|word| self.text.get(word.start as usize..word.end as usize))
            .unwrap_or("")
    }

    /// What stands between a word and the one before.
    fn gap(&self, at: usize) -> &'t str {
        let before = at.checked_sub(1).and_then(|before| self.words.get(before));
        let ends = before.zip(self.words.get(at));
        ends.and_then(|(a, b)| self.text.get(a.end as usize..b.start as usize))
            .unwrap_or("")
    }

    /// The house number that begins with a word.
    fn house(&self, at: usize) -> Option<House<'t>> {
        let word = self.word(at);
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.get(..word.len() - letters.len())?;
        if !(1..=HOUSE_DIGITS_MAX).contains(&digits.len()) {
            return None;
        }
        let is_beside = matches!(self.gap(at + 1), " " | "-" | ", " | "." | ". ");
        let (suffix, next) = match (letters, self.word(at + 1)) {
            ("", after) if is_beside => match suffix(after) {
                Some(suffix) => (suffix, at + 2),
                None => ("", at + 1),
            },
            ("", _) => ("", at + 1),
            (letters, _) if letters.len() == 1 => (letters, at + 1),
            (letters, _) => (suffix(letters)?, at + 1),
        };
        Some(House {
            digits,
            suffix,
            next,
        })
    }

    /// The words of a street from a word on, reduced; each with the word behind it.
    fn street(self, from: usize) -> impl Iterator<Item = (&'t str, Key, usize)> {
        let mut at = from;
        std::iter::from_fn(move || {
            loop {
                let key = *self.keys.get(at)?;
                if self.gap(at).len() > ADDRESS_GAP_BYTES_MAX {
                    return None;
                }
                at += 1;
                match REDUCED.get(&key) {
                    Some(Reduced::Kind(word) | Reduced::Word(word)) => {
                        return Some((*word, Key::of(word), at));
                    }
                    Some(Reduced::Tie) => {}
                    None => return Some((self.word(at - 1), key, at)),
                }
            }
        })
    }

    /// Whether the street ended before a word: a town, a flat or a postal code begins.
    fn is_behind_street(&self, at: usize) -> bool {
        let (word, after) = (self.word(at), self.word(at + 1));
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let unit = UNITS.contains(&word) && (is_number(after) || after.len() == 1);
        let code = word.len() >= CODE_DIGITS_MIN && word.bytes().all(|b| b.is_ascii_digit());
        self.gap(at).contains([',', '\n', ';', '#', '(']) || unit || code
    }

    /// Where a street ends whose house number stands behind it: `rue des Lilas, n° 27`.
    fn street_end(&self, number: usize) -> usize {
        let before = number.saturating_sub(1);
        match NUMBER_SIGNS.contains(&self.word(before)) {
            true => before,
            false => number,
        }
    }

    /// Whether a number counts a part of a building: `app. 4`.
    fn is_unit_number(&self, at: usize) -> bool {
        at.checked_sub(1)
            .is_some_and(|before| UNITS.contains(&self.word(before)))
    }
}

/// The letter that a suffix is reduced to.
fn suffix(word: &str) -> Option<&str> {
    let long = SUFFIXES.iter().find(|(long, _)| *long == word);
    long.map(|(_, letter)| *letter)
        .or_else(|| LETTERS.contains(&word).then_some(word))
}

/// The one way of writing an address.
pub(super) fn phrases(written: &str) -> Result<Vec<Phrase>, AliasError> {
    let folded = fold_term(written);
    let outline = Outline::of(&folded);
    let page = Page::of(&folded, &outline);
    let begins = |at: &usize| !page.is_unit_number(*at);
    let house = (0..page.words.len())
        .filter(begins)
        .find_map(|at| page.house(at))
        .ok_or(AliasError::NoHouseNumber)?;
    let (number, from) = (house.text(), house.next);
    let mut tokens = vec![number.as_str()];
    let mut at = from;
    for (token, _, next) in page.street(from) {
        let ended = (at.max(from + 1)..next).any(|at| page.is_behind_street(at));
        if ended && tokens.len() > 1 {
            break;
        }
        tokens.push(token);
        at = next;
    }
    let is_named = |token: &&str| !matches!(REDUCED.get(&Key::of(token)), Some(Reduced::Kind(_)));
    if !tokens.iter().skip(1).any(is_named) {
        return Err(AliasError::NoStreet);
    }
    if tokens.len() > REGISTERED_WORDS_MAX {
        return Err(AliasError::TooLong);
    }
    let first = tokens.iter().take(TOKENS_MIN).map(|token| Key::of(token));
    let phrase = Phrase::of_words(&tokens).ok_or(AliasError::NoStreet)?;
    let first = whole(first).ok_or(AliasError::NoStreet)?.hash();
    Ok(vec![Phrase { first, ..phrase }])
}

/// Looks for addresses in a text, wherever a number begins a word.
pub(super) fn find(search: &mut Search<'_>, text: &str, outline: &Outline) {
    let registry = search.registry;
    let page = Page::of(text, outline);
    let mut at = 0;
    for number in outline.numbers() {
        while page.words.get(at).is_some_and(|word| word.start < *number) {
            at += 1;
        }
        if page.words.get(at).is_none_or(|word| word.start != *number) {
            continue;
        }
        let Some(house) = page.house(at) else {
            continue;
        };
        let mut from = |start: usize, end: usize| {
            let Some((_, street, _)) = page.street(start).next() else {
                return;
            };
            let first = registry.spread.bits(house.key().with(street).hash());
            let candidates = registry.addresses.candidates(first);
            if !candidates.is_empty() {
                compare(search, page, (house, start..end), candidates);
            }
        };
        from(house.next, page.words.len());
        // `rue des Lilas 27`: the street may begin at each of the words before.
        let end = page.street_end(at);
        for start in end.saturating_sub(STREET_WORDS_BEFORE_MAX)..end {
            from(start, end);
        }
        if search.is_full() {
            return;
        }
    }
}

/// Compares a house and a street, the words of which stand in a range, to the addresses that begin
/// alike.
#[cold]
fn compare(
    search: &mut Search<'_>,
    page: Page<'_>,
    (house, words): (House<'_>, Range<usize>),
    candidates: &[Candidate],
) {
    let longest = candidates.iter().map(|it| it.words).max().unwrap_or(0);
    let (mut phrase, mut together) = (house.text(), house.key());
    let street = page
        .street(words.start)
        .take_while(|(_, _, next)| *next <= words.end)
        .take(usize::from(longest).saturating_sub(1));
    for (words, (token, key, _)) in (2_u8..).zip(street) {
        phrase.push(' ');
        phrase.push_str(token);
        together = together.with(key);
        let whole = search.registry.spread.bits(together.hash());
        let alike = |it: &&Candidate| it.words == words && it.whole == whole;
        for candidate in candidates.iter().filter(alike) {
            search.confirm(Class::Address, candidate, &phrase);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Result<String, AliasError> {
        let phrases = phrases(written)?;
        assert_eq!(phrases.len(), 1);
        Ok(phrases.into_iter().map(|it| it.text).collect())
    }

    #[test]
    fn one_address_has_one_way() {
        let cases: &[(&str, &[&str])] = &[
            (
                "27b r lilas",
                &[
                    "27 bis, rue des Lilas",
                    "27bis rue des lilas",
                    "27 BIS Rue des Lilas",
                    "27 bis r. des Lilas",
                    "27 B, rue Lilas",
                    "27B rue des Lilas, 75020 Paris",
                    "app. 4, 27 bis rue des Lilas, Paris",
                    "27 bis rue des Lilas 75020 Paris",
                    "27 bis rue des Lilas appt 4",
                    "27-bis, rue des Lilas\nParis",
                ],
            ),
            ("27 r lilas", &["27 rue des Lilas", "27, r. des lilas"]),
            (
                "4418 maple gr rd",
                &[
                    "4418 Maple Grove Road, apt 12",
                    "4418 maple grove rd. #12",
                    "4418 MAPLE GROVE ROAD",
                ],
            ),
            (
                "8 bd gal leclerc",
                &["8 boulevard du Général Leclerc", "8, bd. Gal Leclerc"],
            ),
            ("12 n main st", &["12 N. Main St", "12 North Main Street"]),
            (
                "3 av 8 mai 1945",
                &["3 avenue du 8 mai 1945", "3 av 8 Mai 1945"],
            ),
            ("12 broadway", &["12 Broadway"]),
        ];
        for (one, ways) in cases {
            for way in *ways {
                assert_eq!(text(way).as_deref(), Ok(*one), "{way}");
            }
        }
    }

    #[test]
    fn what_is_no_house_is_refused() {
        let cases = [
            ("rue des Lilas", AliasError::NoHouseNumber),
            ("", AliasError::NoHouseNumber),
            ("27", AliasError::NoStreet),
            ("27 rue des", AliasError::NoStreet),
            ("75020 Paris", AliasError::NoStreet),
        ];
        for (written, wrong) in cases.iter().take(4) {
            assert_eq!(text(written), Err(*wrong), "{written}");
        }
    }
}
