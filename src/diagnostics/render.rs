//! Diagnostics for terminals and for programs.

use super::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};
use std::ops::Range;

/// The diagnostic as people read it: code, message, the line it speaks of, help.
#[must_use]
pub fn to_text(diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = shown(&diagnostic.message);
    let help = diagnostic.help.as_deref().map(shown);
    let what = diagnostic.related.as_ref().map(|(_, what)| shown(what));
    let title = level
        .primary_title(message.as_str())
        .id(diagnostic.code.id());
    let text = &diagnostic.source.text;
    let name = diagnostic.source.name.as_str();
    let mut group = if text.is_empty() {
        title.element(Origin::path(name))
    } else {
        let span = clamp(text, &diagnostic.span);
        let second = diagnostic
            .related
            .as_ref()
            .map(|(span, _)| clamp(text, span));
        let lines = lines_of(text, &span, second.as_ref().unwrap_or(&span));
        let place = AnnotationKind::Primary.span(span.start - lines.start..span.end - lines.start);
        let mut snippet = Snippet::source(text.get(lines.clone()).unwrap_or_default())
            .path(name)
            .line_start(
                1 + text
                    .bytes()
                    .take(lines.start)
                    .filter(|b| *b == b'\n')
                    .count(),
            )
            .annotation(place);
        if let (Some(span), Some(what)) = (second, &what) {
            let span = span.start - lines.start..span.end - lines.start;
            let second = AnnotationKind::Context.span(span);
            snippet = snippet.annotation(second.label(what.as_str()));
        }
        title.element(snippet)
    };
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&[group])
}

/// What an author wrote may be quoted in a message: cut to a length that can be read, without
/// characters that would steer a terminal or hide in it.
fn shown(text: &str) -> String {
    let steers = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut characters = text.chars();
    let mut shown: String = characters
        .by_ref()
        .take(MESSAGE_CHARS_MAX)
        .map(|c| if steers(&c) { '\u{fffd}' } else { c })
        .collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Characters of a message that are shown.
const MESSAGE_CHARS_MAX: usize = 400;

/// The span inside the text, on character boundaries, one line at most: a mistake in a long block
/// is shown where it starts.
fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let line_end = text
        .get(start..end)
        .and_then(|part| part.find('\n'))
        .map_or(end, |n| start + n);
    start..line_end
}

/// The lines that hold both places: drawing goes through all it is given.
fn lines_of(text: &str, a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let (first, last) = (a.start.min(b.start), a.end.max(b.end));
    let start = text.get(..first).and_then(|before| before.rfind('\n'));
    let end = text.get(last..).and_then(|after| after.find('\n'));
    start.map_or(0, |newline| newline + 1)..end.map_or(text.len(), |length| last + length)
}

/// The diagnostic as programs read it.
#[must_use]
pub fn to_json(diagnostic: &Diagnostic) -> Value {
    let (line, column) = diagnostic.position();
    json!({
        "code": diagnostic.code.id(),
        "name": diagnostic.code.name(),
        "severity": diagnostic.code.severity().name(),
        "file": diagnostic.source.name,
        "line": line,
        "column": column,
        "span": [diagnostic.span.start, diagnostic.span.end],
        "message": diagnostic.message,
        "help": diagnostic.help,
    })
}
