//! Street addresses in running text.
//!
//! A hand-written scanner: it stops at numbers (and at the few words that announce a number) and
//! lets the grammar of each order of words read on from there, a bounded number of words each.
//! What was read is weighed against what else it could be, for `drive`, `court`, `place` and
//! `cours` mostly are no streets.

mod alone;
mod boxes;
mod english;
mod evidence;
mod examples;
mod french;
pub(super) mod lexicon;
mod number;
mod number_last;
mod place;
pub(super) mod reading;

use super::{Arguments, Detector, Finder, Input, Parameter, Takes, Trigger};
pub(super) use number::like_a_year;
use reading::Reading;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "street_address",
    summary: "street addresses of North America, France, Britain, Belgium and Switzerland",
    docs: include_str!("page.md"),
    parameters: &[Parameter {
        name: "countries",
        takes: Takes::SomeOf(COUNTRIES),
        docs: "Whose ways of writing an address are read.",
    }],
    examples: examples::EXAMPLES,
    trigger: Trigger::Digit,
    build: |arguments: &Arguments| Box::new(StreetAddresses(Grammars::new(arguments))),
};

const COUNTRIES: &[&str] = &["be", "ca", "ch", "fr", "gb", "other", "us"];

/// Which orders of words are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammars {
    english: bool,
    french: bool,
    french_last: bool,
    compound: bool,
    other: bool,
}

impl Grammars {
    /// Every grammar.
    pub(super) fn all() -> Self {
        Self::new(&Arguments::default())
    }

    /// The grammars of the chosen countries.
    pub(super) fn new(arguments: &Arguments) -> Self {
        let any = |wanted: &[&str]| wanted.iter().any(|c| arguments.allows("countries", c));
        Self {
            english: any(&["ca", "gb", "us", "other"]),
            french: any(&["be", "ca", "ch", "fr"]),
            french_last: any(&["be", "ch"]),
            compound: any(&["be", "ch", "other"]),
            other: any(&["other"]),
        }
    }
}

#[derive(Debug)]
struct StreetAddresses(Grammars);

impl Finder for StreetAddresses {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let reading = Reading::new(input);
        addresses(&reading, self.0, |span| found.push(reading.bytes(&span)));
    }
}

/// Every address of a post, in order, as ranges of words.
pub(super) fn addresses(r: &Reading<'_>, grammars: Grammars, mut found: impl FnMut(Range<usize>)) {
    let (mut at, mut from) = (0, 0);
    if let Some(whole) = alone::alone(r, grammars.other).filter(|_| grammars.english) {
        return found(whole);
    }
    while at < r.len() {
        match address(r, at, grammars) {
            Some(span) if span.end > at => {
                at = span.end;
                found(span.start.max(from)..span.end);
                from = span.end;
            }
            Some(_) | None => at += 1,
        }
    }
}

/// The address that is seen from word `at`.
fn address(r: &Reading<'_>, at: usize, grammars: Grammars) -> Option<Range<usize>> {
    if number::may_be_number(r.word(at)) {
        let house = number::house(r, at)?;
        return grammars
            .french
            .then(|| french::numbered(r, at, house))
            .flatten()
            .or_else(|| {
                grammars
                    .english
                    .then(|| english::numbered(r, at, house))
                    .flatten()
            })
            .or_else(|| {
                grammars
                    .compound
                    .then(|| number_last::coded(r, at, house))
                    .flatten()
            });
    }
    boxes::boxed(r, at)
        .or_else(|| grammars.english.then(|| english::spelled(r, at)).flatten())
        .or_else(|| {
            grammars
                .english
                .then(|| english::named_house(r, at))
                .flatten()
        })
        .or_else(|| grammars.french.then(|| french::unnumbered(r, at)).flatten())
        .or_else(|| {
            grammars
                .french_last
                .then(|| number_last::french(r, at))
                .flatten()
        })
        .or_else(|| {
            grammars
                .compound
                .then(|| number_last::compound(r, at))
                .flatten()
        })
        .or_else(|| grammars.other.then(|| number_last::other(r, at)).flatten())
}
