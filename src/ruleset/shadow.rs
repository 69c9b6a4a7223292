//! Which signals only rules in shadow ask for. Their words take no part in undoing disguises: a word
//! more in the lexicon can change what a disguise is read as, and so what other rules find.

use crate::policy::{Pack, Place, Rule, Signal, SignalId, SignalKind};
use rustc_hash::FxHashSet;

/// The signals that rules in shadow ask for and live ones don't.
pub(super) fn only_in_shadow(pack: &Pack) -> FxHashSet<SignalId> {
    let rules = || pack.policies.iter().flat_map(|policy| &policy.rules);
    let mut hidden = asked_for(pack, rules().filter(|rule| rule.is_shadow()));
    if !hidden.is_empty() {
        let shown = asked_for(pack, rules().filter(|rule| !rule.is_shadow()));
        hidden.retain(|id| !shown.contains(id));
    }
    hidden
}

/// The signals that rules ask for, and those that these are made of or excepted by.
fn asked_for<'r>(pack: &Pack, rules: impl Iterator<Item = &'r Rule>) -> FxHashSet<SignalId> {
    let mut open = Vec::new();
    for rule in rules {
        rule.when.signals(&mut |id| open.push(id));
        for boost in &rule.boosts {
            boost.condition.signals(&mut |id| open.push(id));
        }
    }
    let mut asked = FxHashSet::default();
    while let Some(id) = open.pop() {
        if let Some(signal) = pack.signals.get(id.0).filter(|_| asked.insert(id)) {
            needs(signal, &mut open);
        }
    }
    asked
}

fn needs(signal: &Signal, open: &mut Vec<SignalId>) {
    match &signal.kind {
        SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => {}
        SignalKind::AnyOf(of) => open.extend(of),
        SignalKind::Near(near) => open.extend(&near.of),
    }
    for except in &signal.except {
        let (Place::Near { signal, .. } | Place::Inside(signal)) = &except.place;
        open.push(*signal);
        open.extend(&except.unless);
    }
}
