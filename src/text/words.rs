//! Where words and sentences stand in a folded text.

/// One word: a run of letters, digits and `_` of the folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which sentence it belongs to, counted from 0. A line break ends one, and so do `.`, `!`, `?`
    /// before a space, a quote, a bracket or the end; not the point of an abbreviation.
    pub sentence: u32,
}

/// The words of a folded text, in order. Apostrophes and hyphens separate: `l'adresse` is two.
///
/// INVARIANT: words hold every letter, digit and `_` of the text, and nothing else. One pass: the
/// text between two words is looked at once.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::with_capacity(text.len() / 6);
    let mut sentence = 0;
    let mut rest = text;
    while let Some(start) = rest.find(is_word_character) {
        let (between, behind) = rest.split_at_checked(start).unwrap_or((rest, ""));
        if let Some(before) = found.last().and_then(|w| text.get(w.start as usize..)) {
            let word = before.get(..before.len() - rest.len()).unwrap_or_default();
            sentence += u32::from(ends_sentence(word, between));
        }
        let length = behind
            .find(|c| !is_word_character(c))
            .unwrap_or(behind.len());
        let start = text.len() - behind.len();
        found.push(Word {
            start: start as u32,
            end: (start + length) as u32,
            sentence,
        });
        rest = behind.get(length..).unwrap_or_default();
    }
    found
}

/// Whether a character belongs to words.
pub(super) fn is_word_character(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || c == '_',
        false => c.is_alphanumeric(),
    }
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
