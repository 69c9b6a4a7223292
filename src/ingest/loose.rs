//! JSON values of which only the plain sense is wanted: exports write ids as numbers or as texts,
//! authors as names or as objects.

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A value, as far as it has a plain sense.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Loose<'a> {
    /// The text, the number as text, the name in the object.
    pub(super) text: Option<Cow<'a, str>>,
    /// The elements of an array.
    pub(super) many: Vec<Cow<'a, str>>,
    /// Whether it is a text or a number.
    pub(super) is_plain: bool,
    /// Whether it is `null`.
    pub(super) is_null: bool,
}

/// Fields of an object that tell who or what it is, best first.
const NAMES: [&str; 8] = [
    "username", "name", "login", "handle", "acct", "id", "href", "text",
];

impl<'a> Loose<'a> {
    fn of(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: Some(text.into()),
            is_plain: true,
            ..Self::default()
        }
    }

    /// Whether it can be the words of a post, or their absence.
    pub(super) fn is_words(&self) -> bool {
        self.is_plain || self.is_null || !self.many.is_empty()
    }

    /// The text, unless it is empty.
    pub(super) fn filled(self) -> Option<Cow<'a, str>> {
        self.text.filter(|text| !text.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::of(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::of(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::of(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::of(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::of(number.to_string()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::default())
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Loose {
            is_null: true,
            ..Loose::default()
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut many = Vec::new();
        while let Some(element) = elements.next_element::<Loose<'de>>()? {
            many.extend(element.filled());
        }
        Ok(Loose {
            many,
            ..Loose::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut best = (NAMES.len(), None);
        while let Some(Key(key)) = map.next_key()? {
            let rank = NAMES.iter().position(|name| *name == key);
            match rank.filter(|rank| *rank < best.0) {
                Some(rank) => {
                    if let Some(text) = map.next_value::<Loose<'de>>()?.filled() {
                        best = (rank, Some(text));
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Loose {
            text: best.1,
            ..Loose::default()
        })
    }
}

/// A key, borrowed where it stands without escapes.
#[derive(Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);
