//! Mistakes in what people wrote: each with a stable code, a place, and what to do about it.
//!
//! Messages are lower case, without a final period, with what the author wrote in backticks and no
//! word of the implementation. All of them are collected; none stops the others.

mod code;
mod reference;
mod render;

pub use code::{Code, Severity};
pub use reference::{explanation, reference};
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

/// The nearest of `known` to `written`, when it is near enough to be what was meant: a slip of the
/// fingers, another case or separator, or one continued into the other.
#[must_use]
pub fn did_you_mean<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = written.chars().count();
    if length > NAME_CHARS_MAX {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', '.', ' '], "");
    let written = plain(written);
    let distance = |name: &str| {
        let name = plain(name);
        if name == written {
            return 0;
        }
        let continued = |a: &str, b: &str| a.len() >= 3 && b.starts_with(a);
        if continued(&name, &written) || continued(&written, &name) {
            return 1;
        }
        let common = name
            .chars()
            .zip(written.chars())
            .take_while(|(a, b)| a == b);
        let common = common.count();
        let shorter = name.chars().count().min(written.chars().count());
        // `policies` for `policy`, `attributes` for `attrs`.
        let inflected = common >= 4 && common * 4 >= shorter * 3;
        let slips = strsim::damerau_levenshtein(&written, &name);
        if inflected { slips.min(2) } else { slips }
    };
    let close_enough = (length / 3).max(1);
    known
        .into_iter()
        .filter(|name| name.len() <= NAME_CHARS_MAX)
        .map(|name| (distance(name), name))
        .filter(|(distance, name)| *distance <= close_enough && *distance < name.chars().count())
        .min()
        .map(|(_, name)| name)
}

/// Longer texts are no misspelt names, and comparing them would take long.
const NAME_CHARS_MAX: usize = 64;

/// The first of many names, as a list to read.
#[must_use]
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let mut list = names.by_ref().take(20).collect::<Vec<_>>().join(", ");
    if names.next().is_some() {
        list.push_str(", …");
    }
    list
}
