//! Who is called what: hits, measures, ladders.

use crate::diagnostics::{Code, Diagnostic, listed};
use crate::policy::check::named::{Kind, Table, is_copy};
use crate::policy::check::{Document, report};
use crate::policy::written::Name;
use crate::policy::written::ladders::{Ladder, Measure};
use std::collections::BTreeMap;

const HITS: Kind = Kind {
    thing: "hit",
    help: "hits are declared under `hits:`; those of other policies are `policy/hit`",
    code: Code::UnknownHit,
    also: None,
};

const MEASURES: Kind = Kind {
    thing: "counter, trend or sequence",
    help: "they are declared under `counters:`, `trends:` and `sequences:`; those of other \
           policies are `policy/name`",
    code: Code::UnknownMeasure,
    also: None,
};

/// Everything that has a name.
#[derive(Debug)]
pub(super) struct Names<'d> {
    hits: Table<'d>,
    measures: Table<'d>,
    /// Ladders by name, with their place among all as written.
    ladders: BTreeMap<&'d str, usize>,
}

/// All ladders, in the order they are written, each with its document.
pub(super) fn ladders(documents: &[Document]) -> impl Iterator<Item = (&Document, &Ladder)> {
    documents.iter().flat_map(|document| {
        let ladders = document.file.escalation.ladders.iter();
        ladders.map(move |ladder| (document, ladder))
    })
}

impl<'d> Names<'d> {
    /// Collects the names of all documents; things are numbered as they are written.
    pub(super) fn collect(
        documents: &'d [Document],
        complete: bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut names = Self {
            hits: Table::new(HITS, documents, complete),
            measures: Table::new(MEASURES, documents, complete),
            ladders: BTreeMap::new(),
        };
        let (mut hits, mut measures) = (0, 0);
        for document in documents {
            let escalation = &document.file.escalation;
            let of_policy = names.hits.of_policy(document, escalation.names_known);
            for hit in &escalation.hits {
                of_policy.insert(&hit.name.value, hits);
                hits += 1;
            }
            let of_policy = names.measures.of_policy(document, escalation.names_known);
            for measure in &escalation.measures {
                of_policy.entry(&measure.name.value).or_insert(measures);
                measures += 1;
            }
            tell_twins(document, &escalation.measures, problems);
        }
        names.collect_ladders(documents, problems);
        names
    }

    fn collect_ladders(&mut self, documents: &'d [Document], problems: &mut Vec<Diagnostic>) {
        let mut homes: BTreeMap<&str, &Document> = BTreeMap::new();
        for (at, (document, ladder)) in ladders(documents).enumerate() {
            let name = &ladder.name;
            let first = homes.insert(&name.value, document);
            if let Some(first) = first.filter(|first| !is_copy(first, document)) {
                let message = format!("another ladder is already called `{}`", name.value);
                report(problems, document, Code::DuplicateName, &name.span, message).help =
                    Some(format!("the other one is in {}", first.source.name));
            }
            self.ladders.insert(&name.value, at);
        }
    }

    /// The hit that a name in this document means: its place among all.
    pub(super) fn hit(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        self.hits.resolve(document, name, problems)
    }

    /// The measure that a name in this document means: its place among all.
    pub(super) fn measure(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        self.measures.resolve(document, name, problems)
    }

    /// The ladder of a name: its place among all as written.
    pub(super) fn ladder(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = self.ladders.get(name.value.as_str()).copied();
        if found.is_none() && self.hits.is_whole() {
            let known = || self.ladders.keys().copied();
            let help = match self.hits.meant(&name.value, known(), None) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.ladders.is_empty() => "the pack has no ladders".to_owned(),
                None => format!("the pack has: {}", listed(known())),
            };
            let message = format!("no ladder is called `{}`", name.value);
            report(problems, document, Code::UnknownLadder, &name.span, message).help = Some(help);
        }
        found
    }
}

/// Counters, trends and sequences share their names: each is used once in a policy.
fn tell_twins(document: &Document, measures: &[Measure], problems: &mut Vec<Diagnostic>) {
    let mut places = BTreeMap::new();
    for Measure { name, .. } in measures {
        if let Some(first) = places.insert(&name.value, &name.span) {
            let message = format!("another measure is already called `{}`", name.value);
            report(problems, document, Code::DuplicateName, &name.span, message).related =
                Some((first.clone(), "first here".to_owned()));
        }
    }
}
