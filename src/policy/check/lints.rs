//! What is allowed but probably not meant.

use super::names::Names;
use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::policy::written::{Condition, Name, Part};
use std::collections::BTreeSet;

/// Signals that nothing refers to. A policy without rules lends its signals, so its own are only
/// looked at when something that could borrow them is loaded too.
pub(super) fn unused_signals(
    documents: &[Document],
    names: &Names<'_>,
    problems: &mut Vec<Diagnostic>,
) {
    let mut used = BTreeSet::new();
    for document in documents {
        for name in names_used(document) {
            used.extend(names.find(document, name));
        }
    }
    let lends_to_others = documents.len() > 1;
    for document in documents
        .iter()
        .filter(|d| lends_to_others || !d.file.rules.items.is_empty())
    {
        for signal in &document.file.signals {
            let id = names.find(document, &signal.name);
            if id.is_some_and(|id| !used.contains(&id)) {
                let message = format!("nothing uses signal `{}`", signal.name.value);
                report(
                    problems,
                    document,
                    Code::UnusedSignal,
                    &signal.name.span,
                    message,
                );
            }
        }
    }
}

/// Every name of a signal that stands in the document, but not where it is declared.
fn names_used(document: &Document) -> Vec<&Name> {
    let mut used = Vec::new();
    for signal in &document.file.signals {
        used.extend(signal.names_of_kind());
        used.extend(signal.names_of_except());
    }
    for rule in &document.file.rules.items {
        names_in(&rule.when, &mut used);
        rule.boosts
            .iter()
            .for_each(|boost| names_in(&boost.condition, &mut used));
    }
    used
}

/// The names of signals in a condition.
pub(super) fn names_in<'c>(condition: &'c Condition, used: &mut Vec<&'c Name>) {
    for part in &condition.parts {
        match part {
            Part::Signal(name) | Part::Count(name, _) => used.push(name),
            Part::All(items) | Part::Any(items) | Part::None(items) => {
                items.iter().for_each(|item| names_in(item, used));
            }
            Part::Attribute(..) | Part::Language(_) | Part::Length(_) => {}
        }
    }
}
