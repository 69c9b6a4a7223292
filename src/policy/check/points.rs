//! Points and thresholds: whether what rules give can reach what `decide` asks.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::limits::POINTS_MAX;
use crate::policy::pack::{Policy, Threshold};
use std::collections::BTreeMap;

type Problems = Vec<Diagnostic>;

/// The document's thresholds, highest first; says so when more points lead to less.
pub(super) fn thresholds(document: &Document, problems: &mut Problems) -> Vec<Threshold> {
    let mut written: Vec<_> = document.file.decide.iter().collect();
    written.sort_by_key(|threshold| std::cmp::Reverse(threshold.at.value));
    for pair in written.windows(2) {
        let [higher, lower] = pair else { continue };
        if higher.at.value == lower.at.value || higher.action.value <= lower.action.value {
            let message = format!(
                "`{}` at {} does not fit with `{}` at {}",
                lower.action.value, lower.at.value, higher.action.value, higher.at.value
            );
            report(
                problems,
                document,
                Code::DisorderedThresholds,
                &lower.at.span,
                message,
            )
            .help = Some("more points lead to a stricter action, and each stands once".to_owned());
        }
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
        let total: u32 = policy.rules.iter().map(most_points).sum();
        *most.entry(category).or_default() += total;
    }
    for (document, policy) in documents.iter().zip(policies) {
        let Some(category) = &policy.category else {
            continue;
        };
        let reachable = most.get(&**category).copied().unwrap_or(0).min(POINTS_MAX);
        unreachable_thresholds(document, reachable, problems);
        observed_only(document, policy, problems);
    }
}

fn most_points(rule: &crate::policy::pack::Rule) -> u32 {
    rule.points + rule.boosts.iter().map(|boost| boost.points).sum::<u32>()
}

fn unreachable_thresholds(document: &Document, reachable: u32, problems: &mut Problems) {
    if document.file.rules.is_empty() {
        return;
    }
    for threshold in document
        .file
        .decide
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
    for (rule, written) in policy.rules.iter().zip(&document.file.rules) {
        let most = most_points(rule);
        if most < lowest.at {
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
