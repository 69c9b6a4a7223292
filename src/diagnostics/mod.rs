//! Mistakes in what people wrote: each with a stable code, a place, and what to do about it.
//!
//! Messages are lower case, without a final period, with what the author wrote in backticks and no
//! word of the implementation. All of them are collected; none stops the others.

mod code;
mod render;

pub use code::{Code, Severity};
pub use render::{to_json, to_text};

use std::ops::Range;
use std::sync::Arc;

/// A text that diagnostics speak of.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// How its reader knows it: a path.
    pub name: String,
    /// Its content; empty when it could not be read as text.
    pub text: String,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake.
    pub code: Code,
    /// Where: the file.
    pub source: Arc<Source>,
    /// Where: the bytes of it.
    pub span: Range<usize>,
    /// What is wrong here.
    pub message: String,
    /// A second place that belongs to it, and what it is.
    pub related: Option<(Range<usize>, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake of this kind, at this place.
    #[must_use]
    pub fn new(
        code: Code,
        source: &Arc<Source>,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let source = Arc::clone(source);
        Self {
            code,
            source,
            span,
            message: message.into(),
            related: None,
            help: None,
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a second place.
    #[must_use]
    pub fn related(mut self, span: Range<usize>, what: impl Into<String>) -> Self {
        self.related = Some((span, what.into()));
        self
    }

    /// Line and column, both from 1, columns in characters.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let before = self
            .source
            .text
            .get(..self.span.start)
            .unwrap_or(&self.source.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        (
            line,
            before.get(line_start..).unwrap_or_default().chars().count() + 1,
        )
    }
}

/// The nearest of `known` to `written`, when it is near enough to be what was meant.
#[must_use]
pub fn did_you_mean<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let close_enough = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(written, name), name))
        .filter(|(distance, _)| *distance <= close_enough)
        .min()
        .map(|(_, name)| name)
}
