//! Bodies of requests: bounded in bytes and in time.

use super::error::{Code, Refusal};
use super::sidecar::Sidecar;
use crate::limits::BODY_SECONDS;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::timeout;

/// The whole body, which must be JSON or say nothing of itself.
pub(super) async fn json(
    sidecar: &Sidecar,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Refusal> {
    demand_json(headers)?;
    whole(sidecar, headers, body).await
}

/// The whole body.
pub(super) async fn whole(
    sidecar: &Sidecar,
    headers: &HeaderMap,
    body: Body,
) -> Result<Bytes, Refusal> {
    let most = sidecar.config.body_bytes_max;
    let told = headers.get(header::CONTENT_LENGTH);
    let told: Option<usize> = told.and_then(|it| it.to_str().ok()?.parse().ok());
    if told.is_some_and(|bytes| bytes > most) {
        return Err(too_large());
    }
    let within = Duration::from_secs(BODY_SECONDS);
    let slow = |_| Refusal::new(Code::SlowBody, "the body took too long to arrive");
    timeout(within, collect(body, most)).await.map_err(slow)?
}

async fn collect(mut body: Body, most: usize) -> Result<Bytes, Refusal> {
    // Most bodies come in one piece, which is then used where it lies.
    let Some(first) = piece(&mut body, most).await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = piece(&mut body, most - first.len()).await? else {
        return Ok(first);
    };
    let mut whole = Vec::with_capacity(2 * (first.len() + second.len()));
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&second);
    while let Some(piece) = piece(&mut body, most - whole.len()).await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.into())
}

/// The next piece that holds anything, of at most `most` bytes.
async fn piece(body: &mut Body, most: usize) -> Result<Option<Bytes>, Refusal> {
    while let Some(frame) = body.frame().await {
        let broken = |_| Refusal::new(Code::BadJson, "the body ends in the middle");
        match frame.map_err(broken)?.into_data() {
            Ok(data) if data.len() > most => return Err(too_large()),
            Ok(data) if !data.is_empty() => return Ok(Some(data)),
            // Trailers say nothing to us.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(None)
}

fn too_large() -> Refusal {
    let message = "the body is larger than `body_bytes_max` allows";
    Refusal::new(Code::TooLarge, message)
}

/// The body as text.
pub(super) fn text(body: &[u8]) -> Result<&str, Refusal> {
    simdutf8::basic::from_utf8(body)
        .map_err(|_| Refusal::new(Code::BadJson, "the body is not UTF-8"))
}

/// The type of the body, without its parameters, in small letters; none counts as JSON.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let told = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok());
    let plain = told.and_then(|it| it.split(';').next()).map(str::trim);
    plain
        .filter(|it| !it.is_empty())
        .unwrap_or("application/json")
        .to_ascii_lowercase()
}

/// Whether the body is JSON, or says nothing of itself. `curl -d` calls it a form.
fn demand_json(headers: &HeaderMap) -> Result<(), Refusal> {
    // The frequent one, without a copy.
    if headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|it| it == "application/json")
    {
        return Ok(());
    }
    match media_type(headers).as_str() {
        "application/json" | "text/json" | "text/plain" | "application/x-www-form-urlencoded" => {
            Ok(())
        }
        other if other.ends_with("+json") => Ok(()),
        _ => Err(Refusal::new(
            Code::UnsupportedMediaType,
            "this takes application/json; /v1/decisions takes application/x-ndjson too",
        )),
    }
}
