//! Discourse: posts as its API, its webhooks and its exports give them; alone, in topics
//! (`post_stream.posts`), in lists (`latest_posts`, `posts`).

use super::columns::with_words;
use super::html::{self, Breaks};
use super::json_cut::{Shape, cut_json};
use super::loose::Loose;
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, MaybePost, Numbers, Reader};
use crate::model::{Attribute, Post};
use crate::wire::explain;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "discourse",
    summary: "Discourse: topics, lists of posts and single posts, as its API and webhooks give them",
    endings: &[],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(cut_json(input, SHAPE, Arc::new(Discourse))?)),
};

const SHAPE: Shape = Shape {
    arrays: &["posts", "latest_posts"],
    inside: &["post_stream"],
};

fn sniff(head: &Head<'_>) -> Fit {
    let json = head.json();
    let is_post = json.has("cooked") || json.has("raw");
    let has_place = json.has("topic_id") || json.has("post_number");
    match json.is_json {
        true if json.has("post_stream") || (is_post && has_place) => Fit::Yes,
        true if !json.is_known => Fit::NeedsMore,
        _ => Fit::No,
    }
}

#[derive(Debug)]
struct Discourse;

/// What is written of a post.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written<'a> {
    #[serde(borrow)]
    id: Loose<'a>,
    #[serde(borrow)]
    raw: Option<Loose<'a>>,
    #[serde(borrow)]
    cooked: Option<Loose<'a>>,
    #[serde(borrow)]
    username: Loose<'a>,
    #[serde(borrow)]
    topic_id: Loose<'a>,
    #[serde(borrow)]
    category: Loose<'a>,
    #[serde(borrow)]
    category_slug: Loose<'a>,
    #[serde(borrow)]
    category_id: Loose<'a>,
    #[serde(borrow)]
    created_at: Loose<'a>,
    #[serde(borrow)]
    reply_to_post_number: Loose<'a>,
    #[serde(borrow)]
    reply_to_user: Loose<'a>,
    #[serde(borrow)]
    version: Loose<'a>,
    #[serde(borrow)]
    deleted_at: Loose<'a>,
    user_deleted: Option<bool>,
    /// A webhook wraps its post.
    #[serde(borrow)]
    post: Option<Box<Written<'a>>>,
}

impl Reader for Discourse {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let written: Written<'a> = serde_json::from_str(record)
            .map_err(|error| BadRecord::NotAPost(explain(record, &error)))?;
        written.unwrap().into_post()
    }
}

impl<'a> Written<'a> {
    fn unwrap(self) -> Self {
        match self.post {
            Some(inner) => *inner,
            None => self,
        }
    }

    fn into_post(self) -> MaybePost<'a> {
        let text = match (self.raw, self.cooked) {
            (Some(raw), _) if raw.text.is_some() => raw.filled().unwrap_or_default(),
            (_, Some(cooked)) => {
                let cooked = cooked.filled().unwrap_or_default();
                Cow::Owned(html::text(&cooked, Breaks::ByTags))
            }
            (Some(_), None) => Cow::Borrowed(""),
            (None, None) => return Err(BadRecord::Malformed("neither a `raw` nor a `cooked`")),
        };
        let thread = self.topic_id.filled();
        // A post names the one it answers by its place in the topic, as links on the forum do.
        let place = |number| match &thread {
            Some(topic) => format!("{topic}/{number}").into(),
            None => number,
        };
        let category = self.category.filled();
        let is_deleted = self.user_deleted == Some(true) || self.deleted_at.filled().is_some();
        Ok(with_words(Post {
            id: self.id.filled().unwrap_or_default(),
            text,
            author: self.username.filled(),
            reply_to: self.reply_to_post_number.filled().map(place),
            thread,
            community: category
                .or_else(|| self.category_slug.filled())
                .or_else(|| self.category_id.filled()),
            reply_to_author: self.reply_to_user.filled(),
            at: self.created_at.filled(),
            revision: self.version.filled().and_then(|it| it.parse().ok()),
            attrs: deleted(is_deleted),
            ..Post::default()
        }))
    }
}

/// What moderators took away while its words are still there is worth an auditor's look.
pub(super) fn deleted(is_deleted: bool) -> BTreeMap<String, Attribute> {
    let deleted = ("deleted".to_owned(), Attribute::Flag(true));
    is_deleted.then_some(deleted).into_iter().collect()
}
