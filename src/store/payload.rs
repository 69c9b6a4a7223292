//! What happened, as JSON: the payloads of the decision log. No words of posts; the forum's own ids
//! stand there. Kinds of hits, ladders and rungs stand by name, so that policies may change.

use super::happening::{Happening, Judged};
use crate::escalate::{Bounds, Changed};
use crate::model::{Outcome, Span, Subject, SubjectKind, Timestamp};
use crate::policy::{Escalation, KindId, Kinds};
use crate::wire::{Json, write_changes};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;

/// Writes a post and its decision. `hits`: the names of all kinds, as [`hit_names`] gives them.
pub(super) fn write_judged(
    judged: &Judged,
    kinds: Kinds,
    hits: &[String],
    changed: &[Changed],
    out: &mut Vec<u8>,
) {
    let mut json = Json(out);
    json.raw(r#"{"judged":{"post":"#).text(&judged.post);
    json.raw(r#","revision":"#).number(judged.revision.max(1));
    json.raw(r#","at":""#).number(judged.at).raw("\"");
    let places = [
        (r#","author":"#, &judged.author),
        (r#","thread":"#, &judged.thread),
        (r#","community":"#, &judged.community),
    ];
    for (key, id) in places {
        if let Some(id) = id {
            json.raw(key).text(id);
        }
    }
    if !judged.targets.is_empty() {
        json.raw(r#","targets":["#)
            .each(&judged.targets, |json, target| {
                json.text(target);
            })
            .raw("]");
    }
    if !kinds.is_empty() {
        let names = kinds.each().filter_map(|kind| hits.get(kind.0));
        json.raw(r#","hits":["#)
            .each(names, |json, name| {
                json.text(name);
            })
            .raw("]");
    }
    json.raw(r#","decision":"#);
    json.0.extend_from_slice(&judged.decision);
    if changed.iter().any(|it| it.changed) {
        Json(out).raw(r#","ladders":"#);
        let moved = changed.iter().filter(|it| it.changed);
        write_changes(moved, out);
    }
    out.extend_from_slice(b"}}");
}

/// Writes anything else that was told. Signatures: [`write_signed`].
pub(super) fn write_told(happening: &Happening, out: &mut Vec<u8>) {
    let mut json = Json(out);
    let by = |json: &mut Json<'_>, at: &Timestamp, by: Option<&str>| {
        json.raw(r#","at":""#).number(at).raw("\"");
        if let Some(by) = by {
            json.raw(r#","by":"#).text(by);
        }
        json.raw("}}");
    };
    match happening {
        Happening::Answered {
            post,
            outcome,
            at,
            by: who,
        } => {
            json.raw(r#"{"answered":{"post":"#).text(post);
            json.raw(r#","outcome":"#).text(outcome.name());
            by(&mut json, at, who.as_deref());
        }
        Happening::Deleted { post, at } => {
            json.raw(r#"{"deleted":{"post":"#).text(post);
            by(&mut json, at, None);
        }
        Happening::Closed {
            kind,
            id,
            at,
            by: who,
        } => {
            json.raw(r#"{"closed":{"subject":{"kind":"#)
                .text(kind.name());
            json.raw(r#","id":"#).text(id).raw("}");
            by(&mut json, at, who.as_deref());
        }
        Happening::Judged(_) | Happening::Signed { .. } => {}
    }
}

/// A signature, and the case as it stood.
#[derive(Debug)]
pub(super) struct SignedCase<'a> {
    pub(super) subject: &'a Subject,
    pub(super) ladder: &'a str,
    pub(super) rung: &'a str,
    pub(super) since: Timestamp,
    pub(super) by: &'a str,
    pub(super) at: Timestamp,
}

/// Writes a signature.
pub(super) fn write_signed(signed: &SignedCase<'_>, out: &mut Vec<u8>) {
    let mut json = Json(out);
    json.raw(r#"{"signed":{"subject":{"kind":"#)
        .text(signed.subject.kind.name());
    json.raw(r#","id":"#).text(&signed.subject.id);
    json.raw(r#"},"ladder":"#).text(signed.ladder);
    json.raw(r#","rung":"#).text(signed.rung);
    json.raw(r#","since":""#).number(signed.since);
    json.raw(r#"","at":""#).number(signed.at);
    json.raw(r#"","by":"#).text(signed.by).raw("}}");
}

/// Under which policies all that follows is counted.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Policies {
    /// Of all policies together.
    pub(super) digest: String,
    /// The version of the program.
    pub(super) vigie: String,
    /// How late happenings may be told, in milliseconds.
    pub(super) lateness: Span,
    /// How many subjects are followed.
    pub(super) subjects: usize,
    /// What ids are hashed with; only told in the first line of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    /// Kinds of hits, measures and ladders; none: as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ladders: Option<Arc<Escalation>>,
}

impl Policies {
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            lateness: self.lateness,
            subjects: self.subjects,
        }
    }
}

/// A subject was taken out of the log.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct ErasedFrom {
    pub(super) kind: String,
    /// What it is called now.
    pub(super) instead: String,
    /// Lines that named it.
    pub(super) lines: u64,
    /// Each file with erased lines: all that is erased there by now.
    pub(super) segments: Vec<ErasedSegment>,
}

/// What is erased in one file of the log.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub(super) struct ErasedSegment {
    /// The number of its first line.
    pub(super) first: u64,
    /// Its erased lines.
    pub(super) lines: u64,
    /// Over the number and payload of each of them, as they stand.
    pub(super) digest: String,
}

/// Old files of the log were removed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Pruned {
    /// The last line that is gone.
    pub(super) until: u64,
    /// What happened before is forgotten.
    pub(super) before: Timestamp,
}

/// Writes what the sidecar itself did.
pub(super) fn write_own(name: &str, what: &impl Serialize, out: &mut Vec<u8>) {
    Json(out).raw("{\"").raw(name).raw("\":");
    // Writing to memory can't fail.
    let _ = serde_json::to_writer(&mut *out, what);
    out.push(b'}');
}

/// A payload, read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told<'a> {
    #[serde(borrow)]
    Judged(ToldJudged<'a>),
    Answered {
        post: String,
        outcome: String,
        at: String,
        by: Option<String>,
    },
    Deleted {
        post: String,
        at: String,
    },
    Closed {
        subject: ToldSubject,
        at: String,
        by: Option<String>,
    },
    Signed {
        subject: ToldSubject,
        ladder: String,
        at: String,
        by: String,
    },
    Policies(Policies),
    Erased(ErasedFrom),
    Pruned(Pruned),
}

#[derive(Deserialize)]
pub(super) struct ToldJudged<'a> {
    post: String,
    revision: u64,
    at: String,
    author: Option<String>,
    thread: Option<String>,
    community: Option<String>,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    hits: Vec<String>,
    #[serde(borrow)]
    decision: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct ToldSubject {
    kind: String,
    id: String,
}

/// What a payload tells: a happening, or what the sidecar itself did.
#[derive(Debug)]
pub(super) enum Read {
    Happening(Happening),
    Policies(Policies),
    Erased(ErasedFrom),
    Pruned(Pruned),
}

/// Reads a payload. `hits`: the names of the kinds of `escalation`.
pub(super) fn read(payload: &[u8], hits: &[String], escalation: &Arc<Escalation>) -> Option<Read> {
    let told: Told<'_> = serde_json::from_slice(payload).ok()?;
    Some(Read::Happening(match told {
        Told::Judged(judged) => Happening::Judged(judged.judged(hits, escalation)?),
        Told::Answered {
            post,
            outcome,
            at,
            by,
        } => Happening::Answered {
            post,
            outcome: Outcome::named(&outcome)?,
            at: Timestamp::parse(&at)?,
            by,
        },
        Told::Deleted { post, at } => Happening::Deleted {
            post,
            at: Timestamp::parse(&at)?,
        },
        Told::Closed { subject, at, by } => Happening::Closed {
            kind: SubjectKind::named(&subject.kind)?,
            id: subject.id,
            at: Timestamp::parse(&at)?,
            by,
        },
        Told::Signed {
            subject,
            ladder,
            at,
            by,
        } => Happening::Signed {
            subject: Subject {
                kind: SubjectKind::named(&subject.kind)?,
                id: subject.id.into(),
            },
            ladder,
            by,
            at: Timestamp::parse(&at)?,
        },
        Told::Policies(policies) => return Some(Read::Policies(policies)),
        Told::Erased(erased) => return Some(Read::Erased(erased)),
        Told::Pruned(pruned) => return Some(Read::Pruned(pruned)),
    }))
}

impl ToldJudged<'_> {
    fn judged(self, names: &[String], escalation: &Arc<Escalation>) -> Option<Judged> {
        let place = |hit: &String| names.iter().position(|name| name == hit);
        let kinds = self.hits.iter().filter_map(place);
        Some(Judged {
            kinds: kinds.map(KindId).collect(),
            post: self.post,
            revision: self.revision,
            at: Timestamp::parse(&self.at)?,
            author: self.author,
            thread: self.thread,
            community: self.community,
            targets: self.targets,
            escalation: Arc::clone(escalation),
            decision: self.decision.get().as_bytes().to_vec(),
        })
    }
}

/// The names of all kinds of hits of a pack, in their order: `policy/name`.
pub(super) fn hit_names(escalation: &Escalation) -> Vec<String> {
    let kinds = escalation.kinds.iter();
    kinds
        .map(|kind| format!("{}/{}", kind.policy, kind.name))
        .collect()
}
