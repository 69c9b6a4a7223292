//! From rules that fired to points, ledger and action. The lines of a category sum to its points.

use super::rules::{AllFired, Fired};
use crate::limits::POINTS_MAX;
use crate::model::{Action, Entry, LedgerLine, Reason, Shadow, SignedPoints};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What follows from rules that fired.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) action: Action,
    /// Points of each category.
    pub(super) categories: BTreeMap<Arc<str>, u32>,
    pub(super) reasons: Vec<Reason>,
    pub(super) ledger: Vec<LedgerLine>,
}

/// The action, points, reasons and ledger that follow from rules that fired.
pub(super) fn decide(fired: &[Fired<'_>]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut totals: BTreeMap<Arc<str>, u32> = BTreeMap::new();
    for fired in fired {
        let Some(category) = &fired.policy.category else {
            continue;
        };
        let points = add_rule(&mut verdict.ledger, fired, category);
        *totals.entry(Arc::clone(category)).or_default() += points;
        verdict.reasons.push(Reason {
            rule: Arc::clone(&fired.rule.id),
            category: Arc::clone(category),
            points,
            because: Arc::clone(&fired.rule.because),
        });
    }
    for (category, total) in totals {
        let capped = total.min(POINTS_MAX);
        if capped < total {
            let points = signed(capped) - signed(total);
            let category = Arc::clone(&category);
            verdict.ledger.push(LedgerLine {
                category,
                rule: None,
                entry: Entry::Cap,
                points,
            });
        }
        verdict.categories.insert(category, capped);
    }
    verdict.action = action(fired, &verdict.categories);
    verdict
}

/// What each rule in shadow that fired would have done, had it counted: the same sums once more, with
/// it among those that count. What is decided is decided without them.
pub(super) fn shadow(fired: &AllFired<'_>) -> Vec<Shadow> {
    let would = |alone: &Fired<'_>| {
        let mut counted = fired.enforced.clone();
        counted.push(alone.clone());
        let verdict = decide(&counted);
        let reason = verdict.reasons.into_iter().next_back()?;
        Some(Shadow {
            rule: reason.rule,
            category: reason.category,
            points: reason.points,
            action: verdict.action,
        })
    };
    fired.shadow.iter().filter_map(would).collect()
}

/// Adds a rule's lines, and gives its points: base and boosts, less what exceptions take.
fn add_rule(ledger: &mut Vec<LedgerLine>, fired: &Fired<'_>, category: &Arc<str>) -> u32 {
    let mut line = |entry, points| {
        let (category, rule) = (Arc::clone(category), Some(Arc::clone(&fired.rule.id)));
        ledger.push(LedgerLine {
            category,
            rule,
            entry,
            points,
        });
    };
    line(Entry::Base, signed(fired.rule.points));
    for boost in &fired.boosts {
        line(Entry::Boost(Arc::clone(&boost.name)), signed(boost.points));
    }
    let full = fired.rule.points + fired.boosts.iter().map(|boost| boost.points).sum::<u32>();
    // What an exception leaves is a trace: never nothing, or the rule would not have fired.
    let kept = (full * u32::from(fired.kept) / 100).max(1);
    if kept < full {
        line(Entry::Kept(fired.kept), signed(kept) - signed(full));
    }
    let capped = kept.min(POINTS_MAX);
    if capped < kept {
        line(Entry::Cap, signed(capped) - signed(kept));
    }
    capped
}

/// The strictest action that any policy, one of whose rules fired, advises for its category.
fn action(fired: &[Fired<'_>], categories: &BTreeMap<Arc<str>, u32>) -> Action {
    let advised = |fired: &Fired<'_>| {
        let points = fired
            .policy
            .category
            .as_ref()
            .and_then(|category| categories.get(category))?;
        let reached = fired
            .policy
            .decide
            .iter()
            .find(|threshold| threshold.at <= *points);
        reached.map(|threshold| threshold.action)
    };
    fired.iter().filter_map(advised).max().unwrap_or_default()
}

/// Points are at most a few thousand: rules, boosts and categories are bounded.
fn signed(points: u32) -> SignedPoints {
    SignedPoints::try_from(points).unwrap_or(SignedPoints::MAX)
}
