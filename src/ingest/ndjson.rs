//! One JSON post a line.

use super::{Chunk, Format, Input, Records};
use crate::limits::LINE_BYTES_MAX;
use crate::wire::post_from_json;
use std::io::{self, BufRead, Read};

pub(super) static FORMAT: Format = Format {
    name: "ndjson",
    summary: "one JSON post a line",
    records: |input| Box::new(Lines { input, number: 0 }),
    post: post_from_json,
};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

struct Lines {
    input: Input,
    /// How many lines were read.
    number: u64,
}

impl Records for Lines {
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.clear();
        while self.line(chunk)? {
            // What has arrived goes on, so that a slow pipe gets its answers line by line.
            let is_more_here = self.input.buffer().contains(&b'\n');
            if chunk.is_full() || (!is_more_here && !chunk.is_empty()) {
                break;
            }
        }
        Ok(!chunk.is_empty())
    }
}

impl Lines {
    /// Reads one line; empty ones leave nothing behind. `false`: there is none.
    fn line(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        let start = chunk.bytes().len();
        // The line feed doesn't count.
        let bytes_max = LINE_BYTES_MAX as u64 + 1;
        let mut bounded = self.input.by_ref().take(bytes_max);
        let read = bounded.read_until(b'\n', chunk.bytes())?;
        if read == 0 {
            return Ok(false);
        }
        self.number += 1;
        let line = chunk.bytes().get(start..).unwrap_or_default();
        if line.len() > LINE_BYTES_MAX && line.last() != Some(&b'\n') {
            chunk.push_too_long(self.number, start);
            self.skip_line()?;
            return Ok(true);
        }
        let marked = match self.number {
            1 if line.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
            _ => 0,
        };
        let end = start + line.trim_ascii_end().len();
        if start + marked < end {
            chunk.push(self.number, start + marked..end);
        }
        Ok(true)
    }

    /// Skips what is left of a line, without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let (bytes, is_last) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.input.consume(bytes);
            if is_last {
                return Ok(());
            }
        }
    }
}
