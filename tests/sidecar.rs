//! A sidecar for tests: real state in a folder of its own, asked through its routes, without a socket.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use std::path::Path;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use vigie::serve::config::{Config, Effective, Given};
use vigie::serve::{Running, admin_app, app, start};

/// A sidecar, and what keeps it.
pub(crate) struct Sidecar {
    pub(crate) running: Running,
    pub(crate) folder: tempfile::TempDir,
    runtime: Runtime,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of our errors.
    pub(crate) fn code(&self) -> String {
        let answer = self.json();
        let code = answer.pointer("/error/code").and_then(Value::as_str);
        code.unwrap_or_default().to_owned()
    }
}

/// The configuration that settings make, with state in `folder`.
pub(crate) fn config(folder: &Path, settings: &[(&'static str, &str)]) -> Config {
    let given = |value: &str, name: &str| Given {
        values: vec![value.replace("{}", folder.to_str().unwrap())],
        place: name.to_owned(),
    };
    let state = folder.join("state");
    let all = settings
        .iter()
        .map(|(name, value)| (*name, given(value, name)));
    let state = ("state", given(state.to_str().unwrap(), "state"));
    let effective = Effective::of(all.chain([state]).collect(), |_| None, None);
    effective.unwrap().config
}

impl Sidecar {
    /// With the shipped policies and these settings; `{}` stands for its folder.
    pub(crate) fn with(settings: &[(&'static str, &str)]) -> Self {
        Self::prepared(|_| {}, settings)
    }

    /// The same, once `prepare` has put files into the folder.
    pub(crate) fn prepared(prepare: impl FnOnce(&Path), settings: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let running = start(&config(folder.path(), settings), None).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        Self {
            running,
            folder,
            runtime,
        }
    }

    /// Runs something beside the sidecar.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Asks the port where posts are taken.
    pub(crate) fn ask(&self, request: Request<Body>) -> Answer {
        self.block_on(async { answer(app(&self.running.sidecar), request).await })
    }

    /// Asks the admin port.
    pub(crate) fn admin(&self, method: &str, path: &str) -> Answer {
        self.admin_with(method, path, "")
    }

    /// Asks the admin port, with a key.
    pub(crate) fn admin_with(&self, method: &str, path: &str, key: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
            .body(Body::empty());
        let app = admin_app(&self.running.sidecar);
        self.block_on(async { answer(app, request.unwrap()).await })
    }

    pub(crate) fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.post_with(path, &[("content-type", "application/json")], body)
    }

    pub(crate) fn post_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(body.into()).unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap())
    }

    /// Ends it in good order, and begins again in the same folder.
    pub(crate) fn again(self, settings: &[(&'static str, &str)]) -> Self {
        let Self {
            running,
            folder,
            runtime,
        } = self;
        runtime.block_on(async { tokio::task::yield_now().await });
        running.end().unwrap();
        let running = start(&config(folder.path(), settings), None).unwrap();
        Self {
            running,
            folder,
            runtime,
        }
    }
}

async fn answer(app: axum::Router, request: Request<Body>) -> Answer {
    let (head, body) = app.oneshot(request).await.unwrap().into_parts();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}
