//! A test report for programs.

use super::coverage::Unproven;
use super::parity::{RuleParity, Tries};
use super::run::{EvasionRate, ExampleResult, Failed, PolicyResult, Report};
use super::timelines::{StoryResult, Unmet};
use crate::model::Language;
use serde_json::{Value, json};

/// The report as JSON.
#[must_use]
pub fn report_json(report: &Report) -> Value {
    let mut json = json!({
        "policies": report.policies.iter().map(policy).collect::<Value>(),
        "evasions": report.evasions.iter().map(rate).collect::<Value>(),
    });
    if let (Some(unproven), Value::Object(fields)) = (&report.unproven, &mut json) {
        fields.insert("unproven".to_owned(), unproven.iter().map(part).collect());
    }
    json
}

fn policy(result: &PolicyResult) -> Value {
    let failures = |example: &ExampleResult| -> Vec<Value> {
        let failed = example.failed.iter();
        failed.map(|failed| failure(example, failed)).collect()
    };
    let missed = |example: &ExampleResult| -> Vec<Value> {
        example
            .missed
            .iter()
            .map(|missed| failure(example, missed))
            .collect()
    };
    json!({
        "policy": &*result.policy,
        "file": result.file,
        "examples": result.examples.len(),
        "languages": {
            "en": result.in_language(Some(Language::En)),
            "fr": result.in_language(Some(Language::Fr)),
        },
        "disguises": result.disguises(),
        "failures": result.examples.iter().flat_map(failures).collect::<Value>(),
        "pairs": pairs(result),
        "parity": result.parity.iter().map(parity).collect::<Value>(),
        "stories": result.stories.iter().map(story).collect::<Value>(),
        "missed": result.examples.iter().flat_map(missed).collect::<Value>(),
    })
}

/// How many pairs lead to the same action, and which don't.
fn pairs(result: &PolicyResult) -> Value {
    let apart = result.pairs.iter().filter(|pair| !pair.is_alike());
    let apart = apart.map(|pair| {
        json!({
            "line": pair.line,
            "column": pair.column,
            "en": pair.en.name(),
            "fr": pair.fr.name(),
        })
    });
    json!({"alike": result.pairs.len() - result.apart(), "apart": apart.collect::<Value>()})
}

fn parity(parity: &RuleParity) -> Value {
    let tries = |tries: Tries| json!({"tried": tries.tried, "hit": tries.hit});
    json!({"rule": &*parity.rule, "en": tries(parity.en), "fr": tries(parity.fr)})
}

fn story(story: &StoryResult) -> Value {
    let failure = |unmet: &Unmet| {
        json!({
            "line": unmet.line,
            "column": unmet.column,
            "expected": unmet.expected,
            "happened": unmet.happened,
        })
    };
    json!({
        "line": story.line,
        "column": story.column,
        "timeline": story.name,
        "events": story.events,
        "expectations": story.expectations,
        "failures": story.failed.iter().map(failure).collect::<Value>(),
    })
}

fn failure(example: &ExampleResult, failed: &Failed) -> Value {
    json!({
        "line": example.line,
        "column": example.column,
        "text": failed.text,
        "evasion": failed.evasion,
        "expected": example.expected,
        "happened": failed.happened,
    })
}

fn rate(rate: &EvasionRate) -> Value {
    json!({"name": rate.name, "tried": rate.tried, "hit": rate.hit})
}

fn part(unproven: &Unproven) -> Value {
    json!({
        "policy": &*unproven.policy,
        "part": unproven.part.name(),
        "name": unproven.name,
    })
}
