//! Mastodon: the `outbox.json` of an account's archive, and ActivityPub collections alike.

use super::columns::with_words;
use super::html::{self, Breaks};
use super::json_cut::{Shape, cut_json};
use super::loose::Loose;
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, MaybePost, Numbers, Reader};
use crate::limits::TARGETS_MAX;
use crate::model::Post;
use crate::wire::explain;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "mastodon",
    summary: "the outbox.json of a Mastodon account's archive (ActivityPub)",
    endings: &[],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(cut_json(input, SHAPE, Arc::new(Mastodon))?)),
};

const SHAPE: Shape = Shape {
    arrays: &["orderedItems"],
    inside: &[],
};

fn sniff(head: &Head<'_>) -> Fit {
    let json = head.json();
    match json.is_json {
        true if json.has("orderedItems") => Fit::Yes,
        true if !json.is_known => Fit::NeedsMore,
        _ => Fit::No,
    }
}

#[derive(Debug)]
struct Mastodon;

/// Something that an account did.
#[derive(Deserialize)]
struct Activity<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    actor: Loose<'a>,
    /// A note, or the address of one.
    #[serde(borrow, default)]
    object: Option<&'a RawValue>,
}

/// A post. Texts are HTML.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    content: Loose<'a>,
    /// The content warning.
    #[serde(borrow, default)]
    summary: Loose<'a>,
    #[serde(borrow, default)]
    attributed_to: Loose<'a>,
    #[serde(borrow, default)]
    in_reply_to: Loose<'a>,
    #[serde(borrow, default)]
    published: Loose<'a>,
    #[serde(borrow, default)]
    conversation: Loose<'a>,
    #[serde(default)]
    content_map: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(borrow, default)]
    tag: Option<Vec<Tag<'a>>>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    href: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
}

impl Reader for Mastodon {
    /// What others wrote and this account only passed on is no post of its own.
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let wrong = |error| BadRecord::NotAPost(explain(record, &error));
        let activity: Activity<'a> = serde_json::from_str(record).map_err(wrong)?;
        let Some(kind) = activity.kind.filled() else {
            return Err(BadRecord::Malformed("an activity without a `type`"));
        };
        let note = match (&*kind, activity.object.map(RawValue::get)) {
            ("Create" | "Update", Some(object)) if object.starts_with('{') => object,
            ("Note" | "Article" | "Question", _) => record,
            _ => return Ok(None),
        };
        let note: Note<'a> = serde_json::from_str(note).map_err(wrong)?;
        Ok(with_words(note.into_post(activity.actor.filled())))
    }
}

impl<'a> Note<'a> {
    fn into_post(self, actor: Option<Cow<'a, str>>) -> Post<'a> {
        let content = self.content.filled().unwrap_or_default();
        let content = html::text(&content, Breaks::ByTags);
        let text = match self.summary.filled() {
            Some(warning) => format!("{warning}\n\n{content}"),
            None => content,
        };
        // A note in one language says which.
        let lang = self.content_map.filter(|by_lang| by_lang.len() == 1);
        let mentions = self.tag.unwrap_or_default().into_iter();
        let mentions = mentions.filter(|tag| tag.kind.text.as_deref() == Some("Mention"));
        let targets = mentions.filter_map(|tag| tag.href.filled().or_else(|| tag.name.filled()));
        Post {
            id: self.id.filled().unwrap_or_default(),
            text: text.into(),
            author: self.attributed_to.filled().or(actor),
            thread: self.conversation.filled(),
            targets: targets.take(TARGETS_MAX).collect(),
            reply_to: self.in_reply_to.filled(),
            lang: lang.and_then(|by_lang| by_lang.into_iter().next().map(|(lang, _)| lang.into())),
            at: self.published.filled(),
            ..Post::default()
        }
    }
}
