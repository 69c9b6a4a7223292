//! Posts as a stream of lines, answered as they come. A line that is no post is answered in its
//! place, and the stream goes on.

use super::around::InFlight;
use super::decisions::{Sitting, no_posts};
use super::error::{Code, Refusal, Shape};
use super::judge::refusal_of;
use super::sidecar::Sidecar;
use super::writer::Settled;
use crate::limits::{
    JUDGED_INLINE_BYTES_MAX, STREAM_BATCH_MAX, STREAM_IDLE_SECONDS, STREAM_PARTS_MAX,
};
use crate::wire::{Submission, submission_from_json};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// The type of streams.
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// Whether this is the type of a stream.
pub(super) fn is_ndjson(told: &HeaderValue) -> bool {
    let plain = told.to_str().ok().and_then(|told| told.split(';').next());
    let plain = plain.map(str::trim).unwrap_or_default();
    [
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
    ]
    .iter()
    .any(|it| plain.eq_ignore_ascii_case(it))
}

/// Answers a stream.
pub(super) fn answer(sidecar: Arc<Sidecar>, body: Body) -> Result<Response, Refusal> {
    // The place of the request is given back with the head of its answer; a stream goes on.
    let place = InFlight::enter(&sidecar)?;
    let (parts, read) = mpsc::channel(STREAM_PARTS_MAX);
    tokio::spawn(async move {
        let _place = place;
        let mut stream = Stream {
            lines: Lines::new(sidecar.config.body_bytes_max),
            sidecar,
            parts,
        };
        stream.run(body).await;
    });
    let mut response = Response::new(Body::new(Parts(read)));
    response.headers_mut().insert(header::CONTENT_TYPE, NDJSON);
    Ok(response)
}

/// The answer, part by part.
struct Parts(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(context)
            .map(|part| part.map(|part| Ok(Frame::data(part))))
    }
}

struct Stream {
    sidecar: Arc<Sidecar>,
    lines: Lines,
    parts: mpsc::Sender<Bytes>,
}

/// Whether a stream goes on.
#[derive(PartialEq, Eq)]
enum Next {
    On,
    End,
}

impl Stream {
    async fn run(&mut self, mut body: Body) {
        let mut stopping = self.sidecar.stopping.subscribe();
        let idle = Duration::from_secs(STREAM_IDLE_SECONDS);
        loop {
            // What was taken is answered; nothing more is taken once the sidecar is being stopped.
            let frame = tokio::select! {
                biased;
                () = told(&mut stopping) => None,
                frame = timeout(idle, body.frame()) => Some(frame),
            };
            let Some(frame) = frame else {
                let end = Refusal::new(Code::Draining, "the sidecar is being stopped");
                return self.tell(&end, None).await;
            };
            let next = match frame {
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => {
                        self.lines.push(&data);
                        self.answer_lines().await
                    }
                    Err(_) => Next::On,
                },
                Ok(None) => {
                    self.lines.end();
                    self.answer_lines().await;
                    Next::End
                }
                Ok(Some(Err(_))) => Next::End,
                Err(_) => {
                    let slow = Refusal::new(Code::SlowBody, "the stream was quiet for too long");
                    self.tell(&slow, None).await;
                    Next::End
                }
            };
            if next == Next::End {
                return;
            }
        }
    }

    /// Answers all lines that have come whole, some together.
    async fn answer_lines(&mut self) -> Next {
        loop {
            let lines = self.lines.take(STREAM_BATCH_MAX, JUDGED_INLINE_BYTES_MAX);
            if lines.is_empty() {
                return Next::On;
            }
            let bytes: usize = lines.iter().map(Line::len).sum();
            let judged = match bytes > JUDGED_INLINE_BYTES_MAX {
                true => tokio::task::block_in_place(|| Batch::judge(&self.sidecar, &lines)),
                false => Batch::judge(&self.sidecar, &lines),
            };
            if let Some(part) = judged.answer(&self.sidecar).await
                && self.parts.send(part).await.is_err()
            {
                // Nobody reads any more.
                return Next::End;
            }
        }
    }

    async fn tell(&self, refusal: &Refusal, line: Option<u64>) {
        let mut part = Vec::new();
        write_refusal(&self.sidecar, refusal, line, &mut part);
        let _ = self.parts.send(part.into()).await;
    }
}

async fn told(stopping: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: that is an end too.
    let _ = stopping.wait_for(|is| *is).await;
}

/// Lines judged together. The answers stand in the order of the lines.
struct Batch {
    sitting: Sitting,
    /// For each line that holds anything, the error it is; none: the next of the replies.
    slots: Vec<(u64, Option<Refusal>)>,
}

impl Batch {
    fn judge(sidecar: &Sidecar, lines: &[Line]) -> Self {
        let mut sitting = Sitting::begin(sidecar);
        let mut slots = Vec::new();
        for line in lines {
            let judged = line.text().and_then(|text| {
                match submission_from_json(text, 1).map_err(no_posts)? {
                    Submission::One(mut post) => sitting.judge(sidecar, &mut post).map(drop),
                    Submission::Many(_) => Err(Refusal::new(
                        Code::BadPost,
                        "a line holds one post, not a list",
                    )),
                }
            });
            slots.push((line.number, judged.err()));
        }
        Self { sitting, slots }
    }

    async fn answer(self, sidecar: &Sidecar) -> Option<Bytes> {
        let Sitting {
            judge,
            happenings,
            replies,
            ..
        } = self.sitting;
        let settled = match happenings.is_empty() {
            true => Ok(Settled::default()),
            false => sidecar.take_patiently(happenings).await.map_err(refusal_of),
        };
        let mut replies = replies.into_iter();
        let mut part = Vec::new();
        for (number, refusal) in self.slots {
            let told = match (refusal, &settled) {
                (Some(refusal), _) => Err(refusal),
                (None, Ok(settled)) => match replies.next() {
                    Some(reply) => reply.answer(&judge, settled, &mut part),
                    None => continue,
                },
                (None, Err(refusal)) => Err(refusal.clone()),
            };
            match told {
                Ok(()) => part.push(b'\n'),
                Err(refusal) => write_refusal(sidecar, &refusal, Some(number), &mut part),
            }
        }
        Some(part.into())
    }
}

fn write_refusal(sidecar: &Sidecar, refusal: &Refusal, line: Option<u64>, part: &mut Vec<u8>) {
    sidecar.metrics.refused(refusal.code.id());
    let told = match line {
        Some(line) => refusal.clone().with("line", line),
        None => refusal.clone(),
    };
    part.extend(told.json(Shape::Vigie).to_string().into_bytes());
    part.push(b'\n');
}

/// A line of the stream.
struct Line {
    /// Counted from 1.
    number: u64,
    /// Without its line break; none: it was longer than allowed.
    bytes: Option<Vec<u8>>,
}

impl Line {
    fn len(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }

    fn text(&self) -> Result<&str, Refusal> {
        let bytes = self.bytes.as_deref();
        let long = || Refusal::new(Code::TooLarge, "the line is longer than `body_bytes_max`");
        super::body::text(bytes.ok_or_else(long)?)
    }
}

/// Cuts what comes into lines, holding at most one that is unfinished.
struct Lines {
    most: usize,
    rest: Vec<u8>,
    is_long: bool,
    number: u64,
    whole: std::collections::VecDeque<Line>,
}

impl Lines {
    fn new(most: usize) -> Self {
        Self {
            most,
            rest: Vec::new(),
            is_long: false,
            number: 0,
            whole: std::collections::VecDeque::new(),
        }
    }

    fn push(&mut self, data: &[u8]) {
        let mut data = data;
        while let Some(at) = memchr::memchr(b'\n', data) {
            let (line, rest) = data.split_at(at);
            self.add(line);
            self.end();
            data = rest.get(1..).unwrap_or_default();
        }
        self.add(data);
    }

    fn add(&mut self, bytes: &[u8]) {
        self.is_long |= self.rest.len() + bytes.len() > self.most;
        match self.is_long {
            true => self.rest = Vec::new(),
            false => self.rest.extend_from_slice(bytes),
        }
    }

    /// The line ends here. Empty ones are none, as in files.
    fn end(&mut self) {
        self.number += 1;
        let bytes = std::mem::take(&mut self.rest);
        let is_long = std::mem::take(&mut self.is_long);
        if is_long || !bytes.iter().all(u8::is_ascii_whitespace) {
            self.whole.push_back(Line {
                number: self.number,
                bytes: (!is_long).then_some(bytes),
            });
        }
    }

    /// The next lines, up to so many, and up to so many bytes but for one.
    fn take(&mut self, lines_max: usize, bytes_max: usize) -> Vec<Line> {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while lines.len() < lines_max
            && bytes < bytes_max
            && let Some(line) = self.whole.pop_front()
        {
            bytes += line.len();
            lines.push(line);
        }
        lines
    }
}
