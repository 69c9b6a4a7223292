//! Where requests come in, before anything of them is looked at but where they want to go: posts that would
//! wait too long are turned away here, for a fraction of what answering them costs.

use super::around::Around;
use super::clock::ticks;
use super::error::{Code, Refusal, Shape};
use super::keys::Role;
use super::routes::{DOORS, Door, Gate};
use super::sidecar::Sidecar;
use crate::limits::{BODY_SECONDS, TURNED_AWAY_BYTES};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::response::Response;
use futures_util::future::{Either, Ready, ready};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// What all connections of a port come in by.
#[derive(Clone, Debug)]
pub(super) struct Entrance {
    routes: TowerToHyperService<Router>,
    door_keeper: Arc<DoorKeeper>,
    /// Whether a first request has come on this connection.
    begun: Arc<AtomicBool>,
}

impl Entrance {
    pub(super) fn new(sidecar: &Arc<Sidecar>, routes: Router) -> Self {
        Self {
            routes: TowerToHyperService::new(routes),
            door_keeper: Arc::new(DoorKeeper::new(sidecar)),
            begun: Arc::default(),
        }
    }

    /// For one more connection, and what tells that a first request has come on it.
    pub(super) fn of_connection(&self) -> (Self, Arc<AtomicBool>) {
        let begun = Arc::new(AtomicBool::new(false));
        let entrance = Self {
            begun: Arc::clone(&begun),
            ..self.clone()
        };
        (entrance, begun)
    }
}

type Routed = <TowerToHyperService<Router> as hyper::service::Service<Request<Incoming>>>::Future;

impl hyper::service::Service<Request<Incoming>> for Entrance {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Routed, Ready<Result<Response, Infallible>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.begun.store(true, Ordering::Relaxed);
        match self.door_keeper.turns_away(&request) {
            Some(response) => {
                self.door_keeper.lets_finish(request.into_body());
                Either::Right(ready(Ok(response)))
            }
            None => Either::Left(self.routes.call(request)),
        }
    }
}

/// Turns posts away while there is no room for them.
#[derive(Debug)]
struct DoorKeeper {
    around: Around,
    sidecar: Arc<Sidecar>,
    refusal: Refusal,
    /// The same as it is sent, for each shape.
    written: [(Shape, Bytes); Shape::ALL.len()],
}

impl DoorKeeper {
    fn new(sidecar: &Arc<Sidecar>) -> Self {
        let message = "more posts wait than can be answered soon";
        let refusal = Refusal::new(Code::Overloaded, message);
        let written = |shape| (shape, refusal.json(shape).to_string().into());
        Self {
            around: Around::new(sidecar),
            sidecar: Arc::clone(sidecar),
            written: Shape::ALL.map(written),
            refusal,
        }
    }

    /// The answer to a request that isn't let in.
    fn turns_away(&self, request: &Request<Incoming>) -> Option<Response> {
        // Whoever comes while it is being stopped is told that.
        let is_draining = self.sidecar.is_draining.load(Ordering::Relaxed);
        if is_draining || !self.sidecar.writer.room().is_full(ticks) {
            return None;
        }
        let path = request.uri().path();
        let mut doors = DOORS.iter().enumerate();
        // These paths hold no names, so they are what is routed.
        let (at, door) = doors.find(|(_, door)| brings_posts(door) && door.path == path)?;
        let (_, written) = self.written.iter().find(|(of, _)| *of == door.shape)?;
        self.sidecar.writer.room().refused();
        let response = self.refusal.answer(Body::from(written.clone()));
        self.around
            .turned_away(request.method(), at, door, &self.refusal);
        Some(response)
    }

    /// Lets a caller send what it began to send: a connection closed in the middle of it may take the refusal
    /// along. Small bodies are here already, and HTTP itself lets go of them.
    fn lets_finish(&self, body: Incoming) {
        let (told, most) = (body.size_hint().exact(), self.sidecar.config.body_bytes_max);
        if told.is_none_or(|bytes| bytes > TURNED_AWAY_BYTES) {
            tokio::spawn(async move {
                let within = Duration::from_secs(BODY_SECONDS);
                // Whoever sends more, or takes longer, is cut off.
                let _ = timeout(within, swallow(body, most)).await;
            });
        }
    }
}

async fn swallow(mut body: Incoming, mut most: usize) {
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(left) = most.checked_sub(bytes) else {
            return;
        };
        most = left;
    }
}

/// Whether posts come in there. People who look at cases are few, and are let in.
fn brings_posts(door: &Door) -> bool {
    matches!(door.gate, Gate::Key(Role::Forum) | Gate::Signature)
}
