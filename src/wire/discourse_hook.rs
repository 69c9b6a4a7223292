//! Discourse's webhooks: a post was created, edited, destroyed or brought back.

use super::post::Id;
use serde::Deserialize;
use std::borrow::Cow;

/// What Discourse tells.
#[derive(Deserialize)]
pub struct DiscourseHook<'a> {
    /// `{"ping":"OK"}`: whether anybody is there.
    #[serde(borrow)]
    pub ping: Option<Cow<'a, str>>,
    /// The post.
    #[serde(borrow)]
    pub post: Option<DiscoursePost<'a>>,
}

impl std::fmt::Debug for DiscourseHook<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiscourseHook")
            .field("ping", &self.ping.is_some())
            .finish_non_exhaustive()
    }
}

/// A post, as Discourse tells it: the fields that matter here.
#[derive(Deserialize)]
pub struct DiscoursePost<'a> {
    #[serde(borrow)]
    id: Id<'a>,
    #[serde(borrow)]
    raw: Option<Cow<'a, str>>,
    #[serde(borrow)]
    cooked: Option<Cow<'a, str>>,
    #[serde(borrow)]
    username: Option<Cow<'a, str>>,
    #[serde(borrow)]
    topic_id: Option<Id<'a>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    version: Option<u64>,
    #[serde(borrow)]
    reply_to_user: Option<DiscourseUser<'a>>,
}

impl std::fmt::Debug for DiscoursePost<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiscoursePost").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct DiscourseUser<'a> {
    #[serde(borrow)]
    username: Option<Cow<'a, str>>,
}

impl DiscourseHook<'_> {
    /// Reads a hook's body.
    ///
    /// # Errors
    /// It is no JSON, or not what Discourse sends: which column, never which words.
    pub fn read(text: &str) -> Result<DiscourseHook<'_>, usize> {
        serde_json::from_str(text).map_err(|error| error.column())
    }
}

impl DiscoursePost<'_> {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id.0
    }

    /// Its words as they were written, if they are told.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        self.raw.as_deref()
    }

    /// Its words as HTML.
    #[must_use]
    pub fn cooked(&self) -> Option<&str> {
        self.cooked.as_deref()
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// The topic it stands in.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.topic_id.as_ref().map(|topic| &*topic.0)
    }

    /// When it was written.
    #[must_use]
    pub fn at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    /// Which edit it is.
    #[must_use]
    pub fn revision(&self) -> Option<u64> {
        self.version
    }

    /// Whom it answers.
    #[must_use]
    pub fn answers(&self) -> Option<&str> {
        self.reply_to_user.as_ref()?.username.as_deref()
    }
}
