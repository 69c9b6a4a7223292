//! Coral's external moderation phase: a comment comes in, signed; what Coral should do goes out.

use super::post::Id;
use crate::model::Action;
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// A comment, as Coral tells it. Its body is HTML, and a new one has no id yet.
#[derive(Deserialize)]
pub struct CoralComment<'a> {
    #[serde(borrow)]
    comment: Body<'a>,
    #[serde(borrow)]
    author: Reference<'a>,
    #[serde(borrow)]
    story: Reference<'a>,
    #[serde(borrow)]
    site: Option<Reference<'a>>,
}

impl std::fmt::Debug for CoralComment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoralComment").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    body: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "parentID", default)]
    parent: Option<Id<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Id<'a>,
}

impl CoralComment<'_> {
    /// Reads a comment.
    ///
    /// # Errors
    /// It is no JSON, or not what Coral sends: which column, never which words.
    pub fn read(text: &str) -> Result<CoralComment<'_>, usize> {
        serde_json::from_str(text).map_err(|error| error.column())
    }

    /// The comment's words, as HTML.
    #[must_use]
    pub fn html(&self) -> &str {
        self.comment.body.as_deref().unwrap_or_default()
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> &str {
        &self.author.id.0
    }

    /// The story it stands under.
    #[must_use]
    pub fn story(&self) -> &str {
        &self.story.id.0
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> Option<&str> {
        self.site.as_ref().map(|site| &*site.id.0)
    }

    /// The comment it answers.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.comment.parent.as_ref().map(|parent| &*parent.0)
    }
}

/// What Coral should do. None: no opinion, which is 204 without a body.
#[must_use]
pub fn coral_answer(action: Action) -> Option<Value> {
    let status = match action {
        Action::Allow | Action::Note => return None,
        // Published, and reported to the moderators.
        Action::Review => "NONE",
        // Kept back until somebody has looked.
        Action::Hold => "SYSTEM_WITHHELD",
        Action::Remove => "REJECTED",
    };
    Some(json!({
        "status": status,
        "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
    }))
}
