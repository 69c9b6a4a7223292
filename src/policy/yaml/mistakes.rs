//! The parser's mistakes in our words.

use crate::diagnostics::{Code, Diagnostic, Source};
use granit_parser::{ErrorKind, ScanError};
use std::ops::Range;
use std::sync::Arc;

/// What stopped the parser, told to an author.
pub(super) fn parse_mistake(
    source: &Arc<Source>,
    error: &ScanError,
    open: Option<usize>,
) -> Diagnostic {
    let marker = error.marker();
    let at = marker
        .byte_offset()
        .unwrap_or_else(|| offset_of(&source.text, marker.index()));
    let span = character_at(&source.text, at);
    if let Some(tab) = tab_before(&source.text, span.start) {
        let message = "a tab stands where spaces are expected";
        return Diagnostic::new(Code::Tab, source, tab, message)
            .help("indent with spaces; most editors can convert tabs");
    }
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return *super::too_deep(source, span);
    }
    if let Some(bracket) = open.and_then(|open| open_bracket(&source.text, open, span.start)) {
        let written = source.text.get(bracket.clone()).unwrap_or_default();
        let message = format!("this `{written}` is not closed before the next lines");
        return Diagnostic::new(Code::BadYaml, source, bracket, message)
            .help("close the bracket; a text that holds one needs quotes")
            .related(span, "what follows can't stand inside it");
    }
    let (message, help) = in_words(error.kind());
    Diagnostic::new(Code::BadYaml, source, span, message).help(help)
}

const QUOTE: &str = "text with `: ` or ` #` inside, or that begins with one of `[]{},&*!|>%@` or a \
                     quote mark, needs quotes";

/// What went wrong and what to do, for the mistakes that people make.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum has many kinds that no author meets, and grows"
)]
fn in_words(kind: &ErrorKind) -> (String, &'static str) {
    use ErrorKind as E;
    let (message, help) = match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "this quote is never closed",
            "close it with the same mark; inside '…' an apostrophe is written twice: 'l''adresse'",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "text follows the closing quote",
            "quote the whole text; inside '…' an apostrophe is written twice: 'l''adresse'",
        ),
        E::UnknownQuotedScalarEscape => (
            "no escape of this kind is known inside \"…\"",
            "write the backslash twice, or use '…', where backslashes are plain: '\\d+'",
        ),
        E::UnclosedFlowCollection { open } => {
            return (
                format!("this `{open}` is never closed"),
                "close the bracket",
            );
        }
        E::MismatchedFlowCollectionEnd { open, close } => {
            return (
                format!("`{close}` closes a bracket that was opened as `{open}`"),
                "close each bracket with its own kind",
            );
        }
        E::MisplacedFlowCollectionEnd => ("this bracket closes nothing", QUOTE),
        E::ExpectedFlowMappingSeparator | E::ExpectedFlowSequenceSeparator => (
            "a `,` or a closing bracket is expected before this",
            "separate the items by `,`, and quote texts with a `,`, a `:` or a quote mark inside",
        ),
        E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping => (
            "the file ends inside a bracket",
            "close the `[` or `{` that is still open",
        ),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a `:` stands where none can",
            "check the indentation; text with `: ` inside needs quotes",
        ),
        E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "a `:` is expected after this key",
            "a key and its `:` stand on one line; a list's items begin with `- `",
        ),
        E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::MappingKeyNotAllowed
        | E::InvalidIndentation
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent
        | E::InvalidBlockScalarIndent => (
            "this line is not indented like its neighbours",
            "keys of one map, and items of one list, begin in the same column",
        ),
        E::UnexpectedCharacter { character } => {
            return (format!("no text can begin with `{character}`"), QUOTE);
        }
        E::MissingAnchorOrAliasName => ("a text can't begin with a lone `*` or `&`", QUOTE),
        other => return (format!("this is not YAML: {other}"), QUOTE),
    };
    (message.to_owned(), help)
}

/// The bracket at `open`, when it is one and the mistake is found only on a later line: then it is
/// the bracket that was forgotten, whatever the parser stumbles over.
fn open_bracket(text: &str, open: usize, found: usize) -> Option<Range<usize>> {
    let is_bracket = text.get(open..)?.starts_with(['[', '{']);
    let later = text.get(open..found)?.contains('\n');
    (is_bracket && later).then_some(open..open + 1)
}

/// The byte of the `index`th character.
fn offset_of(text: &str, index: usize) -> usize {
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

/// The character at or after a byte.
fn character_at(text: &str, at: usize) -> Range<usize> {
    let start = text.floor_char_boundary(at.min(text.len()));
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.chars().next().map_or(0, char::len_utf8);
    start..start + length
}

/// A tab in the indentation of the line that holds `at`, or right there.
fn tab_before(text: &str, at: usize) -> Option<Range<usize>> {
    let line_start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..)?;
    let indentation = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
    let tab = line.get(..indentation)?.find('\t')?;
    Some(line_start + tab..line_start + tab + 1)
}
