//! Files of entries: each with its length and a checksum, one behind the other.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::error::{At, Error};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
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

/// A file that grows, and of which it is known how far it can be trusted.
#[derive(Debug)]
pub(super) struct Growing {
    path: PathBuf,
    file: File,
    /// How many bytes there are.
    pub(super) length: u64,
}

impl Growing {
    /// Goes on behind the first `length` bytes; what stands there was never finished.
    pub(super) fn open(path: &Path, length: u64) -> Result<Self, Error> {
        let open = || {
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?;
            let bytes = file.metadata()?.len();
            file.set_len(length)?;
            file.seek(SeekFrom::End(0))?;
            Ok((file, bytes))
        };
        let (file, bytes) = open().at("write", path)?;
        if bytes < length {
            return Err(Error::Damaged(path.to_owned()));
        }
        let path = path.to_owned();
        Ok(Self { path, file, length })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).at("write", &self.path)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// What was written is there even when the machine stops.
    pub(super) fn settle(&self) -> Result<(), Error> {
        self.file.sync_data().at("write", &self.path)
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
