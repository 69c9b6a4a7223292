//! Who is called what: policies, signals, rules.

use super::named::{Kind, Table, is_copy};
use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::policy::pack::SignalId;
use crate::policy::written::Name;
use std::collections::BTreeMap;

const SIGNALS: Kind = Kind {
    thing: "signal",
    help: "signals are declared under `signals:`; those of other policies are `policy/signal`",
    code: Code::UnknownSignal,
    also: Some("target"),
};

/// Every signal by policy and name.
#[derive(Debug)]
pub(super) struct Names<'d> {
    signals: Table<'d>,
}

impl<'d> Names<'d> {
    /// Collects the names of all documents. Signals are numbered as they are written.
    pub(super) fn collect(
        documents: &'d [Document],
        complete: bool,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut signals = Table::new(SIGNALS, documents, complete);
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
            let of_policy = signals.of_policy(document, document.file.signals_known);
            for signal in &document.file.signals {
                of_policy.insert(&signal.name.value, next);
                next += 1;
            }
        }
        Self { signals }
    }

    /// The signal that a name in this document means.
    pub(super) fn signal(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<SignalId> {
        self.signals.resolve(document, name, problems).map(SignalId)
    }

    /// The same, silently.
    pub(super) fn find(&self, document: &Document, name: &Name) -> Option<SignalId> {
        self.signals.find(document, name).map(SignalId)
    }

    /// Whether every name that was asked for was found.
    pub(super) fn all_found(&self) -> bool {
        self.signals.all_found()
    }
}
