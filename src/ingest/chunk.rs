//! Records on their way from one thread to another.

use super::{Reader, ndjson};
use crate::limits::{CHUNK_BYTES, LINE_BYTES_MAX};
use crate::model::Post;
use crate::wire::PostError;
use simdutf8::basic::from_utf8;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;

/// Some records of a dump, in order. Chunks are used again and again.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Room for bytes, and behind them whatever was read into it before: clearing it before each
    /// read would cost as much as reading.
    room: Vec<u8>,
    /// How many bytes there are.
    filled: usize,
    records: Vec<(u64, Option<Range<usize>>)>,
    /// What makes posts of the records.
    reader: Option<Arc<dyn Reader>>,
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
    /// It is JSON, but no post.
    #[error("{0}")]
    NotAPost(PostError),
    /// Its format says so.
    #[error("{0}")]
    Malformed(&'static str),
}

/// What came of one record: a post; nothing, since nothing is left of it; or what is wrong.
pub type MaybePost<'a> = Result<Option<Post<'a>>, BadRecord>;

impl Chunk {
    /// What comes of the records, each with its number, counted from 1: of lines or of records, as
    /// [`Format::numbers`](super::Format::numbers) says. A record of which no words are left, as when
    /// its author deleted it, gives no post and is not bad.
    pub fn posts(&self) -> impl Iterator<Item = (u64, MaybePost<'_>)> {
        let reader = self.reader.as_deref().unwrap_or(&ndjson::Contract);
        let whole = from_utf8(self.bytes()).ok();
        self.records.iter().map(move |(number, place)| {
            let post = match (place, whole) {
                (None, _) => Err(BadRecord::TooLong),
                (Some(place), Some(whole)) => {
                    reader.post(whole.get(place.clone()).unwrap_or_default())
                }
                (Some(place), None) => {
                    reader.post_of_bytes(self.bytes().get(place.clone()).unwrap_or_default())
                }
            };
            (*number, post)
        })
    }

    /// The records: the number of each and its text.
    pub fn records(&self) -> impl Iterator<Item = (u64, Result<&str, BadRecord>)> {
        // All at once is much faster than one by one; only when some byte is wrong, it must be known
        // whose it is.
        let whole = from_utf8(self.bytes()).ok();
        self.records.iter().map(move |(line, place)| {
            let text = match (place, whole) {
                (None, _) => Err(BadRecord::TooLong),
                (Some(place), Some(whole)) => Ok(whole.get(place.clone()).unwrap_or_default()),
                (Some(place), None) => self.text(place),
            };
            (*line, text)
        })
    }

    fn text(&self, place: &Range<usize>) -> Result<&str, BadRecord> {
        let bytes = self.bytes().get(place.clone()).unwrap_or_default();
        text(bytes)
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Drops the first records, that were worked on before.
    pub fn drop_first(&mut self, number: usize) {
        self.records.drain(..number.min(self.records.len()));
    }

    /// Empties it, for records that `reader` reads.
    pub(super) fn clear_for(&mut self, reader: &Arc<dyn Reader>) {
        self.clear();
        self.read_by(reader);
    }

    /// Has `reader` read its records.
    pub(super) fn read_by(&mut self, reader: &Arc<dyn Reader>) {
        self.reader = Some(Arc::clone(reader));
    }

    /// Empties it. A huge record doesn't keep its memory for ever.
    pub(super) fn clear(&mut self) {
        self.records.clear();
        self.filled = 0;
        self.room.truncate(2 * CHUNK_BYTES);
        self.room.shrink_to(2 * CHUNK_BYTES);
    }

    /// The bytes that records are made of.
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.filled).unwrap_or_default()
    }

    /// Reads what has arrived, as far as there is room for it. 0: nothing comes any more.
    pub(super) fn read(&mut self, input: &mut dyn Read) -> io::Result<usize> {
        self.make_room(CHUNK_BYTES / 2);
        let room = self.room.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += read;
        Ok(read)
    }

    /// Puts bytes behind those that are there.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        let end = self.filled + bytes.len();
        if let Some(room) = self.room.get_mut(self.filled..end) {
            room.copy_from_slice(bytes);
            self.filled = end;
        }
    }

    /// Makes a record of some of the bytes.
    pub(super) fn push(&mut self, line: u64, place: Range<usize>) {
        self.records.push((line, Some(place)));
    }

    /// Makes a record of a line that is too long, without its bytes.
    pub(super) fn push_too_long(&mut self, line: u64) {
        self.records.push((line, None));
    }

    /// Drops the bytes from `end` on.
    pub(super) fn truncate(&mut self, end: usize) {
        self.filled = self.filled.min(end);
    }

    /// Drops the bytes before `start`. No record may have been made yet of those that stay.
    pub(super) fn drop_before(&mut self, start: usize) {
        let start = start.min(self.filled);
        if start == 0 {
            return;
        }
        self.room.copy_within(start..self.filled, 0);
        self.filled -= start;
    }

    fn make_room(&mut self, bytes: usize) {
        if self.room.len() < self.filled + bytes {
            let room = self.filled + bytes.max(CHUNK_BYTES);
            self.room.resize(room, 0);
        }
    }
}

/// Bytes as text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, BadRecord> {
    std::str::from_utf8(bytes).map_err(|error| BadRecord::NotUtf8(error.valid_up_to() + 1))
}
