//! What may make a rule fire: which rules to ask when signals stand, and what must stand before any
//! rule can be asked at all.
//!
//! Most posts hold nothing that any rule waits for. Of everything a rule needs together, the rarest
//! signal is watched; a post that holds no watched signal is done, whatever common words it holds.

use super::Levels;
use super::prospects::Prospects;
use super::terms::term_cost;
use crate::detectors::Trigger;
use crate::model::Comparison;
use crate::policy::{Condition, Near, Pack, Pattern, Place, Reach, Signal, SignalId, SignalKind};
use crate::text::{word_frequency, words_that_begin_frequency};
use rustc_hash::{FxHashMap, FxHashSet};

/// A rule of the pack: its policy's place, and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleId {
    /// Place of the policy in the pack.
    pub policy: u32,
    /// Place in the policy.
    pub rule: u32,
}

/// Which rules to ask.
#[derive(Debug, Default)]
pub struct Watch {
    /// Rules that can't fire without this signal, or one of a few with it.
    rules: FxHashMap<SignalId, Vec<RuleId>>,
    /// Rules that may fire whatever stands.
    always: Vec<RuleId>,
    /// Signals that are made of this one.
    made_of: FxHashMap<SignalId, Vec<SignalId>>,
    /// Whether rules that may always fire ask for signals.
    is_open: bool,
    /// For each signal, whether anybody asks how far it stands from others.
    measured: Vec<bool>,
}

impl Watch {
    /// What to watch, and which rules have a prospect where something watched stands.
    pub(super) fn new(pack: &Pack, levels: Levels) -> (Self, Prospects) {
        let costs = costs(pack);
        let mut watch = Self::default();
        let mut rules = Vec::new();
        for (at, signal) in pack.signals.iter().enumerate() {
            for member in members(signal) {
                watch.made_of.entry(*member).or_default().push(SignalId(at));
            }
        }
        for (policy, of) in pack.policies.iter().enumerate() {
            for (rule, of) in of.rules.iter().enumerate() {
                let (policy, rule) = (policy as u32, rule as u32);
                if of.level <= levels.observe {
                    let rule = RuleId { policy, rule };
                    let gate = watch.add(pack, rule, &of.when, &costs);
                    rules.push((rule, gate));
                }
            }
        }
        watch.measured = measured(pack);
        (watch, Prospects::of_signals(pack).with_rules(pack, &rules))
    }

    /// Adds a rule. The signals, not made of others, of which one must stand for it to fire; none:
    /// it may fire whatever stands.
    fn add(
        &mut self,
        pack: &Pack,
        rule: RuleId,
        when: &Condition,
        costs: &[u64],
    ) -> Option<Vec<SignalId>> {
        let Some((_, mut signals)) = needed(when, costs) else {
            self.always.push(rule);
            when.signals(&mut |_| self.is_open = true);
            return None;
        };
        signals.sort_unstable();
        signals.dedup();
        for signal in &signals {
            self.rules.entry(*signal).or_default().push(rule);
        }
        Some(rarest_parts(pack, signals, costs))
    }

    /// Whether rules must be asked whatever stands in a post.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Signals that are made of this one, by `any_of` or `near`.
    #[must_use]
    pub fn made_of(&self, signal: SignalId) -> &[SignalId] {
        self.made_of.get(&signal).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody asks how far a signal stands from others.
    #[must_use]
    pub fn is_measured(&self, signal: SignalId) -> bool {
        self.measured.get(signal.0).copied().unwrap_or(true)
    }

    /// The rules that may fire where these signals stand, in the order of the pack.
    #[must_use]
    pub fn rules(&self, signals: impl Iterator<Item = SignalId>) -> Vec<RuleId> {
        let of_signals = signals.filter_map(|signal| self.rules.get(&signal));
        let mut rules: Vec<RuleId> = of_signals.flatten().copied().collect();
        rules.extend(&self.always);
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// For each signal, whether anybody asks how far it stands from others: it is part of a `near`, or
/// of an exception on either side, or of a signal that is. A signal stands behind those it names.
fn measured(pack: &Pack) -> Vec<bool> {
    let mut measured = vec![false; pack.signals.len()];
    let measure = |measured: &mut Vec<bool>, id: &SignalId| {
        if let Some(of) = measured.get_mut(id.0) {
            *of = true;
        }
    };
    for (at, signal) in pack.signals.iter().enumerate().rev() {
        for except in &signal.except {
            let (Place::Near { signal, .. } | Place::Inside(signal)) = &except.place;
            measure(&mut measured, signal);
            measure(&mut measured, &SignalId(at));
        }
        let is_near = matches!(signal.kind, SignalKind::Near(_));
        if is_near || measured.get(at) == Some(&true) {
            let members = members(signal).iter();
            members.for_each(|member| measure(&mut measured, member));
        }
    }
    measured
}

/// The signals that a signal is made of, by `any_of` or `near`.
fn members(signal: &Signal) -> &[SignalId] {
    match &signal.kind {
        SignalKind::AnyOf(of) => of,
        SignalKind::Near(near) => &near.of,
        SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => &[],
    }
}

/// Signals, not made of others, of which one must stand for one of these to stand.
fn rarest_parts(pack: &Pack, signals: Vec<SignalId>, costs: &[u64]) -> Vec<SignalId> {
    let mut parts = Vec::new();
    let mut known = FxHashSet::default();
    let mut left = signals;
    while let Some(id) = left.pop() {
        let Some(signal) = pack.signals.get(id.0).filter(|_| known.insert(id)) else {
            continue;
        };
        match &signal.kind {
            SignalKind::AnyOf(of) => left.extend(of),
            SignalKind::Near(near) => left.extend(rarest(near, costs)),
            SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => parts.push(id),
        }
    }
    parts
}

fn rarest(near: &Near, costs: &[u64]) -> Option<SignalId> {
    let cost = |id: &SignalId| costs.get(id.0).copied().unwrap_or(u64::MAX);
    near.of.iter().copied().min_by_key(cost)
}

/// Signals of which at least one must stand for a condition to hold, the rarest there are; none
/// where it may hold without any.
fn needed(when: &Condition, costs: &[u64]) -> Option<(u64, Vec<SignalId>)> {
    let cost = |id: SignalId| costs.get(id.0).copied().unwrap_or(u64::MAX);
    match when {
        Condition::All(parts) => parts
            .iter()
            .filter_map(|part| needed(part, costs))
            .min_by_key(|(cost, _)| *cost),
        Condition::Any(parts) => parts
            .iter()
            .try_fold((0, Vec::new()), |(sum, mut all), part| {
                let (cost, signals) = needed(part, costs)?;
                all.extend(signals);
                Some((cost.saturating_add(sum), all))
            }),
        Condition::Signal(id) => Some((cost(*id), vec![*id])),
        Condition::Count(id, comparison) if !holds_for_none(comparison) => {
            Some((cost(*id), vec![*id]))
        }
        Condition::Count(..)
        | Condition::None(_)
        | Condition::Target
        | Condition::Attribute(..)
        | Condition::Language(_)
        | Condition::Length(_) => None,
    }
}

fn holds_for_none(comparison: &Comparison) -> bool {
    comparison.holds_for_count(0)
}

/// How often each signal stands in a million words of ordinary text, with what it costs to look.
fn costs(pack: &Pack) -> Vec<u64> {
    let mut costs: Vec<u64> = Vec::with_capacity(pack.signals.len());
    for signal in &pack.signals {
        let of = |id: &SignalId| costs.get(id.0).copied().unwrap_or(u64::MAX);
        costs.push(match &signal.kind {
            SignalKind::Terms(terms) => terms.iter().map(|term| term_cost(term)).sum(),
            SignalKind::Regex(patterns) => patterns.iter().map(pattern_cost).sum(),
            SignalKind::Detect(detector, _) => match detector.trigger {
                Trigger::Byte(_) => 10_000,
                Trigger::Digit => 30_000,
                Trigger::Always => 100_000,
            },
            SignalKind::AnyOf(members) => members.iter().map(of).fold(0, u64::saturating_add),
            SignalKind::Near(near) => near.of.iter().map(of).min().unwrap_or(u64::MAX),
        });
    }
    costs
}

fn pattern_cost(pattern: &Pattern) -> u64 {
    match &pattern.reach {
        Reach::Words { found_by, .. } => found_by
            .iter()
            .map(|word| match word.goes_on {
                true => words_that_begin_frequency(&word.letters),
                false => word_frequency(&word.letters),
            })
            .sum(),
        Reach::Number(_) => 5_000,
        Reach::Parts(_) => 20_000,
        Reach::Anywhere => 50_000,
    }
}
