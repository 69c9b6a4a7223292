//! A decision as JSON, and what people are told of it back.

use super::json::Json;
use crate::limits::POINTS_MAX;
use crate::model::{Action, Bilingual, Decision, Entry, Evidence, LedgerLine, Reason, Shadow};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Writes the decision as the contract says, on one line. Parts that are empty and optional are left
/// out.
pub fn write_decision(decision: &Decision, out: &mut Vec<u8>) {
    let mut json = Json(out);
    json.raw(r#"{"post":"#).text(&decision.post);
    json.raw(r#","action":"#).text(decision.action.name());
    json.raw(r#","categories":{"#)
        .each(&decision.categories, |json, (category, points)| {
            json.text(category).raw(":").number(points);
        });
    json.raw(r#"},"reasons":["#).each(&decision.reasons, reason);
    json.raw(r#"],"ledger":["#)
        .each(&decision.ledger, ledger_line);
    json.raw(r#"],"evidence":["#)
        .each(&decision.evidence, evidence);
    json.raw(r#"],"targets":["#)
        .each(&decision.targets, |json, target| {
            json.text(target);
        });
    json.raw("]");
    if !decision.observed.is_empty() {
        json.raw(r#","observed":["#)
            .each(&decision.observed, |json, rule| {
                json.text(rule);
            })
            .raw("]");
    }
    if !decision.shadow.is_empty() {
        json.raw(r#","shadow":["#)
            .each(&decision.shadow, shadow)
            .raw("]");
    }
    if let Some(signals) = &decision.signals {
        json.raw(r#","signals":["#)
            .each(signals, |json, signal| {
                json.raw(r#"{"kind":"#).text(signal.kind);
                span(json, &signal.span);
                json.raw("}");
            })
            .raw("]");
    }
    if let Some(bytes) = decision.judged_bytes {
        json.raw(r#","judged_bytes":"#).number(bytes);
    }
    json.raw(r#","policy":"#).text(&decision.policy);
    if let Some(at) = &decision.at {
        json.raw(r#","at":"#).text(at);
    }
    json.raw("}");
}

fn reason(json: &mut Json<'_>, reason: &Reason) {
    json.raw(r#"{"rule":"#).text(&reason.rule);
    json.raw(r#","category":"#).text(&reason.category);
    json.raw(r#","points":"#).number(reason.points);
    json.raw(r#","because":{"en":"#).text(&reason.because.en);
    json.raw(r#","fr":"#).text(&reason.because.fr).raw("}}");
}

fn shadow(json: &mut Json<'_>, shadow: &Shadow) {
    json.raw(r#"{"rule":"#).text(&shadow.rule);
    json.raw(r#","category":"#).text(&shadow.category);
    json.raw(r#","points":"#).number(shadow.points);
    json.raw(r#","action":"#)
        .text(shadow.action.name())
        .raw("}");
}

/// What stands on a line depends on what it is for.
fn ledger_line(json: &mut Json<'_>, line: &LedgerLine) {
    match (&line.rule, &line.entry) {
        (Some(rule), _) => json.raw(r#"{"rule":"#).text(rule),
        (None, Entry::Cap) => json.raw(r#"{"category":"#).text(&line.category),
        (None, _) => json.raw(r#"{"rule":null"#),
    };
    match &line.entry {
        Entry::Base => json.raw(r#","base":"#),
        Entry::Boost(name) => json.raw(r#","boost":"#).text(name).raw(r#","points":"#),
        Entry::Kept(percent) => json.raw(r#","kept":"#).number(percent).raw(r#","points":"#),
        Entry::Cap => json
            .raw(r#","cap":"#)
            .number(POINTS_MAX)
            .raw(r#","points":"#),
    };
    json.number(line.points).raw("}");
}

fn evidence(json: &mut Json<'_>, evidence: &Evidence) {
    json.raw(r#"{"signal":"#).text(&evidence.signal);
    json.raw(r#","kind":"#).text(&evidence.kind);
    span(json, &evidence.span);
    if let Some(digest) = &evidence.digest {
        json.raw(r#","digest":"#).text(digest);
    }
    json.raw("}");
}

fn span(json: &mut Json<'_>, span: &Range<usize>) {
    json.raw(r#","span":["#).number(span.start);
    json.raw(",").number(span.end).raw("]");
}

/// What of a decision is read back.
#[derive(Deserialize)]
struct Told {
    post: String,
    action: String,
    #[serde(default)]
    categories: BTreeMap<String, u32>,
    #[serde(default)]
    reasons: Vec<ToldReason>,
    #[serde(default)]
    targets: Vec<String>,
    policy: String,
    at: Option<String>,
}

#[derive(Deserialize)]
struct ToldReason {
    rule: String,
    category: String,
    points: u32,
    because: ToldBilingual,
}

#[derive(Deserialize)]
struct ToldBilingual {
    en: String,
    fr: String,
}

/// Reads what people are told of a decision: its action, points and reasons. Ledger, evidence and
/// signals are passed over.
#[must_use]
pub fn decision_from_json(line: &str) -> Option<Decision> {
    let told: Told = serde_json::from_str(line).ok()?;
    let reasons = told.reasons.into_iter().map(|reason| Reason {
        rule: reason.rule.into(),
        category: reason.category.into(),
        points: reason.points,
        because: Arc::new(Bilingual {
            en: reason.because.en,
            fr: reason.because.fr,
        }),
    });
    let categories = told.categories.into_iter();
    Some(Decision {
        post: told.post,
        action: Action::named(&told.action)?,
        categories: categories
            .map(|(category, points)| (category.into(), points))
            .collect(),
        reasons: reasons.collect(),
        targets: told.targets,
        policy: told.policy.into(),
        at: told.at,
        ..Decision::default()
    })
}
