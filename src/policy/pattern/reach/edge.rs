//! Whether a word may go on where a part of an expression begins or ends.

use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind, Look};

/// Which end of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    First,
    Last,
}

/// What stands at one end of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brink {
    /// What belongs to no word, or an assertion that a word ends there.
    Apart,
    /// The same, or nothing at all: then what stands beyond tells.
    ApartOrNothing,
    /// Perhaps a letter.
    Joined,
}

/// Whether no word goes on into these neighbouring parts, the nearest first; `beyond`: none does
/// into what stands beyond them.
pub(super) fn parts_words<'h>(
    mut parts: impl Iterator<Item = &'h Hir>,
    of: Edge,
    beyond: bool,
) -> bool {
    let decides = |part| match brink(part, of) {
        Brink::Apart => Some(true),
        Brink::ApartOrNothing => None,
        Brink::Joined => Some(false),
    };
    parts.find_map(decides).unwrap_or(beyond)
}

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn brink(hir: &Hir, of: Edge) -> Brink {
    let apart = |apart: bool| if apart { Brink::Apart } else { Brink::Joined };
    match hir.kind() {
        HirKind::Empty => Brink::ApartOrNothing,
        HirKind::Look(look) => apart(ends_words(*look)),
        HirKind::Literal(literal) => {
            let byte = match of {
                Edge::First => literal.0.first(),
                Edge::Last => literal.0.last(),
            };
            apart(byte.is_some_and(|byte| !is_word_byte(*byte)))
        }
        HirKind::Class(Class::Bytes(class)) => apart(is_of_no_word(class)),
        // Alternatives of single characters are read as one, whatever they are; all else is a letter.
        HirKind::Class(Class::Unicode(class)) => apart(
            class
                .to_byte_class()
                .is_some_and(|class| is_of_no_word(&class)),
        ),
        HirKind::Repetition(repetition) => {
            let once = brink(&repetition.sub, of);
            match repetition.min == 0 && once == Brink::Apart {
                true => Brink::ApartOrNothing,
                false => once,
            }
        }
        HirKind::Capture(capture) => brink(&capture.sub, of),
        HirKind::Concat(parts) => {
            let decides = |part| Some(brink(part, of)).filter(|it| *it != Brink::ApartOrNothing);
            let decided = match of {
                Edge::First => parts.iter().find_map(decides),
                Edge::Last => parts.iter().rev().find_map(decides),
            };
            decided.unwrap_or(Brink::ApartOrNothing)
        }
        HirKind::Alternation(parts) => {
            let worse = |one, other| match (one, other) {
                (Brink::Joined, _) | (_, Brink::Joined) => Brink::Joined,
                (Brink::Apart, Brink::Apart) => Brink::Apart,
                _ => Brink::ApartOrNothing,
            };
            let brinks = parts.iter().map(|part| brink(part, of));
            brinks.reduce(worse).unwrap_or(Brink::Joined)
        }
    }
}

fn is_of_no_word(class: &ClassBytes) -> bool {
    let mut bytes = class.iter().flat_map(|range| range.start()..=range.end());
    bytes.all(|byte| !is_word_byte(byte))
}

/// Whether an assertion says that a word begins or ends, or none stands there.
fn ends_words(look: Look) -> bool {
    matches!(
        look,
        Look::WordAscii
            | Look::WordStartAscii
            | Look::WordEndAscii
            | Look::Start
            | Look::End
            | Look::StartLF
            | Look::EndLF
            | Look::StartCRLF
            | Look::EndCRLF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether no word goes on before the end of an expression.
    fn ends_apart(expression: &str) -> bool {
        let mut bytes = regex_syntax::ParserBuilder::new();
        let hir = bytes.unicode(false).utf8(false).build().parse(expression);
        parts_words([hir.unwrap()].iter(), Edge::Last, false)
    }

    #[test]
    fn what_may_be_missing_leaves_it_to_what_stands_before() {
        for expression in [
            r"(?:^|[.!?] ?)",
            r"\b(?:please )*",
            r"[,;](?: |\n)?(?:so |then )?",
        ] {
            assert!(ends_apart(expression), "{expression}");
        }
        for expression in [r"(?:please )*", r"(?:^|[a-z] ?)", r"[.!?]\w?", r"(?:a|b )?"] {
            assert!(!ends_apart(expression), "{expression}");
        }
    }
}
