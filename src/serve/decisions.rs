//! `POST /v1/decisions`: posts are judged where the request stands, made durable by the writer, and
//! answered with where their subjects stand then.

use super::body;
use super::clock::{ticks, wall};
use super::error::{Code, JSON, Refusal};
use super::judge::Judge;
use super::sidecar::Sidecar;
use super::stream;
use super::writer::Settled;
use crate::escalate::hits_of;
use crate::limits::{AHEAD_HOURS_MAX, BATCH_MAX, ID_BYTES_MAX, JUDGED_INLINE_BYTES_MAX};
use crate::model::{Decision, Post, Span, Timestamp};
use crate::store::{Happening, Judged, Taken};
use crate::wire::{
    Submission, SubmissionError, submission_from_json, write_decision, write_ladders,
};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

/// Bytes that most answers take.
const ANSWER_BYTES: usize = 512;

/// Answers one post, several, or a stream of them.
pub(super) async fn decisions(
    State(sidecar): State<Arc<Sidecar>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let is_stream = head
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(stream::is_ndjson);
    if is_stream {
        return stream::answer(sidecar, body);
    }
    let body = body::json(&sidecar, &head.headers, body).await?;
    let (judged, is_one) = match body.len() > JUDGED_INLINE_BYTES_MAX {
        true => tokio::task::block_in_place(|| judge(&sidecar, &body))?,
        false => judge(&sidecar, &body)?,
    };
    let settled = match judged.happenings.is_empty() {
        true => Settled::default(),
        false => sidecar.take(judged.happenings).await?,
    };
    let mut answer = Vec::with_capacity(ANSWER_BYTES * judged.replies.len());
    match (is_one, judged.replies.as_slice()) {
        (true, [reply]) => reply.answer(&judged.judge, &settled, &mut answer)?,
        (_, replies) => {
            answer.extend_from_slice(br#"{"decisions":["#);
            for (at, reply) in replies.iter().enumerate() {
                if at > 0 {
                    answer.push(b',');
                }
                reply.answer(&judged.judge, &settled, &mut answer)?;
            }
            answer.extend_from_slice(b"]}");
        }
    }
    Ok(json(answer))
}

/// An answer that is JSON.
pub(super) fn json(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// What was judged together, by one judge.
pub(super) struct Sitting {
    pub(super) judge: Arc<Judge>,
    now: Timestamp,
    /// The same, written: posts that come without a time all get it.
    now_written: OnceCell<String>,
    /// What is to be made durable.
    pub(super) happenings: Vec<Happening>,
    /// One for each post.
    pub(super) replies: Vec<Reply>,
}

/// Where the decision of one post is found once it is durable.
pub(super) struct Reply {
    /// Which of the happenings it is.
    happening: usize,
}

fn judge(sidecar: &Sidecar, body: &[u8]) -> Result<(Sitting, bool), Refusal> {
    let mut sitting = Sitting::begin(sidecar);
    let is_one = match submission_from_json(body::text(body)?, BATCH_MAX).map_err(no_posts)? {
        Submission::One(mut post) => {
            sitting.judge(sidecar, &mut post)?;
            true
        }
        Submission::Many(mut posts) => {
            for (at, post) in posts.iter_mut().enumerate() {
                let judged = sitting.judge(sidecar, post);
                judged.map_err(|refusal| refusal.with("index", at))?;
            }
            false
        }
    };
    Ok((sitting, is_one))
}

/// Why what was sent can't be judged.
pub(super) fn no_posts(error: SubmissionError) -> Refusal {
    match error {
        SubmissionError::NotJson(wrong) => {
            Refusal::new(Code::BadJson, wrong.what).with("column", wrong.column)
        }
        SubmissionError::NoPost(None, wrong) => Refusal::bad_post(&wrong),
        SubmissionError::NoPost(Some(at), wrong) => Refusal::bad_post(&wrong).with("index", at),
        SubmissionError::TooMany => Refusal::new(
            Code::TooMany,
            format!("one request holds at most {BATCH_MAX} posts; send more as a stream"),
        ),
    }
}

impl Sitting {
    pub(super) fn begin(sidecar: &Sidecar) -> Self {
        Self {
            judge: sidecar.bench.judge(),
            now: wall(),
            now_written: OnceCell::new(),
            happenings: Vec::with_capacity(1),
            replies: Vec::with_capacity(1),
        }
    }

    /// Judges a post. What is missing is filled in first: a time, a name. The decision comes without name and
    /// targets: what is made durable has them.
    pub(super) fn judge(
        &mut self,
        sidecar: &Sidecar,
        post: &mut Post<'_>,
    ) -> Result<Decision, Refusal> {
        let at = self.complete(sidecar, post)?;
        let begin = ticks();
        let mut decision = self.judge.engine.decide(post);
        sidecar
            .metrics
            .evaluation
            .observe(begin.elapsed().as_secs_f64());
        sidecar.metrics.decided(&decision, &self.judge.metrics);
        let mut line = Vec::with_capacity(ANSWER_BYTES);
        write_decision(&decision, &mut line);
        let owned = |id: &Option<Cow<'_, str>>| id.as_deref().map(str::to_owned);
        if post.is_deleted {
            let post = post.id.clone().into_owned();
            self.happenings.push(Happening::Deleted { post, at });
        }
        let escalation = self.judge.escalation();
        self.replies.push(Reply {
            happening: self.happenings.len(),
        });
        self.happenings.push(Happening::Judged(Judged {
            post: std::mem::take(&mut decision.post),
            revision: post.revision.unwrap_or(0),
            at,
            author: owned(&post.author),
            thread: owned(&post.thread),
            community: owned(&post.community),
            kinds: hits_of(escalation, &decision),
            targets: std::mem::take(&mut decision.targets),
            escalation: Arc::clone(escalation),
            decision: line,
        }));
        Ok(decision)
    }

    /// Fills in what is missing, and gives the post's time.
    fn complete(&self, sidecar: &Sidecar, post: &mut Post<'_>) -> Result<Timestamp, Refusal> {
        let ids = [
            Some(&post.id),
            post.author.as_ref(),
            post.thread.as_ref(),
            post.community.as_ref(),
        ];
        if ids.into_iter().flatten().any(|id| id.len() > ID_BYTES_MAX) {
            let message = format!("an id is longer than {ID_BYTES_MAX} bytes");
            return Err(Refusal::new(Code::BadPost, message));
        }
        if post.id.is_empty() {
            let of = |id: &Option<Cow<'_, str>>| id.as_deref().unwrap_or_default().to_owned();
            let (author, thread, at) = (of(&post.author), of(&post.thread), of(&post.at));
            post.id = sidecar.name(&[&author, &thread, &at, &post.text]).into();
        }
        match post.at.as_deref() {
            None => {
                let written = self.now_written.get_or_init(|| self.now.to_string());
                post.at = Some(written.clone().into());
                Ok(self.now)
            }
            Some(written) => instant(written, self.now),
        }
    }
}

/// A time that was told.
pub(super) fn instant(written: &str, now: Timestamp) -> Result<Timestamp, Refusal> {
    let wrong = |what: String| Refusal::new(Code::BadPost, what);
    let at = Timestamp::parse(written).ok_or_else(|| {
        wrong("`at` is not RFC 3339, such as 2026-03-01T12:00:00Z; leave it out for now".to_owned())
    })?;
    match at > now.after(Span::hours(AHEAD_HOURS_MAX)) {
        true => Err(wrong(format!(
            "`at` lies more than {AHEAD_HOURS_MAX} hours ahead of this machine's clock"
        ))),
        false => Ok(at),
    }
}

impl Reply {
    /// Writes the answer, with where the subjects of the post stand now that it counts.
    pub(super) fn answer(
        &self,
        judge: &Judge,
        settled: &Settled,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let happening = settled.happenings.get(self.happening);
        match (happening, settled.taken.get(self.happening)) {
            (Some(Happening::Judged(judged)), Some(Taken::Judged { changed, .. })) => {
                for step in changed.iter().filter(|step| step.changed) {
                    judge.metrics.stepped(&step.ladder, step.rung.as_deref());
                }
                out.extend_from_slice(&judged.decision);
                write_ladders(changed, out);
                Ok(())
            }
            (_, Some(Taken::Refused(why))) => Err(Refusal::new(Code::BadPost, why.to_string())),
            _ => Err(Refusal::new(
                Code::Internal,
                "state gave no answer for this post",
            )),
        }
    }
}
