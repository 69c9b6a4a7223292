//! Keys, cases, signatures: what needs a name, and what a name may do.

use super::sidecar::Sidecar;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use vigie::serve::keys;

/// Every threat lets the community reach a rung that two people must sign.
const POLICY: &str = include_str!("serve/threats.yaml");

const THREAT: &str = r#"{"id":"p1","text":"I will kill you","author":"u1","community":"c 1/x"}"#;

/// A sidecar that wants keys, and the keys of three callers.
fn with_keys() -> (Sidecar, Vec<String>) {
    let mut made = Vec::new();
    let prepare = |folder: &Path| {
        fs::write(folder.join("t.yaml"), POLICY).unwrap();
        for name in ["forum", "anna", "basile"] {
            made.push(keys::add(&folder.join("keys"), name, &[]).unwrap());
        }
    };
    let settings = [("policies", "{}/t.yaml"), ("api_keys", "{}/keys")];
    (Sidecar::prepared(prepare, &settings), made)
}

fn ask(sidecar: &Sidecar, key: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .body(Body::from(body.to_owned()));
    let answer = sidecar.ask(request.unwrap());
    (answer.status, answer.json())
}

#[test]
fn where_keys_are_wanted_nobody_gets_in_without() {
    let (sidecar, keys) = with_keys();
    // One key in sixteen ends with any digit: a wrong one must end with another.
    let (most, last) = keys[0].split_at(keys[0].len() - 1);
    let (forum, wrong) = (
        &keys[0],
        format!("{most}{}", if last == "0" { "1" } else { "0" }),
    );
    assert_eq!(ask(&sidecar, forum, "POST", "/v1/decisions", THREAT).0, 200);
    for key in ["", "vigie_", wrong.as_str()] {
        let (status, answer) = ask(&sidecar, key, "POST", "/v1/decisions", THREAT);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (401, &json!("unauthorized")),
            "{key}"
        );
        assert!(!answer.to_string().contains("vigie_0"));
    }
    let closed = ["/v1/cases", "/v1/cases/target/u9"];
    for path in closed {
        assert_eq!(sidecar.get(path).status, 401, "{path}");
    }
    assert_eq!(sidecar.get("/openapi.json").status, 200);
    // Google's clients carry the key in the query; ours never do.
    let comment = r#"{"comment":{"text":"I will kill you"},"requestedAttributes":{"THREAT":{}}}"#;
    let path = format!("/v1alpha1/comments:analyze?key={forum}");
    assert_eq!(sidecar.post(&path, comment).status, 200);
    let refused = sidecar.post("/v1alpha1/comments:analyze?key=no", comment);
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(
        sidecar
            .post(&format!("/v1/decisions?key={forum}"), THREAT)
            .status,
        401
    );
}

#[test]
fn keys_change_without_a_restart() {
    let (sidecar, made) = with_keys();
    let path = sidecar.folder.path().join("keys");
    let new = keys::add(&path, "forum2", &[]).unwrap();
    keys::remove(&path, "forum").unwrap();
    assert_eq!(ask(&sidecar, &new, "GET", "/v1/cases", "").0, 401);
    assert_eq!(sidecar.admin("POST", "/reload").status, 200);
    assert_eq!(ask(&sidecar, &new, "GET", "/v1/cases", "").0, 200);
    assert_eq!(ask(&sidecar, &made[0], "GET", "/v1/cases", "").0, 401);
    // A broken file changes nothing.
    fs::write(&path, "broken\n").unwrap();
    assert_eq!(sidecar.admin("POST", "/reload").status, 422);
    assert_eq!(ask(&sidecar, &new, "GET", "/v1/cases", "").0, 200);
}

#[test]
fn a_recommendation_is_signed_by_two_different_keys() {
    let (sidecar, keys) = with_keys();
    let (forum, anna, basile) = (&keys[0], &keys[1], &keys[2]);
    assert_eq!(ask(&sidecar, forum, "POST", "/v1/decisions", THREAT).0, 200);
    let path = "/v1/cases/community/c%201%2Fx/signatures";
    let sign = |key: &str, body: &str| ask(&sidecar, key, "POST", path, body);
    let (status, first) = sign(anna, "");
    assert_eq!(status, 200, "{first}");
    assert_eq!(
        first,
        json!({"signed_by": ["anna"], "needs": 2, "complete": false})
    );
    let (_, again) = sign(anna, r#"{"ladder":"community"}"#);
    assert_eq!(again["complete"], false, "one key signs once: {again}");
    let (_, second) = sign(basile, r#"{"ladder":"community"}"#);
    assert_eq!(
        second,
        json!({"signed_by": ["anna", "basile"], "needs": 2, "complete": true})
    );
    let (_, cases) = ask(&sidecar, forum, "GET", "/v1/cases/community/c%201%2Fx", "");
    assert_eq!(cases["cases"][0]["signatures"][1]["by"], "basile");
    assert_eq!(sign(anna, r#"{"ladder":"other"}"#).0, 404);
    assert_eq!(sign(anna, r#"{"ladder":7}"#).0, 400);
    let nobody = ask(
        &sidecar,
        anna,
        "POST",
        "/v1/cases/community/c2/signatures",
        "",
    );
    assert_eq!(nobody.0, 404);
    let nothing = ask(&sidecar, anna, "POST", "/v1/cases/planet/c2/signatures", "");
    assert_eq!(nothing.0, 400);
}

#[test]
fn without_keys_nobody_signs() {
    let prepare = |folder: &Path| fs::write(folder.join("t.yaml"), POLICY).unwrap();
    let sidecar = Sidecar::prepared(prepare, &[("policies", "{}/t.yaml")]);
    sidecar.post("/v1/decisions", THREAT);
    let refused = sidecar.post("/v1/cases/community/c%201%2Fx/signatures", "");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "keys_needed")
    );
}

#[test]
fn a_person_closes_a_case_and_outcomes_void_hits() {
    let (sidecar, keys) = with_keys();
    let forum = &keys[0];
    ask(&sidecar, forum, "POST", "/v1/decisions", THREAT);
    let rung = || {
        let (_, cases) = ask(&sidecar, forum, "GET", "/v1/cases/community/c%201%2Fx", "");
        cases["cases"][0]["rung"].clone()
    };
    assert_eq!(rung(), "deplatform");
    let (status, closed) = ask(
        &sidecar,
        forum,
        "POST",
        "/v1/cases/community/c%201%2Fx/close",
        "",
    );
    assert_eq!((status, &closed["cases"][0]["rung"]), (200, &Value::Null));
    let other = THREAT.replace("p1", "p2").replace("c 1/x", "c2");
    ask(&sidecar, forum, "POST", "/v1/decisions", &other);
    let dismissed =
        r#"{"outcomes":[{"post":"p2","outcome":"dismissed"},{"post":"p9","deleted":true}]}"#;
    assert_eq!(
        ask(&sidecar, forum, "POST", "/v1/outcomes", dismissed),
        (200, json!({"taken": 2}))
    );
    let (status, _) = ask(&sidecar, forum, "GET", "/v1/cases/community/c2", "");
    assert_eq!(
        status, 404,
        "a hit that a person found to be none leads nowhere"
    );
    for wrong in [
        r#"{"post":"p2","outcome":"maybe"}"#,
        r#"{"post":"p2"}"#,
        r#"{"outcome":"dismissed"}"#,
    ] {
        let (status, answer) = ask(&sidecar, forum, "POST", "/v1/outcomes", wrong);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("bad_post")),
            "{wrong}"
        );
    }
}

/// A threat in a community, `seconds` ahead of this machine's clock.
fn threat_ahead(community: &str, seconds: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    json!({"id": format!("{community}-p"), "text": "I will kill you", "author": "u1",
        "community": community, "at": at.to_string()})
    .to_string()
}

#[test]
fn a_closing_answers_what_was_known_when_it_was_made() {
    let (sidecar, keys) = with_keys();
    let forum = &keys[0];
    let rung = |community: &str| {
        let path = format!("/v1/cases/community/{community}");
        let (_, cases) = ask(&sidecar, forum, "GET", &path, "");
        cases["cases"][0]["rung"].clone()
    };
    // The forum's clock goes ahead of ours by less than clocks do; or by far more.
    for (community, seconds, stands) in [
        ("near", 3, Value::Null),
        ("far", 3_600, json!("deplatform")),
    ] {
        let threat = threat_ahead(community, seconds);
        ask(&sidecar, forum, "POST", "/v1/decisions", &threat);
        assert_eq!(rung(community), "deplatform");
        let closing = json!({"subject": {"kind": "community", "id": community}, "closed": true});
        let told = ask(
            &sidecar,
            forum,
            "POST",
            "/v1/outcomes",
            &closing.to_string(),
        );
        assert_eq!(told, (200, json!({"taken": 1})));
        assert_eq!(rung(community), stands, "{community}");
    }
    // What comes after a closing is new evidence.
    let again = threat_ahead("near", 5).replace("near-p", "near-q");
    ask(&sidecar, forum, "POST", "/v1/decisions", &again);
    assert_eq!(rung("near"), "deplatform");
}

#[test]
fn a_key_opens_what_its_roles_do() {
    let mut made = Vec::new();
    let prepare = |folder: &Path| {
        fs::write(folder.join("t.yaml"), POLICY).unwrap();
        for role in keys::Role::ALL {
            made.push(keys::add(&folder.join("keys"), role.name(), &[role]).unwrap());
        }
    };
    let settings = [
        ("policies", "{}/t.yaml"),
        ("api_keys", "{}/keys"),
        ("admin", "0.0.0.0:8081"),
    ];
    let sidecar = Sidecar::prepared(prepare, &settings);
    let comment = r#"{"comment":{"text":"I will kill you"},"requestedAttributes":{"THREAT":{}}}"#;
    let sign = "/v1/cases/community/c%201%2Fx/signatures";
    let close = "/v1/cases/community/c%201%2Fx/close";
    let doors = [
        ("forum", "POST", "/v1/decisions", THREAT),
        (
            "forum",
            "POST",
            "/v1/outcomes",
            r#"{"post":"p7","deleted":true}"#,
        ),
        ("forum", "POST", "/v1alpha1/comments:analyze", comment),
        ("forum", "POST", "/v1/moderations", r#"{"input":"hello"}"#),
        ("moderator", "GET", "/v1/cases", ""),
        ("moderator", "GET", "/v1/cases/community/c%201%2Fx", ""),
        ("moderator", "POST", sign, ""),
        ("moderator", "POST", close, ""),
    ];
    for (role, method, path, body) in doors {
        for (key, of) in made.iter().zip(keys::Role::ALL) {
            let (status, answer) = ask(&sidecar, key, method, path, body);
            let expected = if of.name() == role { 200 } else { 403 };
            assert_eq!(status, expected, "{} at {path}: {answer}", of.name());
        }
    }
    for (key, of) in made.iter().zip(keys::Role::ALL) {
        let status = sidecar.admin_with("POST", "/reload", key).status;
        let expected = if of == keys::Role::Admin { 200 } else { 403 };
        assert_eq!(status, expected, "{}", of.name());
    }
}

#[test]
fn cases_are_listed_page_by_page() {
    let (sidecar, keys) = with_keys();
    let forum = &keys[0];
    let posts: Vec<Value> = (0..7)
        .map(|at| json!({"id": format!("p{at}"), "text": "je vais te tuer", "community": format!("c{at}")}))
        .collect();
    ask(
        &sidecar,
        forum,
        "POST",
        "/v1/decisions",
        &json!({ "posts": posts }).to_string(),
    );
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/cases?kind=community&standing=true&limit=3{cursor}");
        let (status, page) = ask(&sidecar, forum, "GET", &path, "");
        assert_eq!(status, 200, "{page}");
        let cases = page["cases"].as_array().unwrap();
        assert!(cases.len() <= 3);
        seen.extend(
            cases
                .iter()
                .map(|it| it["subject"]["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        cursor = format!(
            "&cursor={}",
            form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()
        );
    }
    assert_eq!(seen, ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
    let none = ask(&sidecar, forum, "GET", "/v1/cases?ladder=other", "").1;
    assert_eq!(none, json!({"cases": [], "next": null}));
    for query in [
        "kind=planet",
        "limit=0",
        "limit=9999",
        "standing=maybe",
        "cursor=x",
        "by=canary",
    ] {
        let (status, answer) = ask(&sidecar, forum, "GET", &format!("/v1/cases?{query}"), "");
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("bad_request")),
            "{query}"
        );
        assert!(!answer.to_string().contains("canary"));
    }
}

#[test]
fn a_restart_forgets_nothing() {
    let settings = [("policies", "{}/t.yaml"), ("api_keys", "{}/keys")];
    let (sidecar, keys) = with_keys();
    let path = "/v1/cases/community/c%201%2Fx";
    ask(&sidecar, &keys[0], "POST", "/v1/decisions", THREAT);
    ask(
        &sidecar,
        &keys[1],
        "POST",
        &format!("{path}/signatures"),
        "",
    );
    let before = ask(&sidecar, &keys[0], "GET", path, "");
    let sidecar = sidecar.again(&settings);
    assert_eq!(ask(&sidecar, &keys[0], "GET", path, ""), before);
    assert_eq!(before.1["cases"][0]["signatures"][0]["by"], "anna");
    // Told again, it counts once.
    let (_, again) = ask(&sidecar, &keys[0], "POST", "/v1/decisions", THREAT);
    assert_eq!(again["action"], "hold");
    assert_eq!(again["ladders"], json!([]), "nothing changed");
    assert_eq!(ask(&sidecar, &keys[0], "GET", path, ""), before);
}
