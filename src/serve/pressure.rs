//! What happens when things go wrong inside: a mistake in a route, a writer that stands still. Asked
//! through the routes; only here because callers can't bring it about.
#![expect(
    clippy::disallowed_methods,
    reason = "tests put their policy into a folder"
)]

use super::config::{Config, Effective, Given};
use super::routes::{app, surrounded};
use super::run::{Running, start};
use super::sidecar::Sidecar;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::post;
use http_body_util::BodyExt;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use tokio::runtime::Runtime;
use tower::ServiceExt;

fn config(folder: &Path, settings: &[(&'static str, &str)]) -> Config {
    let policy = folder.join("zebra.yaml");
    std::fs::write(&policy, include_str!("../../tests/serve/zebra.yaml")).unwrap();
    let (state, policy) = (folder.join("state"), policy.display().to_string());
    let state = state.display().to_string();
    let own = [("state", &*state), ("policies", &*policy)];
    let all = settings.iter().copied().chain(own);
    let given = all.map(|(name, value)| {
        let values = vec![value.to_owned()];
        let place = name.to_owned();
        (name, Given { values, place })
    });
    let effective = Effective::of(given.collect(), |_| None, None);
    effective.unwrap().config
}

/// A sidecar in a folder of its own, and a runtime to ask it with.
struct Asked {
    running: Running,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Asked {
    fn with(settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = start(&config(folder.path(), settings), None).unwrap();
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        Self {
            running,
            runtime: runtime.worker_threads(2).enable_all().build().unwrap(),
            _folder: folder,
        }
    }

    fn sidecar(&self) -> &Arc<Sidecar> {
        &self.running.sidecar
    }

    /// Posts something: the status, when to come again, the code.
    fn post(&self, app: &Router, path: &str) -> (StatusCode, Option<String>, String) {
        self.runtime.block_on(posted(app.clone(), path))
    }
}

async fn posted(app: Router, path: &str) -> (StatusCode, Option<String>, String) {
    let body = Body::from(r#"{"text":"a zebra"}"#);
    let request = Request::post(path).body(body).unwrap();
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    let again = head.headers.get(header::RETRY_AFTER);
    let again = again.map(|it| it.to_str().unwrap().to_owned());
    let body = body.collect().await.unwrap().to_bytes();
    let told: Value = serde_json::from_slice(&body).unwrap();
    let code = told.pointer("/error/code").and_then(Value::as_str);
    (head.status, again, code.unwrap_or_default().to_owned())
}

async fn mistaken() -> &'static str {
    let none: Vec<&str> = Vec::new();
    none.first().copied().unwrap()
}

#[test]
fn a_panic_in_a_route_is_answered_and_counted_and_the_next_request_is_fine() {
    let asked = Asked::with(&[]);
    let routes = Router::new().route("/mistaken", post(mistaken));
    let broken = surrounded(routes, asked.sidecar());
    let (status, _, code) = asked.post(&broken, "/mistaken");
    assert_eq!((status.as_u16(), &*code), (500, "internal"));
    let text = asked.sidecar().metrics.text();
    assert!(text.contains("vigie_panics_total 1\n"), "{text}");
    assert!(
        text.contains("vigie_refusals_total{code=\"internal\"} 1\n"),
        "{text}"
    );
    let (status, ..) = asked.post(&app(asked.sidecar()), "/v1/decisions");
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        asked
            .sidecar()
            .in_flight
            .load(std::sync::atomic::Ordering::SeqCst),
        0
    );
}

#[test]
fn a_panic_of_the_writer_is_answered_and_it_goes_on() {
    let asked = Asked::with(&[]);
    let panics = asked.sidecar().ask(|_| {
        let none: Vec<u8> = Vec::new();
        none.first().copied().unwrap()
    });
    assert!(asked.runtime.block_on(panics).is_err());
    let (status, ..) = asked.post(&app(asked.sidecar()), "/v1/decisions");
    assert_eq!(status, StatusCode::OK);
    assert!(
        asked
            .sidecar()
            .metrics
            .text()
            .contains("vigie_panics_total 1\n")
    );
}

#[test]
fn while_the_writer_stands_still_callers_are_refused_and_told_when_to_come_again() {
    let asked = Asked::with(&[("queue_max", "1"), ("deadline", "200ms")]);
    let (release, held) = mpsc::channel::<()>();
    let (begun, begins) = mpsc::channel();
    let sidecar = Arc::clone(asked.sidecar());
    asked.runtime.spawn(async move {
        let stands = move |_: &mut crate::store::LiveState| {
            let _ = begun.send(());
            let _ = held.recv();
        };
        let _ = sidecar.writer.ask(stands).await;
    });
    begins.recv().unwrap();
    let app = app(asked.sidecar());
    // One waits in the queue until its deadline; whoever comes meanwhile is refused at once.
    let waits = asked.runtime.spawn(posted(app.clone(), "/v1/decisions"));
    while asked.sidecar().writer.waiting() == 0 {
        std::thread::yield_now();
    }
    let (status, again, code) = asked.post(&app, "/v1/decisions");
    assert_eq!(
        (status.as_u16(), again.as_deref(), &*code),
        (503, Some("1"), "overloaded")
    );
    let (status, again, code) = asked.runtime.block_on(waits).unwrap();
    assert_eq!(
        (status.as_u16(), again.as_deref(), &*code),
        (503, Some("1"), "deadline")
    );
    // Both tell the truth: the queue is full, and a case can't be asked for either.
    release.send(()).unwrap();
    for _ in 0..1_000 {
        if asked.post(&app, "/v1/decisions").0 == StatusCode::OK {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it goes on");
}
