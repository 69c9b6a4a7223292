//! What stands around a span: the characters that would make it part of something longer, and the
//! words that say what it is. Windows are bounded, so a look around costs the same everywhere.

use super::Input;
use crate::limits::CONTEXT_BYTES_MAX;
use std::ops::Range;

/// The byte at `at`, or 0 past the end.
pub(super) fn byte_at(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The byte before `at`, or 0 at the start.
pub(super) fn byte_before(text: &str, at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |before| byte_at(text, before))
}

/// The character that ends where `at` starts.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character that starts at `at`.
pub(super) fn char_after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Whether a letter or digit, of any script, touches the start of a span.
pub(super) fn glued_before(text: &str, at: usize) -> bool {
    char_before(text, at).is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Whether a letter or digit, of any script, touches the end of a span.
pub(super) fn glued_after(text: &str, at: usize) -> bool {
    char_after(text, at).is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// At most `bytes_max` bytes that end at `at`.
pub(super) fn window_before(text: &str, at: usize, bytes_max: usize) -> &str {
    let from = (at.saturating_sub(bytes_max)..=at).find(|i| text.is_char_boundary(*i));
    from.and_then(|from| text.get(from..at)).unwrap_or("")
}

/// At most `bytes_max` bytes that start at `at`.
pub(super) fn window_after(text: &str, at: usize, bytes_max: usize) -> &str {
    let end = text.len().min(at.saturating_add(bytes_max));
    let end = (at..=end).rev().find(|i| text.is_char_boundary(*i));
    end.and_then(|end| text.get(at..end)).unwrap_or("")
}

/// The whole words among the `bytes_max` bytes before `at`.
pub(super) fn words_before(text: &str, at: usize, bytes_max: usize) -> &str {
    let window = window_before(text, at, bytes_max);
    if glued_before(text, at - window.len()) {
        return window.trim_start_matches(char::is_alphanumeric);
    }
    window
}

/// The whole words among the `bytes_max` bytes after `at`.
pub(super) fn words_after(text: &str, at: usize, bytes_max: usize) -> &str {
    let window = window_after(text, at, bytes_max);
    if glued_after(text, at + window.len()) {
        return window.trim_end_matches(char::is_alphanumeric);
    }
    window
}

/// Whether one of `phrases` stands in `window` as whole words.
pub(super) fn says(window: &str, phrases: &[&str]) -> bool {
    let mut in_word = false;
    window.char_indices().any(|(at, c)| {
        let starts = c.is_alphanumeric() && !in_word;
        in_word = c.is_alphanumeric();
        let rest = window.get(at..).filter(|_| starts).unwrap_or("");
        let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        starts
            && phrases
                .iter()
                .any(|phrase| rest.strip_prefix(phrase).is_some_and(ends))
    })
}

/// Whether one of `phrases` stands shortly before `span`.
pub(super) fn said_before(text: &str, span: &Range<usize>, phrases: &[&str]) -> bool {
    says(words_before(text, span.start, CONTEXT_BYTES_MAX), phrases)
}

/// Whether one of `phrases` stands shortly before or after `span`.
pub(super) fn said_near(text: &str, span: &Range<usize>, phrases: &[&str]) -> bool {
    said_before(text, span, phrases)
        || says(words_after(text, span.end, CONTEXT_BYTES_MAX), phrases)
}

/// The word that ends right before `at`, spaces and `:`, `#`, `=` between them skipped.
pub(super) fn word_before(text: &str, at: usize) -> &str {
    let window = window_before(text, at, CONTEXT_BYTES_MAX);
    let window = window.trim_end_matches([' ', ':', '#', '=', '(', '"', '\'', '°']);
    window
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("")
}

/// Whether the author wrote every letter of `span` as a capital.
pub(super) fn in_capitals(input: Input<'_>, span: &Range<usize>) -> bool {
    let written = input
        .post
        .get(input.plain.in_post(span.clone()))
        .unwrap_or("");
    !written.chars().any(char::is_lowercase)
}
