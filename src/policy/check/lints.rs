//! What is allowed but probably not meant.

use super::names::Names;
use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::policy::written::{Condition, Kind, Name, Part, Place};
use std::collections::BTreeSet;

/// Signals that nothing refers to. A policy without rules lends its signals, so its own are only
/// looked at when something that could borrow them is loaded too.
pub(super) fn unused_signals(
    documents: &[Document],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) {
    let mut used = BTreeSet::new();
    let mut ignored = Vec::new();
    for document in documents {
        for name in names_used(document) {
            used.extend(names.signal(document, name, &mut ignored));
        }
    }
    let lends_to_others = documents.len() > 1;
    for document in documents
        .iter()
        .filter(|d| lends_to_others || !d.file.rules.is_empty())
    {
        for signal in &document.file.signals {
            let id = names.signal(document, &signal.name, &mut ignored);
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
        match &signal.kind {
            Kind::Terms { .. } | Kind::Regex(_) | Kind::Detect { .. } => {}
            Kind::AnyOf(of) => used.extend(of),
            Kind::Near(near) => used.extend(&near.of),
        }
        for except in &signal.except {
            match &except.place {
                Place::Near { signal, .. } | Place::Inside(signal) => used.push(signal),
            }
            used.extend(&except.unless);
        }
    }
    for rule in &document.file.rules {
        names_in(&rule.when, &mut used);
        rule.boosts
            .iter()
            .for_each(|boost| names_in(&boost.condition, &mut used));
    }
    used
}

fn names_in<'c>(condition: &'c Condition, used: &mut Vec<&'c Name>) {
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
