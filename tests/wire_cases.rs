//! The contract of cases: what is written, and that it is read back.

use std::sync::Arc;
use vigie::model::{
    Bilingual, Case, Finding, Number, Recommendation, Step, Subject, SubjectKind, Timestamp,
};
use vigie::wire::{case_from_json, write_case};

fn said(en: &str, fr: &str) -> Bilingual {
    Bilingual {
        en: en.to_owned(),
        fr: fr.to_owned(),
    }
}

fn case() -> Case {
    let at = |written| Timestamp::parse(written).unwrap();
    let number = Number {
        name: "leaks".into(),
        value: 1,
        asked: ">= 1".into(),
        held: true,
    };
    let posts: Vec<Arc<str>> = vec!["p1".into(), "p\"7".into()];
    Case {
        subject: Subject {
            kind: SubjectKind::Target,
            id: "u9".into(),
        },
        ladder: "target".into(),
        rung: Some("danger".into()),
        height: 3,
        since: at("2026-03-02T08:00:00Z"),
        history: vec![Step {
            rung: Some("danger".into()),
            at: at("2026-03-02T08:00:00Z"),
            up: true,
            because: said("1 leak.", "1 fuite."),
            numbers: vec![number.clone()],
            evidence: posts.clone(),
        }],
        forgotten: 2,
        findings: vec![Finding {
            id: "leak".into(),
            met: true,
            say: said("Leaked.", "Divulguée."),
            numbers: vec![number],
            evidence: posts,
            at: at("2026-03-02T08:00:00Z"),
        }],
        recommendation: Some(Recommendation {
            action: "contact_target".into(),
            say: said("Tell her.", "La prévenir."),
            signed_by: 2,
        }),
        steps_down: Some(said("14 quiet days.", "14 jours de calme.")),
    }
}

fn written(case: &Case) -> String {
    let mut out = Vec::new();
    write_case(case, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_case_is_written_as_the_contract_says() {
    let numbers = r#""numbers":[{"name":"leaks","value":1,"asked":">= 1","held":true}]"#;
    let evidence = r#""evidence":["p1","p\"7"]"#;
    let expected = format!(
        "{{\"subject\":{{\"kind\":\"target\",\"id\":\"u9\"}},\"ladder\":\"target\",\
         \"rung\":\"danger\",\"height\":3,\"since\":\"2026-03-02T08:00:00Z\",\
         \"history\":[{{\"rung\":\"danger\",\"at\":\"2026-03-02T08:00:00Z\",\"up\":true,\
         \"because\":{{\"en\":\"1 leak.\",\"fr\":\"1 fuite.\"}},{evidence},{numbers}}}],\
         \"forgotten\":2,\
         \"findings\":[{{\"id\":\"leak\",\"met\":true,\
         \"say\":{{\"en\":\"Leaked.\",\"fr\":\"Divulguée.\"}},{numbers},{evidence},\
         \"at\":\"2026-03-02T08:00:00Z\"}}],\
         \"recommendation\":{{\"do\":\"contact_target\",\
         \"say\":{{\"en\":\"Tell her.\",\"fr\":\"La prévenir.\"}},\"needs\":{{\"signed_by\":2}}}},\
         \"steps_down\":{{\"en\":\"14 quiet days.\",\"fr\":\"14 jours de calme.\"}}}}"
    );
    assert_eq!(written(&case()), expected);
}

#[test]
fn cases_are_read_back() {
    let left = Case {
        rung: None,
        height: 0,
        forgotten: 0,
        findings: Vec::new(),
        recommendation: None,
        steps_down: None,
        ..case()
    };
    assert!(written(&left).contains(r#""rung":null"#));
    for case in [case(), left] {
        assert_eq!(case_from_json(&written(&case)).unwrap(), case);
    }
}

#[test]
fn what_is_no_case_is_told_without_its_words() {
    let good = written(&case());
    let cases = [
        ("secret".to_owned(), "not JSON"),
        ("{\"post\":\"secret\"}".to_owned(), "missing"),
        (
            good.replace("\"target\",\"id\"", "\"secret\",\"id\""),
            "subject kind",
        ),
        (good.replace("2026-03-02T08:00:00Z", "secret"), "RFC 3339"),
        (
            good.replace("\"met\":true", "\"met\":\"secret\""),
            "not of the type",
        ),
    ];
    for (line, wrong) in cases {
        let said = case_from_json(&line).unwrap_err().to_string();
        assert!(said.contains(wrong), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
