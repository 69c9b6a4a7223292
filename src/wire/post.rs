//! A post as JSON. Only `text` is required; what we don't know is never an error.

use crate::model::{Attribute, Post};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a line is no post. Holds no word of it.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{what} at column {column}")]
pub struct PostError {
    /// What is wrong.
    pub what: String,
    /// Where in the line, from 1, in bytes.
    pub column: usize,
}

/// An id as forums send them: a text or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(serde_json::Number),
}

impl<'a> From<Id<'a>> for Cow<'a, str> {
    fn from(id: Id<'a>) -> Self {
        match id {
            Id::Text(text) => text,
            Id::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    author: Option<Id<'a>>,
    #[serde(borrow, default)]
    thread: Option<Id<'a>>,
    #[serde(borrow, default)]
    community: Option<Id<'a>>,
    #[serde(borrow, default)]
    targets: Option<Vec<Id<'a>>>,
    #[serde(borrow, default)]
    reply_to: Option<Id<'a>>,
    #[serde(borrow, default)]
    reply_to_author: Option<Id<'a>>,
    #[serde(borrow, default)]
    lang: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    at: Option<Cow<'a, str>>,
    #[serde(default)]
    revision: Option<u64>,
    #[serde(default)]
    attrs: Option<serde_json::Map<String, Value>>,
}

/// Reads one post.
///
/// # Errors
/// The line is not JSON, not an object, or has no `text`; or a known field is of another type.
pub fn post_from_json(line: &str) -> Result<Post<'_>, PostError> {
    let wire: Wire<'_> = serde_json::from_str(line).map_err(|error| explain(line, &error))?;
    // A list of values in the order of the fields would do for the parser.
    if !line.trim_start().starts_with('{') {
        return Err(PostError {
            what: "a post is a JSON object".to_owned(),
            column: 1,
        });
    }
    let mut attrs = BTreeMap::new();
    for (name, value) in wire.attrs.unwrap_or_default() {
        flatten(name, value, &mut attrs);
    }
    Ok(Post {
        id: wire.id.map(Into::into).unwrap_or_default(),
        text: wire.text,
        author: wire.author.map(Into::into),
        thread: wire.thread.map(Into::into),
        community: wire.community.map(Into::into),
        targets: wire
            .targets
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        reply_to: wire.reply_to.map(Into::into),
        reply_to_author: wire.reply_to_author.map(Into::into),
        lang: wire.lang,
        at: wire.at,
        revision: wire.revision,
        attrs,
    })
}

/// The parser's own words quote the line, so only its kind of mistake is told.
fn explain(line: &str, error: &serde_json::Error) -> PostError {
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
