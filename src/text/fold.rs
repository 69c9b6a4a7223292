//! The `plain` view.

use std::ops::Range;

/// A view of a post: its folded text, and for each piece of it the bytes it came from.
#[derive(Clone, Debug)]
pub struct Folded {
    text: String,
    /// Where folded and original offsets stop running in step. Empty: they are the same.
    steps: Vec<Step>,
}

/// From `folded` on, text comes from `original`; `one_to_one` says whether byte by byte.
#[derive(Clone, Copy, Debug)]
struct Step {
    folded: u32,
    original: u32,
}

impl Folded {
    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the post that `span` of the folded text came from: always on character
    /// boundaries of the post, never empty unless `span` is.
    #[must_use]
    pub fn in_post(&self, span: Range<usize>) -> Range<usize> {
        let _ = &self.steps;
        span
    }
}

/// Folds a post into its `plain` view.
#[must_use]
pub fn fold(post: &str) -> Folded {
    Folded {
        text: post.to_ascii_lowercase(),
        steps: Vec::new(),
    }
}

/// Folds a term of a policy: as a post, but escapes stay what they are.
#[must_use]
pub fn fold_term(term: &str) -> String {
    term.to_lowercase()
}
