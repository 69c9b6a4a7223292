//! JSON of all kinds: an array of posts, an object that holds one, or one object after another. Fields
//! are known by the same names as the columns of tables.

use super::columns::{Field, field, with_words};
use super::json_cut::{Shape, cut_json};
use super::loose::{Key, Loose};
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, MaybePost, Numbers, Reader};
use crate::model::Post;
use crate::wire::explain;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "json",
    summary: "an array of posts, or an object that holds one under `posts`, `messages` …",
    endings: &["json"],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(cut_json(input, SHAPE, Arc::new(ByName))?)),
};

const SHAPE: Shape = Shape {
    arrays: &[
        "posts", "messages", "comments", "items", "data", "results", "rows", "children",
    ],
    inside: &["data", "result", "response"],
};

fn sniff(head: &Head<'_>) -> Fit {
    match head.json().is_json {
        true => Fit::Perhaps,
        false => Fit::No,
    }
}

/// Reads posts whose fields have well-known names.
#[derive(Debug)]
struct ByName;

impl Reader for ByName {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let mut filled = Filled::default();
        let mut json = serde_json::Deserializer::from_str(record);
        json.deserialize_map(&mut filled)
            .and_then(|()| json.end())
            .map_err(|error| BadRecord::NotAPost(explain(record, &error)))?;
        Ok(with_words(filled.post))
    }
}

/// A post, and how good the names were that its fields have come from.
#[derive(Default)]
struct Filled<'a> {
    post: Post<'a>,
    ranks: [Option<u8>; 11],
    /// Whether there is a text, if an empty one.
    has_text: bool,
}

impl<'de: 'a, 'a> Visitor<'de> for &mut Filled<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a post")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            match field(&key).filter(|(field, rank)| self.is_better(*field, *rank)) {
                Some((field, rank)) => self.fill(field, rank, map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match self.has_text {
            true => Ok(()),
            false => Err(A::Error::missing_field("text")),
        }
    }
}

impl<'a> Filled<'a> {
    fn is_better(&self, field: Field, rank: u8) -> bool {
        let so_far = self.ranks.get(field as usize).copied().flatten();
        so_far.is_none_or(|so_far| rank < so_far)
    }

    fn fill(&mut self, field: Field, rank: u8, value: Loose<'a>) {
        if field == Field::Text {
            self.has_text |= value.is_words();
            return self.text(rank, value);
        }
        // An empty field leaves the place to one of a lesser name.
        if value.text.as_deref().unwrap_or_default().is_empty() && value.many.is_empty() {
            return;
        }
        self.take(field, rank);
        match value.text {
            Some(text) => field.fill(&mut self.post, text),
            None if field == Field::Targets => self.post.targets = value.many,
            None => {}
        }
    }

    /// Words, whole or in pieces, as Telegram writes them. An object is no text.
    fn text(&mut self, rank: u8, value: Loose<'a>) {
        let text = match value.text.filter(|_| value.is_plain) {
            Some(text) => text,
            None => value.many.concat().into(),
        };
        if !text.is_empty() {
            self.take(Field::Text, rank);
            self.post.text = text;
        }
    }

    fn take(&mut self, field: Field, rank: u8) {
        if let Some(so_far) = self.ranks.get_mut(field as usize) {
            *so_far = Some(rank);
        }
    }
}
