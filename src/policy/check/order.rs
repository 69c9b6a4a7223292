//! Which signal must be found before which.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::policy::pack::{Condition, Place, Policy, Signal, SignalId, SignalKind};

/// The signals a signal needs to be found first.
fn needs(signal: &Signal) -> Vec<SignalId> {
    let mut ids = match &signal.kind {
        SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => Vec::new(),
        SignalKind::AnyOf(of) => of.clone(),
        SignalKind::Near(near) => near.of.clone(),
    };
    for except in &signal.except {
        match except.place {
            Place::Near { signal, .. } | Place::Inside(signal) => ids.push(signal),
        }
        ids.extend(&except.unless);
    }
    ids
}

/// Whether no signal needs itself; says so for each that does.
pub(super) fn without_circles(
    documents: &[Document],
    signals: &[Signal],
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let placed = placed_in_order(signals);
    let all: Vec<_> = documents
        .iter()
        .flat_map(|document| {
            document
                .file
                .signals
                .iter()
                .map(move |signal| (document, signal))
        })
        .collect();
    for (at, (document, written)) in all.iter().enumerate() {
        if !placed.contains(&SignalId(at)) {
            let message = format!("signal `{}` is part of a circle", written.name.value);
            report(
                problems,
                document,
                Code::CyclicSignals,
                &written.name.span,
                message,
            )
            .help =
                Some("follow `any_of`, `near`, `except` and `unless` back to this name".to_owned());
        }
    }
    placed.len() == signals.len()
}

/// Ids such that each comes after those it needs. Signals in, or behind, a circle are left out.
fn placed_in_order(signals: &[Signal]) -> Vec<SignalId> {
    let mut waiting: Vec<usize> = Vec::new();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); signals.len()];
    for (at, signal) in signals.iter().enumerate() {
        let needs = needs(signal);
        waiting.push(needs.len());
        for id in needs {
            if let Some(list) = needed_by.get_mut(id.0) {
                list.push(at);
            }
        }
    }
    let mut placed: Vec<SignalId> = (0..signals.len())
        .filter(|at| waiting.get(*at) == Some(&0))
        .map(SignalId)
        .collect();
    let mut next = 0;
    while let Some(SignalId(at)) = placed.get(next).copied() {
        next += 1;
        for dependent in needed_by.get(at).into_iter().flatten() {
            let Some(left) = waiting.get_mut(*dependent) else {
                continue;
            };
            *left -= 1;
            if *left == 0 {
                placed.push(SignalId(*dependent));
            }
        }
    }
    placed
}

/// Renumbers signals so that each stands after those it needs. Without circles, always possible.
pub(super) fn arrange(signals: &mut Vec<Signal>, policies: &mut [Policy]) -> bool {
    let placed = placed_in_order(signals);
    if placed.len() != signals.len() {
        return false;
    }
    let mut new_of_old = vec![SignalId(0); signals.len()];
    for (new, old) in placed.iter().enumerate() {
        if let Some(slot) = new_of_old.get_mut(old.0) {
            *slot = SignalId(new);
        }
    }
    let renumber = |id: &mut SignalId| *id = new_of_old.get(id.0).copied().unwrap_or(*id);
    signals
        .iter_mut()
        .for_each(|signal| renumber_signal(signal, &renumber));
    for rule in policies.iter_mut().flat_map(|policy| &mut policy.rules) {
        renumber_condition(&mut rule.when, &renumber);
        for boost in &mut rule.boosts {
            renumber_condition(&mut boost.condition, &renumber);
        }
    }
    let mut old: Vec<Option<Signal>> = std::mem::take(signals).into_iter().map(Some).collect();
    signals.extend(placed.iter().filter_map(|id| old.get_mut(id.0)?.take()));
    true
}

fn renumber_signal(signal: &mut Signal, renumber: &impl Fn(&mut SignalId)) {
    match &mut signal.kind {
        SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => {}
        SignalKind::AnyOf(of) => of.iter_mut().for_each(renumber),
        SignalKind::Near(near) => near.of.iter_mut().for_each(renumber),
    }
    for except in &mut signal.except {
        match &mut except.place {
            Place::Near { signal, .. } | Place::Inside(signal) => renumber(signal),
        }
        except.unless.iter_mut().for_each(renumber);
    }
}

fn renumber_condition(condition: &mut Condition, renumber: &impl Fn(&mut SignalId)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) | Condition::None(parts) => {
            parts
                .iter_mut()
                .for_each(|part| renumber_condition(part, renumber));
        }
        Condition::Signal(id) | Condition::Count(id, _) => renumber(id),
        Condition::Target
        | Condition::Attribute(..)
        | Condition::Language(_)
        | Condition::Length(_) => {}
    }
}
