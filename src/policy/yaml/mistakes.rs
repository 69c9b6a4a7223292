//! The parser's mistakes in our words.

use super::{bytes_at, tag_before};
use crate::diagnostics::{Code, Diagnostic, Source};
use crate::limits::{POLICY_DEPTH_MAX, POLICY_NODES_MAX};
use serde_yaml::budget::BudgetBreach;
use serde_yaml::granit_parser::{ErrorKind, Event, Parser, ScanError};
use serde_yaml::{Error, ExternalMessageSource};
use std::ops::Range;
use std::sync::Arc;

/// What kept the file from being read, told to an author.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the reader's enum has many kinds that need a type to read into, and grows"
)]
pub(super) fn told(source: &Arc<Source>, error: &Error) -> Diagnostic {
    use BudgetBreach as B;
    use Error as E;
    let place = error.location();
    let span = place.map_or(0..0, |place| bytes_at(&source.text, &place));
    let mut inner = error;
    while let E::AliasError { error, .. } | E::WithSnippet { error, .. } = inner {
        inner = error;
    }
    match inner {
        E::ExternalMessage {
            source: by, msg, ..
        } => match &**by {
            ExternalMessageSource::Parser(error) => not_yaml(source, error),
            _ => other(source, span, msg),
        },
        E::Budget { breach, .. } => match breach {
            B::Depth { .. } => too_deep(source, span),
            _ => too_many_nodes(source, span),
        },
        E::MultipleDocuments { .. } => second_document(source, span),
        E::UnknownAnchor { .. } => unknown_alias(source, span),
        E::RecursiveReferencesRequireWeakTypes { .. } => {
            let message = "this alias stands inside what it refers to";
            Diagnostic::new(Code::UnknownAlias, source, span, message)
        }
        E::UnsupportedTag { .. } | E::InvalidScalar { .. } | E::InvalidBooleanStrict { .. } => {
            refused_tag(source, span)
        }
        unexpected => other(source, span, &unexpected.to_string()),
    }
}

fn too_deep(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let message = format!("the file nests more than {POLICY_DEPTH_MAX} levels deep");
    Diagnostic::new(Code::TooDeep, source, span, message).help(
        "no policy needs that: look for a bracket that is opened again and again, or a runaway \
         indentation",
    )
}

fn too_many_nodes(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let message = format!("from here on, the file expands beyond {POLICY_NODES_MAX} values");
    Diagnostic::new(Code::TooManyNodes, source, span, message)
        .help("look for aliases (`*name`) that repeat each other, or split the file")
}

/// The reader stumbles over what a second document begins with; the author wrote a line for it.
fn second_document(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let before = source.text.get(..span.end).unwrap_or_default();
    let line = before.rfind("\n---").map(|newline| newline + 1);
    // After `...`, no line is needed.
    let line = line.filter(|line| {
        before
            .get(*line..)
            .is_some_and(|gap| !gap.contains("\n..."))
    });
    let span = line.map_or(span, |line| line..line + "---".len());
    let message = "a second document begins here";
    Diagnostic::new(Code::SeveralDocuments, source, span, message)
        .help("put what follows into a file of its own, or drop the `---`")
}

fn unknown_alias(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let rest = source.text.get(span.start..).unwrap_or_default();
    let end = |c: char| c.is_whitespace() || "[]{},".contains(c);
    let (alias, _) = rest.split_once(end).unwrap_or((rest, ""));
    let name = alias.trim_start_matches('*');
    let message = format!("`*{name}` is read as an alias, and nothing is marked `&{name}`");
    let span = span.start..span.start + alias.len();
    Diagnostic::new(Code::UnknownAlias, source, span, message).help(format!(
        "a text that begins with `*` needs quotes: \"*{name}\""
    ))
}

/// A tag, which no policy has.
pub(super) fn tag(source: &Arc<Source>, span: Range<usize>, written: &str) -> Diagnostic {
    let message = format!("`{written}` is read as a tag, and policies have none");
    Diagnostic::new(Code::YamlTag, source, span, message)
        .help("a text that begins with `!` needs quotes")
}

/// A tag that does not fit its value, or none that YAML could read.
fn refused_tag(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    let span = tag_before(&source.text, span.start).unwrap_or(span);
    let written = source.text.get(span.clone()).unwrap_or_default();
    tag(source, span.clone(), written)
}

fn other(source: &Arc<Source>, span: Range<usize>, said: &str) -> Diagnostic {
    let line = said.lines().next().unwrap_or_default();
    let said = line.split_once(" at line ").map_or(line, |(said, _)| said);
    let message = format!("this is not YAML: {said}");
    Diagnostic::new(Code::BadYaml, source, span, message).help(QUOTE)
}

/// What stopped the parser.
fn not_yaml(source: &Arc<Source>, error: &ScanError) -> Diagnostic {
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
        return too_deep(source, span);
    }
    if is_about_tags(error.kind()) {
        return refused_tag(source, span);
    }
    if let Some(bracket) = open_bracket(&source.text, span.start) {
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

fn is_about_tags(kind: &ErrorKind) -> bool {
    use ErrorKind as E;
    matches!(
        kind,
        E::InvalidGlobalTagCharacter
            | E::InvalidTagEscape
            | E::InvalidTagTerminator
            | E::MissingTagUri
            | E::UnclosedVerbatimTag
            | E::UndeclaredTagHandle
    )
}

/// The bracket that is open where the parser stopped, when that is on a later line: then it is the
/// bracket that was forgotten, whatever the parser stumbles over.
fn open_bracket(text: &str, found: usize) -> Option<Range<usize>> {
    let mut open = Vec::new();
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
            open.push(span.byte_range()?.start);
        } else if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            open.pop();
        }
    }
    let open = open.pop()?;
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
