//! Whom a post names or answers.

use crate::detectors::{Arguments, Input, detector};
use crate::limits::TARGETS_MAX;
use crate::model::Post;
use crate::ruleset::Reading;

/// The targets the forum names, whom the post answers, and `@handles` in its text: each once, the
/// author never.
pub(super) fn of(post: &Post<'_>, reading: &Reading<'_>) -> Vec<String> {
    let mut targets: Vec<String> = Vec::new();
    let told = post.targets.iter().chain(&post.reply_to_author);
    let mentioned = handles(reading);
    for target in told
        .map(AsRef::as_ref)
        .chain(mentioned.iter().map(String::as_str))
    {
        let own = post.author.as_deref() == Some(target);
        if !own && !target.is_empty() && targets.iter().all(|known| known != target) {
            targets.push(target.to_owned());
        }
        if targets.len() == TARGETS_MAX {
            break;
        }
    }
    targets
}

/// The handles in a text, as written, without their `@`.
fn handles(reading: &Reading<'_>) -> Vec<String> {
    if !reading.plain.text().contains('@') {
        return Vec::new();
    }
    let Some(detector) = detector("handle") else {
        return Vec::new();
    };
    let mut spans = Vec::new();
    let input = Input {
        post: reading.post,
        plain: &reading.plain,
    };
    (detector.build)(&Arguments::default()).find(input, &mut spans);
    let written = |span| reading.post.get(reading.plain.in_post(span));
    spans
        .into_iter()
        .filter_map(written)
        .map(|h| h.trim_start_matches('@').to_owned())
        .collect()
}
