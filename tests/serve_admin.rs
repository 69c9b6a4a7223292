//! What operators see: metrics, health, reloads, the log; and what nobody may see there.

use super::golden;
use super::sidecar::{Sidecar, config};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use vigie::metrics::{FAMILIES, reference};
use vigie::serve::subscriber;

#[test]
fn every_metric_is_documented_and_its_labels_are_closed() {
    assert!(FAMILIES.is_sorted_by_key(|family| family.name));
    let sidecar = Sidecar::with(&[]);
    sidecar.post(
        "/v1/decisions",
        r#"{"text":"I will kill you tonight","author":"canary"}"#,
    );
    sidecar.get("/canary");
    sidecar.post("/v1/decisions", "canary");
    let text = sidecar.admin("GET", "/metrics").text();
    assert!(!text.contains("canary"), "{text}");
    let told: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    let known: BTreeSet<&str> = FAMILIES.iter().map(|family| family.name).collect();
    assert_eq!(told, known);
    for line in [
        r#"vigie_decisions_total{action="allow"} 0"#,
        r#"vigie_requests_total{route="none",status="4xx"} 1"#,
        r#"vigie_refusals_total{code="bad_json"} 1"#,
        r#"vigie_evaluation_seconds_count 1"#,
        r#"vigie_commit_happenings_count 1"#,
        r#"vigie_ready 1"#,
        r#"vigie_policy_last_reload_successful 1"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_page_of_metrics_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    if let Some(differs) = golden::differs(&path, &reference()) {
        panic!("{differs}");
    }
}

#[test]
fn bad_policies_are_refused_with_their_mistakes_and_the_good_ones_stay() {
    let rule = include_str!("serve/zebra.yaml");
    let prepare = |folder: &Path| {
        fs::create_dir(folder.join("rules")).unwrap();
        fs::write(folder.join("rules/a.yaml"), rule).unwrap();
    };
    let sidecar = Sidecar::prepared(prepare, &[("policies", "{}/rules")]);
    let file = sidecar.folder.path().join("rules/a.yaml");
    let decide = || {
        sidecar
            .post("/v1/decisions", r#"{"text":"a zebra"}"#)
            .json()
    };
    let before = decide();
    assert_eq!(before["action"], "hold");
    let same = sidecar.admin("POST", "/reload").json();
    assert_eq!(
        (&same["policy"], same["changed"].as_bool()),
        (&before["policy"], Some(false))
    );
    fs::write(&file, rule.replace("any: [w]", "any: [v]")).unwrap();
    let refused = sidecar.admin("POST", "/reload");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "bad_policies")
    );
    let mistake = &refused.json()["error"]["diagnostics"][0];
    assert_eq!(
        (mistake["line"].as_u64(), mistake["column"].is_u64()),
        (Some(3), true),
        "{mistake}"
    );
    assert!(mistake["file"].as_str().unwrap().ends_with("a.yaml"));
    assert_eq!(decide()["policy"], before["policy"]);
    let metrics = sidecar.admin("GET", "/metrics").text();
    assert!(metrics.contains("vigie_policy_last_reload_successful 0"));
    fs::write(&file, rule.replace("do: hold", "do: review")).unwrap();
    let taken = sidecar.admin("POST", "/reload").json();
    assert_eq!(taken["changed"], true);
    let after = decide();
    assert_eq!(
        (&after["action"], &after["policy"]),
        (&"review".into(), &taken["policy"])
    );
    assert_ne!(after["policy"], before["policy"]);
}

#[test]
fn a_reload_from_elsewhere_needs_a_key() {
    let open = Sidecar::with(&[("admin", "0.0.0.0:8081")]);
    assert_eq!(open.admin("GET", "/ready").status, 200);
    let refused = open.admin("POST", "/reload");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "keys_needed")
    );
    let prepare = |folder: &Path| {
        vigie::serve::keys::add(&folder.join("keys"), "a", &[]).unwrap();
    };
    let settings = [("admin", "0.0.0.0:8081"), ("api_keys", "{}/keys")];
    let keyed = Sidecar::prepared(prepare, &settings);
    assert_eq!(keyed.admin("POST", "/reload").status, 401);
}

#[test]
fn health_says_what_is() {
    let sidecar = Sidecar::with(&[]);
    for path in ["/live", "/ready"] {
        let answer = sidecar.admin("GET", path);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, r#"{"ok":true,"why":null}"#)
        );
    }
    assert_eq!(
        sidecar.admin("GET", "/v1/decisions").status,
        404,
        "posts have a port of their own"
    );
}

/// What was logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Kept {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

#[test]
fn the_log_tells_of_requests_and_never_of_what_they_hold() {
    for format in ["text", "json"] {
        let sidecar = Sidecar::with(&[]);
        let settings = [("log_level", "debug"), ("log_format", format)];
        let kept = Kept::default();
        let log = subscriber(&config(sidecar.folder.path(), &settings), kept.clone());
        // The routes run on this thread while it blocks on them.
        tracing::subscriber::with_default(log, || {
            let post = r#"{"id":"canary","text":"canary: I will kill you, canary","author":"canary","thread":"canary","community":"canary","targets":["canary"],"attrs":{"canary":"canary"}}"#;
            sidecar.post("/v1/decisions?key=canary", post);
            sidecar.post("/v1/decisions", r#"{"text":"canary"#);
            sidecar.post("/v1/outcomes", r#"{"post":"canary","outcome":"canary"}"#);
            sidecar.get("/v1/cases/author/canary?canary=canary");
            sidecar.get("/canary/canary?canary");
            sidecar.post_with("/hooks/coral", &[("x-coral-signature", "canary")], "canary");
            sidecar.post("/v1/moderations", r#"{"input":"canary"}"#);
            sidecar.post(
                "/v1alpha1/comments:analyze?key=canary",
                r#"{"comment":{"text":"canary"},"requestedAttributes":{"canary":{}}}"#,
            );
        });
        let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(!log.contains("canary"), "{log}");
        assert!(log.lines().count() >= 8, "{log}");
        assert!(log.contains("decisions") && log.contains("400"), "{log}");
        if format == "json" {
            for line in log.lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(line["timestamp"].is_string(), "{line}");
            }
        }
    }
}
