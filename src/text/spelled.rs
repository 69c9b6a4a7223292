//! The `spelled` view.

use super::{Folded, Word};
use std::ops::Range;

/// The words that policies look for.
#[derive(Debug)]
pub struct Lexicon;

impl Lexicon {
    /// A lexicon of these words.
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        words.for_each(drop);
        Self
    }
}

/// A view in which disguises are undone.
#[derive(Debug)]
pub struct Spelled {
    /// The text.
    pub folded: Folded,
    /// What was changed.
    pub altered: Vec<Range<usize>>,
}

/// Undoes disguises.
#[must_use]
pub fn spell(_: &str, _: &Folded, _: &[Word], _: &Lexicon) -> Option<Spelled> {
    None
}
