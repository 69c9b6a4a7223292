//! What policies mean: each case is a small policy, a post, and the ledger that comes of it.

use vigie::engine::Engine;
use vigie::model::{Decision, Entry};
use vigie::policy::{RawFile, check};
use vigie::ruleset::Levels;
use vigie::wire::post_from_json;

/// An engine for policies written in the test.
pub(crate) fn engine(policies: &[&str], levels: Levels) -> Engine {
    let file = |(at, text): (usize, &&str)| RawFile {
        name: format!("{at}.yaml"),
        bytes: text.as_bytes().to_vec(),
    };
    let checked = check(policies.iter().enumerate().map(file).collect());
    let said: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| vigie::diagnostics::to_text(d, false))
        .collect();
    Engine::new(
        checked
            .pack
            .unwrap_or_else(|| panic!("{}", said.join("\n"))),
        levels,
    )
}

/// A policy with these signals and rules; the rest is filled in.
pub(crate) fn policy(signals: &str, rules: &str) -> String {
    format!(
        "policy: {{id: p, version: 1.0.0, category: harm.test, title: {{en: t, fr: t}}}}\n\
         signals:\n{}  top: {{terms: {{any: [uttermost]}}}}\nrules:\n{}  - {{id: top, when: {{all: [top]}}, points: 100, because: {{en: e, fr: f}}}}\ndecide: [{{at: 90, do: remove}}, {{at: 70, do: hold}}, {{at: 40, do: review}}, {{at: 10, do: note}}]\n\
         tests:\n  - {{hit: [r, top], examples: [x]}}\n  - {{miss: [r, top], examples: [y]}}\n",
        indent(signals),
        indent(rules)
    )
}

fn indent(text: &str) -> String {
    text.trim()
        .lines()
        .map(|line| format!("  {}\n", line.trim_start_matches("    ")))
        .collect()
}

/// The decision in one line: `hold 75 = base 65 + calls 10`.
fn said(decision: &Decision) -> String {
    let points: u32 = decision.categories.values().sum();
    let lines: Vec<String> = decision
        .ledger
        .iter()
        .map(|line| match &line.entry {
            Entry::Base => format!("base {}", line.points),
            Entry::Boost(name) => format!("{name} {}", line.points),
            Entry::Kept(percent) => format!("kept{percent}% {}", line.points),
            Entry::Cap => format!("cap {}", line.points),
        })
        .collect();
    match lines.is_empty() {
        true => format!("{} {points}", decision.action),
        false => format!("{} {points} = {}", decision.action, lines.join(" + ")),
    }
}

/// Runs posts (JSON, or plain text) through one policy and compares what is said.
fn decides(signals: &str, rules: &str, cases: &[(&str, &str)]) {
    let engine = engine(&[&policy(signals, rules)], Levels::default());
    let mut wrong = Vec::new();
    for (post, expected) in cases {
        let json = match post.starts_with('{') {
            true => (*post).to_owned(),
            false => serde_json::json!({ "text": post }).to_string(),
        };
        let found = said(&engine.decide(&post_from_json(&json).unwrap()));
        if found != *expected {
            wrong.push(format!("{post}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const RULE: &str = "- {id: r, when: {all: [s]}, points: 50, because: {en: e, fr: f}}";

#[test]
fn terms_match_whole_words_whatever_their_dress() {
    decides(
        "s: {terms: {en: [red fox, 'gray(ish|) cat*', hunt ... bear, any * one], fr: [l'été, œuf], any: [🔪 👩]}}",
        RULE,
        &[
            ("a red fox", "review 50 = base 50"),
            ("A RED   Fox!", "review 50 = base 50"),
            ("a red-fox", "review 50 = base 50"),
            ("a red\nfox", "review 50 = base 50"),
            ("a *red* ~fox~", "review 50 = base 50"),
            ("red, fox", "allow 0"),
            ("red. fox", "allow 0"),
            ("hundred foxes", "allow 0"),
            ("infrared fox", "allow 0"),
            ("gray cat", "review 50 = base 50"),
            ("grayish caterpillar", "review 50 = base 50"),
            ("gray scat", "allow 0"),
            ("hunt bear", "review 50 = base 50"),
            ("hunt the very big brown bear", "review 50 = base 50"),
            ("hunt the very big old brown bear", "allow 0"),
            ("hunt. The bear", "allow 0"),
            ("any given one", "review 50 = base 50"),
            ("any one", "allow 0"),
            ("pendant l'été", "review 50 = base 50"),
            ("pendant l’ete", "review 50 = base 50"),
            ("un OEUF", "review 50 = base 50"),
            ("I will 🔪 👩🏾 now", "review 50 = base 50"),
            ("I will cut 👩🏾 now", "allow 0"),
        ],
    );
}

#[test]
fn a_caret_asks_for_the_beginning_of_a_phrase() {
    decides(
        "s: {terms: {en: ['^(just |)strike him'], any: ['👊🏽 them', 🇫🇷]}}",
        RULE,
        &[
            ("strike him", "review 50 = base 50"),
            ("Just strike him!", "review 50 = base 50"),
            ("Look, strike him", "review 50 = base 50"),
            ("Look. Strike him", "review 50 = base 50"),
            ("Look\nstrike him", "review 50 = base 50"),
            ("@ann @bob strike him", "review 50 = base 50"),
            ("they strike him", "allow 0"),
            ("mail ann@bob strike him", "allow 0"),
            ("I just strike him", "allow 0"),
            ("👊🏿 them", "review 50 = base 50"),
            ("vive la 🇫🇷 !", "review 50 = base 50"),
            ("vive la 🇧🇪 !", "allow 0"),
        ],
    );
}

#[test]
fn what_stands_within_a_span_is_on_both_sides_or_apart() {
    decides(
        "needs: {terms: {fr: [besoin de partir]}}\n\
         of: {terms: {fr: [de]}}\n\
         s: {any_of: [needs], except: [{near: of, within: 0, side: after, apart: true}]}",
        RULE,
        &[
            ("besoin de partir", "review 50 = base 50"),
            ("besoin de partir de là", "allow 0"),
            ("de besoin de partir", "review 50 = base 50"),
        ],
    );
    decides(
        "needs: {terms: {fr: [besoin de partir]}}\n\
         of: {terms: {fr: [de]}}\n\
         s: {any_of: [needs], except: [{near: of, within: 0, apart: true}]}",
        RULE,
        &[
            ("besoin de partir", "review 50 = base 50"),
            ("besoin de partir de là", "allow 0"),
            ("de besoin de partir", "allow 0"),
        ],
    );
}

#[test]
fn near_counts_the_words_between() {
    decides(
        "a: {terms: {any: [alpha]}}\n\
         b: {terms: {any: [beta]}}\n\
         c: {terms: {any: [gamma]}}\n\
         s: {near: {of: [a, b, c], within: 2, span: 6}}",
        RULE,
        &[
            ("alpha beta gamma", "review 50 = base 50"),
            ("gamma x x alpha x beta", "review 50 = base 50"),
            ("alpha x x x beta gamma", "allow 0"),
            ("alpha x x beta x x gamma", "allow 0"),
            ("alpha beta", "allow 0"),
            ("alpha x x x x beta gamma alpha", "review 50 = base 50"),
        ],
    );
    decides(
        "a: {terms: {any: [alpha]}}\n\
         b: {terms: {any: [beta]}}\n\
         s: {near: {of: [a, b], within: 1, ordered: true, same: sentence}}",
        RULE,
        &[
            ("alpha beta", "review 50 = base 50"),
            ("beta alpha", "allow 0"),
            ("beta alpha x beta", "review 50 = base 50"),
        ],
    );
}

#[test]
fn exceptions_are_local_and_can_be_undone() {
    decides(
        "thing: {terms: {any: [address]}}\n\
         shop: {terms: {any: [restaurant]}}\n\
         go: {terms: {any: [visit her]}}\n\
         quoted: {regex: '\"[^\"]+\"'}\n\
         s: {any_of: [thing], except: [{near: shop, within: 2, side: before, unless: [go]}, {inside: quoted, keep: 20%}]}",
        RULE,
        &[
            ("the address", "review 50 = base 50"),
            ("restaurant with address", "allow 0"),
            ("address of a restaurant", "review 50 = base 50"),
            ("restaurant with address, visit her", "review 50 = base 50"),
            (
                "restaurant address, and far away from it an address",
                "review 50 = base 50",
            ),
            (
                "he wrote \"the address\" to me",
                "note 10 = base 50 + kept20% -40",
            ),
            (
                "« the address » was here",
                "note 10 = base 50 + kept20% -40",
            ),
        ],
    );
}

#[test]
fn conditions_know_the_post() {
    let rules = "- {id: r, when: {all: [s, {attrs: {author_age: '< 2d', first_post: true}}]}, points: 50, because: {en: e, fr: f}}\n\
                 - {id: t, when: {all: [s, target]}, points: 5, because: {en: e, fr: f}}\n\
                 - {id: n, when: {any: [s], none: [{count: {s: '< 3'}}]}, points: 10, because: {en: e, fr: f}}\n\
                 - {id: l, when: {all: [s], lang: fr, length: '> 8'}, points: 2, because: {en: e, fr: f}}\n\
                 - {id: c, when: {all: [s], attrs: {scores.toxicity: '>= 0.8', role: '= newcomer'}}, points: 1, because: {en: e, fr: f}}";
    let signals = "s: {terms: {any: [word]}}";
    let policy = policy(signals, rules).replace(
        "tests:\n",
        "tests:\n  - {hit: [t, n, l, c], examples: [z]}\n  - {miss: [t, n, l, c], examples: [y]}\n",
    );
    let engine = engine(&[&policy], Levels::default());
    for (post, expected) in [
        (r#"{"text":"word"}"#, "allow 0"),
        (
            r#"{"text":"word","attrs":{"author_age":86400,"first_post":true}}"#,
            "review 50 = base 50",
        ),
        (
            r#"{"text":"word","attrs":{"author_age":"36h","first_post":true}}"#,
            "review 50 = base 50",
        ),
        (
            r#"{"text":"word","attrs":{"author_age":"3d","first_post":true}}"#,
            "allow 0",
        ),
        (r#"{"text":"word","attrs":{"author_age":1}}"#, "allow 0"),
        (r#"{"text":"word","targets":["u2"]}"#, "allow 5 = base 5"),
        (
            r#"{"text":"word","author":"u2","reply_to_author":"u2"}"#,
            "allow 0",
        ),
        (r#"{"text":"word word word"}"#, "note 10 = base 10"),
        (r#"{"text":"word","lang":"fr-CA"}"#, "allow 0"),
        (r#"{"text":"&#119;ord","lang":"fr"}"#, "allow 0"),
        (
            r#"{"text":"word wordy","lang":"fr-CA"}"#,
            "allow 2 = base 2",
        ),
        (
            r#"{"text":"word","attrs":{"scores":{"toxicity":0.9},"role":"Newcomer"}}"#,
            "allow 1 = base 1",
        ),
        (
            r#"{"text":"word","attrs":{"scores":{"toxicity":0.7},"role":"newcomer"}}"#,
            "allow 0",
        ),
    ] {
        let found = said(&engine.decide(&post_from_json(post).unwrap()));
        assert_eq!(found, expected, "{post}");
    }
}

#[test]
fn points_are_capped_and_the_ledger_says_so() {
    let signals = "s: {terms: {any: [word]}}\nb: {terms: {any: [more]}}";
    let rule = "- {id: r, when: {all: [s]}, points: 80, boost: [{if: b, points: 40}], because: {en: e, fr: f}}";
    decides(
        signals,
        rule,
        &[
            ("word", "hold 80 = base 80"),
            ("word more", "remove 100 = base 80 + b 40 + cap -20"),
            ("more", "allow 0"),
        ],
    );
}

#[test]
fn levels_observe_before_they_enforce() {
    let signals = "s: {terms: {any: [word]}}";
    let rules = "- {id: r, level: 3, when: {all: [s]}, points: 80, because: {en: e, fr: f}}";
    let policy = policy(signals, rules);
    let post = post_from_json(r#"{"text":"word"}"#).unwrap();
    for (enforce, observe, expected, observed) in [
        (2, 2, "allow 0", 0),
        (1, 3, "allow 0", 1),
        (3, 3, "hold 80 = base 80", 0),
    ] {
        let decision = engine(&[&policy], Levels { enforce, observe }).decide(&post);
        assert_eq!(
            (said(&decision).as_str(), decision.observed.len()),
            (expected, observed)
        );
    }
}

#[test]
fn policies_of_one_category_add_up_and_signals_are_shared() {
    let lends = "policy: {id: words, version: 1.0.0, title: {en: t, fr: t}}\n\
                 signals: {w: {terms: {any: [word]}}}\n";
    let one = policy(
        "x: {any_of: [words/w]}",
        "- {id: r, when: {all: [x]}, points: 30, because: {en: e, fr: f}}",
    );
    let two = one
        .replace("id: p,", "id: q,")
        .replace("id: r,", "id: r2,")
        .replace("id: top,", "id: top2,")
        .replace("[r, top]", "[r2, top2]");
    let engine = engine(&[lends, &one, &two], Levels::default());
    let decision = engine.decide(&post_from_json(r#"{"text":"a word"}"#).unwrap());
    assert_eq!(said(&decision), "review 60 = base 30 + base 30");
}

#[test]
fn evidence_points_at_the_post_and_holds_no_words() {
    let signals = "s: {terms: {any: [secret]}}";
    let key = vigie::model::EvidenceKey {
        name: "k1".into(),
        secret: vec![7; 32],
    };
    let engine = engine(&[&policy(signals, RULE)], Levels::default()).with_key(key);
    let digest = |text: &str| {
        let post = vigie::model::Post::of_text(text.to_owned());
        let decision = engine.decide(&post);
        let piece = decision.evidence.first().unwrap().clone();
        assert_eq!(&text[piece.span.clone()].to_lowercase(), "secret");
        let mut written = Vec::new();
        vigie::wire::write_decision(&decision, &mut written);
        assert!(!String::from_utf8(written).unwrap().contains("ecret"));
        piece.digest.unwrap()
    };
    let first = digest("été: a secret");
    assert!(first.starts_with("k1:"));
    assert_eq!(first, digest("SECRET"));
}

#[test]
fn letters_of_a_disguised_word_are_no_words() {
    decides(
        "s: {terms: {any: [strike]}, except: [{near: letter, within: 3}]}\n\
         letter: {terms: {any: [e, i]}}",
        RULE,
        &[
            ("we strike now", "review 50 = base 50"),
            ("we s.t.r.i.k.e now", "review 50 = base 50"),
            ("we s t r i k e now", "review 50 = base 50"),
            ("e we s.t.r.i.k.e now", "allow 0"),
        ],
    );
}
