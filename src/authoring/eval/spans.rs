//! What detectors see against what stands in posts.

use super::Plan;
use super::rate::Count;
use super::row::{Gold, Row};
use crate::model::Decision;
use std::collections::BTreeMap;
use std::ops::Range;

/// Things of one type: those that stand in posts, and those that detectors saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpanCount {
    /// Of those that stand there, how many were seen, by half of their length at least.
    pub recall: Count,
    /// Of those that were seen, how many stand there.
    pub precision: Count,
}

/// What was counted in one post.
#[derive(Clone, Debug, Default)]
pub(super) struct SpanCounts {
    /// By type of span.
    pub(super) types: BTreeMap<String, SpanCount>,
    /// Of the post's labels that expect a detector, which saw something.
    pub(super) signals: Vec<(String, bool)>,
}

/// Counts the spans of a post.
pub(super) fn count(plan: &Plan<'_>, text: &str, row: &Row, decision: &Decision) -> SpanCounts {
    let seen = decision.signals.as_deref().unwrap_or_default();
    let mut counts = SpanCounts::default();
    for label in &row.labels {
        if let Some(detectors) = plan.labels.signals.get(label) {
            let is_seen = seen
                .iter()
                .any(|it| detectors.iter().any(|name| name == it.kind));
            counts.signals.push((label.clone(), is_seen));
        }
    }
    let gold = &row.spans;
    let seen: Vec<(&str, Range<usize>)> = seen
        .iter()
        .map(|it| (it.kind, in_characters(text, &it.span)))
        .collect();
    let types = &plan.labels.spans;
    let is_of = |kind: &str, detector: &str| {
        let detectors = types.get(kind).into_iter().flatten();
        detectors.into_iter().any(|name| name == detector)
    };
    let hits = |gold: &Gold, kind: &str, span: &Range<usize>| {
        let both = gold
            .end
            .min(span.end)
            .saturating_sub(gold.start.max(span.start));
        is_of(&gold.kind, kind) && 2 * both >= gold.end.saturating_sub(gold.start)
    };
    for it in gold.iter().filter(|it| types.contains_key(&it.kind)) {
        let is_seen = seen.iter().any(|(kind, span)| hits(it, kind, span));
        counts
            .types
            .entry(it.kind.clone())
            .or_default()
            .recall
            .add(is_seen);
    }
    for kind in types.keys() {
        for (detector, span) in seen.iter().filter(|(detector, _)| is_of(kind, detector)) {
            let mut of_kind = gold.iter().filter(|it| it.kind == *kind);
            let is_there = of_kind.any(|it| hits(it, detector, span));
            counts
                .types
                .entry(kind.clone())
                .or_default()
                .precision
                .add(is_there);
        }
    }
    counts
}

/// Bytes as characters.
fn in_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let count = |end: usize| text.get(..end).map_or(0, |before| before.chars().count());
    count(span.start)..count(span.end)
}
