//! Cuts a dump into records while it arrives: what all formats have in common whose records can be
//! told apart in one pass over the bytes.

use super::{Chunk, Input, Reader, Records};
use crate::limits::LINE_BYTES_MAX;
use std::io;
use std::sync::Arc;

/// Finds the records of one format in bytes that arrive piece by piece. Each byte is looked at once:
/// what a later step must know of earlier bytes, it remembers.
pub(super) trait Scan: Send {
    /// Looks at `bytes` from `at` on, up to the next thing worth telling.
    fn step(&mut self, bytes: &[u8], at: usize) -> Step;

    /// What reads the records from here on.
    fn reader(&self) -> Arc<dyn Reader>;

    /// What is wrong with a dump that ends here. A record that has begun ends here in any case.
    fn end(&self) -> Option<&'static str> {
        None
    }
}

/// What a step came upon. Looking goes on at `next`.
pub(super) enum Step {
    /// Nothing up to the end of what has arrived.
    More,
    /// A record begins.
    Begin { number: u64, at: usize, next: usize },
    /// The record that has begun ends before `end`.
    End { end: usize, next: usize },
    /// The records that follow are read in another way. Stands between records.
    NewReader { next: usize },
}

/// A record whose end has not arrived yet.
struct Begun {
    number: u64,
    /// Where it begins in the chunk, or in what is carried over to the next.
    start: usize,
    is_too_long: bool,
}

/// The records of a dump, as its scan finds them.
pub(super) struct Cutting<S> {
    input: Input,
    scan: S,
    begun: Option<Begun>,
    /// Bytes for the next chunk.
    carried: Vec<u8>,
    /// How many of them were looked at.
    looked_at: usize,
}

impl<S: Scan> Cutting<S> {
    pub(super) fn of(mut input: Input, scan: S) -> io::Result<Self> {
        input.skip_mark()?;
        Ok(Self {
            input,
            scan,
            begun: None,
            carried: Vec::new(),
            looked_at: 0,
        })
    }

    /// Looks at what has arrived from `at` on. `true`: the chunk must go on before what follows.
    fn look(&mut self, chunk: &mut Chunk, mut at: usize) -> bool {
        loop {
            match self.scan.step(chunk.bytes(), at) {
                Step::More => return false,
                Step::Begin {
                    number,
                    at: start,
                    next,
                } => {
                    self.begun = Some(Begun {
                        number,
                        start,
                        is_too_long: false,
                    });
                    at = next;
                }
                Step::End { end, next } => {
                    self.push(chunk, end);
                    at = next;
                }
                Step::NewReader { next } if chunk.is_empty() => {
                    chunk.read_by(&self.scan.reader());
                    at = next;
                }
                Step::NewReader { next } => {
                    self.carry(chunk, next);
                    return true;
                }
            }
        }
    }

    fn push(&mut self, chunk: &mut Chunk, end: usize) {
        let Some(begun) = self.begun.take() else {
            return;
        };
        match begun.is_too_long || end.saturating_sub(begun.start) > LINE_BYTES_MAX {
            true => chunk.push_too_long(begun.number),
            false => chunk.push(begun.number, begun.start..end),
        }
    }

    /// Keeps the bytes from `from` on for the next chunk.
    fn carry(&mut self, chunk: &mut Chunk, from: usize) {
        let bytes = chunk.bytes().get(from..).unwrap_or_default();
        self.carried.extend_from_slice(bytes);
        chunk.truncate(from);
    }

    /// Keeps what the next chunk needs of this one: of all that was looked at, the record that has
    /// begun.
    fn carry_begun(&mut self, chunk: &mut Chunk) {
        let from = self.forget(chunk);
        self.carry(chunk, from);
        self.looked_at = self.carried.len();
        if let Some(begun) = &mut self.begun {
            begun.start = 0;
        }
    }

    /// From where on bytes are needed further. Those of a record that is too long are not.
    fn forget(&mut self, chunk: &Chunk) -> usize {
        let end = chunk.bytes().len();
        let Some(begun) = &mut self.begun else {
            return end;
        };
        if begun.is_too_long || end - begun.start > LINE_BYTES_MAX {
            begun.is_too_long = true;
            begun.start = end;
        }
        begun.start
    }
}

impl<S: Scan> Records for Cutting<S> {
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.clear_for(&self.scan.reader());
        chunk.append(&self.carried);
        self.carried.clear();
        let mut at = std::mem::take(&mut self.looked_at);
        loop {
            if self.look(chunk, at) {
                return Ok(true);
            }
            if !chunk.is_empty() {
                self.carry_begun(chunk);
                return Ok(true);
            }
            let from = self.forget(chunk);
            chunk.drop_before(from);
            if let Some(begun) = &mut self.begun {
                begun.start = 0;
            }
            at = chunk.bytes().len();
            if chunk.read(&mut self.input)? == 0 {
                self.push(chunk, at);
                return match self.scan.end() {
                    Some(wrong) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, wrong)),
                    None => Ok(!chunk.is_empty()),
                };
            }
        }
    }

    fn told(&self) -> Option<String> {
        self.scan.reader().told()
    }
}
