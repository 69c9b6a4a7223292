//! Where words and sentences stand in a folded text.

/// One word: a run of letters, digits and `_` of the folded text, or one pictograph: emoji say what
/// words say (`I will 🔪 you`).
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
/// INVARIANT: words hold every letter, digit, `_` and pictograph of the text, and nothing else. One
/// pass: the text between two words is looked at once.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut sentence = 0;
    let mut before = 0..0;
    loop {
        let start = run_end(text, before.end, Kind::Between);
        if start == text.len() {
            return found;
        }
        if let (Some(word), Some(between)) = (text.get(before.clone()), text.get(before.end..start))
        {
            sentence += u32::from(!word.is_empty() && ends_sentence(word, between));
        }
        let end = match kind_at(text, start) {
            (Kind::Pictograph, bytes) => start + bytes,
            (Kind::Word | Kind::Between, _) => run_end(text, start, Kind::Word),
        };
        found.push(Word {
            start: start as u32,
            end: end as u32,
            sentence,
        });
        before = start..end;
    }
}

/// What a text is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Pictograph,
    Between,
}

/// Where the run of one kind that begins at `at` ends.
fn run_end(text: &str, at: usize, kind: Kind) -> usize {
    let mut end = at;
    while end < text.len() {
        let (found, bytes) = kind_at(text, end);
        if found != kind {
            break;
        }
        end += bytes;
    }
    end
}

/// What stands at a byte, and how long it is.
fn kind_at(text: &str, at: usize) -> (Kind, usize) {
    let byte = text.as_bytes().get(at).copied().unwrap_or(b' ');
    // PERF: nearly all text is ASCII, and needs no decoding.
    if byte.is_ascii() {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_';
        return (if is_word { Kind::Word } else { Kind::Between }, 1);
    }
    let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
        return (Kind::Between, 1);
    };
    let kind = match c {
        _ if c.is_alphanumeric() => Kind::Word,
        _ if is_pictograph(c) => Kind::Pictograph,
        _ => Kind::Between,
    };
    (kind, c.len_utf8())
}

/// Whether a character is a picture that stands for a word. Skin tones only colour the one before.
#[must_use]
pub fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        && !matches!(c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f1e6}'..='\u{1f1ff}')
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
