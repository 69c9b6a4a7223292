//! What comes from outside, made fit to be shown. Ids and words are hostile: they are cut, and what
//! steers a terminal or turns the direction of a line is replaced. Templates escape the rest and
//! isolate its direction.

use crate::limits::{REPORT_ID_CHARS_MAX, REPORT_WORDS_CHARS_MAX};

/// An id.
pub(super) fn id(id: &str) -> String {
    match id.trim().is_empty() {
        true => "—".to_owned(),
        false => cut(id, REPORT_ID_CHARS_MAX),
    }
}

/// Words of a post, on one line.
pub(super) fn words(words: &str) -> String {
    let line: Vec<&str> = words.split_whitespace().collect();
    cut(&line.join(" "), REPORT_WORDS_CHARS_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    let mut marks = 0;
    let piled = |c: &char| {
        marks = if is_mark(*c) { marks + 1 } else { 0 };
        marks <= MARKS_MAX
    };
    let mut shown: String = text
        .chars()
        .take(chars_max)
        .filter(piled)
        .map(plain)
        .collect();
    if text.chars().nth(chars_max).is_some() {
        shown.push('…');
    }
    shown
}

/// Marks on one letter. Languages need few; piles of them cover the lines above and below.
const MARKS_MAX: usize = 3;

/// Whether it stands on the letter before it, in the scripts that piles are made of.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}')
        || matches!(c, '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The character, unless it is invisible and would change how others are seen.
fn plain(c: char) -> char {
    let steers = c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}')
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    match steers {
        true => char::REPLACEMENT_CHARACTER,
        false => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{id, words};

    #[test]
    fn ids_are_cut_and_steer_nothing() {
        let long = "x".repeat(60);
        let piled = format!("e{}x", "\u{301}".repeat(40));
        let cases = [
            ("u9", "u9".to_owned()),
            ("", "—".to_owned()),
            (" \n", "—".to_owned()),
            ("a\u{202e}b\nc", "a\u{fffd}b\u{fffd}c".to_owned()),
            ("e\u{301}", "e\u{301}".to_owned()),
            (&piled, "e\u{301}\u{301}\u{301}x".to_owned()),
            (&long, "x".repeat(48) + "…"),
        ];
        for (written, expected) in cases {
            assert_eq!(id(written), expected, "{written:?}");
        }
        assert_eq!(words(" a\n\tb "), "a b");
    }
}
