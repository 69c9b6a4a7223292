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

/// The ids of the document's rules.
type Ids<'d> = BTreeMap<&'d str, Arc<str>>;

/// Ids that a misspelt one is compared with.
const NAMES_COMPARED_MAX: usize = 1_000;

/// Stands for every rule of the policy.
const EVERY_RULE: &str = "*";

/// The document's tests.
pub(super) fn resolve(document: &Document, problems: &mut Problems) -> Vec<Test> {
    let before = problems.len();
    let ids: BTreeMap<&str, Arc<str>> = document
        .file
        .rule_ids
        .iter()
        .map(|id| (id.value.as_str(), id.value.as_str().into()))
        .collect();
    let tests: Vec<Test> = document
        .file
        .tests
        .items
        .iter()
        .map(|test| resolve_test(document, test, &ids, problems))
        .collect();
    // What an unreadable test would have proven is not known.
    if document.file.tests.whole && problems.len() == before {
        let proofs = Proofs::of(&tests);
        for id in &document.file.rule_ids {
            proven(document, id, &proofs, problems);
        }
    }
    for test in &document.file.tests.items {
        repeated(document, &test.examples, problems);
    }
    tests
}

fn resolve_test(
    document: &Document,
    written: &written::Test,
    ids: &Ids<'_>,
    problems: &mut Problems,
) -> Test {
    let expect = match &written.expect {
        written::Expect::Hit(names) => Expect::Hit(rules(document, names, ids, problems)),
        written::Expect::Miss(names) if names.iter().any(|name| name.value == EVERY_RULE) => {
            Expect::Miss(ids.values().cloned().collect())
        }
        written::Expect::Miss(names) => Expect::Miss(rules(document, names, ids, problems)),
        written::Expect::BelowPoints(points) => Expect::BelowPoints(*points),
        written::Expect::BelowAction(action) => Expect::BelowAction(*action),
    };
    Test {
        expect,
        examples: written.examples.iter().map(example).collect(),
        pairs: written.pairs.clone(),
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

fn rules(
    document: &Document,
    names: &[Name],
    ids: &Ids<'_>,
    problems: &mut Problems,
) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    for name in names {
        if let Some(id) = ids.get(name.value.as_str()) {
            found.push(Arc::clone(id));
            continue;
        }
        if !document.file.rule_ids_known {
            continue;
        }
        let message = format!("this policy has no rule `{}`", name.value);
        let near = did_you_mean(&name.value, ids.keys().copied().take(NAMES_COMPARED_MAX));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if ids.is_empty() => "it has no rules".to_owned(),
            None => format!("it has: {}", listed(ids.keys().copied())),
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

/// The examples of each rule, on both sides.
#[derive(Debug, Default)]
struct Proofs<'t> {
    hits: BTreeMap<&'t str, Vec<&'t Example>>,
    misses: BTreeMap<&'t str, Vec<&'t Example>>,
}

impl<'t> Proofs<'t> {
    fn of(tests: &'t [Test]) -> Self {
        let mut proofs = Self::default();
        for test in tests {
            let (side, rules) = match &test.expect {
                Expect::Hit(rules) => (&mut proofs.hits, rules),
                Expect::Miss(rules) => (&mut proofs.misses, rules),
                Expect::BelowPoints(_) | Expect::BelowAction(_) => continue,
            };
            for rule in rules {
                side.entry(rule).or_default().extend(&test.examples);
            }
        }
        proofs
    }
}

/// Whether a rule has examples on both sides, in both languages, without contradiction.
fn proven(document: &Document, id: &Name, proofs: &Proofs<'_>, problems: &mut Problems) {
    let of = |side: &BTreeMap<&str, Vec<_>>| side.get(id.value.as_str()).cloned();
    let hits: Vec<&Example> = of(&proofs.hits).unwrap_or_default();
    let misses: Vec<&Example> = of(&proofs.misses).unwrap_or_default();
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
