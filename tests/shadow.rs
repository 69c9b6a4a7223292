//! Rules in shadow: they are evaluated and told, and change nothing.

use crate::evaluation::{engine, policy};
use crate::evaluation_properties::{SHIPPED, posts};
use proptest::prelude::*;
use std::sync::LazyLock;
use vigie::authoring::{Scope, run};
use vigie::engine::Engine;
use vigie::escalate::hits_of;
use vigie::evaluate::{with_one_more, without_one};
use vigie::model::{Action, Decision, Post};
use vigie::policy::{RawFile, check, shipped};
use vigie::ruleset::Levels;

const SIGNALS: &str = "s: {terms: {any: [stone]}}\nb: {terms: {any: [big]}}";

/// `hit: [r, t, top]`: every rule has its examples.
fn hits(rules: &str) -> String {
    let ids = rules.split("id: ").skip(1);
    let ids: Vec<&str> = ids.filter_map(|rest| rest.split(',').next()).collect();
    format!("hit: [{}, top]", ids.join(", "))
}

fn decided(rules: &str, levels: Levels, text: &str) -> (Engine, Decision) {
    let examples = |policy: String| {
        policy
            .replace("[r, top]", "'*'")
            .replace("hit: '*'", &hits(rules))
    };
    let engine = engine(&[&examples(policy(SIGNALS, rules))], levels);
    let decision = engine.decide(&Post::of_text(text.to_owned()));
    (engine, decision)
}

#[test]
fn a_rule_in_shadow_is_told_with_what_it_would_do() {
    let rules = "- {id: r, mode: shadow, when: {all: [s]}, points: 40, boost: [{if: b, points: 35}], because: {en: e, fr: f}}";
    // (post, points it would give, action it would lead to)
    for (text, would) in [
        ("a stone", Some((40, Action::Review))),
        ("a big stone", Some((75, Action::Hold))),
        ("a st0ne", None),
        ("a big leaf", None),
    ] {
        let (engine, decision) = decided(rules, Levels::default(), text);
        let shadow = decision.shadow.first();
        assert_eq!(shadow.map(|it| (it.points, it.action)), would, "{text}");
        assert_eq!(decision.action, Action::Allow, "{text}");
        assert!(decision.reasons.is_empty() && decision.ledger.is_empty());
        assert!(decision.categories.is_empty() && decision.evidence.is_empty());
        assert!(decision.observed.is_empty());
        assert!(without_one(engine.ruleset(), &decision).is_empty());
        assert!(with_one_more(engine.ruleset(), &decision).is_empty());
    }
}

#[test]
fn what_it_would_do_is_told_beside_what_counts() {
    let rules = "- {id: r, when: {all: [b]}, points: 40, because: {en: e, fr: f}}\n\
                 - {id: t, mode: shadow, when: {all: [s]}, points: 30, because: {en: e, fr: f}}\n\
                 - {id: u, mode: shadow, level: 3, when: {all: [s]}, points: 60, because: {en: e, fr: f}}";
    let of = |observe| {
        let levels = Levels {
            enforce: 2,
            observe,
        };
        let (_, decision) = decided(rules, levels, "a big stone");
        let shadow = decision.shadow.iter();
        let shadow: Vec<_> = shadow.map(|it| (it.rule.to_string(), it.action)).collect();
        (decision.action, shadow)
    };
    let both = vec![
        ("t".to_owned(), Action::Hold),
        ("u".to_owned(), Action::Remove),
    ];
    assert_eq!(of(3), (Action::Review, both.clone()));
    // Above the level that is observed nothing is evaluated.
    assert_eq!(of(2), (Action::Review, both[..1].to_vec()));
}

#[test]
fn its_examples_are_run() {
    let file = |mode: &str, miss: &str| {
        format!(
            "policy: {{id: p, version: 1.0.0, category: harm.test, title: {{en: t, fr: t}}}}\n\
             signals: {{s: {{terms: {{any: [stone]}}}}}}\n\
             rules: [{{id: r, {mode}when: {{all: [s]}}, points: 40, because: {{en: e, fr: f}}}}]\n\
             tests: [{{hit: r, examples: [a stone]}}, {{miss: r, examples: [{miss}]}}, {{below: note, examples: [a stone]}}]\n\
             decide: [{{at: 10, do: note}}]\n"
        )
    };
    let failures = |mode, miss| {
        let engine = engine(&[&file(mode, miss)], Levels::default());
        let scope = Scope {
            no_evasions: true,
            ..Scope::default()
        };
        let report = run(&engine, scope);
        let examples = report.policies.iter().flat_map(|it| &it.examples);
        examples.map(|it| it.failed.len()).sum::<usize>()
    };
    assert_eq!(failures("mode: shadow, ", "a leaf"), 0);
    assert_eq!(failures("mode: shadow, ", "two stone"), 1);
    // Live, it leaves more than the trace that the last test allows.
    assert_eq!(failures("mode: live, ", "a leaf"), 1);
    assert_eq!(failures("", "a leaf"), 1);
}

/// Looks for what the shipped rules look for, and for much more, in shadow: common words that would
/// lead every disguise astray, expressions, detectors, distances, exceptions.
const SHADOW: &str = r#"
policy: {id: aa-shadow, version: 1.0.0, category: violence.threats, title: {en: t, fr: f}}
signals:
  words: {terms: {en: [ill, kil, klil, skill, will you, lives, "pizza*", "wi*"], fr: [teu, tut, tuera, "vai te", lilas, habit], any: ["k1ll", "*ll"]}}
  same: {terms: {en: [kill, kill you, send pizzas, lives at], fr: [tuer, habite au]}, except: [{near: words, within: 2}]}
  pattern: {regex: ['[a-z]+ you', 'rue des [a-z]+'], view: spelled}
  place: {detect: street_address}
  both: {near: {of: [same, place], within: 9}}
rules:
  - {id: shadow.words, mode: shadow, when: {any: [words, same]}, points: 100, because: {en: e, fr: f}}
  - {id: shadow.places, mode: shadow, level: 4, when: {any: [both, pattern], none: [{count: {words: "> 3"}}]}, points: 90, boost: [{if: target, points: 5}, {if: {length: "> 9"}, points: 5}], because: {en: e, fr: f}}
  - {id: shadow.always, mode: shadow, when: {length: "> 3"}, points: 100, because: {en: e, fr: f}}
decide: [{at: 1, do: remove}]
tests:
  - {hit: [shadow.words, shadow.always], examples: [kil them all]}
  - {hit: shadow.places, examples: [rue des lilas]}
  - {miss: "*", examples: [a]}
"#;

static SHADOWED: LazyLock<Engine> = LazyLock::new(|| {
    let mut files = shipped();
    files.push(RawFile {
        name: "aa-shadow.yaml".to_owned(),
        bytes: SHADOW.as_bytes().to_vec(),
    });
    let pack = check(files).pack.expect("it holds no error");
    Engine::new(
        pack,
        Levels {
            enforce: 4,
            observe: 4,
        },
    )
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_shadow_rule_never_changes_any_decision(text in posts()) {
        let post = Post::of_text(text);
        let before = SHIPPED.decide(&post);
        let mut after = SHADOWED.decide(&post);
        let escalation = &SHADOWED.ruleset().pack().escalation;
        prop_assert_eq!(
            hits_of(escalation, &after),
            hits_of(&SHIPPED.ruleset().pack().escalation, &before)
        );
        after.shadow.clear();
        after.policy = before.policy.clone();
        prop_assert_eq!(before, after);
    }
}
