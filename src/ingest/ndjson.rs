//! One JSON post a line.

use super::sniff::{Fit, Head, JsonHead};
use super::{BadRecord, Chunk, Format, Input, MaybePost, Numbers, Reader, Records};
use crate::limits::LINE_BYTES_MAX;
use crate::wire::{event_from_json, post_from_json};
use memchr::{memchr, memrchr};
use std::io;
use std::ops::Range;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    summary: "one JSON post a line, as Vigie reads and writes them",
    endings: &["ndjson", "jsonl"],
    numbers: Numbers::Lines,
    sniff,
    records: |input| Ok(Box::new(Lines::of(input, Arc::new(Contract)))),
};

fn sniff(head: &Head<'_>) -> Fit {
    let json = head.json();
    match json.is_by_line {
        Some(true) if json.has_at_top("text") || begins_with_event(json) => Fit::Yes,
        Some(true) => Fit::Perhaps,
        Some(false) => Fit::No,
        None => Fit::NeedsMore,
    }
}

/// A dump may tell what became of posts before it tells any.
fn begins_with_event(json: &JsonHead) -> bool {
    let has = |key| json.has_at_top(key);
    has("post") && (has("outcome") || has("deleted")) || has("subject") && has("closed")
}

/// Reads posts as the JSON contract has them.
#[derive(Debug)]
pub(super) struct Contract;

impl Reader for Contract {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let wrong = match post_from_json(record) {
            Ok(post) => return Ok(Some(post)),
            Err(wrong) => wrong,
        };
        match event_from_json(record) {
            // What became of posts is no post. Audits read it by themselves.
            Ok(Some(_)) => Ok(None),
            Ok(None) => Err(BadRecord::NotAPost(wrong)),
            Err(wrong) => Err(BadRecord::NotAPost(wrong)),
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cuts a dump into its lines.
pub(super) struct Lines {
    input: Input,
    reader: Arc<dyn Reader>,
    /// The beginning of a line whose end has not arrived yet.
    begun: Vec<u8>,
    /// How many lines were cut.
    number: u64,
}

/// What has arrived goes on with every read, so that a slow pipe gets its answers line by line, and
/// a file goes on in large pieces.
impl Records for Lines {
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.clear_for(&self.reader);
        self.take_begun(chunk);
        while chunk.is_empty() {
            let searched = chunk.bytes().len();
            if chunk.read(&mut self.input)? == 0 {
                let end = chunk.bytes().len();
                if end > 0 {
                    self.cut(chunk, 0..end);
                }
                return Ok(!chunk.is_empty());
            }
            let arrived = chunk.bytes().get(searched..).unwrap_or_default();
            match memrchr(b'\n', arrived) {
                Some(at) => self.cut_lines(chunk, searched + at),
                None if chunk.bytes().len() > LINE_BYTES_MAX => {
                    self.number += 1;
                    chunk.push_too_long(self.number);
                    self.skip_line(chunk)?;
                }
                None => {}
            }
        }
        Ok(true)
    }
}

impl Lines {
    /// The lines of a dump, which `reader` reads.
    pub(super) fn of(input: Input, reader: Arc<dyn Reader>) -> Self {
        Self {
            input,
            reader,
            begun: Vec::new(),
            number: 0,
        }
    }

    /// Cuts what stands before the last line feed; what stands behind it is kept for later.
    fn cut_lines(&mut self, chunk: &mut Chunk, last: usize) {
        self.begin(chunk, last + 1);
        let mut start = 0;
        while let Some(length) = chunk.bytes().get(start..).and_then(|it| memchr(b'\n', it)) {
            self.cut(chunk, start..start + length);
            start += length + 1;
        }
        if chunk.is_empty() {
            chunk.clear();
            self.take_begun(chunk);
        }
    }

    /// Cuts one line, given without its line feed; empty ones leave nothing behind.
    fn cut(&mut self, chunk: &mut Chunk, place: Range<usize>) {
        self.number += 1;
        let line = chunk.bytes().get(place.clone()).unwrap_or_default();
        if line.len() > LINE_BYTES_MAX {
            chunk.push_too_long(self.number);
            return;
        }
        let marked = match self.number {
            1 if line.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
            _ => 0,
        };
        let end = place.start + line.trim_ascii_end().len();
        let start = place.start + marked;
        if start < end {
            chunk.push(self.number, start..end);
        }
    }

    /// Skips what is left of a line, without keeping it. What arrived behind it goes on at once.
    fn skip_line(&mut self, chunk: &mut Chunk) -> io::Result<()> {
        loop {
            chunk.truncate(0);
            if chunk.read(&mut self.input)? == 0 {
                return Ok(());
            }
            if let Some(at) = memchr(b'\n', chunk.bytes()) {
                chunk.drop_before(at + 1);
                match memrchr(b'\n', chunk.bytes()) {
                    Some(last) => self.cut_lines(chunk, last),
                    None => self.begin(chunk, 0),
                }
                return Ok(());
            }
        }
    }

    /// Keeps the bytes from `start` on for the next chunk.
    fn begin(&mut self, chunk: &mut Chunk, start: usize) {
        let begun = chunk.bytes().get(start..).unwrap_or_default();
        self.begun.extend_from_slice(begun);
        chunk.truncate(start);
    }

    fn take_begun(&mut self, chunk: &mut Chunk) {
        chunk.append(&self.begun);
        self.begun.clear();
    }
}
