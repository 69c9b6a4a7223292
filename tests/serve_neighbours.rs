//! The shapes of other systems: Perspective, OpenAI, Coral, Discourse.

use super::sidecar::{Answer, Sidecar};
use axum::body::Body;
use axum::http::Request;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fs;
use std::path::Path;
use vigie::policy::{OPENAI_CATEGORIES, hex};

const THREAT: &str = "I will kill you tonight";
const DREAM: &str = "This game killed me, what a night";

fn analyze(sidecar: &Sidecar, text: &str, attributes: &Value, more: &Value) -> (u16, Value) {
    let mut request = json!({"comment": {"text": text}, "requestedAttributes": attributes});
    for (key, value) in more.as_object().unwrap() {
        request[key] = value.clone();
    }
    let answer = sidecar.post("/v1alpha1/comments:analyze", request.to_string());
    (answer.status, answer.json())
}

#[test]
fn perspective_scores_what_rules_score_and_refuses_the_rest() {
    let sidecar = Sidecar::with(&[]);
    let asked = json!({"THREAT": {}, "TOXICITY": {"scoreType": "PROBABILITY"}});
    let (status, threat) = analyze(
        &sidecar,
        THREAT,
        &asked,
        &json!({"languages": ["en"], "clientToken": "x"}),
    );
    assert_eq!(status, 200, "{threat}");
    let value = |answer: &Value, name: &str| {
        answer["attributeScores"][name]["summaryScore"]["value"].as_f64()
    };
    assert!(value(&threat, "THREAT").unwrap() >= 0.5, "{threat}");
    assert_eq!(
        threat["attributeScores"]["THREAT"]["summaryScore"]["type"],
        "PROBABILITY"
    );
    assert_eq!(threat["clientToken"], "x");
    assert!(
        threat["vigie"]["note"]
            .as_str()
            .unwrap()
            .contains("not probabilities")
    );
    let (_, dream) = analyze(&sidecar, DREAM, &asked, &json!({}));
    assert_eq!(value(&dream, "THREAT"), Some(0.0), "{dream}");
    // Below its threshold an attribute is left out; when all are, the key is.
    let (_, left) = analyze(
        &sidecar,
        DREAM,
        &json!({"THREAT": {"scoreThreshold": 0.2}}),
        &json!({}),
    );
    assert!(left.get("attributeScores").is_none(), "{left}");
    // Ids of our categories are attributes too.
    let (_, own) = analyze(
        &sidecar,
        THREAT,
        &json!({"violence.threats": {}}),
        &json!({}),
    );
    assert!(value(&own, "violence.threats").unwrap() >= 0.5, "{own}");
    let (status, unknown) = analyze(
        &sidecar,
        THREAT,
        &json!({"THREAT": {}, "FLIRTATION": null}),
        &json!({}),
    );
    assert_eq!(status, 400);
    assert_eq!(
        unknown["error"]["message"],
        "Unknown requested attribute: FLIRTATION"
    );
    assert_eq!(unknown["error"]["status"], "INVALID_ARGUMENT");
}

#[test]
fn perspective_counts_spans_in_utf16_and_speaks_its_own_errors() {
    let sidecar = Sidecar::with(&[]);
    let spans = json!({"spanAnnotations": true});
    let (_, plain) = analyze(&sidecar, THREAT, &json!({"THREAT": {}}), &spans);
    let (_, shifted) = analyze(
        &sidecar,
        &format!("😀😀 {THREAT}"),
        &json!({"THREAT": {}}),
        &spans,
    );
    let begin =
        |answer: &Value| answer["attributeScores"]["THREAT"]["spanScores"][0]["begin"].as_u64();
    assert_eq!(begin(&shifted), begin(&plain).map(|at| at + 5), "{shifted}");
    let long = "a".repeat(20_481);
    let cases = [
        (
            json!({"comment": {"text": ""}, "requestedAttributes": {"THREAT": {}}}),
            "COMMENT_EMPTY",
        ),
        (
            json!({"requestedAttributes": {"THREAT": {}}}),
            "COMMENT_EMPTY",
        ),
        (json!({"comment": {"text": "a"}}), "NO_REQUESTED_ATTRIBUTES"),
        (
            json!({"comment": {"text": long}, "requestedAttributes": {"THREAT": {}}}),
            "COMMENT_TOO_LONG",
        ),
        (json!({"comment": 7}), "INVALID_REQUEST"),
        (json!([]), "INVALID_REQUEST"),
    ];
    for (request, kind) in cases {
        let answer = sidecar.post("/v1alpha1/comments:analyze", request.to_string());
        let told = answer.json()["error"]["details"][0]["errorType"].clone();
        assert_eq!(
            (answer.status, told),
            (400, json!(kind)),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn what_moderators_suggest_is_an_outcome_where_the_post_is_known() {
    let sidecar = Sidecar::with(&[]);
    let token = json!({"clientToken": "comment:42", "communityId": "Coral:x"});
    analyze(&sidecar, THREAT, &json!({"THREAT": {}}), &token);
    let score = |value: f64| json!({"TOXICITY": {"summaryScore": {"value": value}}});
    let cases = [
        json!({"comment": {"text": THREAT}, "attributeScores": score(0.0), "clientToken": "comment:42", "languages": ["en"]}),
        json!({"attributeScores": score(1.0),
               "context": {"entries": [{"text": "{\"url\":\"x\",\"Coral_comment_id\":\"p7\"}"}]}}),
        json!({"comment": {"text": "a"}, "attributeScores": score(1.0)}),
    ];
    for request in cases {
        let answer = sidecar.post("/v1alpha1/comments:suggestscore", request.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["clientToken"], request["clientToken"]);
    }
    let metrics = sidecar.admin("GET", "/metrics").text();
    for line in [
        r#"vigie_outcomes_total{outcome="dismissed",tied="true"} 1"#,
        r#"vigie_outcomes_total{outcome="enforced",tied="true"} 1"#,
        r#"vigie_outcomes_total{outcome="enforced",tied="false"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line}");
    }
}

#[test]
fn discovery_leads_where_it_was_asked_and_nowhere_else() {
    let sidecar = Sidecar::with(&[]);
    let ask = |host: &str, path: &str| {
        let request = Request::get(path).header("host", host).body(Body::empty());
        sidecar.ask(request.unwrap())
    };
    let path = "/$discovery/rest?version=v1alpha1";
    for host in ["sidecar", "127.0.0.1:8080", "[::1]:8080", "a-b.example.org"] {
        let document = ask(host, path).json();
        assert_eq!(document["rootUrl"], format!("http://{host}/"));
    }
    for host in [
        "",
        "a/b",
        "user@evil.example",
        "a b",
        "a\"b",
        "a:b:c",
        "evil.example#",
    ] {
        let answer = ask(host, path);
        assert_eq!(answer.status, 400, "{host}: {}", answer.text());
    }
    assert_eq!(ask("a", "/$discovery/rest?version=v2").status, 404);
}

#[test]
fn openai_gets_all_its_categories_and_is_told_which_say_nothing() {
    let sidecar = Sidecar::with(&[]);
    let ask = |input: Value| sidecar.post("/v1/moderations", json!({ "input": input }).to_string());
    let answer = ask(json!([THREAT, DREAM])).json();
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(
        (&results[0]["flagged"], &results[1]["flagged"]),
        (&json!(true), &json!(false))
    );
    for part in [
        "categories",
        "category_scores",
        "category_applied_input_types",
    ] {
        let keys: Vec<&String> = results[1][part].as_object().unwrap().keys().collect();
        assert_eq!(keys, OPENAI_CATEGORIES, "{part}");
    }
    assert_eq!(results[0]["categories"]["violence"], true);
    assert!(results[0]["category_scores"]["violence"].as_f64().unwrap() >= 0.5);
    let unscored = answer["vigie"]["unscored"].as_array().unwrap();
    assert!(unscored.contains(&json!("sexual")) && !unscored.contains(&json!("violence")));
    assert!(answer["id"].as_str().unwrap().starts_with("modr-"));
    let parts = json!([{"type": "text", "text": THREAT},
                       {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]);
    assert_eq!(ask(parts).json()["results"].as_array().unwrap().len(), 1);
    let picture = json!([{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]);
    for wrong in [picture, json!([]), json!(7), json!({"a": 1}), json!(null)] {
        let refused = ask(wrong.clone());
        assert_eq!(refused.status, 400, "{wrong}");
        assert_eq!(
            refused.json()["error"]["type"],
            "invalid_request_error",
            "{wrong}"
        );
    }
}

fn hooked() -> Sidecar {
    let prepare = |folder: &Path| {
        fs::write(folder.join("coral"), "old secret\nnew secret\n").unwrap();
        fs::write(folder.join("discourse"), "a secret\n").unwrap();
    };
    let settings = [
        ("coral_secret_file", "{}/coral"),
        ("discourse_secret_file", "{}/discourse"),
    ];
    Sidecar::prepared(prepare, &settings)
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap()
        .chain_update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

fn coral(sidecar: &Sidecar, body: &str, signature: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("x-coral-signature", signature),
    ];
    sidecar.post_with("/hooks/coral", &headers, body.to_owned())
}

#[test]
fn coral_is_told_what_to_do_with_a_comment() {
    let sidecar = hooked();
    let comment = |body: &str| {
        json!({"action": "NEW", "comment": {"body": body, "parentID": "d79b"},
               "author": {"id": "baf4", "role": "COMMENTER"},
               "story": {"id": "245b", "url": "https://news.example/a"}, "site": {"id": "a4be"},
               "tenantID": "19ba", "tenantDomain": "news.example"})
        .to_string()
    };
    let harmless = comment("<p>Here&#39;s a reply!</p>");
    let answer = coral(&sidecar, &harmless, &signature("new secret", &harmless));
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    let harmful = comment("<p>I will <b>kill</b> you&nbsp;tonight</p>");
    let both = format!(
        "{},{}",
        signature("unknown", &harmful),
        signature("old secret", &harmful)
    );
    let answer = coral(&sidecar, &harmful, &both);
    assert_eq!(answer.status, 200);
    assert!(["SYSTEM_WITHHELD", "REJECTED"].contains(&answer.json()["status"].as_str().unwrap()));
    assert_eq!(answer.json()["actions"][0]["actionType"], "FLAG");
}

#[test]
fn what_is_not_signed_is_not_read() {
    let sidecar = hooked();
    let body = r#"{"ping":"OK"}"#;
    let good = signature("old secret", body);
    let forged = [
        String::new(),
        good.replace("sha256=", "sha1="),
        good.replace("sha256=", ""),
        signature("old secret", "another body"),
        signature("a secret", body),
        signature("", body),
        good[..good.len() - 2].to_owned(),
        format!("{good}00"),
        format!("{},{good}", vec!["sha256=00"; 10].join(",")),
        "sha256=é".to_owned(),
    ];
    for signature in forged {
        let answer = coral(&sidecar, body, &signature);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (401, "bad_signature"),
            "{signature}"
        );
    }
    assert_eq!(
        coral(&sidecar, body, &good).code(),
        "bad_post",
        "signed, but no comment"
    );
    let closed = Sidecar::with(&[]);
    assert_eq!(coral(&closed, body, &good).status, 404);
}

fn discourse(sidecar: &Sidecar, event: &str, body: &str, form: bool) -> Answer {
    let sent = match form {
        true => form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", body)
            .finish(),
        false => body.to_owned(),
    };
    let kind = if form {
        "application/x-www-form-urlencoded"
    } else {
        "application/json"
    };
    let signed = signature("a secret", &sent);
    let headers = [
        ("content-type", kind),
        ("x-discourse-instance", "https://forum.example.org"),
        ("x-discourse-event-type", "post"),
        ("x-discourse-event", event),
        ("x-discourse-event-signature", &signed),
    ];
    sidecar.post_with("/hooks/discourse", &headers, sent)
}

#[test]
fn discourse_tells_of_posts_and_is_heard_once() {
    let sidecar = hooked();
    let post = |id: u64, version: u64, raw: &str| {
        json!({"post": {"id": id, "username": "lena", "created_at": "2026-03-01T12:00:00.000Z",
               "raw": raw, "cooked": format!("<p>{raw}</p>"), "topic_id": 12, "version": version,
               "reply_to_user": {"username": "mara"}, "post_number": 3, "user_id": 5}})
        .to_string()
    };
    let ping = discourse(&sidecar, "ping", r#"{"ping":"OK"}"#, false);
    assert_eq!((ping.status, ping.json()), (200, json!({"pong": true})));
    for form in [false, true] {
        let told = discourse(&sidecar, "post_created", &post(7, 1, THREAT), form).json();
        assert_eq!(
            (&told["post"], &told["targets"]),
            (&json!("7"), &json!(["mara"])),
            "{told}"
        );
        assert_ne!(told["action"], "allow");
    }
    let edited = discourse(
        &sidecar,
        "post_edited",
        &post(7, 2, "Sorry for that."),
        false,
    )
    .json();
    assert_eq!(edited["action"], "allow");
    let destroyed = discourse(&sidecar, "post_destroyed", &post(7, 2, "x"), false);
    assert_eq!(destroyed.json(), json!({"taken": 1}));
    let other = discourse(&sidecar, "topic_created", r#"{"topic":{"id":1}}"#, false);
    assert_eq!((other.status, other.json()), (200, json!({"taken": 0})));
    let cooked =
        json!({"post": {"id": 8, "cooked": "<p>I will kill&nbsp;you tonight</p>"}}).to_string();
    assert_ne!(
        discourse(&sidecar, "post_created", &cooked, false).json()["action"],
        "allow"
    );
    for broken in [
        "{",
        "payload=%7B",
        "[]",
        r#"{"post":7}"#,
        r#"{"post":{"id":8}}"#,
    ] {
        let answer = discourse(&sidecar, "post_created", broken, false);
        assert!(
            [200, 400].contains(&answer.status),
            "{broken}: {}",
            answer.text()
        );
    }
}
