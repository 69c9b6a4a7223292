//! What goes around every request: whether there is room, who calls, what came of it.

use super::clock::ticks;
use super::error::{Code, Refusal, Shape};
use super::keys::{self, Role};
use super::routes::{DOORS, Door, Gate};
use super::sidecar::Sidecar;
use crate::metrics::RouteMetrics;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use prometheus::IntCounter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

/// Who calls: the name of the key.
#[derive(Clone, Debug)]
pub(super) struct Caller(Arc<str>);

impl Caller {
    /// Who calls, when callers have keys.
    pub(super) fn of(extensions: &Extensions) -> Option<Arc<str>> {
        extensions.get::<Self>().map(|caller| Arc::clone(&caller.0))
    }
}

/// What goes around the requests of one port.
#[derive(Debug)]
pub(super) struct Around {
    sidecar: Arc<Sidecar>,
    /// In the order of [`DOORS`]; the last one is for paths that lead nowhere.
    metrics: Vec<RouteMetrics>,
    /// Those that were not let in are many at a time: counted without being looked up.
    overloaded: IntCounter,
    requests: AtomicU64,
}

/// A path that leads nowhere.
const NOWHERE: Door = Door {
    path: "",
    name: "none",
    gate: Gate::Open,
    shape: Shape::Vigie,
};

impl Around {
    pub(super) fn new(sidecar: &Arc<Sidecar>) -> Self {
        let doors = DOORS.iter().chain([&NOWHERE]);
        Self {
            metrics: doors.map(|door| sidecar.metrics.route(door.name)).collect(),
            overloaded: sidecar.metrics.refusals(Code::Overloaded.id()),
            sidecar: Arc::clone(sidecar),
            requests: AtomicU64::new(0),
        }
    }

    fn door(&self, request: &Request) -> (usize, &'static Door) {
        let path = request
            .extensions()
            .get::<MatchedPath>()
            .map(MatchedPath::as_str);
        let mut doors = DOORS.iter().enumerate();
        let is_it = |door: &Door| path.is_some_and(|path| door.path == path);
        let found = doors.find(|(_, door)| is_it(door));
        found.unwrap_or((DOORS.len(), &NOWHERE))
    }
}

/// A request that is worked on, until it is dropped.
#[derive(Debug)]
pub(super) struct InFlight(Arc<Sidecar>);

impl InFlight {
    /// Takes a place, if there is one.
    pub(super) fn enter(sidecar: &Arc<Sidecar>) -> Result<Self, Refusal> {
        let before = sidecar.in_flight.fetch_add(1, Ordering::Relaxed);
        let entered = Self(Arc::clone(sidecar));
        match before < sidecar.config.in_flight_max {
            true => Ok(entered),
            false => Err(Refusal::new(
                Code::Overloaded,
                "too many requests are worked on already",
            )),
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets a request through to its route, and tells what came of it.
pub(super) async fn around(
    State(around): State<Arc<Around>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begin = ticks();
    let (at, door) = around.door(&request);
    let method = request.method().clone();
    let answered = match around.admit(door, &mut request) {
        Ok(in_flight) => {
            let answered = caught(next.run(request)).await;
            drop(in_flight);
            answered.unwrap_or_else(|| around.mistake(door))
        }
        Err(refusal) => axum::response::IntoResponse::into_response(refusal),
    };
    let (response, code) = around.shaped(answered, door);
    let (status, took) = (response.status(), begin.elapsed());
    if let Some(metrics) = around.metrics.get(at) {
        metrics.answered(status.as_u16(), took);
    }
    around.log(&method, door, status, took, code);
    response
}

impl Around {
    fn admit(&self, door: &Door, request: &mut Request) -> Result<Option<InFlight>, Refusal> {
        if door.gate == Gate::Admin {
            return Ok(None);
        }
        if self.sidecar.is_draining.load(Ordering::Relaxed) {
            return Err(Refusal::new(Code::Draining, "the sidecar is being stopped"));
        }
        let in_flight = InFlight::enter(&self.sidecar)?;
        if let Gate::Key(role) = door.gate {
            self.identify(door, role, request)?;
        }
        Ok(Some(in_flight))
    }

    /// Whose key the request bears.
    fn identify(&self, door: &Door, role: Role, request: &mut Request) -> Result<(), Refusal> {
        if !self.sidecar.wants_keys() {
            return Ok(());
        }
        let keys = self.sidecar.keys.load();
        let caller = match (bearer(request), door.shape) {
            (Some(key), _) => keys.as_ref().and_then(|keys| keys.caller(key)),
            // Google's clients put it into the query.
            (None, Shape::Google) => {
                let query = request.uri().query().unwrap_or_default();
                let mut pairs = form_urlencoded::parse(query.as_bytes());
                let key = pairs.find(|(name, _)| name == "key").map(|(_, key)| key);
                key.and_then(|key| keys.as_ref()?.caller(&key))
            }
            (None, Shape::Vigie | Shape::OpenAi) => None,
        };
        let caller = caller.ok_or_else(|| match door.shape {
            Shape::Google => Refusal::new(
                Code::Unauthorized,
                "API key not valid. Please pass a valid API key.",
            ),
            Shape::Vigie | Shape::OpenAi => Refusal::new(
                Code::Unauthorized,
                "a known key is needed: `Authorization: Bearer vigie_…`",
            ),
        })?;
        demand(caller, role)?;
        request
            .extensions_mut()
            .insert(Caller(Arc::clone(&caller.name)));
        Ok(())
    }

    fn mistake(&self, door: &Door) -> Response {
        self.sidecar.metrics.panics.inc();
        tracing::error!(route = door.name, "a request ended in a mistake of ours");
        let message = "a mistake of ours; it was counted, and the sidecar goes on";
        axum::response::IntoResponse::into_response(Refusal::new(Code::Internal, message))
    }

    /// Tells of a request that was not let in.
    pub(super) fn turned_away(&self, method: &Method, at: usize, door: &Door, refusal: &Refusal) {
        self.overloaded.inc();
        if let Some(metrics) = self.metrics.get(at) {
            metrics.answered(refusal.code.status().as_u16(), Duration::ZERO);
        }
        let (status, code) = (refusal.code.status(), Some(refusal.code));
        self.log(method, door, status, Duration::ZERO, code);
    }

    /// Gives a refusal the shape that the caller expects.
    fn shaped(&self, mut response: Response, door: &Door) -> (Response, Option<Code>) {
        let refusal = match response.extensions_mut().remove::<Refusal>() {
            Some(refusal) => refusal,
            None if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
                let message = "this path takes another method; see `allow`";
                let refusal = Refusal::new(Code::MethodNotAllowed, message);
                let mut shaped = refusal.response(door.shape);
                if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
                    shaped.headers_mut().insert(header::ALLOW, allow);
                }
                self.sidecar.metrics.refused(refusal.code.id());
                return (shaped, Some(refusal.code));
            }
            None => return (response, None),
        };
        self.sidecar.metrics.refused(refusal.code.id());
        let mut shaped = refusal.response(door.shape);
        if refusal.code == Code::Draining {
            let close = HeaderValue::from_static("close");
            shaped.headers_mut().insert(header::CONNECTION, close);
        }
        (shaped, Some(refusal.code))
    }

    /// Never the path, which may hold ids, nor the query, which may hold a key.
    fn log(
        &self,
        method: &Method,
        door: &Door,
        status: StatusCode,
        took: Duration,
        code: Option<Code>,
    ) {
        if !tracing::enabled!(tracing::Level::DEBUG) {
            return;
        }
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        let method = match method.as_str() {
            known @ ("GET" | "POST" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known,
            _ => "other",
        };
        tracing::debug!(
            request,
            method,
            route = door.name,
            status = status.as_u16(),
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            code = code.map(Code::id),
            "request"
        );
    }
}

/// Whether the request bears a known key of this role.
pub(super) fn authorize(sidecar: &Sidecar, request: &Request, role: Role) -> Result<(), Refusal> {
    let keys = sidecar.keys.load();
    let caller = bearer(request).and_then(|key| keys.as_ref()?.caller(key));
    let unknown = || Refusal::new(Code::Unauthorized, "this needs a known key");
    demand(caller.ok_or_else(unknown)?, role)
}

fn demand(caller: &keys::Caller, role: Role) -> Result<(), Refusal> {
    match caller.may(role) {
        true => Ok(()),
        false => Err(Refusal::new(
            Code::Forbidden,
            format!("this needs a key with the role `{}`", role.name()),
        )),
    }
}

fn bearer(request: &Request) -> Option<&str> {
    let told = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, key) = told.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// What the future gives, unless it panics.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(None),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn a_panic_ends_a_request_and_nothing_else() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        assert_eq!(runtime.block_on(caught(async { 7 })), Some(7));
        let later = async {
            tokio::task::yield_now().await;
            let none: Vec<u8> = Vec::new();
            none.first().copied().unwrap()
        };
        assert_eq!(runtime.block_on(caught(later)), None);
    }
}
