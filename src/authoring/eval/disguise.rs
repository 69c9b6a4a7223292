//! Whole posts under every disguise that `vigie test` puts on examples, and two that make no sense on
//! single words: what is still found, and what is found that wasn't there.

use super::Plan;
use super::classes::Set;
use crate::authoring::evasions::{EVASIONS, Evasion, Reach};
use crate::authoring::examples::is_disguisable;
use crate::model::Post;

/// Disguises of whole posts only.
static OF_POSTS: &[Evasion] = &[
    Evasion {
        name: "joined",
        docs: "no blanks",
        reach: Reach::Text,
        disguise: joined,
    },
    Evasion {
        name: "swapped",
        docs: "two letters inside each word swapped: `klil`",
        reach: Reach::Words,
        disguise: swapped,
    },
];

/// Every disguise of whole posts.
pub(super) fn disguises() -> impl ExactSizeIterator<Item = &'static Evasion> {
    let all: Vec<&Evasion> = EVASIONS.iter().chain(OF_POSTS).collect();
    all.into_iter()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The second letter changes places with the third.
fn swapped(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() >= 3 {
        letters.swap(1, 2);
    }
    letters.into_iter().collect()
}

/// What is found in a post under each evasion that changes it, by the evasion's place.
pub(super) fn found_under_each(plan: &Plan<'_>, post: &Post<'_>) -> Vec<(usize, Set)> {
    let mut found = Vec::new();
    for (at, evasion) in disguises().enumerate() {
        let text = disguised(evasion, &post.text);
        if text == post.text {
            continue;
        }
        let disguised = Post {
            text: text.into(),
            ..post.clone()
        };
        found.push((at, plan.found(&plan.engine.decide(&disguised))));
    }
    found
}

/// The text with everything disguised that the evasion can: all of it, or each word that is still
/// read when it is. Nothing is left to chance, so the same posts give the same figures.
fn disguised(evasion: &Evasion, text: &str) -> String {
    if evasion.reach == Reach::Text {
        return (evasion.disguise)(text);
    }
    let mut written = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
        let behind = piece.get(word.len()..).unwrap_or_default();
        match is_disguisable(word) {
            true => written.push_str(&(evasion.disguise)(word)),
            false => written.push_str(word),
        }
        written.push_str(behind);
    }
    written
}
