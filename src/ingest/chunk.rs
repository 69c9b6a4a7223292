//! Records on their way from one thread to another.

use crate::limits::{CHUNK_BYTES, LINE_BYTES_MAX};
use crate::wire::PostError;
use std::ops::Range;
use thiserror::Error;

/// Some records of a dump, in order. Chunks are used again and again.
#[derive(Debug, Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    records: Vec<(u64, Option<Range<usize>>)>,
}

/// Why a record is no post. Holds no word of it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BadRecord {
    /// It is longer than any post.
    #[error("longer than {} MiB", LINE_BYTES_MAX >> 20)]
    TooLong,
    /// It is not text.
    #[error("not UTF-8 text at byte {0}")]
    NotUtf8(usize),
    /// Its format says so.
    #[error("{0}")]
    NotAPost(PostError),
}

impl Chunk {
    /// The records: the line each begins at, counted from 1, and its text.
    pub fn records(&self) -> impl Iterator<Item = (u64, Result<&str, BadRecord>)> {
        self.records.iter().map(|(line, place)| {
            let bytes = place
                .as_ref()
                .and_then(|place| self.bytes.get(place.clone()));
            let text = bytes.ok_or(BadRecord::TooLong).and_then(|bytes| {
                std::str::from_utf8(bytes)
                    .map_err(|error| BadRecord::NotUtf8(error.valid_up_to() + 1))
            });
            (*line, text)
        })
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether it holds enough to be worth handing on.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= CHUNK_BYTES
    }

    /// Empties it. A huge record doesn't keep its memory for ever.
    pub(super) fn clear(&mut self) {
        self.records.clear();
        self.bytes.clear();
        self.bytes.shrink_to(2 * CHUNK_BYTES);
    }

    /// Where the bytes of the next record go.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Makes a record of some of the bytes.
    pub(super) fn push(&mut self, line: u64, place: Range<usize>) {
        self.records.push((line, Some(place)));
    }

    /// Drops the bytes from `start` on: their record is too long.
    pub(super) fn push_too_long(&mut self, line: u64, start: usize) {
        self.bytes.truncate(start);
        self.records.push((line, None));
    }
}
