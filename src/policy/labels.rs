//! What the labels of posts stand for: a small document, read as policies are.

use super::RawFile;
use super::check::source;
use super::reader::Reader;
use super::shape::labels::LABELS;
use super::yaml::{self, Node};
use crate::detectors::DETECTORS;
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};

/// The field that holds a post's labels, unless told.
const FIELD: &str = "labels";

/// What labels stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The field of a post that holds its labels.
    pub field: String,
    /// For each label what must be found: categories, their beginnings, or `*`.
    pub expect: BTreeMap<String, Vec<String>>,
    /// Labels of posts in which nothing must be found.
    pub clean: BTreeSet<String>,
    /// For what is expected, the labels of posts that say nothing about it.
    pub ignore: BTreeMap<String, BTreeSet<String>>,
    /// How labels begin that make groups; none: all do.
    pub groups: Option<Vec<String>>,
    /// How labels begin that name a disguise.
    pub disguise: Option<String>,
    /// For each type of span the detectors that should see it.
    pub spans: BTreeMap<String, Vec<String>>,
    /// For each label the detectors of which one must see something.
    pub signals: BTreeMap<String, Vec<String>>,
}

impl Labels {
    /// Without a file: a label that is a category, or the beginning of one, expects it; `clean` and
    /// `benign` expect nothing.
    #[must_use]
    pub fn of_categories<'c>(categories: impl Iterator<Item = &'c str>) -> Self {
        let mut expect = BTreeMap::new();
        for category in categories {
            let ends = category.match_indices('.').map(|(at, _)| at);
            for end in ends.chain([category.len()]) {
                let part = category.get(..end).unwrap_or(category);
                expect.insert(part.to_owned(), vec![part.to_owned()]);
            }
        }
        Self {
            field: FIELD.to_owned(),
            expect,
            clean: ["clean", "benign"].map(str::to_owned).into(),
            ignore: BTreeMap::new(),
            groups: None,
            disguise: None,
            spans: own_names(),
            signals: BTreeMap::new(),
        }
    }

    /// Reads a labels file.
    ///
    /// # Errors
    /// It has mistakes: all of them, each with its place.
    pub fn read(file: RawFile) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let source = source(file, &mut problems);
        let node = source
            .as_ref()
            .and_then(|source| yaml::parse(source, &mut problems));
        let labels = source.as_ref().zip(node).and_then(|(source, node)| {
            let mut reader = Reader::new(source);
            let labels = labels(&mut reader, &node);
            problems.append(&mut reader.problems);
            labels
        });
        labels.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

fn labels(reader: &mut Reader<'_>, node: &Node) -> Option<Labels> {
    let fields = reader.fields(node, &LABELS)?;
    let mut named = |key: &str, are_detectors: bool| -> BTreeMap<String, Vec<String>> {
        let Some(node) = fields.get(key) else {
            return BTreeMap::new();
        };
        let named = reader.named(node).into_iter();
        let named: Vec<_> = named
            .map(|(name, node)| (name.value, texts(reader, node, are_detectors)))
            .collect();
        named.into_iter().collect()
    };
    let (expect, ignore) = (named("expect", false), named("ignore", false));
    let (spans, signals) = (named("spans", true), named("signals", true));
    let mut text = |key: &str| {
        let node = fields.get(key)?;
        reader.text(node).map(|text| text.value)
    };
    let (field, disguise) = (text("field"), text("disguise"));
    let mut list = |key: &str| fields.get(key).map(|node| texts(reader, node, false));
    let (clean, groups) = (list("clean"), list("groups"));
    let spans = match spans.is_empty() {
        true => own_names(),
        false => spans,
    };
    let sets = |(name, labels): (String, Vec<String>)| (name, labels.into_iter().collect());
    Some(Labels {
        field: field.unwrap_or_else(|| FIELD.to_owned()),
        expect,
        clean: clean.into_iter().flatten().collect(),
        ignore: ignore.into_iter().map(sets).collect(),
        groups,
        disguise,
        spans,
        signals,
    })
}

/// Each detector under its own name.
fn own_names() -> BTreeMap<String, Vec<String>> {
    let names = DETECTORS.iter().map(|detector| detector.name.to_owned());
    names.map(|name| (name.clone(), vec![name])).collect()
}

fn texts(reader: &mut Reader<'_>, node: &Node, are_detectors: bool) -> Vec<String> {
    let names = reader.names(node);
    for name in names.iter().filter(|_| are_detectors) {
        let known = || DETECTORS.iter().map(|detector| detector.name);
        if !known().any(|detector| detector == name.value) {
            let message = format!("there is no detector `{}`", name.value);
            reader
                .report(Code::UnknownDetector, &name.span, message)
                .help =
                did_you_mean(&name.value, known()).map(|near| format!("did you mean `{near}`?"));
        }
    }
    names.into_iter().map(|name| name.value).collect()
}
