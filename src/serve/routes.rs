//! Every path of the sidecar, and where it leads.

use super::around::{Around, around};
use super::error::{Code, Refusal, Shape};
use super::keys::Role;
use super::sidecar::Sidecar;
use super::{admin, cases, decisions, hooks, openai, openapi, outcomes, perspective};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// Who gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// Everybody.
    Open,
    /// Whoever has a key of this role, when there are keys.
    Key(Role),
    /// Whoever signed the body.
    Signature,
    /// Whoever reaches the admin port; never refused for want of room.
    Admin,
}

/// A path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door {
    /// As it is routed.
    pub(super) path: &'static str,
    /// Its name in metrics and logs.
    pub(super) name: &'static str,
    pub(super) gate: Gate,
    /// Whose shape its errors take.
    pub(super) shape: Shape,
}

const fn door(path: &'static str, name: &'static str, gate: Gate, shape: Shape) -> Door {
    Door {
        path,
        name,
        gate,
        shape,
    }
}

const FORUM: Gate = Gate::Key(Role::Forum);
const MODERATOR: Gate = Gate::Key(Role::Moderator);

/// All paths; the most frequent first, since they are looked through in order.
pub(super) static DOORS: &[Door] = &[
    door("/v1/decisions", "decisions", FORUM, Shape::Vigie),
    door("/v1/outcomes", "outcomes", FORUM, Shape::Vigie),
    door(
        "/v1alpha1/comments:analyze",
        "perspective_analyze",
        FORUM,
        Shape::Google,
    ),
    door(
        "/v1alpha1/comments:suggestscore",
        "perspective_suggestscore",
        FORUM,
        Shape::Google,
    ),
    door(
        "/$discovery/rest",
        "perspective_discovery",
        Gate::Open,
        Shape::Google,
    ),
    door(
        "/v1/moderations",
        "openai_moderations",
        FORUM,
        Shape::OpenAi,
    ),
    door("/hooks/coral", "hook_coral", Gate::Signature, Shape::Vigie),
    door(
        "/hooks/discourse",
        "hook_discourse",
        Gate::Signature,
        Shape::Vigie,
    ),
    door("/v1/cases", "cases", MODERATOR, Shape::Vigie),
    door("/v1/cases/{kind}/{id}", "case", MODERATOR, Shape::Vigie),
    door(
        "/v1/cases/{kind}/{id}/signatures",
        "signatures",
        MODERATOR,
        Shape::Vigie,
    ),
    door(
        "/v1/cases/{kind}/{id}/close",
        "close",
        MODERATOR,
        Shape::Vigie,
    ),
    door("/openapi.json", "openapi", Gate::Open, Shape::Vigie),
    door("/metrics", "metrics", Gate::Admin, Shape::Vigie),
    door("/live", "live", Gate::Admin, Shape::Vigie),
    door("/ready", "ready", Gate::Admin, Shape::Vigie),
    door("/reload", "reload", Gate::Admin, Shape::Vigie),
];

/// The names of all paths, as they stand in metrics.
pub(super) fn names() -> Vec<&'static str> {
    DOORS.iter().map(|door| door.name).chain(["none"]).collect()
}

/// All paths, as the OpenAPI document writes them.
pub fn paths() -> impl Iterator<Item = &'static str> {
    DOORS.iter().map(|door| door.path)
}

/// Where posts are taken.
pub fn app(sidecar: &Arc<Sidecar>) -> Router {
    let routes = Router::new()
        .route("/v1/decisions", post(decisions::decisions))
        .route("/v1/outcomes", post(outcomes::outcomes))
        .route("/v1/cases", get(cases::list))
        .route("/v1/cases/{kind}/{id}", get(cases::of_subject))
        .route("/v1/cases/{kind}/{id}/signatures", post(cases::sign))
        .route("/v1/cases/{kind}/{id}/close", post(cases::close))
        .route("/v1alpha1/comments:analyze", post(perspective::analyze))
        .route(
            "/v1alpha1/comments:suggestscore",
            post(perspective::suggest_score),
        )
        .route("/$discovery/rest", get(perspective::discovery))
        .route("/v1/moderations", post(openai::moderations))
        .route("/hooks/coral", post(hooks::coral))
        .route("/hooks/discourse", post(hooks::discourse))
        .route("/openapi.json", get(openapi::document));
    surrounded(routes, sidecar)
}

/// What operators ask, on a port of its own.
pub fn admin_app(sidecar: &Arc<Sidecar>) -> Router {
    let routes = Router::new()
        .route("/metrics", get(admin::metrics))
        .route("/live", get(admin::live))
        .route("/ready", get(admin::ready))
        .route("/reload", post(admin::reload));
    surrounded(routes, sidecar)
}

pub(super) fn surrounded(routes: Router<Arc<Sidecar>>, sidecar: &Arc<Sidecar>) -> Router {
    let around_all = from_fn_with_state(Arc::new(Around::new(sidecar)), around);
    routes
        .fallback(nowhere)
        .layer(around_all)
        .with_state(Arc::clone(sidecar))
}

async fn nowhere() -> Refusal {
    Refusal::new(
        Code::NotFound,
        "there is no such path; /openapi.json tells all of them",
    )
}
