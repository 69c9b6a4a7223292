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
    let mut shown: String = text.chars().take(chars_max).map(plain).collect();
    if text.chars().nth(chars_max).is_some() {
        shown.push('…');
    }
    shown
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
        let cases = [
            ("u9", "u9".to_owned()),
            ("", "—".to_owned()),
            (" \n", "—".to_owned()),
            ("a\u{202e}b\nc", "a\u{fffd}b\u{fffd}c".to_owned()),
            (&long, "x".repeat(48) + "…"),
        ];
        for (written, expected) in cases {
            assert_eq!(id(written), expected, "{written:?}");
        }
        assert_eq!(words(" a\n\tb "), "a b");
    }
}
