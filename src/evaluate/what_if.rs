//! What a decision would have been with one rule or boost less, or more: the same sums over the
//! ledger, the post is not read again.

use super::decide;
use super::rules::Fired;
use crate::model::{Action, Decision, Entry};
use crate::policy::{Boost, Policy, Rule};
use crate::ruleset::Ruleset;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One thing less or more, and what the decision would have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule.
    pub rule: Arc<str>,
    /// The boost of it; none: the whole rule.
    pub boost: Option<Arc<str>>,
    /// The action then.
    pub action: Action,
    /// The points of each category then.
    pub categories: BTreeMap<Arc<str>, u32>,
}

/// The decision without each rule that fired, and without each boost that held.
#[must_use]
pub fn without_one(ruleset: &Ruleset, decision: &Decision) -> Vec<Change> {
    let fired = fired(ruleset, decision);
    let mut changes = Vec::new();
    for (at, left_out) in fired.iter().enumerate() {
        for boost in &left_out.boosts {
            let mut others = fired.clone();
            if let Some(it) = others.get_mut(at) {
                it.boosts.retain(|held| held.name != boost.name);
            }
            changes.push(change(left_out.rule, Some(*boost), &others));
        }
        let mut others = fired.clone();
        others.remove(at);
        changes.push(change(left_out.rule, None, &others));
    }
    changes
}

/// The decision with each boost of its rules that did not hold, and with each enforced rule that did
/// not fire of the categories that have points.
#[must_use]
pub fn with_one_more(ruleset: &Ruleset, decision: &Decision) -> Vec<Change> {
    let fired = fired(ruleset, decision);
    let mut changes = Vec::new();
    for (at, raised) in fired.iter().enumerate() {
        let held = |boost: &&Boost| raised.boosts.iter().any(|held| held.name == boost.name);
        for boost in raised.rule.boosts.iter().filter(|boost| !held(boost)) {
            let mut more = fired.clone();
            if let Some(it) = more.get_mut(at) {
                it.boosts.push(boost);
            }
            changes.push(change(raised.rule, Some(boost), &more));
        }
    }
    for (policy, rule) in enforced(ruleset) {
        let has_points = policy
            .category
            .as_ref()
            .is_some_and(|category| decision.categories.contains_key(category));
        if has_points && !fired.iter().any(|fired| fired.rule.id == rule.id) {
            let mut more = fired.clone();
            more.push(Fired {
                policy,
                rule,
                boosts: Vec::new(),
                kept: 100,
            });
            changes.push(change(rule, None, &more));
        }
    }
    changes
}

fn change(rule: &Rule, boost: Option<&Boost>, fired: &[Fired<'_>]) -> Change {
    let verdict = decide::decide(fired);
    Change {
        rule: Arc::clone(&rule.id),
        boost: boost.map(|boost| Arc::clone(&boost.name)),
        action: verdict.action,
        categories: verdict.categories,
    }
}

fn enforced(ruleset: &Ruleset) -> impl Iterator<Item = (&Policy, &Rule)> {
    let level = ruleset.levels().enforce;
    let policies = ruleset.pack().policies.iter();
    policies
        .flat_map(|policy| policy.rules.iter().map(move |rule| (policy, rule)))
        .filter(move |(_, rule)| rule.level <= level && !rule.is_shadow())
}

/// The rules that fired, from the ledger.
fn fired<'r>(ruleset: &'r Ruleset, decision: &Decision) -> Vec<Fired<'r>> {
    let of = |rule: &Rule| {
        let id = Arc::clone(&rule.id);
        let lines = decision.ledger.iter();
        lines.filter(move |line| line.rule.as_ref() == Some(&id))
    };
    let again = |(policy, rule): (&'r Policy, &'r Rule)| {
        of(rule).next()?;
        let held = |boost: &&Boost| {
            of(rule).any(|line| matches!(&line.entry, Entry::Boost(name) if *name == boost.name))
        };
        let kept = of(rule).find_map(|line| match line.entry {
            Entry::Kept(percent) => Some(percent),
            Entry::Base | Entry::Boost(_) | Entry::Cap => None,
        });
        Some(Fired {
            policy,
            rule,
            boosts: rule.boosts.iter().filter(held).collect(),
            kept: kept.unwrap_or(100),
        })
    };
    enforced(ruleset).filter_map(again).collect()
}
