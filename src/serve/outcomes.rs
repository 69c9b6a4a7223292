//! `POST /v1/outcomes`: what the platform did about posts, which of them were deleted, which cases a
//! person closed.

use super::around::Caller;
use super::body;
use super::cases::closed_now;
use super::clock::wall;
use super::decisions::{instant, json};
use super::error::{Code, Refusal};
use super::sidecar::Sidecar;
use crate::limits::{BATCH_MAX, ID_BYTES_MAX};
use crate::model::Outcome;
use crate::store::{Happening, Taken};
use crate::wire::{Event, event_from_json, outcomes_from_json};
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;

/// Takes one outcome, or several under `outcomes`.
pub(super) async fn outcomes(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let by = Caller::of(&head.extensions);
    let body = body::json(&sidecar, &head.headers, body).await?;
    let text = body::text(&body)?;
    let happenings = match outcomes_from_json(text) {
        Some(several) if several.len() > BATCH_MAX => {
            let message = format!("one request holds at most {BATCH_MAX} outcomes");
            return Err(Refusal::new(Code::TooMany, message));
        }
        Some(several) => {
            let mut happenings = Vec::with_capacity(several.len());
            for (at, one) in several.iter().enumerate() {
                let happening = happening(&sidecar, one, &by).await;
                happenings.push(happening.map_err(|refusal| refusal.with("index", at))?);
            }
            happenings
        }
        None => vec![happening(&sidecar, text, &by).await?],
    };
    let told: Vec<_> = happenings.iter().map(outcome).collect();
    let taken = sidecar.take(happenings).await?.taken;
    for (at, (told, taken)) in told.into_iter().zip(&taken).enumerate() {
        if let Taken::Refused(why) = taken {
            return Err(Refusal::new(Code::BadPost, why.to_string()).with("index", at));
        }
        if let Some(outcome) = told {
            sidecar.metrics.told(outcome, true);
        }
    }
    Ok(json(format!(r#"{{"taken":{}}}"#, taken.len()).into_bytes()))
}

fn outcome(happening: &Happening) -> Option<Outcome> {
    match happening {
        Happening::Answered { outcome, .. } => Some(*outcome),
        Happening::Judged(_)
        | Happening::Deleted { .. }
        | Happening::Closed { .. }
        | Happening::Signed { .. } => None,
    }
}

async fn happening(
    sidecar: &Sidecar,
    text: &str,
    by: &Option<Arc<str>>,
) -> Result<Happening, Refusal> {
    let now = wall();
    let at = |told: Option<&str>| told.map_or(Ok(now), |told| instant(told, now));
    let by = by.as_deref().map(str::to_owned);
    let event = event_from_json(text).map_err(|wrong| Refusal::bad_post(&wrong))?;
    let happening = match event {
        Some(Event::Answered {
            post,
            outcome,
            at: told,
        }) => Happening::Answered {
            post: id(&post)?,
            outcome,
            at: at(told.as_deref())?,
            by,
        },
        Some(Event::Deleted { post, at: told }) => Happening::Deleted {
            post: id(&post)?,
            at: at(told.as_deref())?,
        },
        Some(Event::Closed {
            kind,
            id: subject,
            at: told,
        }) => {
            let id = id(&subject)?;
            let at = match told {
                Some(_) => at(told.as_deref())?,
                None => closed_now(sidecar, kind, &id).await?,
            };
            Happening::Closed { kind, id, at, by }
        }
        None => {
            return Err(Refusal::new(
                Code::BadPost,
                "an outcome is {\"post\":ID,\"outcome\":\"enforced|dismissed|appealed|overturned\"}; \
                 besides, {\"post\":ID,\"deleted\":true} and \
                 {\"subject\":{\"kind\":…,\"id\":…},\"closed\":true} are taken",
            ));
        }
    };
    Ok(happening)
}

/// An id that is told, of a length that ids have.
pub(super) fn id(told: &str) -> Result<String, Refusal> {
    match told.len() {
        0 => Err(Refusal::new(Code::BadPost, "an id is empty")),
        bytes if bytes > ID_BYTES_MAX => Err(Refusal::new(
            Code::BadPost,
            format!("an id is longer than {ID_BYTES_MAX} bytes"),
        )),
        _ => Ok(told.to_owned()),
    }
}
