//! A post as JSON. Only `text` is required; what we don't know is never an error.

use crate::model::{Attribute, Post};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Why a line is no post. Holds no word of it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what} at column {column}")]
pub struct PostError {
    /// What is wrong.
    pub what: String,
    /// Where in the line, from 1, in bytes.
    pub column: usize,
}

/// A text, borrowed where it stands without escapes. (Serde copies an `Option<Cow<str>>` always.)
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// An id as forums send them: a text or a number.
pub(super) struct Id<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor).map(Self)
    }
}

struct IdVisitor;

impl<'de> Visitor<'de> for IdVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        // As JSON writes it: `1e400` never comes this far.
        Ok(Cow::Owned(Value::from(number).to_string()))
    }
}

/// The fields of a post. What else stands there is passed over.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Id,
    Text,
    Author,
    Thread,
    Community,
    Targets,
    ReplyTo,
    ReplyToAuthor,
    Lang,
    At,
    Revision,
    Attrs,
    Deleted,
    #[serde(other)]
    Unknown,
}

/// Fills a post where it lies: it is large, and would be moved several times otherwise.
pub(super) struct Fill<'p, 'a>(pub(super) &'p mut Post<'a>);

impl<'de: 'a, 'a> Visitor<'de> for Fill<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a post")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let post = self.0;
        let mut seen = 0_u16;
        while let Some(field) = map.next_key()? {
            let bit = 1 << field as u16;
            if seen & bit != 0 {
                return Err(A::Error::duplicate_field("of a post"));
            }
            match field {
                Field::Text => post.text = map.next_value::<Text<'a>>()?.0,
                Field::Id => post.id = id(&mut map)?.unwrap_or_default(),
                Field::Author => post.author = id(&mut map)?,
                Field::Thread => post.thread = id(&mut map)?,
                Field::Community => post.community = id(&mut map)?,
                Field::Targets => post.targets = ids(&mut map)?,
                Field::ReplyTo => post.reply_to = id(&mut map)?,
                Field::ReplyToAuthor => post.reply_to_author = id(&mut map)?,
                Field::Lang => post.lang = text(&mut map)?,
                Field::At => post.at = text(&mut map)?,
                Field::Revision => post.revision = map.next_value()?,
                Field::Attrs => post.attrs = attributes(map.next_value()?),
                // Forums use the word for other things too; only a plain `true` is meant.
                Field::Deleted => {
                    post.is_deleted = map.next_value::<Value>()? == Value::Bool(true);
                }
                Field::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            }
            seen |= bit;
        }
        match seen & 1 << Field::Text as u16 {
            0 => Err(A::Error::missing_field("text")),
            _ => Ok(()),
        }
    }
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    let text: Option<Text<'de>> = map.next_value()?;
    Ok(text.map(|text| text.0))
}

fn id<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    let id: Option<Id<'de>> = map.next_value()?;
    Ok(id.map(|id| id.0))
}

fn ids<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Vec<Cow<'de, str>>, A::Error> {
    let ids: Option<Vec<Id<'de>>> = map.next_value()?;
    Ok(ids.unwrap_or_default().into_iter().map(|id| id.0).collect())
}

fn attributes(written: Option<Map<String, Value>>) -> BTreeMap<String, Attribute> {
    let mut attributes = BTreeMap::new();
    for (name, value) in written.unwrap_or_default() {
        flatten(name, value, &mut attributes);
    }
    attributes
}

/// Reads one post.
///
/// # Errors
/// The line is not JSON, not an object, or has no `text`; or a known field is of another type.
pub fn post_from_json(line: &str) -> Result<Post<'_>, PostError> {
    let mut post = Post::default();
    let mut json = serde_json::Deserializer::from_str(line);
    json.deserialize_map(Fill(&mut post))
        .and_then(|()| json.end())
        .map_err(|error| explain(line, &error))?;
    Ok(post)
}

/// What is wrong with a line. The parser's own words quote it, so only the kind of mistake is told.
pub(crate) fn explain(line: &str, error: &serde_json::Error) -> PostError {
    if error.is_data() && !line.trim_start().starts_with('{') {
        return PostError {
            what: "a post is a JSON object".to_owned(),
            column: 1,
        };
    }
    let said = error.to_string();
    let said = |words: &str| said.contains(words);
    let what = if said("missing field `text`") {
        "a post needs a `text`"
    } else if line.trim().is_empty() {
        "an empty line is no post"
    } else if said("surrogate") || said("hex escape") {
        "a `\\u` escape stands for no character (half of a surrogate pair?)"
    } else if said("recursion limit") {
        "the JSON nests too deep"
    } else if said("out of range") {
        "a number is out of range"
    } else if said("duplicate field") {
        "a field stands twice"
    } else if error.is_data() {
        "a field is not of the type that the contract says"
    } else if error.is_eof() {
        "the JSON ends in the middle"
    } else {
        "this is not JSON"
    };
    PostError {
        what: what.to_owned(),
        column: error.column(),
    }
}

/// `{"scores": {"toxicity": 0.9}}` becomes `scores.toxicity`. Depth is bounded by the parser.
fn flatten(name: String, value: Value, attrs: &mut BTreeMap<String, Attribute>) {
    match value {
        Value::Bool(flag) => {
            attrs.insert(name, Attribute::Flag(flag));
        }
        Value::Number(number) => {
            attrs.extend(
                number
                    .as_f64()
                    .map(|number| (name, Attribute::Number(number))),
            );
        }
        Value::String(text) => {
            attrs.insert(name, Attribute::Text(text));
        }
        Value::Object(map) => {
            for (key, value) in map {
                flatten(format!("{name}.{key}"), value, attrs);
            }
        }
        Value::Null | Value::Array(_) => {}
    }
}
