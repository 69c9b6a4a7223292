//! YAML as a tree in which every key and value knows its bytes. All YAML access is here.
//!
//! The tree is built from the parser's events with a stack of its own, so that neither nesting
//! nor aliases can exhaust anything before a bound of [`crate::limits`] stops them.

mod mistakes;

use crate::diagnostics::{Code, Diagnostic, Source};
use crate::limits::{POLICY_DEPTH_MAX, POLICY_NODES_MAX, POLICY_TEXT_BYTES_MAX};
use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use mistakes::parse_mistake;
use std::borrow::Cow;
use std::collections::BTreeMap;
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
    /// because a term may be any of them. A block text ends without its line break.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// Reads one YAML document: as much of it as can be trusted, if any.
pub(super) fn parse(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        // One more than is accepted, so that the mistake is told in our words.
        flow_nesting_limit: POLICY_DEPTH_MAX + 1,
        block_nesting_limit: POLICY_DEPTH_MAX + 1,
    };
    let mut builder = Builder {
        source,
        problems,
        open: Vec::new(),
        root: None,
        anchors: BTreeMap::new(),
        size: Size::default(),
        kept: Size::default(),
    };
    let mut documents = 0;
    for item in Parser::new_from_str_with_options(&source.text, options) {
        let (event, span) = match item {
            Ok(item) => item,
            Err(error) => {
                let open = builder.open.last().map(|open| open.start);
                builder.problems.push(parse_mistake(source, &error, open));
                return None;
            }
        };
        if matches!(event, Event::DocumentStart(..)) {
            documents += 1;
        }
        if documents > 1 {
            builder.second_document(&span);
            break;
        }
        if let Err(problem) = builder.take(event, &span) {
            builder.problems.push(*problem);
            return None;
        }
    }
    Some(builder.root.unwrap_or(Spanned {
        value: Content::Null,
        span: 0..0,
    }))
}

/// What a subtree costs.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

/// A list or map whose end has not come yet.
#[derive(Debug)]
struct Open {
    start: usize,
    anchor: usize,
    /// What stood before it, to know its size at the end.
    before: Size,
    depth: usize,
    children: Children,
}

#[derive(Debug)]
enum Children {
    List(Vec<Node>),
    Map(Vec<(Node, Node)>, Option<Node>),
}

struct Builder<'s> {
    source: &'s Arc<Source>,
    problems: &'s mut Vec<Diagnostic>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: BTreeMap<usize, (Node, Size)>,
    /// Of the tree so far.
    size: Size,
    /// Of the copies that anchors keep.
    kept: Size,
}

/// A mistake after which nothing can be read.
type Fatal = Box<Diagnostic>;

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, place: &Span) -> Result<(), Fatal> {
        let span = bytes_of(place, &self.source.text);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "tag:yaml.org,2002:str", place);
                let content = scalar(text, style, tag.as_deref());
                self.size.nodes += 1;
                let size = Size {
                    nodes: 1,
                    bytes: text_bytes(&content),
                    depth: 0,
                };
                self.size.bytes += size.bytes;
                self.within_bounds(&span)?;
                let node = Spanned {
                    value: content,
                    span,
                };
                self.remember(anchor, &node, size)?;
                self.place(node);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "tag:yaml.org,2002:seq", place);
                self.begin(anchor, span, Children::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), "tag:yaml.org,2002:map", place);
                self.begin(anchor, span, Children::Map(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&span)?,
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::UnresolvedAlias(name) => {
                self.unknown_alias(&name, &span);
                // Stands for a text, so that its neighbours are still read.
                self.place(Spanned {
                    value: Content::Scalar {
                        text: format!("*{name}"),
                        plain: false,
                    },
                    span,
                });
            }
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Anchor(..)
            | Event::Comment(..)
            | _ => {}
        }
        Ok(())
    }

    fn begin(
        &mut self,
        anchor: usize,
        span: Range<usize>,
        children: Children,
    ) -> Result<(), Fatal> {
        if self.open.len() >= POLICY_DEPTH_MAX {
            return Err(too_deep(self.source, span));
        }
        let before = self.size;
        self.size.nodes += 1;
        self.within_bounds(&span)?;
        self.open.push(Open {
            start: span.start,
            anchor,
            before,
            depth: 0,
            children,
        });
        Ok(())
    }

    fn end(&mut self, span: &Range<usize>) -> Result<(), Fatal> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let last = match &open.children {
            Children::List(items) => items.last(),
            Children::Map(pairs, _) => pairs.last().map(|(_, value)| value),
        };
        // The end of a block is only noticed at what follows it; that of `[…]` is its bracket.
        let end = match span.is_empty() {
            true => last.map_or(open.start, |node| node.span.end),
            false => span.end,
        };
        let value = match open.children {
            Children::List(items) => Content::List(items),
            Children::Map(pairs, _) => Content::Map(pairs),
        };
        let node = Spanned {
            value,
            span: open.start..end.max(open.start),
        };
        let size = Size {
            nodes: self.size.nodes - open.before.nodes,
            bytes: self.size.bytes - open.before.bytes,
            depth: open.depth + 1,
        };
        if let Some(parent) = self.open.last_mut() {
            parent.depth = parent.depth.max(size.depth);
        }
        self.remember(open.anchor, &node, size)?;
        self.place(node);
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match &mut open.children {
            Children::List(items) => items.push(node),
            Children::Map(pairs, key) => match key.take() {
                Some(key) => pairs.push((key, node)),
                None => *key = Some(node),
            },
        }
    }

    /// Keeps a copy of an anchored node; copies count too.
    fn remember(&mut self, anchor: usize, node: &Node, size: Size) -> Result<(), Fatal> {
        if anchor > 0 {
            self.kept.nodes += size.nodes;
            self.kept.bytes += size.bytes;
            self.within_bounds(&node.span)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(())
    }

    /// A copy of what the alias names, placed where it is used. Values inside it keep the place
    /// where they were written.
    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fatal> {
        let Some((_, size)) = self.anchors.get(&anchor) else {
            let message = "this alias stands inside what it refers to";
            return Err(Box::new(Diagnostic::new(
                Code::UnknownAlias,
                self.source,
                span,
                message,
            )));
        };
        let size = *size;
        if self.open.len() + size.depth > POLICY_DEPTH_MAX {
            return Err(too_deep(self.source, span));
        }
        self.size.nodes += size.nodes;
        self.size.bytes += size.bytes;
        self.within_bounds(&span)?;
        if let Some(parent) = self.open.last_mut() {
            parent.depth = parent.depth.max(size.depth);
        }
        if let Some((node, _)) = self.anchors.get(&anchor) {
            let value = node.value.clone();
            self.place(Spanned { value, span });
        }
        Ok(())
    }

    fn within_bounds(&self, span: &Range<usize>) -> Result<(), Fatal> {
        let nodes = self.size.nodes + self.kept.nodes;
        let bytes = self.size.bytes + self.kept.bytes;
        if nodes <= POLICY_NODES_MAX && bytes <= POLICY_TEXT_BYTES_MAX {
            return Ok(());
        }
        let message = format!("from here on, the file expands beyond {POLICY_NODES_MAX} values");
        let problem = Diagnostic::new(Code::TooManyNodes, self.source, span.clone(), message)
            .help("look for aliases (`*name`) that repeat each other, or split the file");
        Err(Box::new(problem))
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, allowed: &str, place: &Span) {
        let Some(tag) = tag.filter(|tag| tag.to_string() != allowed) else {
            return;
        };
        let span = place.tag_span();
        let span = bytes_of(span.as_ref().unwrap_or(place), &self.source.text);
        let written = tag.original();
        let message = format!("`{written}` is read as a tag, and policies have none");
        let problem = Diagnostic::new(Code::YamlTag, self.source, span, message)
            .help("a text that begins with `!` needs quotes");
        self.problems.push(problem);
    }

    fn unknown_alias(&mut self, name: &str, span: &Range<usize>) {
        let message = format!("`*{name}` is read as an alias, and nothing is marked `&{name}`");
        let problem = Diagnostic::new(Code::UnknownAlias, self.source, span.clone(), message).help(
            format!("a text that begins with `*` needs quotes: \"*{name}\""),
        );
        self.problems.push(problem);
    }

    fn second_document(&mut self, span: &Span) {
        let span = bytes_of(span, &self.source.text);
        let message = "a second document begins here";
        let problem = Diagnostic::new(Code::SeveralDocuments, self.source, span, message)
            .help("put what follows into a file of its own, or drop the `---`");
        self.problems.push(problem);
    }
}

fn too_deep(source: &Arc<Source>, span: Range<usize>) -> Fatal {
    let message = format!("the file nests more than {POLICY_DEPTH_MAX} levels deep");
    Box::new(Diagnostic::new(Code::TooDeep, source, span, message).help(
        "no policy needs that: look for a bracket that is opened again and again, or a runaway \
         indentation",
    ))
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Content {
    // A lone tag was meant to be a text, and was reported.
    if let Some(tag) = tag.filter(|_| text.is_empty()) {
        let text = tag.original();
        return Content::Scalar { text, plain: false };
    }
    let plain = style == ScalarStyle::Plain && tag.is_none();
    if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
        return Content::Null;
    }
    let text = match style {
        ScalarStyle::Literal | ScalarStyle::Folded => text.trim_end_matches('\n').to_owned(),
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            text.into_owned()
        }
    };
    Content::Scalar { text, plain }
}

fn text_bytes(content: &Content) -> usize {
    match content {
        Content::Scalar { text, .. } => text.len(),
        Content::Null | Content::List(_) | Content::Map(_) => 0,
    }
}

/// The bytes of a parser's span; those of a block text end with its last line.
fn bytes_of(span: &Span, text: &str) -> Range<usize> {
    let range = span.byte_range().unwrap_or(0..0);
    let start = range.start.min(text.len());
    let end = range.end.clamp(start, text.len());
    let written = text.get(start..end).unwrap_or_default();
    start..start + written.trim_end_matches(['\n', '\r', ' ']).len()
}
