//! Which signal must be found before which.

use super::names::Names;
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

/// Whether signals refer to each other in a circle; says so once for each circle. What is written
/// is looked at, so that other mistakes in these signals hide none.
pub(super) fn report_circles(
    documents: &[Document],
    names: &Names<'_>,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let all: Vec<_> = documents
        .iter()
        .flat_map(|d| d.file.signals.iter().map(move |signal| (d, signal)))
        .collect();
    let needs: Vec<Vec<SignalId>> = all
        .iter()
        .map(|(document, signal)| {
            let own = names.find(document, &signal.name);
            let of_kind = signal.names_of_kind().iter().map(|name| (name, true));
            let of_except = signal.names_of_except().map(|name| (name, false));
            // An exception to itself is told as such.
            let found = of_kind.chain(of_except).filter_map(|(name, circle)| {
                names
                    .find(document, name)
                    .filter(|id| circle || Some(*id) != own)
            });
            found.collect()
        })
        .collect();
    let circles = circles(&needs);
    for circle in &circles {
        let name = |id: &SignalId| all.get(id.0).map_or("", |(_, s)| s.name.value.as_str());
        let Some((document, first)) = circle.first().and_then(|id| all.get(id.0)) else {
            continue;
        };
        // A very long circle is not easier to see when all of it is told.
        let path: Vec<_> = circle.iter().take(6).map(name).collect();
        let dots = if circle.len() > 6 { " → …" } else { "" };
        let message = format!(
            "`{}` needs itself to be found first: {}{dots} → {}",
            first.name.value,
            path.join(" → "),
            first.name.value
        );
        report(
            problems,
            document,
            Code::CyclicSignals,
            &first.name.span,
            message,
        )
        .help = Some("signals refer by `any_of`, `near`, `except` and `unless`".to_owned());
    }
    !circles.is_empty()
}

/// One circle out of each knot of signals that need each other.
fn circles(needs: &[Vec<SignalId>]) -> Vec<Vec<SignalId>> {
    let mut placed = vec![false; needs.len()];
    for id in placed_in_order(needs) {
        if let Some(slot) = placed.get_mut(id.0) {
            *slot = true;
        }
    }
    let is_open = |id: &SignalId| placed.get(id.0) == Some(&false);
    let mut circles = Vec::new();
    // Following one need of each that is left must end in a circle, or where another walk went.
    let mut walk_of: Vec<Option<usize>> = vec![None; needs.len()];
    for start in (0..needs.len()).map(SignalId).filter(is_open) {
        let mut path = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next {
            match walk_of.get_mut(at.0) {
                Some(walk @ None) => *walk = Some(start.0),
                Some(Some(walk)) if *walk == start.0 => {
                    let circle = path.iter().skip_while(|id| **id != at).copied();
                    circles.push(circle.collect());
                    break;
                }
                Some(Some(_)) | None => break,
            }
            path.push(at);
            let of = needs.get(at.0).map_or(&[][..], Vec::as_slice);
            next = of.iter().copied().find(is_open);
        }
    }
    circles
}

/// Ids such that each comes after those it needs. Signals in, or behind, a circle are left out.
fn placed_in_order(needs: &[Vec<SignalId>]) -> Vec<SignalId> {
    let mut waiting: Vec<usize> = Vec::new();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (at, needs) in needs.iter().enumerate() {
        waiting.push(needs.len());
        for id in needs {
            if let Some(list) = needed_by.get_mut(id.0) {
                list.push(at);
            }
        }
    }
    let mut placed: Vec<SignalId> = (0..needs.len())
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
    let needs: Vec<_> = signals.iter().map(needs).collect();
    let placed = placed_in_order(&needs);
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
