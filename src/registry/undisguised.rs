//! Names in disguise: digits and signs inside words, read as the letters that they are drawn like.
//!
//! Policies know the words that they look for, and undo disguises by a lexicon. The words of a
//! registry are known to nobody, so only what needs no lexicon is undone: `Dur4nd`, `C@mille`.

use crate::text::Outline;
use std::ops::Range;

/// A text with digits and signs inside its words as letters.
pub(super) struct Undisguised {
    /// As long as the text as written, byte by byte.
    pub(super) text: String,
    /// Which bytes became letters.
    places: Vec<usize>,
}

/// Undoes what is drawn like letters; none where nothing is.
pub(super) fn undisguised(text: &str, outline: &Outline) -> Option<Undisguised> {
    let mut places = Vec::new();
    let bytes = text.as_bytes();
    for start in outline.numbers() {
        let start = *start as usize;
        let rest = bytes.get(start..).unwrap_or_default();
        let end = start + rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let after_letter = is_letter_before(bytes, start);
        if after_letter || is_letter(bytes, end) {
            let drawn = |at: &usize| bytes.get(*at).is_some_and(|it| letter(*it).is_some());
            places.extend((start..end).filter(drawn));
        }
    }
    if outline.has_drawn() {
        let signs = memchr::memchr3_iter(b'@', b'$', b'|', bytes);
        places.extend(signs.filter(|at| is_letter_before(bytes, *at) && is_letter(bytes, at + 1)));
    }
    if places.is_empty() {
        return None;
    }
    let mut undone = bytes.to_vec();
    for at in &places {
        if let Some(byte) = undone.get_mut(*at) {
            *byte = letter(*byte).unwrap_or(*byte);
        }
    }
    let text = String::from_utf8(undone).ok()?;
    Some(Undisguised { text, places })
}

impl Undisguised {
    /// The words that were in disguise; one with several such places may come several times.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.places
            .iter()
            .filter_map(|at| self.text.get(self.word(*at)))
    }

    /// The word around a byte.
    fn word(&self, at: usize) -> Range<usize> {
        let (before, from) = self.text.split_at_checked(at).unwrap_or(("", ""));
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        let start = before.trim_end_matches(in_word).len();
        let behind = from.trim_start_matches(in_word).len();
        start..self.text.len() - behind
    }
}

fn is_letter(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
}

fn is_letter_before(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| is_letter(bytes, before))
}

/// The letter that a digit or sign is drawn like.
fn letter(byte: u8) -> Option<u8> {
    match byte {
        b'0' => Some(b'o'),
        b'1' | b'|' => Some(b'i'),
        b'3' => Some(b'e'),
        b'4' | b'@' => Some(b'a'),
        b'5' | b'$' => Some(b's'),
        b'7' => Some(b't'),
        b'8' => Some(b'b'),
        _ => None,
    }
}
