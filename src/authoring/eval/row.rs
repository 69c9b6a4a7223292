//! What a record says of a post beside the post: its labels, its twin, its disguise, spans in it.

use crate::policy::Labels;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// What is known of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) labels: Vec<String>,
    /// The post that it is a variant of.
    pub(super) twin: Option<String>,
    pub(super) disguise: Option<String>,
    /// What stands in it.
    pub(super) spans: Vec<Gold>,
}

/// Something that stands in a post. Offsets count characters.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct Gold {
    pub(super) start: usize,
    pub(super) end: usize,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// A list of texts, or one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    Many(Vec<String>),
    One(String),
}

#[derive(Deserialize)]
struct Fields<'a>(#[serde(borrow)] HashMap<Cow<'a, str>, &'a RawValue>);

impl Row {
    /// Reads a record. Of one that is no JSON object nothing is known.
    pub(super) fn read(record: &str, labels: &Labels) -> Self {
        let Ok(Fields(fields)) = serde_json::from_str(record) else {
            return Self::default();
        };
        let attrs = fields.get("attrs").map(|attrs| attrs.get());
        let attrs = attrs.and_then(|attrs| serde_json::from_str(attrs).ok());
        let Fields(attrs) = attrs.unwrap_or(Fields(HashMap::new()));
        let get = |name: &str| {
            let found = fields.get(name).or_else(|| attrs.get(name));
            found.map(|value| value.get())
        };
        let text = |name: &str| get(name).and_then(|it| serde_json::from_str(it).ok());
        let mut row = Self {
            labels: get(&labels.field).map(texts).unwrap_or_default(),
            twin: text("twin"),
            disguise: text("disguise"),
            spans: get("spans")
                .and_then(|it| serde_json::from_str(it).ok())
                .unwrap_or_default(),
        };
        if let Some(beginning) = &labels.disguise {
            let named = |label: &String| label.strip_prefix(beginning).map(str::to_owned);
            row.disguise = row.disguise.or_else(|| row.labels.iter().find_map(named));
        }
        row
    }
}

fn texts(json: &str) -> Vec<String> {
    match serde_json::from_str(json) {
        Ok(Texts::Many(texts)) => texts,
        Ok(Texts::One(text)) => vec![text],
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Gold, Row};
    use crate::policy::Labels;

    #[test]
    fn what_records_say() {
        let mut labels = Labels::of_categories(std::iter::empty());
        labels.disguise = Some("op:".to_owned());
        let read = |record| Row::read(record, &labels);
        let row = read(
            r#"{"labels":["a","op:leet"],"twin":"p1","spans":[{"start":1,"end":3,"type":"PHONE"}]}"#,
        );
        assert_eq!(row.labels, ["a", "op:leet"]);
        assert_eq!(
            (row.twin.as_deref(), row.disguise.as_deref()),
            (Some("p1"), Some("leet"))
        );
        let gold = Gold {
            start: 1,
            end: 3,
            kind: "PHONE".to_owned(),
        };
        assert_eq!(row.spans, [gold]);
        assert_eq!(read(r#"{"labels":"a"}"#).labels, ["a"]);
        assert_eq!(read(r#"{"attrs":{"labels":["b"]}}"#).labels, ["b"]);
        assert_eq!(
            read(r#"{"disguise":"caps","labels":7}"#)
                .disguise
                .as_deref(),
            Some("caps")
        );
        assert_eq!(read("id,text"), Row::default());
    }
}
