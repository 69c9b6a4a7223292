//! What a dump tells besides posts: what the platform did about them, what was deleted, which cases
//! people closed.

use super::post::{Id, PostError};
use crate::model::{Outcome, SubjectKind};
use serde::Deserialize;
use std::borrow::Cow;

/// Something that happened besides a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The platform did something about a post.
    Answered {
        /// The post's id.
        post: Cow<'a, str>,
        /// What.
        outcome: Outcome,
        /// When, RFC 3339.
        at: Option<Cow<'a, str>>,
    },
    /// A post was deleted.
    Deleted {
        /// The post's id.
        post: Cow<'a, str>,
        /// When, RFC 3339.
        at: Option<Cow<'a, str>>,
    },
    /// A person closed the cases of a subject.
    Closed {
        /// What it is.
        kind: SubjectKind,
        /// Its id.
        id: Cow<'a, str>,
        /// When, RFC 3339.
        at: Option<Cow<'a, str>>,
    },
}

/// The fields of all events. What else stands there is passed over.
#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    post: Option<Id<'a>>,
    #[serde(borrow)]
    id: Option<Id<'a>>,
    outcome: Option<String>,
    #[serde(default)]
    deleted: bool,
    #[serde(borrow)]
    subject: Option<ToldSubject<'a>>,
    #[serde(default)]
    closed: bool,
    #[serde(borrow)]
    at: Option<Id<'a>>,
}

#[derive(Deserialize)]
struct ToldSubject<'a> {
    kind: String,
    #[serde(borrow)]
    id: Id<'a>,
}

/// Reads an event from a line that is no post. None: it is no event either, so what is wrong with
/// the post is what matters.
///
/// # Errors
/// The line tells an event, but one that doesn't exist: an unknown outcome or kind of subject.
pub fn event_from_json(line: &str) -> Result<Option<Event<'_>>, PostError> {
    let Ok(told) = serde_json::from_str::<Told<'_>>(line) else {
        return Ok(None);
    };
    let wrong = |what: &str| PostError {
        what: what.to_owned(),
        column: 1,
    };
    let at = told.at.map(|at| at.0);
    let post = told.post.or(told.id).map(|id| id.0);
    match (told.outcome, post, told.subject) {
        (Some(outcome), Some(post), _) => match Outcome::named(&outcome) {
            Some(outcome) => Ok(Some(Event::Answered { post, outcome, at })),
            None => Err(wrong("there is no such outcome")),
        },
        (None, Some(post), _) if told.deleted => Ok(Some(Event::Deleted { post, at })),
        (None, None, Some(subject)) if told.closed => match SubjectKind::named(&subject.kind) {
            Some(kind) => Ok(Some(Event::Closed {
                kind,
                id: subject.id.0,
                at,
            })),
            None => Err(wrong("there is no such kind of subject")),
        },
        _ => Ok(None),
    }
}
