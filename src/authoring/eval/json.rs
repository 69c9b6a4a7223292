//! The measured as JSON, with sorted keys.

use super::gate::GateResult;
use super::rate::{Count, Rate};
use super::results::{ClassResult, Evaluation, RuleResult};
use super::tally::{ClassCounts, Listed};
use crate::policy::Mode;
use serde_json::{Map, Value, json};

/// The measured, and which bounds hold.
#[must_use]
pub fn evaluation_json(evaluation: &Evaluation, gates: &[GateResult]) -> Value {
    let mut json = json!({
        "at": evaluation.at.name(),
        "bad": evaluation.bad,
        "classes": evaluation.classes.iter().map(class).collect::<Value>(),
        "confusion": evaluation.confusion.iter().map(|(expected, found, posts)| {
            json!({"expected": expected, "found": found.as_deref(), "posts": posts})
        }).collect::<Value>(),
        "disguised": evaluation.evasions.iter().map(|it| json!({
            "class": it.class,
            "disguise": it.name,
            "plain": counts(&it.plain),
            "disguised": counts(&it.disguised),
        })).collect::<Value>(),
        "gates": gates.iter().map(|it| json!({
            "class": it.gate.class,
            "of": it.of.name(),
            "bound": it.gate.bound,
            "rate": it.rate.map(rate),
            "met": it.is_met(),
        })).collect::<Value>(),
        "groups": groups(evaluation),
        "labelled": evaluation.labelled,
        "overlaps": evaluation.overlaps.iter().map(|it| {
            let [first, second] = &it.rules;
            let (posts, right) = (it.counts.posts, it.counts.expected);
            json!({"rules": [&**first, &**second], "posts": posts, "right": right})
        }).collect::<Value>(),
        "policy": &*evaluation.policy,
        "posts": evaluation.posts,
        "rules": evaluation.rules.iter().map(rule).collect::<Value>(),
        "signals": evaluation.signals.iter().map(|(label, it)| {
            (label.clone(), of(*it))
        }).collect::<Map<_, _>>(),
        "spans": evaluation.spans.iter().map(|(kind, it)| {
            (kind.clone(), json!({"recall": of(it.recall), "precision": of(it.precision)}))
        }).collect::<Map<_, _>>(),
        "told": evaluation.told,
    });
    json.sort_all_objects();
    json
}

/// A share with six digits: false alarms are told per 10,000 posts.
fn rate(rate: Rate) -> Value {
    let digits = |number: f64| (number * 1e6).round() / 1e6;
    json!({
        "k": rate.count.found,
        "n": rate.count.of,
        "rate": digits(rate.share),
        "lo": digits(rate.low),
        "hi": digits(rate.high),
    })
}

fn of(count: Count) -> Value {
    count.rate().map_or(Value::Null, rate)
}

fn counts(counts: &ClassCounts) -> Value {
    json!({
        "recall": of(counts.expected),
        "precision": of(counts.precision()),
        "false_alarms": of(counts.clean),
        "on_others": of(counts.other),
        "on_ignored": of(counts.ignored),
        "on_unlabelled": of(counts.unlabelled),
    })
}

fn class(class: &ClassResult) -> Value {
    let languages = class.languages.iter();
    let disguises = class.disguises.iter().map(|(name, (it, beside))| {
        let mut json = counts(it);
        if let (Value::Object(fields), Some(beside)) = (&mut json, beside) {
            fields.insert("of_twins".to_owned(), of(beside.twin));
            fields.insert("kept".to_owned(), json!(beside.ratio()));
        }
        (name.clone(), json)
    });
    let mut json = counts(&class.counts);
    if let Value::Object(fields) = &mut json {
        fields.insert("class".to_owned(), json!(class.name));
        let languages = languages.map(|(name, it)| (name.clone(), counts(it)));
        fields.insert("languages".to_owned(), Value::Object(languages.collect()));
        fields.insert("disguises".to_owned(), Value::Object(disguises.collect()));
        fields.insert("pairs_both_right".to_owned(), of(class.pairs));
        fields.insert("missed".to_owned(), listed(&class.missed));
        fields.insert("alarmed".to_owned(), listed(&class.alarmed));
    }
    json
}

fn listed(list: &[Listed]) -> Value {
    let posts = list.iter().map(|it| match &it.excerpt {
        Some(excerpt) => json!({"post": it.post, "begins": excerpt}),
        None => json!({"post": it.post}),
    });
    posts.collect()
}

fn rule(rule: &RuleResult) -> Value {
    let counts = &rule.counts;
    let sides = &counts.sides;
    json!({
        "rule": &*rule.rule,
        "category": &*rule.category,
        "class": rule.class,
        "mode": match rule.mode {
            Mode::Live => "live",
            Mode::Shadow => "shadow",
        },
        "level": rule.level,
        "fired": counts.fired,
        "recall": of(sides.expected),
        "precision": of(sides.precision()),
        "false_alarms": of(sides.clean),
        "on_others": of(sides.other),
        "alone": {"right": counts.alone_right, "wrong": counts.alone_wrong},
        "wrong": listed(&counts.wrong),
    })
}

fn groups(evaluation: &Evaluation) -> Value {
    let groups = evaluation.groups.iter().map(|group| {
        let classes = evaluation.classes.iter().zip(&group.classes);
        let found = classes.map(|(class, counts)| (class.name.clone(), of(counts.all())));
        json!({"label": group.label, "found": found.collect::<Map<_, _>>()})
    });
    groups.collect()
}
