//! How far a long command is, on stderr, when that is a terminal.

use super::terminal::say;
use crate::ingest::Source;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A bar over the bytes of all files; when their number isn't known, just the bytes so far.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    bytes_read: Vec<Arc<AtomicU64>>,
}

/// Both fit in 80 columns: a bar that wraps is drawn over and over.
const KNOWN: &str = "{bar:20} {percent:>3}%  {bytes}/{total_bytes}  {msg}  {eta} left";
const UNKNOWN: &str = "{spinner} {bytes}  {bytes_per_sec}  {msg}";

impl Progress {
    /// Progress over these files.
    pub(super) fn over(sources: &[Source]) -> Self {
        let bytes: Option<u64> = sources.iter().map(|source| source.bytes).sum();
        let (bar, template) = match bytes {
            Some(bytes) => (ProgressBar::new(bytes), KNOWN),
            None => (ProgressBar::new_spinner(), UNKNOWN),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let bytes_read = sources
            .iter()
            .map(|source| Arc::clone(&source.bytes_read))
            .collect();
        Self { bar, bytes_read }
    }

    /// So many posts are judged.
    pub(super) fn posts(&self, number: usize) {
        let read = self
            .bytes_read
            .iter()
            .map(|read| read.load(Ordering::Relaxed));
        self.bar.set_position(read.sum());
        self.bar.set_message(super::terminal::count(number, "post"));
    }

    /// Words, above the bar.
    pub(super) fn say(&self, words: &str) {
        self.bar.suspend(|| say(words));
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// A bar must not stay on the screen when something stopped the command.
impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
