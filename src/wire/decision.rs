//! A decision as JSON.

use crate::model::{Bilingual, Decision, Entry, Evidence, LedgerLine, Reason, SeenSignal};
use serde_json::{Map, Value, json};

/// The decision as the contract says. Parts that are empty and optional are left out.
#[must_use]
pub fn decision_json(decision: &Decision) -> Value {
    let categories: Map<String, Value> = decision
        .categories
        .iter()
        .map(|(category, points)| (category.to_string(), json!(points)))
        .collect();
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        object.insert(key.to_owned(), value);
    };
    put("post", json!(decision.post));
    put("action", json!(decision.action.name()));
    put("categories", Value::Object(categories));
    put("reasons", decision.reasons.iter().map(reason).collect());
    put("ledger", decision.ledger.iter().map(ledger_line).collect());
    put("evidence", decision.evidence.iter().map(evidence).collect());
    put("targets", json!(decision.targets));
    if !decision.observed.is_empty() {
        put(
            "observed",
            decision
                .observed
                .iter()
                .map(|rule| json!(&**rule))
                .collect(),
        );
    }
    if let Some(signals) = &decision.signals {
        put("signals", signals.iter().map(signal).collect());
    }
    if let Some(bytes) = decision.judged_bytes {
        put("judged_bytes", json!(bytes));
    }
    put("policy", json!(&*decision.policy));
    if let Some(at) = &decision.at {
        put("at", json!(at));
    }
    Value::Object(object)
}

fn both(text: &Bilingual) -> Value {
    json!({"en": text.en, "fr": text.fr})
}

fn reason(reason: &Reason) -> Value {
    json!({
        "rule": &*reason.rule,
        "category": &*reason.category,
        "points": reason.points,
        "because": both(&reason.because),
    })
}

fn ledger_line(line: &LedgerLine) -> Value {
    let rule = line.rule.as_deref();
    match &line.entry {
        Entry::Base => json!({"rule": rule, "base": line.points}),
        Entry::Boost(name) => json!({"rule": rule, "boost": &**name, "points": line.points}),
        Entry::Kept(percent) => json!({"rule": rule, "kept": percent, "points": line.points}),
        Entry::Cap => match rule {
            Some(rule) => json!({"rule": rule, "cap": 100, "points": line.points}),
            None => json!({"category": &*line.category, "cap": 100, "points": line.points}),
        },
    }
}

fn evidence(evidence: &Evidence) -> Value {
    let span = [evidence.span.start, evidence.span.end];
    let (signal, kind) = (&*evidence.signal, &*evidence.kind);
    match &evidence.digest {
        Some(digest) => json!({"signal": signal, "kind": kind, "span": span, "digest": digest}),
        None => json!({"signal": signal, "kind": kind, "span": span}),
    }
}

fn signal(signal: &SeenSignal) -> Value {
    json!({"kind": signal.kind, "span": [signal.span.start, signal.span.end]})
}
