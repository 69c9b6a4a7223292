//! Where words and sentences stand in a folded text.

use super::outline::Outline;

/// One word: a run of letters, digits and `_` of the folded text, or one pictograph: emoji say what
/// words say (`I will 🔪 you`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The words of a folded text, in order. Apostrophes and hyphens separate: `l'adresse` is two.
///
/// INVARIANT: words hold every letter, digit, `_` and pictograph of the text, and nothing else.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    Outline::of(text).into_words()
}

/// Which sentence each word belongs to, counted from 0. A line break ends one, and so do `.`, `!`,
/// `?` before a space, a quote, a bracket or the end; not the point of an abbreviation.
///
/// One pass: the text between two words is looked at once.
pub fn sentences(text: &str, words: &[Word]) -> impl Iterator<Item = u32> {
    let mut sentence = 0;
    words.iter().enumerate().map(move |(at, word)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        sentence += u32::from(before.is_some_and(|before| ends_between(text, *before, *word)));
        sentence
    })
}

/// Whether a sentence ends between two neighbouring words.
#[must_use]
pub fn ends_between(text: &str, word: Word, next: Word) -> bool {
    let word_text = text.get(word.start as usize..word.end as usize);
    let between = text.get(word.end as usize..next.start as usize);
    word_text
        .zip(between)
        .is_some_and(|(word, between)| ends_sentence(word, between))
}

/// What a character beyond ASCII is to words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Part of a word.
    Word,
    /// A word by itself.
    Pictograph,
    /// Nothing.
    Between,
}

/// What a character beyond ASCII is to words.
pub(super) fn kind(c: char) -> Kind {
    match c {
        _ if c.is_alphanumeric() => Kind::Word,
        _ if is_pictograph(c) => Kind::Pictograph,
        _ => Kind::Between,
    }
}

/// Whether a character is a picture that stands for a word. Skin tones only colour the one before.
/// A flag is two: the letters of its country.
#[must_use]
pub fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        && !is_skin_tone(c)
}

/// Whether a character colours the pictograph before it.
#[must_use]
pub fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Whether a sentence ends in the text between a word and the next one.
fn ends_sentence(word: &str, between: &str) -> bool {
    // Nearly all words are followed by one space or comma.
    if let [b' ' | b'\'' | b'-'] = between.as_bytes() {
        return false;
    }
    if between.contains('\n') {
        return true;
    }
    let is_stop = |c: char| matches!(c, '.' | '!' | '?' | '…' | '。');
    let mut behind_stop = between.trim_start_matches(|c: char| !is_stop(c));
    while !behind_stop.is_empty() {
        let behind = behind_stop.trim_start_matches(is_stop);
        let one_point = behind_stop.len() - behind.len() == 1 && behind_stop.starts_with('.');
        let abbreviated = one_point && behind_stop.len() == between.len() && is_abbreviation(word);
        let closes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ')' | ']' | '}' | '*');
        if behind.starts_with(closes) && !abbreviated {
            return true;
        }
        behind_stop = behind.trim_start_matches(|c: char| !is_stop(c));
    }
    false
}

/// Whether the point behind this word belongs to it.
fn is_abbreviation(word: &str) -> bool {
    /// Sorted. Only what hardly ever ends a sentence.
    const ABBREVIATIONS: &[&str] = &[
        "app", "appt", "apt", "ave", "bd", "blvd", "cf", "dept", "dr", "ext", "fig", "gen", "gov",
        "jr", "lt", "ltd", "messrs", "mgr", "mlle", "mm", "mme", "mmes", "mr", "mrs", "ms", "mt",
        "prof", "rd", "rep", "rev", "sen", "sgt", "st", "ste", "tel", "vs",
    ];
    match word.as_bytes() {
        // Initials. `i` ends English sentences: "so do I."
        [initial] => initial.is_ascii_lowercase() && *initial != b'i',
        _ => ABBREVIATIONS.binary_search(&word).is_ok(),
    }
}
