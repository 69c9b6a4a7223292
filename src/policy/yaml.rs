//! YAML as a tree in which every key and value knows its bytes. All YAML access is here.

use crate::diagnostics::{Code, Diagnostic, Source};
use crate::limits::{POLICY_DEPTH_MAX, POLICY_NODES_MAX};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Location};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A value, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    /// The value.
    pub(super) value: T,
    /// Its bytes in the file.
    pub(super) span: Range<usize>,
}

/// One YAML node.
pub(super) type Node = Spanned<Content>;

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Null,
    /// A scalar as its author means it: numbers and booleans keep their spelling (`012`, `1e3`),
    /// because a term may be any of them.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// Reads one YAML document.
pub(super) fn parse(source: &Arc<Source>) -> Result<Node, Diagnostic> {
    let options = serde_yaml::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        with_snippet: false,
        budget: serde_yaml::budget! {
            max_nodes: POLICY_NODES_MAX,
            max_depth: POLICY_DEPTH_MAX,
        },
    };
    match serde_yaml::from_str_with_options::<Raw>(&source.text, options) {
        Ok(raw) => Ok(raw.into_node(&source.text)),
        Err(error) => Err(diagnose(source, &error)),
    }
}

/// The parser's words for a mistake, in ours.
fn diagnose(source: &Arc<Source>, error: &serde_yaml::Error) -> Diagnostic {
    let whole = error.without_snippet().to_string();
    let span = error
        .location()
        .map_or(0..0, |place| bytes_at(&source.text, &place));
    let first_line = whole.lines().next().unwrap_or_default();
    let said = first_line.split(" at line ").next().unwrap_or(first_line);
    let line = source
        .text
        .get(..span.start)
        .map_or(0, |before| before.matches('\n').count());
    let tab = source.text.lines().nth(line).is_some_and(|line| {
        line.trim_start_matches([' ', '\t', '-']).len() < line.len()
            && line
                .chars()
                .take_while(|c| c.is_whitespace())
                .any(|c| c == '\t')
    });
    if tab || said.contains("tabs") {
        return Diagnostic::new(
            Code::Tab,
            source,
            span,
            "a tab stands where spaces are expected",
        )
        .help("indent with spaces; most editors can convert tabs");
    }
    if said.contains("multiple YAML documents") {
        return Diagnostic::new(
            Code::SeveralDocuments,
            source,
            span,
            "a second document begins here",
        )
        .help("put it into a file of its own");
    }
    let depth = ["depth", "recursion", "nesting"]
        .iter()
        .any(|word| said.contains(word));
    if depth {
        let message = format!("the file nests more than {POLICY_DEPTH_MAX} levels deep");
        return Diagnostic::new(Code::TooDeep, source, span, message);
    }
    let bounded = ["budget", "limit", "exceeded", "too many", "expansion"];
    if bounded.iter().any(|word| said.contains(word)) {
        let message = format!("the file expands beyond {POLICY_NODES_MAX} values");
        return Diagnostic::new(Code::TooManyNodes, source, span, message)
            .help("look for aliases (`*name`) that repeat lists of aliases");
    }
    Diagnostic::new(Code::BadYaml, source, span, said.to_owned())
        .help("check indentation, quotes and brackets; text with `: ` or ` #` inside needs quotes")
}

/// Bytes of a parser location; the character under it when the parser gives only line and column.
fn bytes_at(text: &str, place: &Location) -> Range<usize> {
    let span = place.span();
    if let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) {
        let start = to_index(start).min(text.len());
        return start..start.saturating_add(to_index(length)).min(text.len());
    }
    let line = to_index(place.line()).saturating_sub(1);
    let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(line_start..).unwrap_or_default();
    let column = to_index(place.column()).saturating_sub(1);
    let (at, width) = rest
        .char_indices()
        .nth(column)
        .map_or((rest.len(), 0), |(at, character)| {
            (at, character.len_utf8())
        });
    line_start + at..line_start + at + width
}

fn to_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A node as the parser gives it.
#[derive(Debug)]
struct Raw {
    kind: Kind,
    place: Location,
}

#[derive(Debug)]
enum Kind {
    Null,
    Text(String),
    /// A plain scalar that YAML takes for a number or a boolean: its spelling is read back from
    /// the file.
    Typed,
    List(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
}

impl Raw {
    fn into_node(self, text: &str) -> Node {
        let span = bytes_at(text, &self.place);
        let written = || text.get(span.clone()).unwrap_or_default();
        let value = match self.kind {
            Kind::Null => Content::Null,
            Kind::Text(text) => {
                let plain = !written().starts_with(['"', '\'']);
                Content::Scalar { text, plain }
            }
            Kind::Typed => Content::Scalar {
                text: written().trim().to_owned(),
                plain: true,
            },
            Kind::List(items) => {
                Content::List(items.into_iter().map(|item| item.into_node(text)).collect())
            }
            Kind::Map(pairs) => Content::Map(
                pairs
                    .into_iter()
                    .map(|(k, v)| (k.into_node(text), v.into_node(text)))
                    .collect(),
            ),
        };
        Spanned { value, span }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_yaml::Spanned::<Box<Kind>>::deserialize(deserializer)?;
        // A merge or alias is shown where it is used, and read where it is defined.
        let place = match *spanned.value {
            Kind::Typed => spanned.defined,
            Kind::Null | Kind::Text(_) | Kind::List(_) | Kind::Map(_) => spanned.referenced,
        };
        Ok(Self {
            kind: *spanned.value,
            place,
        })
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Kind, E> {
        Ok(Kind::Typed)
    }

    fn visit_str<E>(self, text: &str) -> Result<Kind, E> {
        Ok(Kind::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Kind, E> {
        Ok(Kind::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Kind::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Kind, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            map.push(pair);
        }
        Ok(Kind::Map(map))
    }
}
