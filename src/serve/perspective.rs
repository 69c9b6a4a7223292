//! Perspective's API, for its clients: `comments:analyze`, `comments:suggestscore`, discovery.

use super::around::Caller;
use super::body;
use super::clock::wall;
use super::decisions::{Sitting, json};
use super::error::{Code, Refusal};
use super::outcomes::id;
use super::sidecar::Sidecar;
use crate::ingest::html_text;
use crate::limits::{BATCH_MAX, PERSPECTIVE_BYTES_MAX};
use crate::model::{Decision, Outcome, Post};
use crate::store::Happening;
use crate::wire::{
    AttributeScore, Comment, PerspectiveError, PerspectiveRequest, discovery as document,
    write_scores,
};
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// From which score on a person's suggestion means that the post is harmful.
const HARMFUL: f64 = 0.5;

/// Scores a comment.
pub(super) async fn analyze(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let body = body::json(&sidecar, &head.headers, body).await?;
    let request = match read(&body) {
        Ok(request) => request,
        Err(wrong) => return Ok(refused(&sidecar, &wrong)),
    };
    match score(&sidecar, &request) {
        Err(wrong) => Ok(refused(&sidecar, &wrong)),
        Ok((answer, happenings)) => {
            if !happenings.is_empty() {
                sidecar.take(happenings).await?;
            }
            Ok(json(answer))
        }
    }
}

fn read(body: &[u8]) -> Result<PerspectiveRequest<'_>, PerspectiveError> {
    let invalid = |what: String| PerspectiveError::Invalid { what };
    let text = body::text(body).map_err(|refusal| invalid(refusal.message))?;
    PerspectiveRequest::read(text).map_err(|column| {
        invalid(format!(
            "Invalid JSON payload received, at column {column}."
        ))
    })
}

fn refused(sidecar: &Sidecar, wrong: &PerspectiveError) -> Response {
    sidecar.metrics.refused(Code::BadRequest.id());
    let mut response = json(wrong.json().to_string().into_bytes());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// The answer, and what is to be made durable.
fn score(
    sidecar: &Sidecar,
    request: &PerspectiveRequest<'_>,
) -> Result<(Vec<u8>, Vec<Happening>), PerspectiveError> {
    let words = words(request)?;
    let mut sitting = Sitting::begin(sidecar);
    let judge = Arc::clone(&sitting.judge);
    let unknown = |name: &&String| {
        judge
            .neighbours
            .attribute(name, &Decision::default())
            .is_none()
    };
    if let Some(name) = request.requested_attributes.keys().find(unknown) {
        return Err(PerspectiveError::Unknown(
            name.chars().take(NAME_CHARS_MAX).collect(),
        ));
    }
    let mut post = Post::of_text(&*words);
    post.lang = request
        .languages
        .first()
        .map(|it| Cow::Borrowed(it.as_str()));
    post.community = request.community_id.as_deref().map(Cow::Borrowed);
    post.id = request.client_token.as_deref().unwrap_or_default().into();
    let keeps = !request.do_not_store && !post.id.is_empty();
    let invalid = |refusal: Refusal| PerspectiveError::Invalid {
        what: refusal.message,
    };
    let decision = sitting.judge(sidecar, &mut post).map_err(invalid)?;
    let asked = request.requested_attributes.iter();
    let scores: Vec<AttributeScore<'_>> = asked
        .filter_map(|(name, asked)| {
            let points = judge.neighbours.attribute(name, &decision)?;
            let least = asked
                .and_then(|asked| asked.score_threshold)
                .unwrap_or_default();
            (f64::from(points) / 100.0 >= least).then(|| AttributeScore {
                name,
                points,
                spans: spans(points, &decision, &words, request),
            })
        })
        .collect();
    let mut answer = Vec::new();
    write_scores(&scores, &words, request, language(&words), &mut answer);
    let happenings = if keeps {
        sitting.happenings
    } else {
        Vec::new()
    };
    Ok((answer, happenings))
}

/// Characters of a name that is repeated in an error.
const NAME_CHARS_MAX: usize = 64;

/// The text that is judged.
fn words<'r>(request: &'r PerspectiveRequest<'_>) -> Result<Cow<'r, str>, PerspectiveError> {
    let text = request
        .comment
        .as_ref()
        .and_then(|comment| comment.text.as_deref());
    let text = text
        .filter(|text| !text.trim().is_empty())
        .ok_or(PerspectiveError::Empty)?;
    if text.len() > PERSPECTIVE_BYTES_MAX {
        return Err(PerspectiveError::TooLong);
    }
    match request.requested_attributes.len() {
        0 => Err(PerspectiveError::NoAttributes),
        number if number > BATCH_MAX => Err(PerspectiveError::Invalid {
            what: "Too many requested attributes.".to_owned(),
        }),
        _ if request.comment.as_ref().is_some_and(Comment::is_html) => {
            Ok(Cow::Owned(html_text(text)))
        }
        _ => Ok(Cow::Borrowed(text)),
    }
}

/// Where the evidence stands. Without points, or where markup was taken out: the whole text.
fn spans(
    points: u32,
    decision: &Decision,
    words: &str,
    request: &PerspectiveRequest<'_>,
) -> Vec<Range<usize>> {
    let spans: Vec<Range<usize>> = decision.evidence.iter().map(|it| it.span.clone()).collect();
    let is_plain = !request.comment.as_ref().is_some_and(Comment::is_html);
    match points > 0 && is_plain && !spans.is_empty() {
        true => spans,
        false => std::iter::once(0..words.len()).collect(),
    }
}

/// English or French, as well as it can be told.
fn language(text: &str) -> &'static str {
    let detector =
        whatlang::Detector::with_allowlist(vec![whatlang::Lang::Eng, whatlang::Lang::Fra]);
    match detector.detect_lang(text) {
        Some(whatlang::Lang::Fra) => "fr",
        Some(_) | None => "en",
    }
}

/// Takes what a person says of a comment: an outcome, where it tells which post it speaks of.
pub(super) async fn suggest_score(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let by = Caller::of(&head.extensions);
    let body = body::json(&sidecar, &head.headers, body).await?;
    let request = match read(&body) {
        Ok(request) => request,
        Err(wrong) => return Ok(refused(&sidecar, &wrong)),
    };
    let values = request.attribute_scores.values().flatten();
    let highest = values
        .filter_map(|score| score.summary_score.map(|score| score.value))
        .fold(None, |highest: Option<f64>, value| {
            Some(highest.map_or(value, |it| it.max(value)))
        });
    let Some(highest) = highest else {
        return Ok(refused(&sidecar, &PerspectiveError::NoAttributes));
    };
    let outcome = match highest >= HARMFUL {
        true => Outcome::Enforced,
        false => Outcome::Dismissed,
    };
    let post = told_post(&request);
    sidecar.metrics.told(outcome, post.is_some());
    if let Some(post) = post {
        let answered = Happening::Answered {
            post: id(&post)?,
            outcome,
            at: wall(),
            by: by.as_deref().map(str::to_owned),
        };
        sidecar.take(vec![answered]).await?;
    }
    let text = request
        .comment
        .as_ref()
        .and_then(|comment| comment.text.as_deref());
    let answer = serde_json::json!({
        "clientToken": request.client_token,
        "requestedLanguages": request.languages,
        "detectedLanguages": [language(text.unwrap_or_default())],
    });
    Ok(json(answer.to_string().into_bytes()))
}

/// Which post it speaks of: what Coral says, or the token that `comments:analyze` was given.
fn told_post(request: &PerspectiveRequest<'_>) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Coral {
        #[serde(rename = "Coral_comment_id")]
        comment: String,
    }
    let entries = request.context.iter().flat_map(|context| &context.entries);
    let mut coral = entries.filter_map(|entry| {
        let told: Coral = serde_json::from_str(entry.text.as_deref()?).ok()?;
        Some(told.comment)
    });
    let token = || request.client_token.as_deref().map(str::to_owned);
    token()
        .or_else(|| coral.next())
        .filter(|post| !post.is_empty())
}

/// The document that Google's clients begin with. Its root is where they asked.
pub(super) async fn discovery(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    if !pairs.any(|(name, value)| name == "version" && value == "v1alpha1") {
        return Err(Refusal::new(
            Code::NotFound,
            "there is one version: v1alpha1",
        ));
    }
    let told = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = told.or_else(|| request.uri().authority().map(|it| it.as_str()));
    let host = host
        .filter(|host| is_host(host))
        .ok_or_else(|| Refusal::new(Code::BadRequest, "the `Host` header is no name and port"))?;
    let scheme = if sidecar.config.tls_cert.is_some() {
        "https"
    } else {
        "http"
    };
    let root = format!("{scheme}://{host}/");
    Ok(json(document(&root).to_string().into_bytes()))
}

/// `name`, `name:8080`, `127.0.0.1:8080`, `[::1]:8080`: nothing that would lead a client elsewhere
/// than where it asked.
fn is_host(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let is_short = host.len() <= 261;
    let uri: Option<Uri> = format!("http://{host}/").parse().ok();
    let authority = uri.as_ref().and_then(Uri::authority);
    is_short && host.chars().all(is_plain) && authority.is_some_and(|it| it.as_str() == host)
}
