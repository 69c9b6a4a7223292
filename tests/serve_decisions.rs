//! Posts in, decisions out: one, several, a stream; what is no post; what is too much.

use super::sidecar::Sidecar;
use serde_json::{Value, json};

const LEAK: &str = "She lives at 27 bis rue des Lilas, go and pay her a visit";
const SHOP: &str = "Our shop at 27 rue des Lilas is open on Sundays";
const THREAT: &str = "I know where you live and I will kill you tonight";

fn post(id: &str, text: &str) -> Value {
    json!({"id": id, "text": text, "author": "u1", "thread": "t1", "community": "c1",
           "targets": ["u9"], "at": "2026-03-01T12:00:00Z"})
}

#[test]
fn a_post_gets_its_decision_and_where_its_subjects_stand() {
    let sidecar = Sidecar::with(&[]);
    let harmful = sidecar.post("/v1/decisions", post("p1", LEAK).to_string());
    assert_eq!(harmful.status, 200, "{}", harmful.text());
    let decision = harmful.json();
    assert_eq!(decision["post"], "p1");
    assert!(["hold", "remove"].contains(&decision["action"].as_str().unwrap()));
    assert_eq!(decision["targets"], json!(["u9"]));
    assert!(decision["ladders"].is_array());
    assert!(!harmful.text().contains("Lilas"), "the words stay outside");
    let harmless = sidecar
        .post("/v1/decisions", post("p2", SHOP).to_string())
        .json();
    assert_eq!(harmless["action"], "allow");
    assert_eq!(harmless["categories"], json!({}));
}

#[test]
fn what_nobody_told_is_filled_in() {
    let sidecar = Sidecar::with(&[]);
    let bare = sidecar.post("/v1/decisions", r#"{"text":"hello"}"#).json();
    assert!(
        bare["post"].as_str().unwrap().starts_with("told-"),
        "{bare}"
    );
    assert!(bare["at"].as_str().unwrap().ends_with('Z'), "{bare}");
    let other = sidecar
        .post("/v1/decisions", r#"{"text":"hello you"}"#)
        .json();
    assert_ne!(bare["post"], other["post"]);
}

#[test]
fn several_posts_are_answered_in_order_or_not_at_all() {
    let sidecar = Sidecar::with(&[]);
    let posts = json!({"posts": [post("a", SHOP), post("b", THREAT), post("c", SHOP)]});
    let answer = sidecar.post("/v1/decisions", posts.to_string()).json();
    let ids: Vec<&str> = answer["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["post"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let none = sidecar.post("/v1/decisions", r#"{"posts":[]}"#);
    assert_eq!((none.status, none.json()), (200, json!({"decisions": []})));
    let broken = json!({"posts": [post("a", SHOP), {"id": "b"}]});
    let refused = sidecar.post("/v1/decisions", broken.to_string());
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_post"));
    assert_eq!(refused.json()["error"]["index"], 1);
}

#[test]
fn a_stream_is_answered_line_by_line_whatever_stands_in_it() {
    let sidecar = Sidecar::with(&[("body_bytes_max", "1024")]);
    let long = format!(r#"{{"text":"{}"}}"#, "a".repeat(2_000));
    let lines = [
        post("a", SHOP).to_string().into_bytes(),
        b"{\"text\":".to_vec(),
        Vec::new(),
        b"{\"text\":\"\xff\"}".to_vec(),
        long.into_bytes(),
        post("b", THREAT).to_string().into_bytes(),
        br#"{"text":"x","at":"yesterday"}"#.to_vec(),
        post("c", SHOP).to_string().into_bytes(),
    ];
    let answer = sidecar.post_with(
        "/v1/decisions",
        &[("content-type", "application/x-ndjson; charset=utf-8")],
        lines.join(&b"\n"[..]),
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let told: Vec<String> = answer
        .text()
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            match line.get("error") {
                Some(error) => format!("{} {}", error["line"], error["code"].as_str().unwrap()),
                None => line["post"].as_str().unwrap().to_owned(),
            }
        })
        .collect();
    assert_eq!(
        told,
        [
            "a",
            "2 bad_json",
            "4 bad_json",
            "5 too_large",
            "b",
            "7 bad_post",
            "c"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_by_a_code_and_without_its_words() {
    let sidecar = Sidecar::with(&[("body_bytes_max", "65536")]);
    let deep = format!(
        r#"{{"text":"a","attrs":{}1{}}}"#,
        r#"{"a":"#.repeat(5_000),
        "}".repeat(5_000)
    );
    let long_id = format!(r#"{{"text":"a","id":"{}"}}"#, "i".repeat(10_000));
    let many = format!(
        r#"{{"posts":[{}]}}"#,
        vec![r#"{"text":""}"#; 1_025].join(",")
    );
    let huge = format!(r#"{{"text":"{}"}}"#, "canary ".repeat(20_000));
    let cases: &[(&[u8], u16, &str)] = &[
        (b"", 400, "bad_json"),
        (b"canary", 400, "bad_json"),
        (br#"{"text":"canary"#, 400, "bad_json"),
        (br#"{"text":"canary \ud83d"}"#, 400, "bad_json"),
        (b"{\"text\":\"canary \xff\xfe\"}", 400, "bad_json"),
        (br#"["canary"]"#, 400, "bad_post"),
        (br#"{"txt":"canary"}"#, 400, "bad_post"),
        (br#"{"text":7}"#, 400, "bad_post"),
        (br#"{"text":"canary","text":"canary"}"#, 400, "bad_post"),
        (br#"{"text":"canary","at":"canary"}"#, 400, "bad_post"),
        (
            br#"{"text":"canary","at":"9000-01-01T00:00:00Z"}"#,
            400,
            "bad_post",
        ),
        (long_id.as_bytes(), 400, "bad_post"),
        (deep.as_bytes(), 400, "bad_json"),
        (many.as_bytes(), 413, "too_many"),
        (huge.as_bytes(), 413, "too_large"),
    ];
    for (body, status, code) in cases {
        let answer = sidecar.post("/v1/decisions", body.to_vec());
        let shown = String::from_utf8_lossy(body.get(..60).unwrap_or(body)).into_owned();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (*status, *code),
            "{shown}"
        );
        assert!(
            !answer.text().contains("canary"),
            "{shown}: {}",
            answer.text()
        );
    }
}

#[test]
fn paths_methods_and_types_that_are_not_there_are_told_in_json() {
    let sidecar = Sidecar::with(&[]);
    let body = r#"{"text":"a"}"#;
    let typed = |kind: &str| sidecar.post_with("/v1/decisions", &[("content-type", kind)], body);
    assert_eq!(typed("image/png").code(), "unsupported_media_type");
    for kind in [
        "application/json; charset=utf-8",
        "application/x-www-form-urlencoded",
        "a/b+json",
    ] {
        assert_eq!(typed(kind).status, 200, "{kind}");
    }
    let wrong = sidecar.get("/v1/decisions");
    assert_eq!(
        (wrong.status, wrong.code().as_str()),
        (405, "method_not_allowed")
    );
    assert_eq!(wrong.headers["allow"], "POST");
    let nowhere = sidecar.get("/v1/nothing");
    assert_eq!(
        (nowhere.status, nowhere.code().as_str()),
        (404, "not_found")
    );
    assert_eq!(
        sidecar.get("/metrics").status,
        404,
        "metrics stand on the admin port only"
    );
}

#[test]
fn too_much_at_once_is_refused_at_once() {
    let sidecar = Sidecar::with(&[("in_flight_max", "1")]);
    let stalled = sidecar.block_on(async {
        use tower::ServiceExt;
        let app = vigie::serve::app(&sidecar.running.sidecar);
        // A body that never comes.
        let (_held, body) = never();
        let slow = axum::http::Request::post("/v1/decisions")
            .body(body)
            .unwrap();
        let slow = tokio::spawn(app.clone().oneshot(slow));
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let quick = axum::http::Request::post("/v1/decisions")
            .body(axum::body::Body::from(r#"{"text":"a"}"#));
        let refused = app.oneshot(quick.unwrap()).await.unwrap();
        slow.abort();
        refused
    });
    assert_eq!(stalled.status(), 503);
    assert_eq!(stalled.headers()["retry-after"], "1");
    for _ in 0..100 {
        if sidecar.post("/v1/decisions", r#"{"text":"a"}"#).status == 200 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the place is free again");
}

/// A body that never ends, as long as the other half is held.
fn never() -> (tokio::sync::mpsc::Sender<()>, axum::body::Body) {
    let (hold, held) = tokio::sync::mpsc::channel(1);
    (hold, axum::body::Body::new(Never(held)))
}

struct Never(tokio::sync::mpsc::Receiver<()>);

impl hyper::body::Body for Never {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
        self.0.poll_recv(context).map(|_| None)
    }
}
