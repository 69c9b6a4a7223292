//! Taking nodes apart, with a diagnostic for whatever isn't as its shape says.

mod quantities;

use super::shape::Shape;
use super::yaml::{Content, Node, Spanned};
use crate::diagnostics::{Code, Diagnostic, Severity, Source, did_you_mean, listed};
use crate::model::{Bilingual, Comparison, Operator, Quantity};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Reads nodes of one file and collects what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    pub(super) source: &'s Arc<Source>,
    pub(super) problems: Vec<Diagnostic>,
    errors: usize,
}

/// The known keys of a map, each with its value.
#[derive(Debug)]
pub(super) struct Fields<'n> {
    found: Vec<(&'static str, &'n Node)>,
    /// Keys that are probably meant by unknown ones: neither there nor missing.
    meant: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The value of a key, unless it is absent.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.found
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, node)| *node)
    }

    /// Whether an unknown key probably means this one.
    pub(super) fn probably_has(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            problems: Vec::new(),
            errors: 0,
        }
    }

    /// How many errors were noted so far.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// Notes a mistake.
    pub(super) fn report(
        &mut self,
        code: Code,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.errors += usize::from(code.severity() == Severity::Error);
        self.problems
            .push(Diagnostic::new(code, self.source, span.clone(), message));
        let last = self.problems.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "pushed on the line above")]
        &mut self.problems[last]
    }

    fn wrong_type(&mut self, node: &Node, expected: &str) -> &mut Diagnostic {
        let found = match &node.value {
            Content::Null => "nothing",
            Content::Scalar { .. } => "a single value",
            Content::List(_) => "a list",
            Content::Map(_) => "a map",
        };
        let message = format!("expected {expected}, found {found}");
        self.report(Code::WrongType, &node.span, message)
    }

    /// The fields of a map with closed keys; none when the node is no map.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, shape: &Shape) -> Option<Fields<'n>> {
        let Content::Map(pairs) = &node.value else {
            let keys: Vec<_> = shape.keys.iter().map(|key| key.name).collect();
            let expected = format!("a map with the keys {}", keys.join(", "));
            let help = format!("{}: {}", called(shape), in_short(shape.docs));
            self.wrong_type(node, &expected).help = Some(help);
            return None;
        };
        if pairs.is_empty() {
            self.report(
                Code::EmptyValue,
                &node.span,
                format!("{} is empty", this(shape)),
            );
            return None;
        }
        let mut found: Vec<(&'static str, &Node)> = Vec::new();
        let mut meant = Vec::new();
        let mut places: Vec<(&'static str, Range<usize>)> = Vec::new();
        for (key, value) in pairs {
            let name = match self.key_of(key, shape) {
                Ok(name) => name,
                Err(guess) => {
                    meant.extend(guess);
                    continue;
                }
            };
            if let Some((_, first)) = places.iter().find(|(seen, _)| *seen == name) {
                let first = first.clone();
                self.duplicate_key(name, &key.span, first);
            } else {
                places.push((name, key.span.clone()));
                found.push((name, value));
            }
        }
        self.missing_keys(node, shape, &places, &meant);
        self.conflicting_keys(shape, &places);
        Some(Fields { found, meant })
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

    /// The key's name; of an unknown one, that which is probably meant.
    fn key_of(&mut self, key: &Node, shape: &Shape) -> Result<&'static str, Option<&'static str>> {
        let Content::Scalar { text, .. } = &key.value else {
            self.wrong_type(key, "a key");
            return Err(None);
        };
        if let Some(known) = shape.keys.iter().find(|known| known.name == text) {
            return Ok(known.name);
        }
        if text == "<<" {
            self.merge_key(key);
            return Err(None);
        }
        let names = shape.keys.iter().map(|key| key.name);
        let guess = did_you_mean(text, names.clone());
        let help = match guess {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("{} has: {}", called(shape), listed(names)),
        };
        let message = format!("{} has no key `{text}`", called(shape));
        self.report(Code::UnknownKey, &key.span, message).help = Some(help);
        Err(guess)
    }

    fn merge_key(&mut self, key: &Node) {
        let message = "keys can't be merged into a map with `<<`";
        self.report(Code::MergeKey, &key.span, message).help =
            Some("write them out; lists and texts can be shared by `&name` and `*name`".to_owned());
    }

    fn missing_keys(
        &mut self,
        node: &Node,
        shape: &Shape,
        places: &[(&str, Range<usize>)],
        meant: &[&str],
    ) {
        let place = places.first().map_or(&node.span, |(_, span)| span).clone();
        let absent =
            |name: &str| !places.iter().any(|(seen, _)| *seen == name) && !meant.contains(&name);
        for key in shape
            .keys
            .iter()
            .filter(|key| key.required && absent(key.name))
        {
            let message = format!("{} lacks `{}`", this(shape), key.name);
            let help = format!("`{}`: {}", key.name, in_short(key.docs));
            self.report(Code::MissingKey, &place, message).help = Some(help);
        }
        if !shape.one_of.is_empty() && shape.one_of.iter().all(|name| absent(name)) {
            let message = format!("{} needs one of: {}", this(shape), shape.one_of.join(", "));
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
        let message = format!("`{first}` and `{second}` exclude each other");
        let report = self.report(Code::ConflictingKeys, span, message);
        report.related = Some((place.clone(), "the other one".to_owned()));
        report.help = Some(format!(
            "{} has one of: {}",
            called(shape),
            shape.one_of.join(", ")
        ));
    }

    /// The pairs of a map whose keys are the author's names.
    pub(super) fn named<'n>(&mut self, node: &'n Node) -> Vec<(Spanned<String>, &'n Node)> {
        let Content::Map(pairs) = &node.value else {
            let report = self.wrong_type(node, "names, each with a value");
            if matches!(node.value, Content::List(_)) {
                report.help = Some("write `name:` instead of `- name:`".to_owned());
            }
            return Vec::new();
        };
        if pairs.is_empty() {
            self.report(Code::EmptyValue, &node.span, "nothing is named here");
        }
        let mut named: Vec<(Spanned<String>, &Node)> = Vec::new();
        let mut places: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for (key, value) in pairs {
            if matches!(&key.value, Content::Scalar { text, plain: true } if text == "<<") {
                self.merge_key(key);
                continue;
            }
            let Some(name) = self.text(key) else { continue };
            match places.get(&name.value) {
                Some(first) => self.duplicate_key(&name.value, &name.span, first.clone()),
                None => {
                    places.insert(name.value.clone(), name.span.clone());
                    named.push((name, value));
                }
            }
        }
        named
    }

    /// The items of a list; an empty one is a mistake.
    pub(super) fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Content::List(items) if items.is_empty() => {
                self.report(Code::EmptyValue, &node.span, "this list is empty")
                    .help = Some("write at least one item, or drop the key".to_owned());
                &[]
            }
            Content::List(items) => items,
            Content::Null => {
                self.report(Code::EmptyValue, &node.span, "a list is expected here")
                    .help = Some("write at least one item, or drop the key".to_owned());
                &[]
            }
            Content::Scalar { text, .. } => {
                let help = format!("write `[{}]`, or lines that begin with `- `", quoted(text));
                self.wrong_type(node, "a list").help = Some(help);
                &[]
            }
            Content::Map(_) => {
                self.wrong_type(node, "a list").help =
                    Some("the items of a list are lines that begin with `- `".to_owned());
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
            self.no_text(node);
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

    fn no_text(&mut self, node: &Node) {
        match &node.value {
            Content::Null if node.span.is_empty() => {
                let message = "a text is expected here, and there is nothing";
                self.report(Code::EmptyValue, &node.span, message).help =
                    Some("what follows a `#` is a comment: quote a text that holds one".to_owned());
            }
            Content::Null => {
                let message = "a text is expected here, and this means nothing in YAML";
                let written = self.source.text.get(node.span.clone());
                let help = format!(
                    "if the word itself is meant, quote it: \"{}\"",
                    written.unwrap_or("null")
                );
                self.report(Code::EmptyValue, &node.span, message).help = Some(help);
            }
            Content::Map(_) => {
                self.wrong_type(node, "a text").help =
                    Some("a text with `: ` inside needs quotes".to_owned());
            }
            Content::List(_) | Content::Scalar { .. } => {
                self.wrong_type(node, "a text");
            }
        }
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
            let also = if more.is_empty() { "" } else { ", `.`" };
            let mut help = format!("names are lower-case letters, digits, `-`, `_`{also}");
            if let Some(better) = as_name(&name.value, more) {
                help = format!("{help}: write for instance `{better}`");
            }
            self.report(Code::BadName, &name.span, message).help = Some(help);
        }
        good
    }

    /// A list of names of signals or rules, which may name another policy's.
    pub(super) fn names(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let items = self.one_or_more(node);
        let names: Vec<_> = items.iter().filter_map(|item| self.text(item)).collect();
        let mut places: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
        for name in &names {
            if let Some(first) = places.insert(&name.value, &name.span) {
                let message = format!("`{}` stands twice in this list", name.value);
                self.report(Code::RepeatedName, &name.span, message).related =
                    Some((first.clone(), "first here".to_owned()));
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
                let meant = match other.to_lowercase().as_str() {
                    "yes" | "on" | "y" | "oui" | "1" | "true" => "write `true`",
                    "no" | "off" | "n" | "non" | "0" | "false" => "write `false`",
                    _ => "it is either one or the other",
                };
                self.report(Code::WrongType, &node.span, message).help = Some(meant.to_owned());
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
        let message = format!("`{}` is none of the words that can stand here", text.value);
        self.report(Code::UnknownWord, &node.span, message).help = Some(help);
        None
    }

    /// A text in both languages.
    pub(super) fn bilingual(&mut self, node: &Node) -> Option<Bilingual> {
        static SHAPE: Shape = Shape {
            name: "text",
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
                operator: Operator::Equal,
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

    /// A comparison with a count, which some counts satisfy and some don't.
    pub(super) fn counting(&mut self, node: &Node) -> Option<Comparison> {
        let comparison = self.comparison(node)?;
        let always = match counts_that_hold(&comparison) {
            Counts::Some => return Some(comparison),
            Counts::All => "every count satisfies this",
            Counts::None => "no count satisfies this",
        };
        self.report(Code::ConstantComparison, &node.span, always)
            .help = Some("counts are whole numbers: write for instance \">= 3\"".to_owned());
        None
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
                let help = match text.value.parse::<u8>() {
                    Ok(number) if number < 100 => format!("write `{number}%`"),
                    _ => "write for instance `20%`: the share of the points that stays".to_owned(),
                };
                self.report(Code::BadPercentage, &node.span, message).help = Some(help);
                None
            }
        }
    }
}

/// What a shape is called in a sentence: by its key, or as a thing.
fn called(shape: &Shape) -> String {
    match shape.name {
        key @ ("examples" | "maps_to" | "near" | "terms") => format!("`{key}`"),
        thing if thing.starts_with('e') => format!("an {thing}"),
        thing => format!("a {thing}"),
    }
}

fn this(shape: &Shape) -> String {
    match called(shape).strip_prefix('`') {
        Some(key) => format!("this `{key}"),
        None => format!("this {}", shape.name),
    }
}

/// The first sentence of a page, as a piece of another.
fn in_short(docs: &str) -> String {
    let first = docs.split(". ").next().unwrap_or(docs);
    let mut characters = first.trim_end_matches('.').chars();
    let initial = characters.next().into_iter().flat_map(char::to_lowercase);
    initial.chain(characters).collect()
}

/// A text as an item of a list in brackets.
fn quoted(text: &str) -> String {
    match text.contains(|c: char| ",[]{}:#'\"".contains(c)) {
        true => format!("{text:?}"),
        false => text.to_owned(),
    }
}

/// The name that a text would make.
fn as_name(text: &str, more: &[char]) -> Option<String> {
    let separator = if more.contains(&'.') { '.' } else { '_' };
    let pieces = text
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))
        .filter(|piece| !piece.is_empty());
    let name = pieces.collect::<Vec<_>>().join(&separator.to_string());
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    (!name.is_empty()).then_some(name)
}

enum Counts {
    All,
    Some,
    None,
}

/// Which of the numbers 0, 1, 2… satisfy a comparison.
fn counts_that_hold(comparison: &Comparison) -> Counts {
    let Quantity::Number(number) = comparison.with else {
        return Counts::None;
    };
    let (below_all, is_count) = (number < 0.0, number >= 0.0 && number.fract() == 0.0);
    match comparison.operator {
        Operator::Below if number <= 0.0 => Counts::None,
        Operator::AtMost if below_all => Counts::None,
        Operator::Equal if !is_count => Counts::None,
        Operator::NotEqual if !is_count => Counts::All,
        Operator::AtLeast if number <= 0.0 => Counts::All,
        Operator::Above if below_all => Counts::All,
        Operator::Below
        | Operator::AtMost
        | Operator::Equal
        | Operator::NotEqual
        | Operator::AtLeast
        | Operator::Above => Counts::Some,
    }
}
