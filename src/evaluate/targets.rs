//! Whom a post names or answers.

use crate::limits::TARGETS_MAX;
use crate::model::Post;
use crate::ruleset::{Reading, Ruleset};

/// The targets the forum names, whom the post answers, and `@handles` in its text: each once, the
/// author never.
pub(super) fn of(ruleset: &Ruleset, post: &Post<'_>, reading: &Reading<'_>) -> Vec<String> {
    let mut targets: Vec<String> = Vec::new();
    let told = post.targets.iter().chain(&post.reply_to_author);
    // PERF: hardly any post holds an `@`, and the outline knows.
    let handles = match reading.outline.has_drawn() {
        true => ruleset.detectors().see_only("handle", reading),
        false => Vec::new(),
    };
    let written = handles
        .into_iter()
        .filter_map(|span| reading.post.get(span));
    let mentioned: Vec<&str> = written
        .map(|handle| handle.trim_start_matches('@'))
        .collect();
    for target in told.map(AsRef::as_ref).chain(mentioned.iter().copied()) {
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
