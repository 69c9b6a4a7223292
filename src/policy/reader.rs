//! Taking nodes apart, with a diagnostic for whatever isn't as its shape says.

use super::shape::Shape;
use super::yaml::{Content, Node, Spanned};
use crate::diagnostics::{Code, Diagnostic, Source, did_you_mean};
use crate::model::{Bilingual, Comparison, Quantity};
use std::ops::Range;
use std::sync::Arc;

/// Reads nodes of one file and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    pub(super) source: &'s Arc<Source>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The known keys of a map, each with its value.
#[derive(Debug)]
pub(super) struct Fields<'n> {
    found: Vec<(&'static str, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// The value of a key, unless it is absent.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.found
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, node)| *node)
    }
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            problems: Vec::new(),
        }
    }

    /// Notes a mistake.
    pub(super) fn report(
        &mut self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.problems
            .push(Diagnostic::new(code, self.source, span.clone(), message));
        let last = self.problems.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "pushed on the line above")]
        &mut self.problems[last]
    }

    fn wrong_type(&mut self, node: &Node, expected: &str) {
        let found = match &node.value {
            Content::Null => "nothing",
            Content::Scalar { .. } => "a single value",
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        };
        self.report(
            Code::WrongType,
            &node.span,
            format!("expected {expected}, found {found}"),
        );
    }

    /// The fields of a map with closed keys; none when the node is no map.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, shape: &Shape) -> Option<Fields<'n>> {
        let Content::Map(pairs) = &node.value else {
            let keys: Vec<_> = shape.keys.iter().map(|key| key.name).collect();
            let name = shape.name;
            self.wrong_type(node, &format!("the keys of a {name} ({})", keys.join(", ")));
            return None;
        };
        if pairs.is_empty() {
            self.report(
                Code::EmptyValue,
                &node.span,
                format!("this {} is empty", shape.name),
            );
            return None;
        }
        let mut found: Vec<(&'static str, &Node)> = Vec::new();
        let mut places: Vec<(&'static str, Range<usize>)> = Vec::new();
        for (key, value) in pairs {
            let Some(name) = self.key_of(key, shape) else {
                continue;
            };
            if let Some((_, first)) = places.iter().find(|(seen, _)| *seen == name) {
                let first = first.clone();
                self.duplicate_key(name, &key.span, first);
            } else {
                places.push((name, key.span.clone()));
                found.push((name, value));
            }
        }
        self.missing_keys(node, shape, &places);
        self.conflicting_keys(shape, &places);
        Some(Fields { found })
    }

    fn duplicate_key(&mut self, name: &str, span: &Range<usize>, first: Range<usize>) {
        let report = self.report(
            Code::DuplicateKey,
            span,
            format!("`{name}` stands here twice"),
        );
        report.related = Some((first, "first here".to_owned()));
        report.help = Some("keep one of them, or give one another name".to_owned());
    }

    fn key_of(&mut self, key: &Node, shape: &Shape) -> Option<&'static str> {
        let Content::Scalar { text, .. } = &key.value else {
            self.wrong_type(key, "a key");
            return None;
        };
        if let Some(known) = shape.keys.iter().find(|known| known.name == text) {
            return Some(known.name);
        }
        let names = shape.keys.iter().map(|key| key.name);
        let help = match did_you_mean(text, names.clone()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!(
                "a {} has: {}",
                shape.name,
                names.collect::<Vec<_>>().join(", ")
            ),
        };
        let message = format!("a {} has no key `{text}`", shape.name);
        self.report(Code::UnknownKey, &key.span, message).help = Some(help);
        None
    }

    fn missing_keys(&mut self, node: &Node, shape: &Shape, places: &[(&str, Range<usize>)]) {
        let place = places.first().map_or(&node.span, |(_, span)| span).clone();
        let absent = |name: &str| !places.iter().any(|(seen, _)| *seen == name);
        for key in shape
            .keys
            .iter()
            .filter(|key| key.required && absent(key.name))
        {
            let message = format!("this {} lacks `{}`", shape.name, key.name);
            self.report(Code::MissingKey, &place, message).help = Some(key.docs.to_owned());
        }
        if !shape.one_of.is_empty() && shape.one_of.iter().all(|name| absent(name)) {
            let message = format!(
                "this {} needs one of: {}",
                shape.name,
                shape.one_of.join(", ")
            );
            self.report(Code::MissingKey, &place, message);
        }
    }

    fn conflicting_keys(&mut self, shape: &Shape, places: &[(&'static str, Range<usize>)]) {
        let mut kinds = places
            .iter()
            .filter(|(name, _)| shape.one_of.contains(name));
        let (Some((first, place)), Some((second, span))) = (kinds.next(), kinds.next()) else {
            return;
        };
        let message = format!("`{first}` and `{second}` can't stand in one {}", shape.name);
        let report = self.report(Code::ConflictingKeys, span, message);
        report.related = Some((place.clone(), "the other one".to_owned()));
        report.help = Some(format!(
            "a {} has one of: {}",
            shape.name,
            shape.one_of.join(", ")
        ));
    }

    /// The pairs of a map whose keys are the author's names.
    pub(super) fn named<'n>(&mut self, node: &'n Node) -> Vec<(Spanned<String>, &'n Node)> {
        let Content::Map(pairs) = &node.value else {
            self.wrong_type(node, "names, each with a value");
            return Vec::new();
        };
        if pairs.is_empty() {
            self.report(Code::EmptyValue, &node.span, "nothing is named here");
        }
        let mut named: Vec<(Spanned<String>, &Node)> = Vec::new();
        for (key, value) in pairs {
            let Some(name) = self.text(key) else { continue };
            match named.iter().find(|(seen, _)| seen.value == name.value) {
                Some((first, _)) => {
                    let first = first.span.clone();
                    self.duplicate_key(&name.value, &name.span, first);
                }
                None => named.push((name, value)),
            }
        }
        named
    }

    /// The items of a list; an empty one is a mistake.
    pub(super) fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Content::List(items) if items.is_empty() => {
                self.report(Code::EmptyValue, &node.span, "this list is empty");
                &[]
            }
            Content::List(items) => items,
            Content::Null => {
                self.report(Code::EmptyValue, &node.span, "a list is expected here");
                &[]
            }
            Content::Scalar { .. } | Content::Map(_) => {
                self.wrong_type(node, "a list (`[a, b]`, or lines beginning with `- `)");
                &[]
            }
        }
    }

    /// One value as a list of one, or a list.
    pub(super) fn one_or_more<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Content::Scalar { .. } => std::slice::from_ref(node),
            Content::Null | Content::List(_) | Content::Map(_) => self.list(node),
        }
    }

    /// A text, not empty.
    pub(super) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let Content::Scalar { text, .. } = &node.value else {
            if node.value == Content::Null {
                self.report(Code::EmptyValue, &node.span, "a text is expected here")
                    .help = Some("if the word itself is meant, quote it: \"null\"".to_owned());
            } else {
                self.wrong_type(node, "a text");
            }
            return None;
        };
        if text.trim().is_empty() {
            self.report(Code::EmptyValue, &node.span, "this text is empty");
            return None;
        }
        Some(Spanned {
            value: text.clone(),
            span: node.span.clone(),
        })
    }

    /// A name: lower-case letters, digits, `-`, `_`, and those of `more`.
    pub(super) fn name(&mut self, node: &Node, more: &[char]) -> Option<Spanned<String>> {
        let name = self.text(node)?;
        self.check_name(&name, more).then_some(name)
    }

    /// Whether a name is written as names are.
    pub(super) fn check_name(&mut self, name: &Spanned<String>, more: &[char]) -> bool {
        let fits = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_') || more.contains(&c);
        let good = name.value.chars().all(fits) && name.value.starts_with(|c| fits(c) && c != '-');
        if !good {
            let message = format!("`{}` can't be a name", name.value);
            self.report(Code::BadName, &name.span, message).help = Some(
                "names are lower-case letters, digits, `-` and `_`; ids and categories also have `.`"
                    .to_owned(),
            );
        }
        good
    }

    /// A list of names of signals or rules, which may name another policy's.
    pub(super) fn names(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let items = self.one_or_more(node);
        let names: Vec<_> = items.iter().filter_map(|item| self.text(item)).collect();
        for (at, name) in names.iter().enumerate() {
            let earlier = names
                .iter()
                .take(at)
                .find(|earlier| earlier.value == name.value);
            if let Some(first) = earlier {
                let message = format!("`{}` stands twice in this list", name.value);
                self.report(Code::RepeatedName, &name.span, message).related =
                    Some((first.span.clone(), "first here".to_owned()));
            }
        }
        names
    }

    /// A whole number in a range.
    pub(super) fn integer(&mut self, node: &Node, low: u32, high: u32) -> Option<Spanned<u32>> {
        let text = self.text(node)?;
        let Ok(number) = text.value.parse::<i64>() else {
            let message = format!("expected a whole number, found `{}`", text.value);
            self.report(Code::WrongType, &node.span, message);
            return None;
        };
        match u32::try_from(number)
            .ok()
            .filter(|number| (low..=high).contains(number))
        {
            Some(value) => Some(Spanned {
                value,
                span: node.span.clone(),
            }),
            None => {
                let message = format!("{number} is not between {low} and {high}");
                self.report(Code::OutOfRange, &node.span, message);
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, node: &Node) -> Option<bool> {
        let text = self.text(node)?;
        match text.value.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let message = format!("expected `true` or `false`, found `{other}`");
                self.report(Code::WrongType, &node.span, message);
                None
            }
        }
    }

    /// One word of a closed set.
    pub(super) fn word(&mut self, node: &Node, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(node)?;
        if let Some(word) = words.iter().find(|word| **word == text.value) {
            return Some(word);
        }
        let help = match did_you_mean(&text.value, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("it is one of: {}", words.join(", ")),
        };
        let message = format!("`{}` is not a word that is known here", text.value);
        self.report(Code::UnknownWord, &node.span, message).help = Some(help);
        None
    }

    /// A text in both languages.
    pub(super) fn bilingual(&mut self, node: &Node) -> Option<Bilingual> {
        static SHAPE: Shape = Shape {
            name: "text in both languages",
            docs: "One text in English and French.",
            one_of: &[],
            keys: &[
                super::shape::required("en", super::shape::Takes::Text, "In English."),
                super::shape::required("fr", super::shape::Takes::Text, "In French."),
            ],
        };
        let fields = self.fields(node, &SHAPE)?;
        let en = fields.get("en").and_then(|node| self.text(node));
        let fr = fields.get("fr").and_then(|node| self.text(node));
        Some(Bilingual {
            en: en?.value,
            fr: fr?.value,
        })
    }

    /// A comparison: `"< 2d"`, `true`.
    pub(super) fn comparison(&mut self, node: &Node) -> Option<Comparison> {
        let text = self.text(node)?;
        let plain = matches!(node.value, Content::Scalar { plain: true, .. });
        if plain && matches!(text.value.as_str(), "true" | "false") {
            let with = Quantity::Flag(text.value == "true");
            return Some(Comparison {
                operator: crate::model::Operator::Equal,
                with,
            });
        }
        match Comparison::parse(&text.value) {
            Ok(comparison) => Some(comparison),
            Err(why) => {
                let message = format!("`{}` is not a comparison: {why}", text.value);
                self.report(Code::BadComparison, &node.span, message).help =
                    Some("write for instance \"< 2d\", \">= 3\" or \"= moderator\"".to_owned());
                None
            }
        }
    }

    /// A percentage below 100.
    pub(super) fn percentage(&mut self, node: &Node) -> Option<u8> {
        let text = self.text(node)?;
        let number = text
            .value
            .strip_suffix('%')
            .and_then(|n| n.trim().parse::<u8>().ok());
        match number {
            Some(number) if number < 100 => Some(number),
            _ => {
                let message = format!("`{}` is not a percentage from 0% to 99%", text.value);
                self.report(Code::BadPercentage, &node.span, message);
                None
            }
        }
    }
}
