//! Tests: every rule proves itself, on both sides, in both languages.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::model::Language;
use crate::policy::pack::{Example, Expect, Test};
use crate::policy::written::{self, Name};
use std::sync::Arc;

type Problems = Vec<Diagnostic>;

/// Stands for every rule of the policy.
const EVERY_RULE: &str = "*";

/// The document's tests.
pub(super) fn resolve(document: &Document, problems: &mut Problems) -> Vec<Test> {
    let tests: Vec<Test> = document
        .file
        .tests
        .iter()
        .map(|test| resolve_test(document, test, problems))
        .collect();
    for test in &document.file.tests {
        repeated(document, &test.examples, problems);
    }
    for rule in &document.file.rules {
        proven(document, &rule.id, &tests, problems);
    }
    tests
}

fn resolve_test(document: &Document, written: &written::Test, problems: &mut Problems) -> Test {
    let expect = match &written.expect {
        written::Expect::Hit(names) => Expect::Hit(rules(document, names, problems)),
        written::Expect::Miss(names) if names.iter().any(|name| name.value == EVERY_RULE) => {
            let all = document
                .file
                .rules
                .iter()
                .map(|rule| rule.id.value.as_str().into());
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
    let known = || {
        document
            .file
            .rules
            .iter()
            .map(|rule| rule.id.value.as_str())
    };
    let mut found = Vec::new();
    for name in names {
        if known().any(|id| id == name.value) {
            found.push(name.value.as_str().into());
            continue;
        }
        let message = format!("this policy has no rule `{}`", name.value);
        let help = match did_you_mean(&name.value, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has: {}", known().collect::<Vec<_>>().join(", ")),
        };
        report(problems, document, Code::UnknownRule, &name.span, message).help = Some(help);
    }
    found
}

fn repeated(document: &Document, examples: &[written::Example], problems: &mut Problems) {
    for (at, example) in examples.iter().enumerate() {
        let same = |other: &&written::Example| {
            other.text == example.text
                && other.target == example.target
                && other.attrs == example.attrs
        };
        if let Some(first) = examples.iter().take(at).find(same) {
            report(
                problems,
                document,
                Code::RepeatedExample,
                &example.span,
                "this example repeats",
            )
            .related = Some((first.span.clone(), "first here".to_owned()));
        }
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
    for hit in &hits {
        let same = |miss: &&&Example| {
            miss.text == hit.text && miss.target == hit.target && miss.attrs == hit.attrs
        };
        if let Some(miss) = misses.iter().find(same) {
            let message = format!("this post must hit `{rule}` and must miss it");
            report(
                problems,
                document,
                Code::ContradictoryExample,
                &miss.span,
                message,
            )
            .related = Some((hit.span.clone(), "must hit here".to_owned()));
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
        report(
            problems,
            document,
            Code::OneLanguageTested,
            &id.span,
            message,
        );
    }
}
