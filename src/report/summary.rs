//! The audit in numbers, for programs.

use super::{Audit, Dump};
use crate::model::Action;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The audit in numbers: the content of `summary.json`. Keys are sorted, so that two audits can be
/// compared line by line.
#[must_use]
pub fn summary_json(audit: &Audit<'_>) -> String {
    let mut summary = json!({
        "actions": actions(&audit.actions),
        "cases": cases(audit),
        "categories": audit.categories.iter().map(|(id, counts)| {
            (id.to_string(), actions(counts))
        }).collect::<Map<_, _>>(),
        "dumps": audit.dumps.iter().map(dump).collect::<Vec<_>>(),
        "engine": audit.engine,
        "first": audit.first.map(|at| at.to_string()),
        "last": audit.last.map(|at| at.to_string()),
        "policies": audit.policies.iter().map(|policy| {
            (policy.id.to_string(), Value::from(policy.version.as_str()))
        }).collect::<Map<_, _>>(),
        "policy": audit.digest,
        "posts": {
            "cut": audit.cut,
            "deleted": audit.deleted,
            "judged": audit.posts,
            "misdated": audit.misdated,
            "untimed": audit.untimed,
        },
        "outcomes": audit.outcomes,
    });
    // Policies without a rule in shadow say nothing of it.
    if let Some(fields) = summary.as_object_mut().filter(|_| !audit.shadow.is_empty()) {
        let shadow = audit.shadow.iter();
        let shadow = shadow.map(|(rule, counts)| (rule.to_string(), actions(counts)));
        fields.insert("shadow".to_owned(), Value::Object(shadow.collect()));
    }
    summary.sort_all_objects();
    // Text keys and numbers: writing them to memory can't fail.
    let mut written = serde_json::to_string_pretty(&summary).unwrap_or_default();
    written.push('\n');
    written
}

fn actions(counts: &[u64; Action::ALL.len()]) -> Value {
    let counted = Action::ALL.iter().zip(counts);
    let counted = counted.map(|(action, number)| (action.name().to_owned(), Value::from(*number)));
    Value::Object(counted.collect())
}

fn dump(dump: &Dump<'_>) -> Value {
    json!({
        "bad": dump.bad,
        "format": dump.format,
        "name": dump.name,
        "records": dump.records,
    })
}

/// Subjects by kind, ladder and rung; `none`: they have left it.
fn cases(audit: &Audit<'_>) -> Value {
    let mut cases: BTreeMap<[&str; 3], u64> = BTreeMap::new();
    for (kind, ladder, rung, number) in audit.cases.rungs() {
        let key = [kind.name(), ladder, rung.unwrap_or("none")];
        *cases.entry(key).or_default() += number;
    }
    let lines = cases.into_iter().map(|([kind, ladder, rung], number)| {
        json!({"kind": kind, "ladder": ladder, "rung": rung, "subjects": number})
    });
    Value::Array(lines.collect())
}
