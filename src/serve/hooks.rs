//! Hooks of forums, signed over the bytes of their bodies: Coral's moderation phase, Discourse's
//! webhooks.

use super::body;
use super::clock::wall;
use super::decisions::{Sitting, json};
use super::error::{Code, Refusal};
use super::outcomes::id;
use super::secrets::Secrets;
use super::sidecar::Sidecar;
use crate::ingest::html_text;
use crate::model::Post;
use crate::store::Happening;
use crate::wire::{CoralComment, DiscourseHook, DiscoursePost, coral_answer};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use std::borrow::Cow;
use std::sync::Arc;

/// A comment that Coral is about to publish.
pub(super) async fn coral(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (_, body) = signed(&sidecar, &sidecar.coral, "x-coral-signature", request).await?;
    let comment = CoralComment::read(body::text(&body)?)
        .map_err(|column| not_sent("Coral").with("column", column))?;
    let words = html_text(comment.html());
    let mut post = Post::of_text(&*words);
    post.author = Some(comment.author().into());
    post.thread = Some(comment.story().into());
    post.community = comment.site().map(Cow::Borrowed);
    post.reply_to = comment.parent().map(Cow::Borrowed);
    let mut sitting = Sitting::begin(&sidecar);
    let action = sitting.judge(&sidecar, &mut post)?.action;
    drop(post);
    sidecar
        .take(std::mem::take(&mut sitting.happenings))
        .await?;
    match coral_answer(action) {
        Some(answer) => Ok(json(answer.to_string().into_bytes())),
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            Ok(response)
        }
    }
}

/// A post that Discourse has published, edited or destroyed.
pub(super) async fn discourse(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let header = "x-discourse-event-signature";
    let (headers, body) = signed(&sidecar, &sidecar.discourse, header, request).await?;
    let text = unformed(body::text(&body)?);
    let hook = DiscourseHook::read(&text)
        .map_err(|column| not_sent("Discourse").with("column", column))?;
    let event = headers
        .get("x-discourse-event")
        .and_then(|it| it.to_str().ok());
    match (&hook.post, event) {
        (None, _) if hook.ping.is_some() => Ok(json(br#"{"pong":true}"#.to_vec())),
        (Some(post), Some("post_destroyed")) => {
            let deleted = Happening::Deleted {
                post: id(post.id())?,
                at: wall(),
            };
            sidecar.take(vec![deleted]).await?;
            Ok(json(br#"{"taken":1}"#.to_vec()))
        }
        (Some(post), Some("post_created" | "post_edited" | "post_recovered")) => {
            published(&sidecar, &headers, post).await
        }
        // Other events are none of ours: an error would make Discourse send them again.
        (Some(_) | None, _) => Ok(json(br#"{"taken":0}"#.to_vec())),
    }
}

async fn published(
    sidecar: &Sidecar,
    headers: &HeaderMap,
    told: &DiscoursePost<'_>,
) -> Result<Response, Refusal> {
    let words: Cow<'_, str> = match (told.raw(), told.cooked()) {
        (Some(raw), _) => raw.into(),
        (None, Some(cooked)) => html_text(cooked).into(),
        (None, None) => return Err(not_sent("Discourse")),
    };
    let instance = headers
        .get("x-discourse-instance")
        .and_then(|it| it.to_str().ok());
    let mut post = Post::of_text(&*words);
    post.id = told.id().into();
    post.author = told.author().map(Cow::Borrowed);
    post.thread = told.topic().map(Cow::Borrowed);
    post.community = instance.map(Cow::Borrowed);
    post.reply_to_author = told.answers().map(Cow::Borrowed);
    post.at = told.at().map(Cow::Borrowed);
    post.revision = told.revision();
    let mut sitting = Sitting::begin(sidecar);
    sitting.judge(sidecar, &mut post)?;
    let settled = sidecar
        .take(std::mem::take(&mut sitting.happenings))
        .await?;
    match sitting.replies.pop() {
        Some(reply) => {
            let mut answer = Vec::new();
            reply.answer(&sitting.judge, &settled, &mut answer)?;
            Ok(json(answer))
        }
        None => Err(Refusal::new(Code::Internal, "nothing was judged")),
    }
}

/// The body of a hook, once its signature is found right.
async fn signed(
    sidecar: &Sidecar,
    secrets: &Secrets,
    header: &str,
    request: Request,
) -> Result<(HeaderMap, Bytes), Refusal> {
    if !secrets.is_open() {
        let message =
            "this hook is closed; a file of its secrets opens it, see `vigie serve --help`";
        return Err(Refusal::new(Code::NotFound, message));
    }
    let (head, body) = request.into_parts();
    let body = body::whole(sidecar, &head.headers, body).await?;
    let told = head.headers.get(header).and_then(|it| it.to_str().ok());
    match told.is_some_and(|told| secrets.have_signed(&body, told)) {
        true => Ok((head.headers, body)),
        false => Err(Refusal::new(
            Code::BadSignature,
            format!("`{header}` is missing, or made with another secret or of another body"),
        )),
    }
}

fn not_sent(by: &str) -> Refusal {
    Refusal::new(Code::BadPost, format!("this is not what {by} sends"))
}

/// A form with the JSON in its first field, as Discourse can send it too.
fn unformed(text: &str) -> Cow<'_, str> {
    if text.trim_start().starts_with('{') {
        return text.into();
    }
    let mut fields = form_urlencoded::parse(text.as_bytes());
    let json = fields.find(|(_, value)| value.trim_start().starts_with('{'));
    json.map_or(text.into(), |(_, json)| Cow::Owned(json.into_owned()))
}
