//! What holds for any body at each path: an answer that is JSON, and no mistake of ours.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use std::sync::LazyLock;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use vigie::serve::config::{Config, Effective, Given};
use vigie::serve::{Running, app, start};

struct Asked {
    running: Running,
    runtime: Runtime,
    _folder: TempDir,
}

static ASKED: LazyLock<Asked> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let running = start(&config(&folder), None).expect("the sidecar starts");
    // On this thread alone: what is found can be found again.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    Asked {
        running,
        runtime: runtime
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made"),
        _folder: folder,
    }
});

fn config(folder: &TempDir) -> Config {
    let state = folder.path().join("state").display().to_string();
    let given = Given {
        values: vec![state],
        place: "state".to_owned(),
    };
    let effective = Effective::of([("state", given)].into_iter().collect(), |_| None, None);
    effective.expect("the settings are sound").config
}

/// Where bodies are taken, and of which type.
const DOORS: &[(&str, &str)] = &[
    ("/v1/decisions", "application/json"),
    ("/v1/decisions", "application/x-ndjson"),
    ("/v1/outcomes", "application/json"),
    ("/v1alpha1/comments:analyze", "application/json"),
    ("/v1alpha1/comments:suggestscore", "application/json"),
    ("/v1/moderations", "application/json"),
    ("/v1/cases/target/u9/signatures", "application/json"),
    ("/v1/cases/target/u9/close", "application/json"),
    ("/hooks/coral", "application/json"),
    ("/hooks/discourse", "application/json"),
];

/// The first byte says at which path, the rest is the body.
pub(crate) fn request(bytes: &[u8]) {
    let Some((at, body)) = bytes.split_first() else {
        return;
    };
    let Some((path, kind)) = DOORS.get(usize::from(*at) % DOORS.len()) else {
        return;
    };
    let request = Request::post(*path)
        .header("content-type", *kind)
        .body(Body::from(body.to_vec()))
        .expect("it is a request");
    let (status, answer) = ASKED.runtime.block_on(async {
        let app = app(&ASKED.running.sidecar);
        let answer = app.oneshot(request).await.expect("it is answered");
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.expect("it has an end");
        (status, body.to_bytes())
    });
    assert!(status < 500, "{path}: {status}");
    let text = std::str::from_utf8(&answer).expect("an answer is text");
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("an answer is JSON");
    }
}
