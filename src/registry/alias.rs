//! Under what a person is known, and what is kept of it.

use super::key::Form;
use super::phrase::{Class, Phrase};
use super::{addresses, names, phones};
use crate::detectors::PhoneError;
use crate::limits::{REGISTERED_LETTERS_MIN, REGISTERED_WORDS_MAX};
use std::fmt;

/// What kind of thing a person is known under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    /// A name.
    Name,
    /// A name that they no longer bear.
    FormerName,
    /// An account: its handle or its id.
    Handle,
    /// A telephone number.
    Phone,
    /// A house number and a street.
    Address,
}

impl AliasKind {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::FormerName,
        Self::Handle,
        Self::Phone,
        Self::Address,
    ];

    /// Its word in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FormerName => "former_name",
            Self::Handle => "handle",
            Self::Phone => "phone",
            Self::Address => "address",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn class(self) -> Class {
        match self {
            Self::Name | Self::FormerName => Class::Name,
            Self::Handle => Class::Handle,
            Self::Phone => Class::Phone,
            Self::Address => Class::Address,
        }
    }
}

/// Something that a person is known under, as written.
#[derive(Clone, Copy)]
pub struct Alias<'a> {
    /// What kind of thing.
    pub kind: AliasKind,
    /// As it is written.
    pub written: &'a str,
    /// The country of a telephone number without one: one of the detector's, in lower case.
    pub country: Option<&'a str>,
}

impl fmt::Debug for Alias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alias")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Alias<'_> {
    /// Each way of writing it, reduced.
    pub(super) fn phrases(&self) -> Result<Vec<Phrase>, AliasError> {
        match self.kind.class() {
            Class::Name => names::phrases(self.written),
            Class::Handle => names::account(self.written).map(|phrase| vec![phrase]),
            Class::Phone => phones::phrases(self.written, self.country),
            Class::Address => addresses::phrases(self.written),
        }
    }
}

/// What is kept of something that a person is known under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEntry {
    /// The operator's id of the person.
    pub target: String,
    /// What kind of thing.
    pub kind: AliasKind,
    /// Each way of writing it.
    pub forms: Vec<Form>,
}

/// Why something can't be registered. Holds no word of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AliasError {
    /// Nothing of it is left when it is folded.
    #[error("holds no word")]
    Empty,
    /// More words than any alias has.
    #[error("has more than {REGISTERED_WORDS_MAX} words; register what is unmistakable of it")]
    TooLong,
    /// A name of few letters stands in posts about anything.
    #[error(
        "has fewer than {REGISTERED_LETTERS_MIN} letters, so it would be found in posts about \
         anything; add a first or a family name, or register it as a handle"
    )]
    TooShort,
    /// A name of one everyday word, or a mere first name.
    #[error(
        "is one everyday word or a first name alone, so it would be found in posts about anybody; \
         add a first or a family name, or register it as a handle"
    )]
    TooCommon,
    /// No number begins the address.
    #[error("has no house number, so it would be found in posts about anybody in that street")]
    NoHouseNumber,
    /// Nothing but a number, or `27 rue`.
    #[error("names no street behind its house number")]
    NoStreet,
    /// Not a number that could be known again.
    #[error(transparent)]
    Phone(#[from] PhoneError),
}
