//! Diagnostics for terminals and for programs.

use super::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

/// The diagnostic as people read it: code, message, the line it speaks of, help.
#[must_use]
pub fn to_text(diagnostic: &Diagnostic, colour: bool) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.id());
    let text = &diagnostic.source.text;
    let mut snippet = Snippet::source(text.as_str())
        .path(diagnostic.source.name.as_str())
        .annotation(AnnotationKind::Primary.span(clamp(text, &diagnostic.span)));
    if let Some((span, what)) = &diagnostic.related {
        let second = AnnotationKind::Context
            .span(clamp(text, span))
            .label(what.as_str());
        snippet = snippet.annotation(second);
    }
    let mut group = title.element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&[group])
}

/// The span inside the text, on character boundaries, one line at most: a mistake in a long block
/// is shown where it starts.
fn clamp(text: &str, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let line_end = text
        .get(start..end)
        .and_then(|part| part.find('\n'))
        .map_or(end, |n| start + n);
    start..line_end
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
