//! Things of one kind that policies give names to: finding one, or what was meant.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::policy::written::Name;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Comparisons of misspelt names with known ones, for each kind of thing; a microsecond each.
const NAMES_COMPARED_MAX: usize = 500_000;

/// What is said of a kind of thing when a name means none.
#[derive(Debug)]
pub(super) struct Kind {
    /// "a signal", without its article.
    pub(super) thing: &'static str,
    /// Where such things are declared.
    pub(super) help: &'static str,
    pub(super) code: Code,
    /// A name that people use here for what is asked another way, worth a suggestion too.
    pub(super) also: Option<&'static str>,
}

/// Every thing of a kind by policy and name, each with its place among all of the pack.
#[derive(Debug)]
pub(super) struct Table<'d> {
    kind: Kind,
    by_policy: BTreeMap<&'d str, BTreeMap<&'d str, usize>>,
    /// Policies some of whose names are not known, for want of readable sections.
    unknown: BTreeSet<&'d str>,
    /// Whether every file could be read so far that its policy is known.
    complete: bool,
    /// How many names were not found.
    missed: Cell<usize>,
    /// How many names others were compared with: finding what was meant ends somewhere.
    compared: Cell<usize>,
}

impl<'d> Table<'d> {
    pub(super) fn new(kind: Kind, documents: &[Document], complete: bool) -> Self {
        Self {
            kind,
            by_policy: BTreeMap::new(),
            unknown: BTreeSet::new(),
            complete: complete && documents.iter().all(|d| d.file.header.id.is_some()),
            missed: Cell::new(0),
            compared: Cell::new(0),
        }
    }

    /// Opens a policy's own names, and says whether its sections could be read.
    pub(super) fn of_policy(
        &mut self,
        document: &'d Document,
        known: bool,
    ) -> &mut BTreeMap<&'d str, usize> {
        if !known {
            self.unknown.insert(&document.id);
        }
        self.by_policy.entry(&document.id).or_default()
    }

    /// The place of what a name in this document means. A name of nothing is told, unless an
    /// unreadable file may have declared it.
    pub(super) fn resolve(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = self.find(document, name);
        let (policy, own) = apart(document, name);
        let knowable = match self.by_policy.contains_key(policy) {
            true => !self.unknown.contains(policy),
            false => self.complete,
        };
        if found.is_none() && knowable {
            let Kind { thing, code, .. } = self.kind;
            let message = format!("no {thing} is called `{}`", name.value);
            let help = self.suggestion(policy, own, policy == document.id);
            report(problems, document, code, &name.span, message).help = Some(help);
            self.missed.set(self.missed.get() + 1);
        }
        found
    }

    /// The same, silently.
    pub(super) fn find(&self, document: &Document, name: &Name) -> Option<usize> {
        let (policy, own) = apart(document, name);
        self.by_policy.get(policy)?.get(own).copied()
    }

    /// Whether the names of all files are known.
    pub(super) fn is_whole(&self) -> bool {
        self.complete && self.unknown.is_empty()
    }

    /// Whether every name that was asked for was found.
    pub(super) fn all_found(&self) -> bool {
        self.is_whole() && self.missed.get() == 0
    }

    /// The known name that was probably meant, while there is room for comparing.
    pub(super) fn meant<'k>(
        &self,
        name: &str,
        known: impl ExactSizeIterator<Item = &'k str>,
        also: Option<&'k str>,
    ) -> Option<&'k str> {
        let room = NAMES_COMPARED_MAX.saturating_sub(self.compared.get());
        self.compared.set(self.compared.get() + known.len());
        did_you_mean(name, known.take(room).chain(also))
    }

    fn suggestion(&self, policy: &str, own: &str, here: bool) -> String {
        let of_policy = self.by_policy.get(policy);
        let also = self.kind.also.filter(|_| here);
        let near = of_policy.and_then(|names| self.meant(own, names.keys().copied(), also));
        match (near, here) {
            (Some(near), true) => return format!("did you mean `{near}`?"),
            (Some(near), false) => return format!("did you mean `{policy}/{near}`?"),
            (None, _) => {}
        }
        let mut elsewhere = self.by_policy.iter();
        let other = elsewhere.find(|(other, names)| **other != policy && names.contains_key(own));
        if let Some((other, _)) = other {
            return format!("policy `{other}` has one: write `{other}/{own}`");
        }
        if of_policy.is_some() {
            return self.kind.help.to_owned();
        }
        match self.meant(policy, self.by_policy.keys().copied(), None) {
            Some(near) => format!("no policy is called `{policy}`; did you mean `{near}`?"),
            None => format!("no policy `{policy}` is loaded: check the folder that holds both"),
        }
    }
}

/// The policy and the thing that a name speaks of.
fn apart<'n>(document: &'n Document, name: &'n Name) -> (&'n str, &'n str) {
    name.value
        .split_once('/')
        .unwrap_or((&document.id, &name.value))
}

/// Whether a document is another file of the same policy: its names were told with it.
pub(super) fn is_copy(first: &Document, second: &Document) -> bool {
    first.id == second.id && !std::ptr::eq(first, second)
}
