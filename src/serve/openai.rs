//! OpenAI's API, for its clients: `POST /v1/moderations`. Nothing of it is kept: it tells neither
//! who wrote a text nor where it stands.

use super::body;
use super::clock::ticks;
use super::decisions::json;
use super::error::{Code, Refusal};
use super::judge::Judge;
use super::sidecar::Sidecar;
use crate::limits::{BATCH_MAX, JUDGED_INLINE_BYTES_MAX};
use crate::model::{Action, Post};
use crate::policy::OPENAI_CATEGORIES;
use crate::wire::{
    ModerationInput, ModerationPart, ModerationRequest, ModerationResult, write_moderation,
};
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;

/// What it answers with when nobody asks for a model.
const MODEL: &str = "vigie";

/// Characters of a model's name that are given back.
const MODEL_CHARS_MAX: usize = 64;

/// Moderates one text or several.
pub(super) async fn moderations(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let body = body::json(&sidecar, &head.headers, body).await?;
    let request: ModerationRequest = serde_json::from_str(body::text(&body)?).map_err(|error| {
        let code = if error.is_data() {
            Code::BadRequest
        } else {
            Code::BadJson
        };
        let message = "a moderation has an `input`: a text, a list of texts, or a list of parts";
        Refusal::new(code, message).with("column", error.column())
    })?;
    let texts = texts(request.input)?;
    let judge = sidecar.bench.judge();
    let moderate = || -> Vec<ModerationResult> {
        let texts = texts.iter();
        texts.map(|text| moderate(&sidecar, &judge, text)).collect()
    };
    let results = match body.len() > JUDGED_INLINE_BYTES_MAX {
        true => tokio::task::block_in_place(moderate),
        false => moderate(),
    };
    let parts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let id = sidecar.name(&parts).replace("told-", "modr-");
    let model = request.model.filter(|model| !model.is_empty());
    let model: String = model
        .as_deref()
        .unwrap_or(MODEL)
        .chars()
        .take(MODEL_CHARS_MAX)
        .collect();
    let scored = judge.neighbours.openai_scored();
    let mut answer = Vec::new();
    write_moderation(
        &id,
        &model,
        &results,
        (OPENAI_CATEGORIES, &scored),
        &mut answer,
    );
    Ok(json(answer))
}

/// The texts, one for each result.
fn texts(input: ModerationInput) -> Result<Vec<String>, Refusal> {
    let texts = match input {
        ModerationInput::One(text) => vec![text],
        ModerationInput::Many(texts) => texts,
        ModerationInput::Parts(parts) => vec![joined(parts)?],
    };
    match texts.len() {
        0 => Err(Refusal::new(Code::BadRequest, "`input` is empty")),
        number if number > BATCH_MAX => Err(Refusal::new(
            Code::TooMany,
            format!("one request holds at most {BATCH_MAX} texts"),
        )),
        _ => Ok(texts),
    }
}

fn joined(parts: Vec<ModerationPart>) -> Result<String, Refusal> {
    let texts: Vec<String> = parts.into_iter().filter_map(|part| part.text).collect();
    match texts.is_empty() {
        // An answer would say that a picture is harmless which nobody looked at.
        true => Err(Refusal::new(
            Code::BadRequest,
            "only texts are judged; there is none here",
        )),
        false => Ok(texts.join("\n")),
    }
}

fn moderate(sidecar: &Sidecar, judge: &Judge, text: &str) -> ModerationResult {
    let begin = ticks();
    let decision = judge.engine.decide(&Post::of_text(text));
    sidecar
        .metrics
        .evaluation
        .observe(begin.elapsed().as_secs_f64());
    sidecar.metrics.decided(&decision, &judge.metrics);
    let points = judge.neighbours.openai(&decision);
    let flagged = decision.action >= Action::Review;
    ModerationResult {
        flagged,
        over: match flagged {
            true => points.keys().copied().collect(),
            false => Vec::new(),
        },
        points,
        action: decision.action.name(),
        own: decision.categories,
    }
}
