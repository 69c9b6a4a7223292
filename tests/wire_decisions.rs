//! Decisions as JSON: the contract, byte for byte.

use proptest::prelude::*;
use std::sync::Arc;
use vigie::model::{
    Action, Bilingual, Decision, Entry, Evidence, LedgerLine, Reason, SeenSignal, Shadow,
    SignedPoints,
};
use vigie::wire::write_decision;

fn written(decision: &Decision) -> String {
    let mut out = Vec::new();
    write_decision(decision, &mut out);
    String::from_utf8(out).unwrap()
}

fn line(rule: Option<&str>, entry: Entry, points: SignedPoints) -> LedgerLine {
    LedgerLine {
        category: "pies.thrown".into(),
        rule: rule.map(Into::into),
        entry,
        points,
    }
}

fn evidence(signal: &str, digest: Option<&str>) -> Evidence {
    Evidence {
        signal: signal.into(),
        kind: "words".into(),
        span: 3..17,
        digest: digest.map(str::to_owned),
    }
}

/// Everything that a decision can hold.
fn everything() -> Decision {
    let rule = Some("pies/throw");
    Decision {
        post: "post \"7\"\\\n\u{1}é\u{7f}\u{2028}".into(),
        action: Action::Review,
        categories: [("pies.thrown".into(), 100), ("pies".into(), 7)].into(),
        reasons: vec![
            Reason {
                rule: "pies/throw".into(),
                category: "pies.thrown".into(),
                points: 90,
                because: Arc::new(Bilingual {
                    en: "Pies, \"thrown\"".into(),
                    fr: "Des tartes lancées".into(),
                }),
            },
            Reason {
                rule: "pies/bake".into(),
                category: "pies".into(),
                points: 7,
                because: Arc::new(Bilingual {
                    en: "Pies".into(),
                    fr: "Des tartes".into(),
                }),
            },
        ],
        ledger: vec![
            line(rule, Entry::Base, 60),
            line(rule, Entry::Boost("at night".into()), 70),
            line(rule, Entry::Kept(50), -65),
            line(rule, Entry::Cap, -5),
            line(None, Entry::Base, 1),
            line(None, Entry::Cap, -1),
        ],
        evidence: vec![
            evidence("pies/pie", Some("k7:00ff")),
            evidence("pies/throw", None),
        ],
        signals: Some(vec![
            SeenSignal {
                kind: "handle",
                span: 0..5,
            },
            SeenSignal {
                kind: "url",
                span: 6..19,
            },
        ]),
        observed: vec!["pies/eat".into(), "pies/buy".into()],
        shadow: vec![Shadow {
            rule: "pies/new".into(),
            category: "pies".into(),
            points: 30,
            action: Action::Hold,
        }],
        targets: vec!["baker".into(), "b\t\"2\"".into()],
        judged_bytes: Some(1_048_576),
        policy: "sha256:0123".into(),
        at: Some("2026-11-22T20:00:00Z".into()),
    }
}

#[test]
fn a_decision_that_holds_everything() {
    let expected = [
        r#"{"post":"post \"7\"\\\n\u0001é"#,
        "\u{7f}\u{2028}",
        r#"","action":"review","categories":{"pies":7,"pies.thrown":100},"reasons":["#,
        r#"{"rule":"pies/throw","category":"pies.thrown","points":90,"#,
        r#""because":{"en":"Pies, \"thrown\"","fr":"Des tartes lancées"}},"#,
        r#"{"rule":"pies/bake","category":"pies","points":7,"#,
        r#""because":{"en":"Pies","fr":"Des tartes"}}],"ledger":["#,
        r#"{"rule":"pies/throw","base":60},"#,
        r#"{"rule":"pies/throw","boost":"at night","points":70},"#,
        r#"{"rule":"pies/throw","kept":50,"points":-65},"#,
        r#"{"rule":"pies/throw","cap":100,"points":-5},"#,
        r#"{"rule":null,"base":1},"#,
        r#"{"category":"pies.thrown","cap":100,"points":-1}],"evidence":["#,
        r#"{"signal":"pies/pie","kind":"words","span":[3,17],"digest":"k7:00ff"},"#,
        r#"{"signal":"pies/throw","kind":"words","span":[3,17]}],"#,
        r#""targets":["baker","b\t\"2\""],"observed":["pies/eat","pies/buy"],"#,
        r#""shadow":[{"rule":"pies/new","category":"pies","points":30,"action":"hold"}],"#,
        r#""signals":[{"kind":"handle","span":[0,5]},{"kind":"url","span":[6,19]}],"#,
        r#""judged_bytes":1048576,"policy":"sha256:0123","at":"2026-11-22T20:00:00Z"}"#,
    ];
    assert_eq!(written(&everything()), expected.concat());
}

#[test]
fn a_decision_with_nothing_to_tell() {
    let start = r#"{"post":"","action":"allow","categories":{},"reasons":[],"ledger":[],"#;
    let nothing = format!(r#"{start}"evidence":[],"targets":[],"policy":""}}"#);
    assert_eq!(written(&Decision::default()), nothing);
    // Asked for and none seen is another answer than not asked for.
    let seen = Decision {
        signals: Some(Vec::new()),
        ..Decision::default()
    };
    let none_seen = format!(r#"{start}"evidence":[],"targets":[],"signals":[],"policy":""}}"#);
    assert_eq!(written(&seen), none_seen);
}

proptest! {
    /// Whatever forums call their posts: it is written as serde_json writes it.
    #[test]
    fn ids_are_escaped(post in "\\PC*|[\\x00-\\x7f]*") {
        let decision = Decision { post, ..everything() };
        let read: serde_json::Value = serde_json::from_str(&written(&decision)).unwrap();
        prop_assert_eq!(&read["post"], &decision.post);
        prop_assert_eq!(read.to_string(), written(&decision));
    }
}
