//! Opens dumps.
#![expect(clippy::disallowed_methods, reason = "reads files")]

use super::Input;
use super::compressed::unpack;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A dump that was opened.
#[derive(Debug)]
pub struct Source {
    /// How people know it.
    pub name: String,
    /// Bytes of the file, when that is known.
    pub bytes: Option<u64>,
    /// Bytes of the file that were read so far.
    pub bytes_read: Arc<AtomicU64>,
    file: File,
}

/// Opens a dump; `-` is stdin.
///
/// # Errors
/// It can't be opened.
pub fn open(path: &Path) -> io::Result<Source> {
    let is_stdin = path.as_os_str() == "-";
    let (name, file) = match is_stdin {
        true => ("stdin".to_owned(), stdin()?),
        false => (path.display().to_string(), File::open(path)?),
    };
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    Ok(Source {
        name,
        bytes: facts.is_file().then_some(facts.len()),
        bytes_read: Arc::default(),
        file,
    })
}

/// Stdin without the buffer and the lock of the standard library: it is read by another thread.
#[cfg(unix)]
fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}

impl Source {
    /// Its bytes, unpacked.
    ///
    /// # Errors
    /// The first bytes can't be read.
    pub fn input(self) -> io::Result<Input> {
        let plain = PlainFile {
            // A pipe can only be read from its beginning to its end.
            file: self.bytes.map(|_| self.file.try_clone()).transpose()?,
            bytes_read: Arc::clone(&self.bytes_read),
        };
        let counted = Counted {
            file: self.file,
            bytes_read: self.bytes_read,
        };
        let (unpacked, is_packed) = unpack(Box::new(counted))?;
        let input = Input::of(unpacked);
        Ok(match is_packed {
            true => input,
            false => input.with_file(plain),
        })
    }
}

/// A file that can be read anywhere, for formats whose table of contents stands at their end.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "parquet"),
    expect(dead_code, reason = "only Parquet's contents stand at the end")
)]
pub(super) struct PlainFile {
    pub(super) file: Option<File>,
    pub(super) bytes_read: Arc<AtomicU64>,
}

struct Counted {
    file: File,
    bytes_read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bytes_read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
