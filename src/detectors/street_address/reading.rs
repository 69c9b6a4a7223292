//! A post as a row of words and the gaps between them: what the grammars of addresses walk over.

use super::lexicon::{self, Classes};
use crate::detectors::Input;
use crate::limits::ADDRESS_GAP_BYTES_MAX;
use crate::text::{Word, words};
use std::ops::Range;

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detectors) enum Gap {
    /// Only spaces.
    Space,
    /// `-` alone.
    Hyphen,
    /// `-` between spaces.
    Dash,
    /// `'` alone.
    Apostrophe,
    /// `/`.
    Slash,
    /// A comma, or a semicolon.
    Comma,
    /// A full stop.
    Dot,
    /// A colon.
    Colon,
    /// One line break, perhaps after a comma or before a quotation mark of mail.
    Line,
    /// `#`, perhaps after a comma.
    Sign,
    /// A bracket, opening or closing.
    Bracket,
    /// `&`.
    And,
    /// Anything else.
    Other,
    /// Start or end of the post.
    Edge,
}

/// A post as words and gaps. Word numbers beyond the ends are allowed everywhere: empty words
/// between [`Gap::Edge`]s.
#[derive(Debug)]
pub(in crate::detectors) struct Reading<'a> {
    input: Input<'a>,
    text: &'a str,
    words: Vec<Word>,
    shouting: bool,
}

impl<'a> Reading<'a> {
    /// Reads a post.
    pub(in crate::detectors) fn new(input: Input<'a>) -> Self {
        let text = input.plain.text();
        let (upper, lower) = input.post.chars().fold((0u32, 0u32), |(upper, lower), c| {
            (
                upper + u32::from(c.is_uppercase()),
                lower + u32::from(c.is_lowercase()),
            )
        });
        Self {
            input,
            text,
            words: words(text),
            shouting: upper > 3 * lower,
        }
    }

    /// How many words there are.
    pub(in crate::detectors) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at `at`; empty beyond the ends.
    pub(in crate::detectors) fn word(&self, at: usize) -> &'a str {
        self.words
            .get(at)
            .and_then(|w| self.text.get(w.start as usize..w.end as usize))
            .unwrap_or("")
    }

    /// What the word at `at` may be.
    pub(in crate::detectors) fn classes(&self, at: usize) -> Classes {
        lexicon::classes(self.word(at))
    }

    /// Whether the word at `at` may be one of `wanted`.
    pub(in crate::detectors) fn is(&self, at: usize, wanted: Classes) -> bool {
        self.classes(at).any(wanted)
    }

    /// Whether the word before `at` may be one of `wanted`, with only a space or a dot between.
    pub(in crate::detectors) fn follows(&self, at: usize, wanted: Classes) -> bool {
        matches!(self.gap(at), Gap::Space | Gap::Dot)
            && at
                .checked_sub(1)
                .is_some_and(|before| self.is(before, wanted))
    }

    /// Whether the word at `at` was written with a capital, in a post where that says something.
    pub(in crate::detectors) fn capital(&self, at: usize) -> bool {
        !self.shouting && self.written_capital(at)
    }

    /// Whether the word at `at` was written with a capital, even if everything is.
    pub(in crate::detectors) fn written_capital(&self, at: usize) -> bool {
        self.written(at).starts_with(char::is_uppercase)
    }

    /// Whether every letter of the word at `at` is a capital, even if everything is.
    pub(in crate::detectors) fn upper(&self, at: usize) -> bool {
        let written = self.written(at);
        written.contains(char::is_uppercase) && !written.contains(char::is_lowercase)
    }

    fn written(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |w| {
            let written = self.input.plain.in_post(w.start as usize..w.end as usize);
            self.input.post.get(written).unwrap_or("")
        })
    }

    /// The gap before the word at `at`.
    pub(in crate::detectors) fn gap(&self, at: usize) -> Gap {
        let start = match at.checked_sub(1).map(|before| self.words.get(before)) {
            None => return Gap::Edge,
            Some(None) => return Gap::Edge,
            Some(Some(before)) => before.end as usize,
        };
        let Some(word) = self.words.get(at) else {
            return Gap::Edge;
        };
        let between = self.text.get(start..word.start as usize).unwrap_or("");
        if between.len() > ADDRESS_GAP_BYTES_MAX {
            Gap::Other
        } else {
            gap_of(between)
        }
    }

    /// The character right before the word at `at`.
    pub(in crate::detectors) fn char_before(&self, at: usize) -> Option<char> {
        let start = self.words.get(at)?.start as usize;
        self.text.get(..start)?.chars().next_back()
    }

    /// Whether nothing of the same phrase follows the word before `at`.
    pub(in crate::detectors) fn closed(&self, at: usize) -> bool {
        !matches!(
            self.gap(at),
            Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Slash
        ) || self.closing_mark(at)
    }

    /// Whether a phrase ends before `at`, or one more word of the same name does it.
    pub(in crate::detectors) fn ends_phrase(&self, at: usize) -> bool {
        (at..at + 3).any(|k| self.closed(k) && (at..k).all(|j| self.capital(j)))
    }

    /// Whether the words before `at` end their line.
    pub(in crate::detectors) fn ends_line(&self, at: usize) -> bool {
        matches!(self.gap(at), Gap::Edge | Gap::Line)
    }

    fn closing_mark(&self, at: usize) -> bool {
        self.gap(at) == Gap::Edge
    }

    /// The bytes of words `span` in the folded text.
    pub(in crate::detectors) fn bytes(&self, span: &Range<usize>) -> Range<usize> {
        let start = self
            .words
            .get(span.start)
            .map_or(self.text.len(), |w| w.start as usize);
        let end = span
            .end
            .checked_sub(1)
            .and_then(|last| self.words.get(last));
        start..end.map_or(start, |w| w.end as usize)
    }
}

fn gap_of(between: &str) -> Gap {
    if between.contains('\n') {
        let marks =
            between.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '>' | '.'));
        let breaks = between.bytes().filter(|b| *b == b'\n').count();
        return if marks.is_empty() && breaks <= 2 {
            Gap::Line
        } else {
            Gap::Other
        };
    }
    match between.trim() {
        "" => Gap::Space,
        "-" if between.len() == 1 => Gap::Hyphen,
        "-" => Gap::Dash,
        "'" => Gap::Apostrophe,
        "/" => Gap::Slash,
        "&" => Gap::And,
        "," | "., " | ".," | ";" => Gap::Comma,
        "." => Gap::Dot,
        ":" | ".:" => Gap::Colon,
        "#" | ", #" | ",#" | ". #" | ".#" => Gap::Sign,
        "(" | ")" | ")," | ", (" => Gap::Bracket,
        _ => Gap::Other,
    }
}

/// Whether a word is digits only.
pub(in crate::detectors) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a word is an ordinal: `5th`, `21st`, `1er`, `2e`, `3eme`.
pub(in crate::detectors) fn is_ordinal(word: &str) -> bool {
    let end = word.trim_start_matches(|c: char| c.is_ascii_digit());
    end.len() < word.len()
        && word.len() - end.len() <= 4
        && matches!(
            end,
            "st" | "nd" | "rd" | "th" | "er" | "re" | "e" | "eme" | "ere" | "nde" | "ieme"
        )
}
