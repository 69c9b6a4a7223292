//! Files of entries: each with its length and a checksum, one behind the other.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::error::{At, Error};
use crate::store::Growing;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

const HEAD_BYTES: usize = 8;

/// Puts one more entry behind the others: `write` gives its bytes.
pub(super) fn frame(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD_BYTES]);
    write(out);
    let bytes = out.get(start + HEAD_BYTES..).unwrap_or_default();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let sum = crc32fast::hash(bytes);
    let head = u64::from(length) << u32::BITS | u64::from(sum);
    if let Some(place) = out.get_mut(start..start + HEAD_BYTES) {
        place.copy_from_slice(&head.to_be_bytes());
    }
}

/// A file that grows, and whose name is told when something is wrong with it.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: Growing,
}

impl Journal {
    /// Goes on behind the first `length` bytes; what stands there was never finished.
    pub(super) fn open(path: &Path, length: u64) -> Result<Self, Error> {
        let file = Growing::open(path, length).at("write", path)?;
        let path = path.to_owned();
        match file {
            Some(file) => Ok(Self { path, file }),
            None => Err(Error::Damaged(path)),
        }
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.append(bytes).at("write", &self.path)
    }

    /// What was written is there even when the machine stops.
    pub(super) fn settle(&self) -> Result<(), Error> {
        self.file.settle().at("write", &self.path)
    }

    /// How many bytes there are.
    pub(super) fn length(&self) -> u64 {
        self.file.length
    }
}

/// Reads a file of entries.
#[derive(Debug)]
pub(super) struct Entries {
    path: PathBuf,
    file: BufReader<io::Take<File>>,
    /// Bytes that were not read yet.
    pub(super) left: u64,
}

impl Entries {
    /// The entries in the first `length` bytes.
    pub(super) fn open(path: &Path, length: u64, buffer: usize) -> Result<Self, Error> {
        let file = File::open(path).at("read", path)?;
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::with_capacity(buffer, file.take(length)),
            left: length,
        })
    }

    /// Puts the next entry behind what `bytes` holds. `false`: there is none.
    pub(super) fn next(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Error> {
        if self.left == 0 {
            return Ok(false);
        }
        let mut head = [0; HEAD_BYTES];
        self.fill(&mut head)?;
        let head = u64::from_be_bytes(head);
        let (length, sum) = (head >> u32::BITS, head & u64::from(u32::MAX));
        // A length that is not true must not take all memory.
        if length > self.left {
            return Err(self.damaged());
        }
        let start = bytes.len();
        let end = start + usize::try_from(length).map_err(|_| self.damaged())?;
        bytes.resize(end, 0);
        let place = bytes.get_mut(start..).unwrap_or_default();
        self.fill(place)?;
        match u64::from(crc32fast::hash(place)) == sum {
            true => Ok(true),
            false => Err(self.damaged()),
        }
    }

    fn fill(&mut self, place: &mut [u8]) -> Result<(), Error> {
        match self.file.read_exact(place) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.damaged());
            }
            read => read.at("read", &self.path)?,
        }
        self.left = self.left.saturating_sub(place.len() as u64);
        Ok(())
    }

    fn damaged(&self) -> Error {
        Error::Damaged(self.path.clone())
    }
}
