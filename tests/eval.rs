//! Policies measured on labelled posts: each figure is one that a reader can count by hand.

use crate::evaluation::engine;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use vigie::authoring::eval::{
    Evaluation, Evaluator, Gate, GateResult, Measured, Plan, evaluation_html, evaluation_json,
    evaluation_markdown,
};
use vigie::engine::Engine;
use vigie::ingest::{Dump, open};
use vigie::model::Action;
use vigie::policy::{Labels, RawFile};
use vigie::ruleset::Levels;

const PIES: &str = "
policy: {id: pies, version: 1.0.0, category: food.pies, title: {en: t, fr: t}}
signals:
  pie: {terms: {en: [a pie, kilopie], fr: [une tarte]}}
  throw: {terms: {en: [throw], fr: [lancer]}}
  tart: {terms: {any: [tart]}}
rules:
  - {id: pies.throw, when: {all: [pie, throw]}, points: 60, because: {en: e, fr: f}}
  - {id: pies.pie, when: {all: [pie]}, points: 20, because: {en: e, fr: f}}
  - {id: pies.tart, mode: shadow, when: {all: [tart]}, points: 50, because: {en: e, fr: f}}
decide: [{at: 50, do: review}, {at: 10, do: note}]
tests: [{hit: [pies.throw, pies.pie], examples: [throw a pie]}, {hit: pies.tart, examples: [tart]}, {miss: '*', examples: [bread]}]
";

const CAKES: &str = "
policy: {id: cakes, version: 1.0.0, category: drink.milk, title: {en: t, fr: t}}
signals: {milk: {terms: {any: [milk]}}}
rules: [{id: milk.any, when: {all: [milk]}, points: 20, because: {en: e, fr: f}}]
decide: [{at: 10, do: note}]
tests: [{hit: milk.any, examples: [milk]}, {miss: milk.any, examples: [bread]}]
";

const POSTS: &str = r#"
{"id":"1","lang":"en","text":"I throw a pie","labels":["food.pies"]}
{"id":"2","lang":"en","text":"I bake a pie","labels":["food.pies"]}
{"id":"3","lang":"fr","text":"une tarte","labels":["food"]}
{"id":"4","lang":"fr-CA","text":"du pain","labels":["food.pies"]}
{"id":"5","lang":"en","text":"a pie and milk","labels":["clean"]}
{"id":"6","lang":"en","text":"water","labels":["benign"]}
{"id":"7","lang":"en","text":"a pie","labels":["drink.milk"]}
{"id":"8","text":"a tart","labels":["clean","kind:tart"]}
{"id":"9","text":"a pie","labels":["kind:none"]}
{"id":"2~caps","text":"I BAKE A PIE","labels":["food.pies"],"twin":"2","disguise":"caps"}
{"id":"2~gone","text":"I bake an eip","labels":["food.pies"],"twin":"2","disguise":"gone"}
{"id":"2-not","text":"I bake bread","labels":["clean"],"twin":"2"}
{"id":"5-is","text":"throw a pie","labels":["food.pies"],"twin":"5"}
{"text":7}
"#;

fn pies() -> Engine {
    engine(&[PIES, CAKES], Levels::default())
}

fn measure(plan: &Plan<'_>, posts: &str, threads: usize) -> Evaluation {
    let mut file = tempfile::Builder::new()
        .suffix(".ndjson")
        .tempfile()
        .unwrap();
    file.write_all(posts.trim().as_bytes()).unwrap();
    let mut evaluator = Evaluator::new(plan);
    let mut dump = Dump::read(open(file.path()).unwrap(), None).unwrap();
    evaluator.dump(&mut dump, "posts", threads, |_| {}).unwrap();
    evaluator.finish()
}

fn measured(plan: &Plan<'_>) -> Value {
    evaluation_json(&measure(plan, POSTS, 1), &[])
}

/// `k/n` of the share at this path, or `-`.
fn share(json: &Value, path: &str) -> String {
    let share = json
        .pointer(path)
        .unwrap_or_else(|| panic!("{path} is not there"));
    match (share.get("k"), share.get("n")) {
        (Some(found), Some(of)) => format!("{found}/{of}"),
        _ => "-".to_owned(),
    }
}

fn class<'j>(json: &'j Value, name: &str) -> &'j Value {
    let classes = json["classes"].as_array().unwrap();
    classes
        .iter()
        .find(|it| it["class"] == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn shares_are_what_one_counts_by_hand() {
    let engine = pies();
    let json = measured(&Plan::new(&engine, None, Action::Note));
    assert_eq!(
        (&json["posts"], &json["labelled"], &json["bad"]),
        (&json!(13), &json!(12), &json!(1))
    );
    for (name, path, expected) in [
        ("food.pies", "/recall", "4/6"),
        ("food.pies", "/false_alarms", "1/4"),
        ("food.pies", "/on_others", "2/2"),
        ("food.pies", "/precision", "4/7"),
        ("food.pies", "/on_unlabelled", "1/1"),
        ("food.pies", "/languages/en/recall", "2/2"),
        ("food.pies", "/languages/fr/recall", "0/1"),
        ("food", "/recall", "1/1"),
        ("food", "/languages/fr/recall", "1/1"),
        ("drink.milk", "/recall", "0/1"),
        ("drink.milk", "/false_alarms", "1/4"),
        ("food.pies", "/disguises/caps/recall", "1/1"),
        ("food.pies", "/disguises/gone/recall", "0/1"),
        ("food.pies", "/disguises/gone/of_twins", "1/1"),
        ("food.pies", "/pairs_both_right", "1/2"),
    ] {
        assert_eq!(share(class(&json, name), path), expected, "{name} {path}");
    }
    assert_eq!(
        class(&json, "food.pies")["disguises"]["gone"]["kept"],
        json!(0.0)
    );
    let confusion = json["confusion"].as_array().unwrap();
    assert!(
        confusion.contains(&json!({"expected": "drink.milk", "found": "food.pies", "posts": 1}))
    );
    assert!(confusion.contains(&json!({"expected": "food.pies", "found": null, "posts": 2})));
}

#[test]
fn rules_are_told_with_what_they_alone_cause() {
    let engine = pies();
    let json = measured(&Plan::new(&engine, None, Action::Note).listing(1, false));
    let rule = |id: &str| {
        let rules = json["rules"].as_array().unwrap().iter();
        rules.clone().find(|it| it["rule"] == id).unwrap()
    };
    let pie = rule("pies.pie");
    assert_eq!((&pie["fired"], &pie["mode"]), (&json!(8), &json!("live")));
    assert_eq!(share(pie, "/recall"), "4/6");
    assert_eq!(pie["alone"], json!({"right": 2, "wrong": 3}));
    assert_eq!(pie["wrong"], json!([{"post": "3"}]));
    // Without it, what it finds would be found all the same.
    assert_eq!(rule("pies.throw")["alone"], json!({"right": 0, "wrong": 0}));
    // In shadow, it is measured as if it counted; nothing that is found is its doing.
    let tart = rule("pies.tart");
    assert_eq!(
        (&tart["mode"], share(tart, "/false_alarms")),
        (&json!("shadow"), "1/4".to_owned())
    );
    assert_eq!(tart["alone"], json!({"right": 0, "wrong": 0}));
    let overlaps = json["overlaps"].as_array().unwrap();
    let both = json!({"rules": ["pies.throw", "pies.pie"], "posts": 2, "right": 2});
    assert!(overlaps.contains(&both), "{overlaps:?}");
}

#[test]
fn a_stricter_action_finds_less() {
    let engine = pies();
    let json = measured(&Plan::new(&engine, None, Action::Review));
    assert_eq!(share(class(&json, "food.pies"), "/recall"), "2/6");
    assert_eq!(share(class(&json, "food.pies"), "/false_alarms"), "0/4");
}

fn labels(text: &str) -> Result<Labels, Vec<String>> {
    let file = RawFile {
        name: "labels.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    Labels::read(file).map_err(|mistakes| {
        let said = |it: &vigie::diagnostics::Diagnostic| vigie::diagnostics::to_text(it, false);
        mistakes.iter().map(said).collect()
    })
}

#[test]
fn a_file_says_what_labels_stand_for() {
    let engine = pies();
    let file = "expect: {food.pies: ['*', food], 'kind:tart': food}\nclean: clean\nignore: {food: [drink.milk]}\ngroups: 'kind:'";
    let plan = Plan::new(&engine, Some(labels(file).unwrap()), Action::Note);
    let json = measured(&plan);
    assert_eq!(share(class(&json, "*"), "/recall"), "4/6");
    assert_eq!(share(class(&json, "food"), "/recall"), "4/7");
    assert_eq!(share(class(&json, "food"), "/on_ignored"), "1/1");
    assert_eq!(share(class(&json, "food"), "/on_others"), "-");
    assert_eq!(json["groups"].as_array().unwrap().len(), 2);
    assert!(plan.unknown().is_empty());
    let misspelt = labels("expect: {a: fod}").unwrap();
    assert_eq!(
        Plan::new(&engine, Some(misspelt), Action::Note).unknown(),
        ["fod"]
    );
}

#[test]
fn mistakes_of_a_labels_file_are_told_with_their_place() {
    for (file, expected) in [
        ("expects: {a: b}", "did you mean `expect`?"),
        (
            "spans: {PHONE: [phone_numbr]}",
            "did you mean `phone_number`?",
        ),
        ("clean: {a: b}", "labels.yaml:1:8"),
        ("", "labels.yaml"),
    ] {
        let mistakes = labels(file).unwrap_err();
        assert!(mistakes.concat().contains(expected), "{file}: {mistakes:?}");
    }
}

#[test]
fn spans_are_held_against_what_detectors_see() {
    let engine = pies();
    let file = "spans: {MAIL: [email_address]}\nsignals: {has_mail: [email_address]}";
    let plan = Plan::new(&engine, Some(labels(file).unwrap()), Action::Note);
    let posts = r#"
{"text":"é write ann@example.org","labels":["has_mail"],"spans":[{"type":"MAIL","start":8,"end":23}]}
{"text":"nothing","labels":["has_mail"],"spans":[{"type":"MAIL","start":0,"end":7},{"type":"OTHER","start":0,"end":7}]}
{"text":"bob@example.org"}
"#;
    let json = evaluation_json(&measure(&plan, posts, 1), &[]);
    assert_eq!(share(&json, "/spans/MAIL/recall"), "1/2");
    assert_eq!(share(&json, "/spans/MAIL/precision"), "1/2");
    assert_eq!(share(&json, "/signals/has_mail"), "1/2");
    assert!(json["spans"].get("OTHER").is_none());
}

#[test]
fn every_post_can_be_disguised() {
    let engine = pies();
    let plan = Plan::new(&engine, None, Action::Note).disguising(true);
    let posts = r#"
{"text":"a kilopie","labels":["food.pies"]}
{"text":"water and bread","labels":["clean"]}
"#;
    let evaluation = measure(&plan, posts, 1);
    let json = evaluation_json(&evaluation, &[]);
    let of = |disguise: &str| {
        let all = json["disguised"].as_array().unwrap().iter();
        let mut of = all.filter(|it| it["disguise"] == disguise && it["class"] == "food.pies");
        of.next().unwrap_or_else(|| panic!("no {disguise}")).clone()
    };
    for disguise in ["capitals", "zero-width", "leet", "spaced", "stretched"] {
        let it = of(disguise);
        assert_eq!(share(&it, "/plain/recall"), "1/1", "{disguise}");
        assert_eq!(share(&it, "/disguised/recall"), "1/1", "{disguise}");
        assert_eq!(share(&it, "/disguised/false_alarms"), "0/1", "{disguise}");
    }
}

#[test]
fn bounds_hold_or_they_don_t() {
    let engine = pies();
    let evaluation = measure(&Plan::new(&engine, None, Action::Note), POSTS, 1);
    for (of, gate, is_met) in [
        (Measured::Recall, "food.pies=0.6", true),
        (Measured::Recall, "food.pies=0.7", false),
        (Measured::FalseAlarms, "food.pies=0.25", true),
        (Measured::FalseAlarms, "food.pies=0.2", false),
        (Measured::Precision, "food.pies=0.5", true),
        // What no post measures is not met.
        (Measured::Recall, "food.cakes=0", false),
    ] {
        let gate: Gate = gate.parse().unwrap();
        let result = GateResult::new(&evaluation, of, &gate);
        assert_eq!(result.is_met(), is_met, "{result:?}");
    }
    for wrong in [
        "violence",
        "violence=",
        "violence=1.5",
        "=0.5",
        "violence=NaN",
    ] {
        assert!(wrong.parse::<Gate>().is_err(), "{wrong}");
    }
}

#[test]
fn reports_hold_no_words_unless_asked() {
    let engine = pies();
    let print = |excerpts| {
        let plan = Plan::new(&engine, None, Action::Note).listing(9, excerpts);
        let evaluation = measure(&plan, POSTS, 1);
        let pages = [
            evaluation_html(&evaluation, &[], 50),
            evaluation_markdown(&evaluation, 50),
            evaluation_json(&evaluation, &[]).to_string(),
        ];
        pages.map(|page| page.contains("a pie and milk"))
    };
    assert_eq!(print(false), [false; 3]);
    assert_eq!(print(true), [true; 3]);
}

#[test]
fn labels_break_no_page() {
    let engine = pies();
    let hostile =
        r#"{"id":"<b>|`x","text":"a pie","labels":["</td><script>","clean","a|b\n"],"lang":"<i>"}"#;
    let plan = Plan::new(&engine, None, Action::Note).listing(9, true);
    let evaluation = measure(&plan, hostile, 1);
    let html = evaluation_html(&evaluation, &[], 50);
    assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("&#60;b&#62;"));
    let markdown = evaluation_markdown(&evaluation, 50);
    assert!(!markdown.contains("<script") && markdown.contains("a\\|b⏎"));
}

#[test]
fn documents_that_are_shown_can_be_read() {
    for page in ["evaluating.md", "quality.md"] {
        let page = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs")
            .join(page);
        let page = std::fs::read_to_string(page).unwrap();
        let blocks = page.split("```yaml\n").skip(1);
        for block in blocks.filter_map(|rest| rest.split("```").next()) {
            assert!(labels(block).is_ok(), "{block}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Threads and order change nothing but the lists of posts, which have the order of the posts.
    #[test]
    fn figures_are_those_of_the_posts(order in Just(POSTS.trim().lines().collect::<Vec<_>>()).prop_shuffle(), threads in 1_usize..4) {
        let engine = pies();
        let plan = Plan::new(&engine, None, Action::Note);
        let shuffled = evaluation_json(&measure(&plan, &order.join("\n"), threads), &[]);
        prop_assert_eq!(shuffled, measured(&plan));
    }

    /// Every post stands on exactly one side of every class.
    #[test]
    fn sides_add_up(labels in prop::collection::vec(prop::collection::vec(
        prop::sample::select(vec!["food", "food.pies", "drink.milk", "clean", "benign", "x"]), 0..3), 1..20)) {
        let engine = pies();
        let posts: Vec<String> = labels.iter().enumerate().map(|(at, labels)| {
            let text = ["a pie", "milk", "bread"][at % 3];
            json!({"id": at.to_string(), "text": text, "labels": labels}).to_string()
        }).collect();
        let evaluation = measure(&Plan::new(&engine, None, Action::Note), &posts.join("\n"), 1);
        for class in &evaluation.classes {
            prop_assert_eq!(class.counts.all().of, posts.len() as u64);
            prop_assert!(class.counts.precision().of <= class.counts.all().found);
        }
    }
}
