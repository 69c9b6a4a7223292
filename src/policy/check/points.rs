//! Points and thresholds: whether what rules give can reach what `decide` asks.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::limits::POINTS_MAX;
use crate::policy::pack::{Policy, Threshold};
use std::collections::{BTreeMap, BTreeSet};

type Problems = Vec<Diagnostic>;

/// The document's thresholds, highest first; says so when more points lead to less.
pub(super) fn thresholds(document: &Document, problems: &mut Problems) -> Vec<Threshold> {
    let mut written: Vec<_> = document.file.decide.items.iter().collect();
    written.sort_by_key(|threshold| std::cmp::Reverse(threshold.at.value));
    for pair in written.windows(2) {
        let [higher, lower] = pair else { continue };
        let (low, high) = (lower.at.value, higher.at.value);
        let (mild, strict) = (lower.action.value, higher.action.value);
        let message = match low == high {
            true => format!("two actions stand at {low}: `{mild}` and `{strict}`"),
            false if mild == strict => format!("`{mild}` stands at {low} already"),
            false if mild > strict => {
                format!("{high} points lead to `{strict}`, and {low} to the stricter `{mild}`")
            }
            false => continue,
        };
        report(
            problems,
            document,
            Code::DisorderedThresholds,
            &higher.at.span,
            message,
        )
        .help = Some("more points lead to a stricter action, and each stands once".to_owned());
    }
    written
        .into_iter()
        .map(|threshold| Threshold {
            at: threshold.at.value,
            action: threshold.action.value,
        })
        .collect()
}

/// Checks all thresholds against all rules of their categories.
pub(super) fn check(documents: &[Document], policies: &[Policy], problems: &mut Problems) {
    let mut most: BTreeMap<&str, u32> = BTreeMap::new();
    for policy in policies {
        let Some(category) = &policy.category else {
            continue;
        };
        // Thresholds may wait for rules that are still in shadow.
        let total: u32 = policy.rules.iter().map(most_points).sum();
        *most.entry(category).or_default() += total;
    }
    let ruled: BTreeSet<&str> = policies
        .iter()
        .filter(|policy| !policy.rules.is_empty())
        .filter_map(|policy| policy.category.as_deref())
        .collect();
    // What unreadable rules would give, and to which category, is not known.
    let known = documents
        .iter()
        .all(|d| d.file.rules.whole && d.file.header.whole);
    for (document, policy) in documents.iter().zip(policies) {
        let Some(category) = &policy.category else {
            continue;
        };
        if known && !ruled.contains(&**category) {
            idle_thresholds(document, category, problems);
        }
        if known {
            let reachable = most.get(&**category).copied().unwrap_or(0).min(POINTS_MAX);
            unreachable_thresholds(document, reachable, problems);
        }
        if document.file.rules.whole && document.file.decide.whole {
            observed_only(document, policy, problems);
        }
    }
}

pub(super) fn most_points(rule: &crate::policy::pack::Rule) -> u32 {
    rule.points + rule.boosts.iter().map(|boost| boost.points).sum::<u32>()
}

fn idle_thresholds(document: &Document, category: &str, problems: &mut Problems) {
    if let Some(first) = document.file.decide.items.first() {
        let message = format!("no rule gives points in `{category}`");
        report(
            problems,
            document,
            Code::IdleThresholds,
            &first.at.span,
            message,
        )
        .help = Some("write rules, or check the category".to_owned());
    }
}

fn unreachable_thresholds(document: &Document, reachable: u32, problems: &mut Problems) {
    if document.file.rule_ids.is_empty() {
        return;
    }
    for threshold in document
        .file
        .decide
        .items
        .iter()
        .filter(|t| t.at.value > reachable)
    {
        let message = format!(
            "no post can reach {}: all rules together give {reachable}",
            threshold.at.value
        );
        report(
            problems,
            document,
            Code::UnreachableThreshold,
            &threshold.at.span,
            message,
        )
        .help = Some("lower the threshold, or give rules more points".to_owned());
    }
}

fn observed_only(document: &Document, policy: &Policy, problems: &mut Problems) {
    let Some(lowest) = policy.decide.last() else {
        return;
    };
    for (rule, written) in policy.rules.iter().zip(&document.file.rules.items) {
        let most = most_points(rule);
        if most < lowest.at && !rule.is_shadow() {
            let message = format!(
                "`{}` gives at most {most} points, and the lowest threshold is {}",
                rule.id, lowest.at
            );
            report(
                problems,
                document,
                Code::ObservedOnly,
                &written.points.span,
                message,
            )
            .help = Some("alone it changes nothing; that may be meant".to_owned());
        }
    }
}
