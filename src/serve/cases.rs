//! Cases: listed, read, signed and closed by people.

use super::around::Caller;
use super::body;
use super::clock::wall;
use super::decisions::json;
use super::error::{Code, Refusal};
use super::outcomes::id;
use super::sidecar::Sidecar;
use crate::limits::{CASES_PAGE, CASES_PAGE_MAX, CLOSING_AHEAD_MILLIS};
use crate::model::{Case, Span, Subject, SubjectKind, Timestamp};
use crate::store::{Happening, LiveState, Refusal as Why, Signature, Taken};
use crate::wire::{write_case, write_signatures};
use axum::extract::{Path, Request, State};
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which cases are asked for.
#[derive(Clone, Debug, Default)]
struct Asked {
    kind: Option<SubjectKind>,
    ladder: Option<String>,
    rung: Option<String>,
    /// Whether the subject must stand on a rung, or must have left.
    standing: Option<bool>,
    limit: usize,
    /// The case after which the page begins.
    after: Option<Key>,
}

/// The order of cases: kind, id, ladder.
type Key = (SubjectKind, Arc<str>, Arc<str>);

/// Lists cases, page by page.
pub(super) async fn list(
    State(sidecar): State<Arc<Sidecar>>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let asked = Asked::of(uri.query().unwrap_or_default())?;
    let limit = asked.limit;
    let question = move |live: &mut LiveState| {
        let mut page: BTreeMap<Key, Vec<u8>> = BTreeMap::new();
        live.each_case(|case, signatures| {
            let key = key(case);
            let is_full = page.len() > limit;
            let is_late = is_full && page.last_key_value().is_some_and(|(last, _)| key > *last);
            if !is_late && asked.wants(case, &key) {
                page.insert(key, written(case, signatures));
                if page.len() > limit + 1 {
                    page.pop_last();
                }
            }
        });
        page
    };
    let mut page = sidecar.ask(question).await?;
    // One more was looked for, to know whether there are more.
    let has_more = page.len() > limit;
    if has_more {
        page.pop_last();
    }
    let next = page
        .last_key_value()
        .filter(|_| has_more)
        .map(|(key, _)| cursor(key));
    let mut answer = br#"{"cases":["#.to_vec();
    append(&mut answer, page.into_values());
    answer.extend(b"],\"next\":");
    answer.extend(serde_json::json!(next).to_string().into_bytes());
    answer.push(b'}');
    Ok(json(answer))
}

/// The cases of one subject.
pub(super) async fn of_subject(
    State(sidecar): State<Arc<Sidecar>>,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let kind = subject_kind(&kind)?;
    let question = move |live: &mut LiveState| {
        let cases = live.cases_of(kind, &id).into_iter();
        cases
            .map(|(case, signatures)| written(&case, &signatures))
            .collect::<Vec<_>>()
    };
    let cases = sidecar.ask(question).await?;
    if cases.is_empty() {
        return Err(no_case());
    }
    let mut answer = br#"{"cases":["#.to_vec();
    append(&mut answer, cases);
    answer.extend(b"]}");
    Ok(json(answer))
}

/// What a signature is for.
#[derive(Default, Deserialize)]
struct ToSign {
    ladder: Option<String>,
}

/// Signs what a case recommends, in the name of the caller's key.
pub(super) async fn sign(
    State(sidecar): State<Arc<Sidecar>>,
    Path((kind, subject)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let kind = subject_kind(&kind)?;
    let by = Caller::of(&head.extensions).ok_or_else(|| {
        Refusal::new(
            Code::KeysNeeded,
            "a signature needs a name: give `api_keys`, and each person who signs a key of their own",
        )
    })?;
    let body = body::whole(&sidecar, &head.headers, body).await?;
    let to_sign: ToSign = match body.is_empty() {
        true => ToSign::default(),
        false => serde_json::from_slice(&body).map_err(|_| {
            Refusal::new(
                Code::BadJson,
                "a signature says {\"ladder\":NAME}, or nothing",
            )
        })?,
    };
    let ladder = match to_sign.ladder {
        Some(ladder) => ladder,
        None => only_ladder(&sidecar, kind, &subject).await?,
    };
    let signed = Happening::Signed {
        subject: Subject {
            kind,
            id: id(&subject)?.into(),
        },
        ladder,
        by: by.to_string(),
        at: wall(),
    };
    match sidecar.take(vec![signed]).await?.taken.pop() {
        Some(Taken::Signed { by, needs }) => {
            let names: Vec<&str> = by.iter().map(|it| it.by.as_str()).collect();
            let is_complete = names.len() >= usize::try_from(needs).unwrap_or(usize::MAX);
            let answer = serde_json::json!({
                "signed_by": names, "needs": needs, "complete": is_complete,
            });
            Ok(json(answer.to_string().into_bytes()))
        }
        Some(Taken::Refused(Why::NoCase)) => Err(no_case()),
        Some(Taken::Refused(why)) => Err(Refusal::new(Code::Conflict, why.to_string())),
        Some(Taken::Judged { .. } | Taken::Noted) | None => {
            Err(Refusal::new(Code::Internal, "state gave no answer"))
        }
    }
}

/// The ladder on which a subject stands where signatures are asked for, when there is just one.
async fn only_ladder(sidecar: &Sidecar, kind: SubjectKind, id: &str) -> Result<String, Refusal> {
    let id = id.to_owned();
    let question = move |live: &mut LiveState| {
        let cases = live.cases_of(kind, &id).into_iter();
        let wants = |case: &Case| {
            case.recommendation
                .as_ref()
                .is_some_and(|it| it.signed_by > 0)
        };
        cases
            .filter(|(case, _)| wants(case))
            .map(|(case, _)| case.ladder.to_string())
            .collect::<Vec<_>>()
    };
    let mut ladders = sidecar.ask(question).await?;
    match (ladders.pop(), ladders.pop()) {
        (Some(ladder), None) => Ok(ladder),
        (None, _) => Err(no_case()),
        (Some(_), Some(_)) => Err(Refusal::new(
            Code::BadRequest,
            "the subject stands on several ladders; say which: {\"ladder\":NAME}",
        )),
    }
}

/// Closes the cases of a subject, in the name of the caller's key.
pub(super) async fn close(
    State(sidecar): State<Arc<Sidecar>>,
    Path((kind, subject)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    let kind = subject_kind(&kind)?;
    let id = id(&subject)?;
    let closed = Happening::Closed {
        kind,
        at: closed_now(&sidecar, kind, &id).await?,
        id,
        by: Caller::of(request.extensions()).map(|by| by.to_string()),
    };
    sidecar.take(vec![closed]).await?;
    let question = move |live: &mut LiveState| {
        let cases = live.cases_of(kind, &subject).into_iter();
        cases
            .map(|(case, signatures)| written(&case, &signatures))
            .collect::<Vec<_>>()
    };
    let cases = sidecar.ask(question).await?;
    let mut answer = br#"{"cases":["#.to_vec();
    append(&mut answer, cases);
    answer.extend(b"]}");
    Ok(json(answer))
}

/// The instant of a closing that is made now. It answers what is known now, and of one instant closings
/// count before posts: so it stands behind the last hit.
pub(super) async fn closed_now(
    sidecar: &Sidecar,
    kind: SubjectKind,
    id: &str,
) -> Result<Timestamp, Refusal> {
    let id = id.to_owned();
    let last = sidecar.ask(move |live| live.last_hit(kind, &id)).await?;
    let now = wall();
    let until = now.after(Span::of_millis(CLOSING_AHEAD_MILLIS));
    let last = last.filter(|last| (now..=until).contains(last));
    Ok(last.map_or(now, |last| last.after(Span::of_millis(1))))
}

fn no_case() -> Refusal {
    Refusal::new(Code::NotFound, "the subject has no such case")
}

fn subject_kind(written: &str) -> Result<SubjectKind, Refusal> {
    SubjectKind::named(written).ok_or_else(|| {
        let kinds = SubjectKind::ALL.map(SubjectKind::name).join(", ");
        Refusal::new(Code::BadRequest, format!("kinds of subjects are: {kinds}"))
    })
}

fn key(case: &Case) -> Key {
    let subject = &case.subject;
    (
        subject.kind,
        Arc::clone(&subject.id),
        Arc::clone(&case.ladder),
    )
}

fn written(case: &Case, signatures: &[Signature]) -> Vec<u8> {
    let mut line = Vec::new();
    write_case(case, &mut line);
    write_signatures(
        signatures.iter().map(|it| (it.by.as_str(), it.at)),
        &mut line,
    );
    line
}

fn append(answer: &mut Vec<u8>, cases: impl IntoIterator<Item = Vec<u8>>) {
    for (at, case) in cases.into_iter().enumerate() {
        if at > 0 {
            answer.push(b',');
        }
        answer.extend(case);
    }
}

/// Where a page ended, as callers hand it back: a JSON list, percent-encoded when it travels.
fn cursor((kind, id, ladder): &Key) -> String {
    serde_json::json!([kind.name(), &**id, &**ladder]).to_string()
}

fn after(cursor: &str) -> Option<Key> {
    let (kind, id, ladder): (String, String, String) = serde_json::from_str(cursor).ok()?;
    Some((SubjectKind::named(&kind)?, id.into(), ladder.into()))
}

impl Asked {
    fn of(query: &str) -> Result<Self, Refusal> {
        let mut asked = Self {
            limit: CASES_PAGE,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "kind" => asked.kind = Some(subject_kind(&value)?),
                "ladder" => asked.ladder = Some(value.into_owned()),
                "rung" => asked.rung = Some(value.into_owned()),
                "standing" => asked.standing = Some(value.parse().map_err(|_| bad_query(&name))?),
                "limit" => {
                    let limit = value.parse().ok();
                    let limit = limit.filter(|limit| (1..=CASES_PAGE_MAX).contains(limit));
                    asked.limit = limit.ok_or_else(|| bad_query(&name))?;
                }
                "cursor" => asked.after = Some(after(&value).ok_or_else(|| bad_query(&name))?),
                _ => {
                    return Err(bad_query(
                        "kind, ladder, rung, standing, limit, cursor: only these",
                    ));
                }
            }
        }
        Ok(asked)
    }

    fn wants(&self, case: &Case, key: &Key) -> bool {
        self.kind.is_none_or(|kind| kind == case.subject.kind)
            && self
                .ladder
                .as_deref()
                .is_none_or(|ladder| *ladder == *case.ladder)
            && self
                .rung
                .as_deref()
                .is_none_or(|rung| Some(rung) == case.rung.as_deref())
            && self
                .standing
                .is_none_or(|standing| standing == case.rung.is_some())
            && self.after.as_ref().is_none_or(|after| key > after)
    }
}

fn bad_query(name: &str) -> Refusal {
    let message = format!(
        "the query is wrong at `{name}`: kind, ladder and rung are names, standing is true or false, \
         limit is a number up to {CASES_PAGE_MAX}, cursor is `next` of the page before"
    );
    Refusal::new(Code::BadRequest, message)
}
