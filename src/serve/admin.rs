//! What operators ask: metrics, health, and to take in policies.

use super::around::authorize;
use super::clock::ticks;
use super::decisions::json;
use super::error::{Code, Refusal};
use super::keys::Role;
use super::sidecar::Sidecar;
use crate::limits::COUNT_SECONDS;
use crate::store::{LiveState, Sizes};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What Prometheus' text format calls itself.
const METRICS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// When cases were counted last.
#[derive(Debug, Default)]
pub(super) struct Counted(Mutex<Option<Instant>>);

impl Counted {
    /// Whether it is time to count again; then it counts as done.
    fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = ticks();
        let rest = Duration::from_secs(COUNT_SECONDS);
        let is_due = last.is_none_or(|last| now.duration_since(last) >= rest);
        if is_due {
            *last = Some(now);
        }
        is_due
    }
}

/// All metrics.
pub(super) async fn metrics(State(sidecar): State<Arc<Sidecar>>) -> Response {
    measure(&sidecar).await;
    let mut response = Response::new(Body::from(sidecar.metrics.text()));
    response.headers_mut().insert(header::CONTENT_TYPE, METRICS);
    response
}

/// Takes the measures that nobody counts as they change.
async fn measure(sidecar: &Sidecar) {
    let metrics = &sidecar.metrics;
    let in_flight = sidecar.in_flight.load(std::sync::atomic::Ordering::Relaxed);
    metrics.in_flight.set(whole(in_flight));
    metrics.queue.set(whole(sidecar.writer.waiting()));
    metrics.places.set(whole(sidecar.writer.room().places()));
    let _ = sidecar.unready();
    let counts = sidecar.counted.is_due();
    let question = move |live: &mut LiveState| {
        let mut standing: BTreeMap<(Arc<str>, Arc<str>), usize> = BTreeMap::new();
        if counts {
            live.each_case(|case, _| {
                if let Some(rung) = &case.rung {
                    let key = (Arc::clone(&case.ladder), Arc::clone(rung));
                    *standing.entry(key).or_default() += 1;
                }
            });
        }
        (live.sizes(), standing)
    };
    // A scrape is worth waiting for, but not for long.
    let Ok((sizes, standing)) = sidecar.ask(question).await else {
        return;
    };
    tell_sizes(sidecar, sizes);
    if counts {
        let judge = sidecar.bench.judge();
        metrics.stand(judge.pack(), |ladder, rung| {
            let key = (Arc::from(ladder), Arc::from(rung));
            standing.get(&key).copied().unwrap_or_default()
        });
    }
}

fn tell_sizes(sidecar: &Sidecar, sizes: Sizes) {
    let metrics = &sidecar.metrics;
    metrics.state_subjects.set(whole(sizes.subjects));
    metrics.state_posts.set(whole(sizes.posts));
    metrics.dropped(sizes.dropped, sizes.dropped_posts);
    metrics.snapshots_failed.set(whole(sizes.failed_snapshots));
    metrics.log_segments.set(whole(sizes.segments));
    metrics.log_bytes.set(whole(sizes.log_bytes));
    metrics.log_lag.set(whole(sizes.since_snapshot));
}

fn whole(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Whether the process is worth keeping.
pub(super) async fn live(State(sidecar): State<Arc<Sidecar>>) -> Response {
    match sidecar.writer.is_alive() {
        true => health(StatusCode::OK, None),
        false => health(
            StatusCode::SERVICE_UNAVAILABLE,
            Some("what writes the decision log has stopped"),
        ),
    }
}

/// Whether posts are taken in right now.
pub(super) async fn ready(State(sidecar): State<Arc<Sidecar>>) -> Response {
    sidecar.try_again().await;
    match sidecar.unready() {
        None => health(StatusCode::OK, None),
        why @ Some(_) => health(StatusCode::SERVICE_UNAVAILABLE, why),
    }
}

fn health(status: StatusCode, why: Option<&str>) -> Response {
    let told = serde_json::json!({"ok": why.is_none(), "why": why});
    let mut response = json(told.to_string().into_bytes());
    *response.status_mut() = status;
    response
}

/// Takes in the policies as they stand now, or says what is wrong with them.
pub(super) async fn reload(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let is_reachable = !sidecar.config.admin.is_local();
    if is_reachable && !sidecar.wants_keys() {
        let message = "other machines reach the admin port, so this needs keys: give `api_keys`";
        return Err(Refusal::new(Code::KeysNeeded, message));
    }
    if is_reachable {
        authorize(&sidecar, &request, Role::Admin)?;
    }
    sidecar.reload_secrets()?;
    let reloaded = sidecar.bench.reload(&sidecar.writer).await?;
    let told = serde_json::json!({"policy": &*reloaded.policy, "changed": reloaded.changed});
    Ok(json(told.to_string().into_bytes()))
}
