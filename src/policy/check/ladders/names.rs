//! Who is called what: hits, measures, ladders.

use crate::diagnostics::{Code, Diagnostic, did_you_mean, listed};
use crate::policy::check::names::{NAMES_COMPARED_MAX, apart, is_copy};
use crate::policy::check::{Document, report};
use crate::policy::written::Name;
use crate::policy::written::ladders::Ladder;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Things that are named in a policy, each with its place among all of the pack.
#[derive(Debug)]
pub(super) struct Table<'d> {
    /// A hit, a measure.
    thing: &'static str,
    /// What is said of a name that nothing is near to.
    help: &'static str,
    code: Code,
    by_policy: BTreeMap<&'d str, BTreeMap<&'d str, usize>>,
}

/// Everything that has a name.
#[derive(Debug)]
pub(super) struct Names<'d> {
    pub(super) hits: Table<'d>,
    pub(super) measures: Table<'d>,
    /// Ladders by name, with their place among all as written.
    ladders: BTreeMap<&'d str, usize>,
    /// Policies some of whose names are not known, for want of readable sections.
    unknown: BTreeSet<&'d str>,
    /// Whether every file could be read so far that its policy is known.
    complete: bool,
    /// How many names others were compared with: finding what was meant ends somewhere.
    compared: Cell<usize>,
}

/// All ladders, in the order they are written, each with its document.
pub(super) fn ladders(documents: &[Document]) -> impl Iterator<Item = (&Document, &Ladder)> {
    documents.iter().flat_map(|document| {
        let ladders = document.file.escalation.ladders.iter();
        ladders.map(move |ladder| (document, ladder))
    })
}

impl<'d> Names<'d> {
    pub(super) fn collect(
        documents: &'d [Document],
        complete: bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let table = |thing, help, code| Table {
            thing,
            help,
            code,
            by_policy: BTreeMap::new(),
        };
        let mut names = Self {
            hits: table(
                "hit",
                "hits are declared under `hits:`; those of other policies are `policy/hit`",
                Code::UnknownHit,
            ),
            measures: table(
                "counter, trend or sequence",
                "they are declared under `counters:`, `trends:` and `sequences:`; those of other \
                 policies are `policy/name`",
                Code::UnknownMeasure,
            ),
            ladders: BTreeMap::new(),
            unknown: BTreeSet::new(),
            complete: complete && documents.iter().all(|d| d.file.header.id.is_some()),
            compared: Cell::new(0),
        };
        let (mut hits, mut measures) = (0, 0);
        for document in documents {
            if !document.file.escalation.names_known {
                names.unknown.insert(&document.id);
            }
            let of_policy = names.hits.by_policy.entry(&document.id).or_default();
            for hit in &document.file.escalation.hits {
                of_policy.insert(&hit.name.value, hits);
                hits += 1;
            }
            let of_policy = names.measures.by_policy.entry(&document.id).or_default();
            let mut places = BTreeMap::new();
            for measure in &document.file.escalation.measures {
                let name = &measure.name;
                if let Some(first) = places.insert(&name.value, &name.span) {
                    let message = format!("another measure is already called `{}`", name.value);
                    report(problems, document, Code::DuplicateName, &name.span, message).related =
                        Some((first.clone(), "first here".to_owned()));
                }
                of_policy.entry(&name.value).or_insert(measures);
                measures += 1;
            }
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
        self.find(&self.hits, document, name, problems)
    }

    /// The measure that a name in this document means: its place among all.
    pub(super) fn measure(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        self.find(&self.measures, document, name, problems)
    }

    /// The ladder of a name: its place among all as written.
    pub(super) fn ladder(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = self.ladders.get(name.value.as_str()).copied();
        if found.is_none() && self.complete && self.unknown.is_empty() {
            let known = || self.ladders.keys().copied();
            let help = match did_you_mean(&name.value, known().take(self.room())) {
                Some(near) => format!("did you mean `{near}`?"),
                None if self.ladders.is_empty() => "the pack has no ladders".to_owned(),
                None => format!("the pack has: {}", listed(known())),
            };
            self.compared.set(self.compared.get() + self.ladders.len());
            let message = format!("no ladder is called `{}`", name.value);
            report(problems, document, Code::UnknownLadder, &name.span, message).help = Some(help);
        }
        found
    }

    /// How many more names may be compared.
    fn room(&self) -> usize {
        NAMES_COMPARED_MAX.saturating_sub(self.compared.get())
    }

    fn find(
        &self,
        table: &Table<'d>,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let (policy, own) = apart(document, name);
        let found = table.find(policy, own);
        let knowable = match table.by_policy.contains_key(policy) {
            true => !self.unknown.contains(policy),
            false => self.complete,
        };
        if found.is_none() && knowable {
            let message = format!("no {} is called `{}`", table.thing, name.value);
            let help = self.suggestion(table, policy, own, policy == document.id);
            report(problems, document, table.code, &name.span, message).help = Some(help);
        }
        found
    }

    fn suggestion(&self, table: &Table<'d>, policy: &str, own: &str, here: bool) -> String {
        let of_policy = table.by_policy.get(policy);
        let known = of_policy
            .into_iter()
            .flat_map(|names| names.keys().copied());
        let near = did_you_mean(own, known.take(self.room()));
        let compared = of_policy.map_or(0, BTreeMap::len);
        self.compared.set(self.compared.get() + compared);
        match (near, here) {
            (Some(near), true) => return format!("did you mean `{near}`?"),
            (Some(near), false) => return format!("did you mean `{policy}/{near}`?"),
            (None, _) => {}
        }
        let elsewhere = table.by_policy.iter();
        let mut elsewhere =
            elsewhere.filter(|(other, names)| **other != policy && names.contains_key(own));
        if let Some((other, _)) = elsewhere.next() {
            return format!("policy `{other}` has one: write `{other}/{own}`");
        }
        if of_policy.is_some() {
            return table.help.to_owned();
        }
        match did_you_mean(policy, table.by_policy.keys().copied()) {
            Some(near) => format!("no policy is called `{policy}`; did you mean `{near}`?"),
            None => format!("no policy `{policy}` is loaded: check the folder that holds both"),
        }
    }
}

impl Table<'_> {
    /// The place of a name, silently.
    fn find(&self, policy: &str, own: &str) -> Option<usize> {
        self.by_policy.get(policy)?.get(own).copied()
    }
}
