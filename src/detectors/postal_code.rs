//! Postal codes, as far as their neighbourhood says that they are.

use super::street_address::lexicon::{
    POSTAL, PROVINCE_CODE, PROVINCE_NAME, STATE_CODE, STATE_NAME, TOWN,
};
use super::street_address::reading::{Gap, Reading, is_number};
use super::street_address::{Grammars, addresses, like_a_year};
use super::{Arguments, Detector, Example, Finder, Input, Parameter, Takes, Trigger};
use crate::limits::POSTAL_CONTEXT_WORDS_MAX;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "postal_code",
    summary: "postal codes of the US, Canada, France, Britain, Belgium and Switzerland, in context",
    docs: include_str!("postal_code.md"),
    parameters: &[Parameter {
        name: "countries",
        takes: Takes::SomeOf(&["be", "ca", "ch", "fr", "gb", "us"]),
        docs: "Whose postal codes are found. Default: all.",
    }],
    examples: &[
        Example {
            text: "Springfield, IL 62704",
            finds: &["62704"],
            with: "",
        },
        Example {
            text: "my zip is 62704-1234 btw",
            finds: &["62704-1234"],
            with: "",
        },
        Example {
            text: "12 Elm Street, 62704",
            finds: &["62704"],
            with: "",
        },
        Example {
            text: "elle est à 75011 paris",
            finds: &["75011"],
            with: "",
        },
        Example {
            text: "code postal : 69003",
            finds: &["69003"],
            with: "",
        },
        Example {
            text: "il vit à Laval (Québec) H7S 1M9",
            finds: &["H7S 1M9"],
            with: "",
        },
        Example {
            text: "near SW1A 2AA",
            finds: &["SW1A 2AA"],
            with: "",
        },
        Example {
            text: "CH-1204 Genève et B-1000 Bruxelles",
            finds: &["CH-1204", "B-1000"],
            with: "",
        },
        Example {
            text: "Kerkstraat 12, 9000 Gent",
            finds: &["9000"],
            with: "",
        },
        Example {
            text: "62704 people signed",
            finds: &[],
            with: "",
        },
        Example {
            text: "ticket 75011, réponse dans 3 jours",
            finds: &[],
            with: "",
        },
        Example {
            text: "in 2019 Paris won",
            finds: &[],
            with: "",
        },
        Example {
            text: "75011 paris, SW1A 2AA",
            finds: &["SW1A 2AA"],
            with: "countries=gb",
        },
    ],
    trigger: Trigger::Digit,
    build: |arguments: &Arguments| {
        let allows = |country: &str| arguments.allows("countries", country);
        Box::new(PostalCodes {
            five: allows("us") || allows("fr"),
            regions: allows("us"),
            towns: allows("fr"),
            four: allows("be") || allows("ch"),
            canada: allows("ca"),
            britain: allows("gb"),
        })
    },
};

/// Which codes are found.
#[expect(
    clippy::struct_excessive_bools,
    reason = "six independent switches, set in one place"
)]
#[derive(Debug)]
struct PostalCodes {
    /// Five digits that a word or a street announces.
    five: bool,
    /// Five digits behind a US state.
    regions: bool,
    /// Five digits before a French town.
    towns: bool,
    /// Four digits before a Belgian or Swiss town.
    four: bool,
    canada: bool,
    britain: bool,
}

impl Finder for PostalCodes {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let r = Reading::new(input);
        let mut streets = Vec::new();
        addresses(&r, Grammars::all(), |span| streets.push(span));
        let mut streets = streets.into_iter().peekable();
        let mut at = 0;
        while at < r.len() {
            while streets.next_if(|street| street.end <= at).is_some() {}
            let in_street = streets.peek().is_some_and(|street| street.start + 2 < at);
            match code(&r, at).filter(|code| self.believes(&r, at, *code, in_street)) {
                Some(code) => {
                    found.push(r.bytes(&(at..code.next)));
                    at = code.next;
                }
                None => at += 1,
            }
        }
    }
}

impl PostalCodes {
    /// Whether the neighbourhood of a code says that it is one.
    fn believes(&self, r: &Reading<'_>, at: usize, code: Code, in_street: bool) -> bool {
        let known = in_street || announced(r, at);
        match code.shape {
            Shape::Canada => self.canada && (r.upper(at) || known || behind_region(r, at)),
            Shape::Britain => self.britain && (r.upper(at) && code.next > at + 1 || known),
            Shape::Nine => self.regions && (known || behind_region(r, at)),
            Shape::Five => {
                self.five && known
                    || self.regions && behind_region(r, at)
                    || self.towns && before_town(r, at, code)
            }
            Shape::Four => self.four && (known || before_town(r, at, code)),
            Shape::French => self.towns,
            // `6600GT` is no Dutch code but a graphics card.
            Shape::Continental => {
                self.four && !r.word(at).starts_with(|c: char| c.is_ascii_digit())
            }
        }
    }
}

/// Whether a word such as `zip` stands a few words before.
fn announced(r: &Reading<'_>, at: usize) -> bool {
    let first = at.saturating_sub(POSTAL_CONTEXT_WORDS_MAX);
    let says = |k: usize| {
        let pair = (r.word(k), r.word(k + 1));
        r.is(k, POSTAL) || matches!(pair, ("code", "postal") | ("postal", "code"))
    };
    let near = |k: &usize| r.gap(k + 1) != Gap::Other;
    !like_a_year(r.word(at)) && (first..at).rev().take_while(near).any(says)
}

/// Whether a state or province stands right before.
fn behind_region(r: &Reading<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    let near = matches!(
        r.gap(at),
        Gap::Space | Gap::Comma | Gap::Bracket | Gap::Line
    );
    let set_off = r.gap(before) == Gap::Comma || r.upper(before) && r.capital(before);
    let coded = r.is(before, STATE_CODE.or(PROVINCE_CODE)) && set_off;
    near && (coded || r.is(before, STATE_NAME.or(PROVINCE_NAME)))
}

/// Whether a town follows: one known, or a capitalised one in the frame of an address.
fn before_town(r: &Reading<'_>, at: usize, code: Code) -> bool {
    let town = code.next;
    if r.gap(town) != Gap::Space {
        return false;
    }
    let year = like_a_year(r.word(at));
    let framed = matches!(r.gap(at), Gap::Comma | Gap::Line | Gap::Edge) && r.ends_phrase(town + 1);
    let named =
        r.capital(town) && r.word(town).len() >= 3 && !(r.upper(town) && r.word(town).len() == 3);
    !year && (r.is(town, TOWN) || named && framed)
}

/// The shape of a postal code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `M4C 1B5`.
    Canada,
    /// `SW1A 2AA`.
    Britain,
    /// `62704`, or the five digits of France.
    Five,
    /// `62704-1234`.
    Nine,
    /// `1000`, Belgium and Switzerland.
    Four,
    /// `F-75001`: digits behind the country.
    French,
    /// `B-1000`, `CH-1204`, `1234 AB`: digits with a mark of their country.
    Continental,
}

impl Shape {
    /// Whether it may follow a state or a province.
    pub(super) const fn behind_region(self) -> bool {
        matches!(self, Self::Canada | Self::Five | Self::Nine)
    }

    /// Whether it is digits only, which may count something else.
    pub(super) const fn is_digits(self) -> bool {
        matches!(self, Self::Five | Self::Four)
    }

    /// Whether the town comes after it.
    pub(super) const fn before_town(self) -> bool {
        matches!(
            self,
            Self::Five | Self::Four | Self::French | Self::Continental
        )
    }
}

/// A postal code in a row of words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code {
    /// Its shape.
    pub(super) shape: Shape,
    /// The word after it.
    pub(super) next: usize,
}

/// Areas of British postcodes.
static AREAS: &str = " ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de \
    dg dh dl dn dt dy e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt \
    kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s \
    sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv \
    yo ze ";

/// The postal code that starts at word `at`.
pub(super) fn code(r: &Reading<'_>, at: usize) -> Option<Code> {
    let word = r.word(at);
    if !(1..=7).contains(&word.len()) {
        return None;
    }
    let next = r.word(at + 1);
    let near = matches!(r.gap(at + 1), Gap::Space | Gap::Hyphen);
    let whole = |shape| {
        Some(Code {
            shape,
            next: at + 1,
        })
    };
    let halves = |shape| {
        Some(Code {
            shape,
            next: at + 2,
        })
    };
    if is_number(word) {
        return match word.len() {
            5 if r.gap(at + 1) == Gap::Hyphen && is_number(next) && next.len() == 4 => {
                halves(Shape::Nine)
            }
            5 => whole(Shape::Five),
            4 if town_follows(r, at + 1) => whole(Shape::Four),
            _ => None,
        };
    }
    let prefixed = r.gap(at + 1) == Gap::Hyphen && is_number(next);
    match (word, next.len()) {
        ("f" | "fr", 5) if prefixed => return halves(Shape::French),
        ("b" | "be" | "ch" | "l" | "lu", 4) if prefixed => return halves(Shape::Continental),
        _ => {}
    }
    if matches_shape(word, "9999aa") && !word.starts_with('0') {
        return whole(Shape::Continental);
    }
    canada_or_britain(word, next, near).and_then(|(shape, words)| match words {
        1 => whole(shape),
        _ => halves(shape),
    })
}

/// Four digits are a code only before a town, or behind a word such as `npa`.
fn town_follows(r: &Reading<'_>, at: usize) -> bool {
    r.gap(at) == Gap::Space && (r.capital(at) || r.is(at, TOWN)) || announced(r, at - 1)
}

/// A code of letters and digits, and how many words it takes.
fn canada_or_britain(word: &str, next: &str, near: bool) -> Option<(Shape, usize)> {
    let in_two = near && matches_shape(word, "a9a") && matches_shape(next, "9a9");
    if in_two || matches_shape(word, "a9a9a9") {
        return Some((Shape::Canada, if in_two { 2 } else { 1 }));
    }
    if near && outward(word) && inward(next) {
        return Some((Shape::Britain, 2));
    }
    let (out, back) = word.split_at_checked(word.len().checked_sub(3)?)?;
    (outward(out) && inward(back)).then_some((Shape::Britain, 1))
}

/// `a` stands for a letter, `9` for a digit.
fn matches_shape(word: &str, shape: &str) -> bool {
    word.len() == shape.len()
        && word.bytes().zip(shape.bytes()).all(|(b, s)| match s {
            b'a' => b.is_ascii_lowercase(),
            _ => b.is_ascii_digit(),
        })
}

fn outward(word: &str) -> bool {
    let area = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let (area, rest) = match word.find(|c: char| c.is_ascii_digit()) {
        Some(digit) => word.split_at(digit),
        None => (area, ""),
    };
    let shaped = matches_shape(rest, "9") || matches_shape(rest, "99") || matches_shape(rest, "9a");
    shaped && !area.is_empty() && AREAS.split_whitespace().any(|known| known == area)
}

fn inward(word: &str) -> bool {
    matches_shape(word, "9aa")
        && !word.contains(['c', 'i', 'k', 'm', 'o', 'v'])
        && !matches!(word, "1st" | "2nd" | "3rd")
}
