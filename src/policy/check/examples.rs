//! Tests: every rule proves itself, on both sides, in both languages.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, did_you_mean, listed};
use crate::model::Language;
use crate::policy::pack::{Example, Expect, Test};
use crate::policy::written::{self, Name};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

type Problems = Vec<Diagnostic>;

/// Stands for every rule of the policy.
const EVERY_RULE: &str = "*";

/// The document's tests.
pub(super) fn resolve(document: &Document, problems: &mut Problems) -> Vec<Test> {
    let before = problems.len();
    let tests: Vec<Test> = document
        .file
        .tests
        .items
        .iter()
        .map(|test| resolve_test(document, test, problems))
        .collect();
    for test in &document.file.tests.items {
        repeated(document, &test.examples, problems);
    }
    // What an unreadable test would have proven is not known.
    if document.file.tests.whole && problems.len() == before {
        for id in &document.file.rule_ids {
            proven(document, id, &tests, problems);
        }
    }
    tests
}

fn resolve_test(document: &Document, written: &written::Test, problems: &mut Problems) -> Test {
    let expect = match &written.expect {
        written::Expect::Hit(names) => Expect::Hit(rules(document, names, problems)),
        written::Expect::Miss(names) if names.iter().any(|name| name.value == EVERY_RULE) => {
            let all = document
                .file
                .rule_ids
                .iter()
                .map(|id| id.value.as_str().into());
            Expect::Miss(all.collect())
        }
        written::Expect::Miss(names) => Expect::Miss(rules(document, names, problems)),
        written::Expect::BelowPoints(points) => Expect::BelowPoints(*points),
        written::Expect::BelowAction(action) => Expect::BelowAction(*action),
    };
    Test {
        expect,
        examples: written.examples.iter().map(example).collect(),
    }
}

fn example(written: &written::Example) -> Example {
    Example {
        span: written.span.clone(),
        text: written.text.clone(),
        group: written.group,
        target: written.target.clone(),
        lang: written.lang,
        attrs: written.attrs.clone(),
        evade: written.evade,
    }
}

fn rules(document: &Document, names: &[Name], problems: &mut Problems) -> Vec<Arc<str>> {
    let known = || document.file.rule_ids.iter().map(|id| id.value.as_str());
    let mut found = Vec::new();
    for name in names {
        if known().any(|id| id == name.value) {
            found.push(name.value.as_str().into());
            continue;
        }
        if !document.file.rule_ids_known {
            continue;
        }
        let message = format!("this policy has no rule `{}`", name.value);
        let help = match did_you_mean(&name.value, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if document.file.rule_ids.is_empty() => "it has no rules".to_owned(),
            None => format!("it has: {}", listed(known())),
        };
        report(problems, document, Code::UnknownRule, &name.span, message).help = Some(help);
    }
    found
}

fn repeated(document: &Document, examples: &[written::Example], problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for example in examples {
        let same = (&example.text, &example.target, &example.attrs);
        if let Some(first) = seen.get(&same) {
            let report = report(
                problems,
                document,
                Code::RepeatedExample,
                &example.span,
                "this example repeats",
            );
            report.related = Some((Range::clone(first), "first here".to_owned()));
            report.help = Some("drop it, or vary it".to_owned());
        }
        seen.entry(same).or_insert_with(|| example.span.clone());
    }
}

/// Whether a rule has examples on both sides, in both languages, without contradiction.
fn proven(document: &Document, id: &Name, tests: &[Test], problems: &mut Problems) {
    let named = |rules: &[Arc<str>]| rules.iter().any(|rule| **rule == *id.value);
    let hits: Vec<&Example> = tests
        .iter()
        .filter(|test| matches!(&test.expect, Expect::Hit(rules) if named(rules)))
        .flat_map(|test| &test.examples)
        .collect();
    let misses: Vec<&Example> = tests
        .iter()
        .filter(|test| matches!(&test.expect, Expect::Miss(rules) if named(rules)))
        .flat_map(|test| &test.examples)
        .collect();
    let rule = &id.value;
    if hits.is_empty() {
        let message = format!("`{rule}` has no example that it must hit");
        report(problems, document, Code::NoHitExample, &id.span, message).help = Some(format!(
            "add under `tests`: {{hit: {rule}, examples: [...]}}"
        ));
    }
    if misses.is_empty() {
        let message = format!("`{rule}` has no example that it must leave alone");
        report(problems, document, Code::NoMissExample, &id.span, message).help = Some(format!(
            "add under `tests`: {{miss: {rule}, examples: [...]}} with a quotation, a report, a joke"
        ));
    }
    for (examples, side) in [(&hits, "hit"), (&misses, "miss")] {
        one_language(document, id, examples, side, problems);
    }
    let same = |example: &Example| {
        let Example {
            text,
            target,
            attrs,
            ..
        } = example;
        (text.clone(), target.clone(), attrs.clone())
    };
    let hit_at: BTreeMap<_, _> = hits.iter().map(|hit| (same(hit), &hit.span)).collect();
    for miss in &misses {
        if let Some(hit) = hit_at.get(&same(miss)) {
            let message = format!("this post must hit `{rule}` and must miss it");
            let code = Code::ContradictoryExample;
            report(problems, document, code, &miss.span, message).related =
                Some((Range::clone(hit), "must hit here".to_owned()));
        }
    }
}

fn one_language(
    document: &Document,
    id: &Name,
    examples: &[&Example],
    side: &str,
    problems: &mut Problems,
) {
    let has = |language: Language| examples.iter().any(|e| e.group == Some(language));
    if !examples.iter().any(|example| example.group.is_some()) {
        return;
    }
    for language in Language::ALL.into_iter().filter(|language| !has(*language)) {
        let code = language.code();
        let message = format!("`{}` has no `{side}` example in `{code}`", id.value);
        let help = format!("add some: `examples: {{{code}: [...]}}`");
        report(
            problems,
            document,
            Code::OneLanguageTested,
            &id.span,
            message,
        )
        .help = Some(help);
    }
}
