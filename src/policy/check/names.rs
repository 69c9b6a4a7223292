//! Who is called what: policies, signals, rules.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::policy::pack::SignalId;
use crate::policy::written::Name;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Every signal by policy and name.
#[derive(Debug)]
pub(super) struct Names<'d> {
    signals: BTreeMap<&'d str, BTreeMap<&'d str, SignalId>>,
    /// Policies some of whose signals are not known, for want of a readable `signals`.
    unknown: BTreeSet<&'d str>,
    /// Whether every file could be read so far that its policy is known.
    complete: bool,
    /// How many names were not found.
    missed: Cell<usize>,
    /// How many names others were compared with: finding what was meant ends somewhere.
    compared: Cell<usize>,
}

impl<'d> Names<'d> {
    /// Collects the names of all documents. Signals are numbered as they are written.
    pub(super) fn collect(
        documents: &'d [Document],
        complete: bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut names = Self {
            signals: BTreeMap::new(),
            unknown: BTreeSet::new(),
            complete: complete && documents.iter().all(|d| d.file.header.id.is_some()),
            missed: Cell::new(0),
            compared: Cell::new(0),
        };
        let mut policies: BTreeMap<&str, &Document> = BTreeMap::new();
        let mut rules: BTreeMap<&str, &Document> = BTreeMap::new();
        let mut next = 0;
        for document in documents {
            let copy_of = policies.insert(&document.id, document);
            if let (Some(first), Some(id)) = (copy_of, &document.file.header.id) {
                let message = format!("another file already declares policy `{}`", id.value);
                report(problems, document, Code::DuplicatePolicy, &id.span, message).help =
                    Some(format!("the other one is {}", first.source.name));
            }
            for rule in &document.file.rule_ids {
                let first = rules.insert(&rule.value, document);
                // The rules of a copied file are copies too: said once, for the policy.
                if let Some(first) = first.filter(|first| !is_copy(first, document)) {
                    let message = format!("another rule is already called `{}`", rule.value);
                    report(problems, document, Code::DuplicateRule, &rule.span, message).help =
                        Some(format!("the other one is in {}", first.source.name));
                }
            }
            if !document.file.signals_known {
                names.unknown.insert(&document.id);
            }
            let signals = names.signals.entry(&document.id).or_default();
            for signal in &document.file.signals {
                signals.insert(&signal.name.value, SignalId(next));
                next += 1;
            }
        }
        names
    }

    /// The signal that a name in this document means.
    pub(super) fn signal(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<SignalId> {
        let found = self.find(document, name);
        let (policy, signal) = apart(document, name);
        // What an unreadable file would have declared is not known.
        let knowable = match self.signals.contains_key(policy) {
            true => !self.unknown.contains(policy),
            false => self.complete,
        };
        if found.is_none() && knowable {
            let message = format!("no signal is called `{}`", name.value);
            let help = self.suggestion(policy, signal, policy == document.id);
            report(problems, document, Code::UnknownSignal, &name.span, message).help = Some(help);
            self.missed.set(self.missed.get() + 1);
        }
        found
    }

    /// The same, silently.
    pub(super) fn find(&self, document: &Document, name: &Name) -> Option<SignalId> {
        let (policy, signal) = apart(document, name);
        self.signals.get(policy)?.get(signal).copied()
    }

    /// Whether every name that was asked for was found.
    pub(super) fn all_found(&self) -> bool {
        self.complete && self.unknown.is_empty() && self.missed.get() == 0
    }

    fn suggestion(&self, policy: &str, signal: &str, here: bool) -> String {
        let of_policy = self.signals.get(policy);
        let known = of_policy
            .into_iter()
            .flat_map(|signals| signals.keys().copied());
        let compared = self.compared.get() + of_policy.map_or(0, BTreeMap::len);
        self.compared.set(compared);
        let near = match compared < NAMES_COMPARED_MAX {
            true => did_you_mean(signal, known.chain(here.then_some("target"))),
            false => None,
        };
        match (near, here) {
            (Some(near), true) => return format!("did you mean `{near}`?"),
            (Some(near), false) => return format!("did you mean `{policy}/{near}`?"),
            (None, _) => {}
        }
        let other = self
            .signals
            .iter()
            .find(|(other, signals)| **other != policy && signals.contains_key(signal));
        if let Some((other, _)) = other {
            return format!("policy `{other}` has one: write `{other}/{signal}`");
        }
        if of_policy.is_none() {
            let policies = self.signals.keys().copied();
            return match did_you_mean(policy, policies) {
                Some(near) => format!("no policy is called `{policy}`; did you mean `{near}`?"),
                None => format!("no policy `{policy}` is loaded: check the folder that holds both"),
            };
        }
        "signals are declared under `signals:`; those of other policies are `policy/signal`"
            .to_owned()
    }
}

/// Comparisons of misspelt names with known ones; a microsecond each.
pub(super) const NAMES_COMPARED_MAX: usize = 500_000;

/// The policy and the signal that a name speaks of.
pub(super) fn apart<'n>(document: &'n Document, name: &'n Name) -> (&'n str, &'n str) {
    name.value
        .split_once('/')
        .unwrap_or((&document.id, &name.value))
}

pub(super) fn is_copy(first: &Document, second: &Document) -> bool {
    first.id == second.id && !std::ptr::eq(first, second)
}
