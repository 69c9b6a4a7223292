//! YAML as a tree in which every key and value knows its bytes. All YAML access is here.

mod mistakes;
mod raw;
#[cfg(test)]
mod tests;

use crate::diagnostics::{Diagnostic, Source};
use crate::limits::{POLICY_DEPTH_MAX, POLICY_NODES_MAX, POLICY_TEXT_BYTES_MAX};
use raw::{Kind, Raw};
use serde_yaml::{DuplicateKeyPolicy, Location, MergeKeyPolicy, NonFiniteFloatPolicy};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A value, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// One YAML node.
pub type Node = Spanned<Content>;

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing: `~`, or a key without a value.
    Null,
    /// A scalar as its author means it: numbers and booleans keep their spelling (`012`, `1e3`),
    /// because a term may be any of them. A block text ends without its line break.
    Scalar {
        /// As written, without its quotes.
        text: String,
        /// Whether it stands without quotes.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// Keys and values, in the order they are written; keys may repeat.
    Map(Vec<(Node, Node)>),
}

/// Reads one YAML document, unless a mistake keeps it from being read.
pub fn parse(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    match serde_yaml::from_str_with_options::<Raw>(&source.text, options()) {
        Ok(raw) => {
            let mut builder = Builder {
                source,
                problems,
                repeated: BTreeMap::new(),
            };
            Some(builder.node(raw, Standing::Written))
        }
        Err(error) => {
            problems.push(mistakes::told(source, &error));
            None
        }
    }
}

/// Everything that the shape of a policy can tell better is let through; what could exhaust
/// anything is not.
fn options() -> serde_yaml::Options {
    serde_yaml::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        ignore_binary_tag_for_string: true,
        strict_booleans: true,
        with_snippet: false,
        // What aliases repeat counts as values like all the rest.
        alias_limits: serde_yaml::alias_limits! {
            max_total_replayed_events: usize::MAX,
        },
        budget: serde_yaml::budget! {
            max_depth: POLICY_DEPTH_MAX,
            // One more than is accepted, so that it is told like the depth of blocks.
            flow_nesting_limit: POLICY_DEPTH_MAX + 1,
            max_nodes: POLICY_NODES_MAX,
            max_total_scalar_bytes: POLICY_TEXT_BYTES_MAX,
            max_recorded_anchor_events: POLICY_NODES_MAX,
            max_recorded_anchor_bytes: POLICY_TEXT_BYTES_MAX,
            // Bounded by the values that they belong to.
            max_events: usize::MAX,
            max_aliases: usize::MAX,
            max_anchors: usize::MAX,
            // A text that is shared a thousand times is no attack.
            enforce_alias_anchor_ratio: false,
        },
    }
}

/// How a value came to stand where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It, or an alias for it, is written there.
    Written,
    /// It is a part of what an alias stands for, and shown where that was first written.
    Repeated,
}

/// What the file shows of a value.
#[derive(Clone, Debug)]
struct Written {
    span: Range<usize>,
    /// A text after `|` or `>`.
    block: bool,
}

/// Makes nodes of what the parser gives.
struct Builder<'s> {
    source: &'s Arc<Source>,
    problems: &'s mut Vec<Diagnostic>,
    /// What aliases repeat is looked at once, however long the file is at that place.
    repeated: BTreeMap<(u64, u64), Written>,
}

impl Builder<'_> {
    fn node(&mut self, raw: Raw, standing: Standing) -> Node {
        let alias = raw.referenced != raw.defined && standing == Standing::Written;
        let inside = if alias { Standing::Repeated } else { standing };
        let written = self.written(&raw.defined, inside);
        let value = match raw.kind {
            Kind::Null => Content::Null,
            Kind::Text(text) => self.text(text, &written),
            Kind::Typed => Content::Scalar {
                text: self.at(&written.span).to_owned(),
                plain: true,
            },
            Kind::List(items) => {
                let items = items.into_iter().map(|item| self.node(item, inside));
                Content::List(items.collect())
            }
            Kind::Map(pairs) => {
                let pair = |(key, value)| (self.node(key, inside), self.node(value, inside));
                Content::Map(pairs.into_iter().map(pair).collect())
            }
        };
        let span = match alias {
            true => bytes_at(&self.source.text, &raw.referenced),
            false => self.whole(&written.span, &value, standing),
        };
        match raw.tag.filter(|tag| !says_nothing(tag, &value)) {
            Some(tag) if inside == Standing::Written => {
                let value = self.without_tag(&tag, written.span.start, value);
                Spanned { value, span }
            }
            Some(_) | None => Spanned { value, span },
        }
    }

    fn written(&mut self, place: &Location, standing: Standing) -> Written {
        let text = &self.source.text;
        let look = || {
            let span = bytes_at(text, place);
            let block = is_block(text, span.start);
            Written { span, block }
        };
        if standing == Standing::Written {
            return look();
        }
        let key = (place.span().offset(), place.span().len());
        self.repeated.entry(key).or_insert_with(look).clone()
    }

    fn at(&self, span: &Range<usize>) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default()
    }

    fn text(&self, mut text: String, written: &Written) -> Content {
        if written.block {
            text.truncate(text.trim_end_matches('\n').len());
        }
        let quoted = self.at(&written.span).starts_with(['"', '\'']);
        let plain = !written.block && !quoted;
        Content::Scalar { text, plain }
    }

    /// The bytes of a value. Of a list or map the parser tells only the first; it ends with its
    /// bracket, or with its last value.
    fn whole(&self, written: &Range<usize>, value: &Content, standing: Standing) -> Range<usize> {
        let last = match value {
            Content::Null | Content::Scalar { .. } => return written.clone(),
            Content::List(items) => items.last(),
            Content::Map(pairs) => pairs.last().map(|(_, value)| value),
        };
        let start = written.start;
        let last = last.map_or(start, |node| node.span.end).max(start);
        let rest = self.source.text.get(start..).unwrap_or_default();
        let bracket = match rest.starts_with(['[', '{']) && standing == Standing::Written {
            true => closing_bracket(&self.source.text, last.max(start + 1)),
            false => None,
        };
        start..bracket.unwrap_or(last)
    }

    /// Reports the tag before a value.
    fn without_tag(&mut self, tag: &str, start: usize, value: Content) -> Content {
        let span = tag_before(&self.source.text, start).unwrap_or(start..start);
        let written = match self.at(&span) {
            "" => tag.to_owned(),
            written => written.to_owned(),
        };
        self.problems
            .push(mistakes::tag(self.source, span, &written));
        match value {
            // A lone tag was meant to be a text.
            Content::Null => Content::Scalar {
                text: written,
                plain: false,
            },
            value @ (Content::Scalar { .. } | Content::List(_) | Content::Map(_)) => value,
        }
    }
}

/// Whether a tag only names what the value is anyway.
fn says_nothing(tag: &str, value: &Content) -> bool {
    let kind = match value {
        Content::Null | Content::Scalar { .. } => "str",
        Content::List(_) => "seq",
        Content::Map(_) => "map",
    };
    tag.strip_prefix("tag:yaml.org,2002:") == Some(kind)
}

/// The end of the bracket that closes after the last value inside it.
fn closing_bracket(text: &str, inside: usize) -> Option<usize> {
    let mut rest = text.get(inside..)?;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', ':']);
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.trim_start_matches(|c| c != '\n'),
            None => break,
        }
    }
    let closes = rest.starts_with([']', '}']);
    closes.then_some(text.len() - rest.len() + 1)
}

/// Whether a text that begins here is announced by a `|` or `>` at the end of the line before it.
fn is_block(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let header = before.trim_end();
    if !before
        .get(header.len()..)
        .is_some_and(|gap| gap.contains('\n'))
    {
        return false;
    }
    let line = header.rsplit('\n').next().unwrap_or_default();
    let line = line.split_once(" #").map_or(line, |(line, _)| line);
    let mark = line.trim_end();
    let mark = mark.trim_end_matches(|c| matches!(c, '+' | '-' | '1'..='9'));
    let before = mark.strip_suffix(['|', '>']);
    before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
        && !line.starts_with('#')
}

/// The last tag that begins at or before a byte.
fn tag_before(text: &str, at: usize) -> Option<Range<usize>> {
    let is_bound = |c: char| c.is_whitespace() || "[]{},".contains(c);
    let before = text.get(..at)?;
    let mark = match text.get(at..)?.starts_with('!') {
        true => at,
        false => before.rfind('!')?,
    };
    let start = text.get(..mark)?.rfind(is_bound).map_or(0, |at| at + 1);
    let length = text.get(start..)?.find(is_bound);
    Some(start..length.map_or(text.len(), |length| start + length))
}

/// The bytes of a place; those of a text end with its last line.
fn bytes_at(text: &str, place: &Location) -> Range<usize> {
    let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let span = place.span();
    let (start, length) = match (span.byte_offset(), span.byte_len()) {
        (Some(start), Some(length)) => (index(start), index(length)),
        // Some mistakes are placed by characters only.
        _ => {
            let mut characters = text.char_indices().skip(index(span.offset()));
            let first = characters.next();
            first.map_or((text.len(), 0), |(at, c)| (at, c.len_utf8()))
        }
    };
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary(start.saturating_add(length));
    let written = text.get(start..end).unwrap_or_default();
    start..start + written.trim_end_matches(['\n', '\r', ' ']).len()
}
