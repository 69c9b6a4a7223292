//! Reddit's comments and submissions as Pushshift and its successors archive them: one object a line.

use super::columns::{author, is_gone, with_words};
use super::loose::Loose;
use super::ndjson::Lines;
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, MaybePost, Numbers, Reader, times};
use crate::model::Post;
use crate::wire::explain;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "pushshift",
    summary: "Reddit's comments or submissions, one JSON object a line",
    endings: &[],
    numbers: Numbers::Lines,
    sniff,
    records: |input| Ok(Box::new(Lines::of(input, Arc::new(Pushshift)))),
};

fn sniff(head: &Head<'_>) -> Fit {
    let json = head.json();
    let is_reddit = json.has("subreddit") && (json.has("body") || json.has("selftext"));
    match json.is_by_line {
        Some(true) if is_reddit => Fit::Yes,
        Some(_) => Fit::No,
        None => Fit::NeedsMore,
    }
}

#[derive(Debug)]
struct Pushshift;

/// What a line says, comment or submission.
#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    body: Option<Loose<'a>>,
    #[serde(borrow, default)]
    title: Option<Loose<'a>>,
    #[serde(borrow, default)]
    selftext: Loose<'a>,
    #[serde(borrow, default)]
    author: Loose<'a>,
    #[serde(borrow, default)]
    subreddit: Loose<'a>,
    #[serde(borrow, default)]
    link_id: Loose<'a>,
    #[serde(borrow, default)]
    parent_id: Loose<'a>,
    #[serde(borrow, default)]
    created_utc: Loose<'a>,
}

impl Reader for Pushshift {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let written: Written<'a> = serde_json::from_str(record)
            .map_err(|error| BadRecord::NotAPost(explain(record, &error)))?;
        let is_comment = written.body.is_some();
        let Some(text) = text(written.body, written.title, written.selftext) else {
            return Err(BadRecord::Malformed("neither a `body` nor a `title`"));
        };
        // Other lines name a post by its kind and its id.
        let kind = if is_comment { "t1" } else { "t3" };
        let id = written.id.filled().map(|id| format!("{kind}_{id}"));
        let thread = match is_comment {
            true => written.link_id.filled(),
            false => id.clone().map(Cow::Owned),
        };
        let text = unescaped(text);
        Ok(with_words(Post {
            id: id.unwrap_or_default().into(),
            text,
            author: written.author.text.and_then(author),
            thread,
            community: written.subreddit.filled(),
            reply_to: written.parent_id.filled(),
            at: written.created_utc.filled().map(times::of_text),
            ..Post::default()
        }))
    }
}

/// Reddit gives texts with three characters escaped, as for HTML.
fn unescaped(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('&') {
        return text;
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&amp;", "&").into()
}

/// The words: of a submission, its title and what stands under it.
fn text<'a>(
    body: Option<Loose<'a>>,
    title: Option<Loose<'a>>,
    selftext: Loose<'a>,
) -> Option<Cow<'a, str>> {
    if let Some(body) = body {
        return Some(body.text.unwrap_or_default());
    }
    let title = title?.text.unwrap_or_default();
    Some(match selftext.text {
        Some(below) if !is_gone(&below) && is_gone(&title) => below,
        Some(below) if !is_gone(&below) => format!("{title}\n\n{below}").into(),
        _ => title,
    })
}
