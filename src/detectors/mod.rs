//! Things that have a form rather than a word: addresses, phones, identifiers. One file each.
//!
//! A detector is a table entry ([`Detector`]) that documents itself and builds a [`Finder`] from
//! checked arguments. Finders read the `plain` view and answer with spans of it; they are linear,
//! never fail, and know nothing of policies.

mod around;
mod digits;
mod domain;
mod email_address;
mod geo_coordinates;
mod government_id;
mod handle;
mod iban;
mod ip_address;
mod license_plate;
mod payment_card;
mod phone_forms;
mod phone_number;
mod phone_plans;
mod postal_code;
mod street_address;
mod url;

pub use phone_forms::{PhoneError, phone_forms};

use crate::text::Folded;
use std::fmt::Debug;
use std::ops::Range;

/// Every detector, sorted by name. A new one costs its file and one line here.
pub static DETECTORS: &[&Detector] = &[
    &email_address::DETECTOR,
    &geo_coordinates::DETECTOR,
    &government_id::DETECTOR,
    &handle::DETECTOR,
    &iban::DETECTOR,
    &ip_address::DETECTOR,
    &license_plate::DETECTOR,
    &payment_card::DETECTOR,
    &phone_number::DETECTOR,
    &postal_code::DETECTOR,
    &street_address::DETECTOR,
    &url::DETECTOR,
];

/// What a finder may look at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The post as received, for what folding loses (capitals of a licence plate).
    pub post: &'a str,
    /// The `plain` view; spans found are spans of its text.
    pub plain: &'a Folded,
}

/// Finds one kind of thing in a post.
pub trait Finder: Debug + Send + Sync {
    /// Appends the spans found, in order, not overlapping, on character boundaries of
    /// `input.plain.text()`. Linear in the text; never panics.
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>);
}

/// A detector as the language knows it: `detect: NAME` or `detect: {NAME: {parameter: …}}`.
#[derive(Debug)]
pub struct Detector {
    /// Its name in policies, and the kind of its spans in JSON.
    pub name: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// A page in Markdown: what is found, what is not, known limits, sources of the formats.
    pub docs: &'static str,
    /// What may be set.
    pub parameters: &'static [Parameter],
    /// Runnable examples, both sides: the tests and the reference page come from them.
    pub examples: &'static [Example],
    /// What a post must hold for the finder to be worth running.
    pub trigger: Trigger,
    /// Makes a finder. Arguments were checked against `parameters`, so this can't fail.
    pub build: fn(&Arguments) -> Box<dyn Finder>,
}

/// A parameter of a detector. Closed: nothing else is accepted.
#[derive(Debug)]
pub struct Parameter {
    /// Its key.
    pub name: &'static str,
    /// What values it takes.
    pub takes: Takes,
    /// What it does, and its default.
    pub docs: &'static str,
}

/// What values a parameter takes.
#[derive(Debug)]
pub enum Takes {
    /// A list of some of these words. Absent: all.
    SomeOf(&'static [&'static str]),
    /// `true` or `false`, with its default.
    Flag(bool),
}

/// Checked arguments of one `detect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Chosen words of each `SomeOf` parameter that was given.
    pub some_of: Vec<(&'static str, Vec<&'static str>)>,
    /// Value of each `Flag` parameter that was given.
    pub flags: Vec<(&'static str, bool)>,
}

impl Arguments {
    /// Whether `word` is chosen for `parameter` (all are, when it was not given).
    #[must_use]
    pub fn allows(&self, parameter: &str, word: &str) -> bool {
        self.some_of
            .iter()
            .find(|(name, _)| *name == parameter)
            .is_none_or(|(_, words)| words.contains(&word))
    }

    /// The flag's value, or `default` when it was not given.
    #[must_use]
    pub fn flag(&self, parameter: &str, default: bool) -> bool {
        self.flags
            .iter()
            .find(|(name, _)| *name == parameter)
            .map_or(default, |(_, v)| *v)
    }
}

/// A runnable example: a post, and the pieces of it that are found (none: it must stay clean).
#[derive(Debug)]
pub struct Example {
    /// The post.
    pub text: &'static str,
    /// What is found in it, as written in the post, in order.
    pub finds: &'static [&'static str],
    /// Arguments in the form `parameter=word,word` (empty: defaults).
    pub with: &'static str,
}

/// The cheapest fact about a text without which a finder finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    /// An ASCII digit in the folded text.
    Digit,
    /// No byte is sure to be there (`name at example dot org`): the finder decides.
    Always,
    /// This byte in the folded text.
    Byte(u8),
}

impl Trigger {
    /// Whether `text`, in which numbers begin at `numbers`, holds what the finder needs.
    #[must_use]
    pub fn holds(self, text: &str, numbers: &[u32]) -> bool {
        match self {
            Self::Digit => !numbers.is_empty(),
            Self::Always => true,
            Self::Byte(byte) => memchr::memchr(byte, text.as_bytes()).is_some(),
        }
    }
}

/// The detector of this name.
#[must_use]
pub fn detector(name: &str) -> Option<&'static Detector> {
    DETECTORS.iter().copied().find(|d| d.name == name)
}
