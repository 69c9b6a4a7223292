//! Names in disguise: digits and signs inside words, read as the letters that they are drawn like.
//!
//! Policies know the words that they look for, and undo disguises by a lexicon. The words of a
//! registry are known to nobody, so only what needs no lexicon is undone: `Dur4nd`, `C@mille`.

use crate::text::Outline;

/// The text with digits and signs inside its words as letters; none where there is nothing to undo.
pub(super) fn undisguised(text: &str, outline: &Outline) -> Option<String> {
    let bytes = text.as_bytes();
    let is_letter = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(|byte| byte.is_ascii_alphabetic())
    };
    let tied = |start: &u32| {
        let start = *start as usize;
        let after = bytes.get(start..).unwrap_or_default();
        let digits = after
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        is_letter(start.checked_sub(1)) || is_letter(Some(start + digits))
    };
    let has_drawn = outline.has_drawn();
    if !has_drawn && !outline.numbers().iter().any(tied) {
        return None;
    }
    let mut undone = String::with_capacity(text.len());
    let mut changed = false;
    let mut last_was_letter = false;
    for (at, c) in text.char_indices() {
        let next_is_letter = is_letter(Some(at + 1));
        let read = match letter(c) {
            Some(letter) if c.is_ascii_digit() && (last_was_letter || next_is_letter) => letter,
            Some(letter) if last_was_letter && next_is_letter => letter,
            Some(_) | None => c,
        };
        changed |= read != c;
        last_was_letter = read.is_ascii_alphabetic();
        undone.push(read);
    }
    changed.then_some(undone)
}

/// The letter that a digit or sign is drawn like.
fn letter(c: char) -> Option<char> {
    match c {
        '0' => Some('o'),
        '1' | '|' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' | '+' => Some('t'),
        '8' => Some('b'),
        _ => None,
    }
}
