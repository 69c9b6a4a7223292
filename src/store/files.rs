//! Files that must survive whatever happens: locked, replaced as a whole, growing.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Holds a file for this process. None: another one holds it.
pub(crate) fn lock(path: &Path) -> io::Result<Option<File>> {
    let lock = File::create(path)?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        // Where files can't be locked, people must take care themselves.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(Some(lock)),
    }
}

/// A file that its owner alone may read, when it is new.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// A folder that its owner alone may look into, when it is new.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// What a file is called until it takes the place of the old one.
fn new_name(path: &Path) -> PathBuf {
    let mut new = path.as_os_str().to_owned();
    new.push(".");
    new.push(NEW);
    new.into()
}

/// Removes what a stop left of files that were about to take the place of others.
pub(super) fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == NEW) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Whether new files can be made in a folder: it may hold files that can be written, and be closed to others.
pub(super) fn try_new(folder: &Path) -> io::Result<()> {
    let new = new_name(&folder.join("tried"));
    File::create(&new)?;
    fs::remove_file(&new)
}

/// What the name of such a file ends in.
const NEW: &str = "new";

/// Replaces a file as a whole: whenever the machine stops, the old one or the new one is there.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_by(path, &[bytes])
}

/// The same, by parts that follow each other: large ones are not copied together first.
pub(super) fn replace_by(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let new = new_name(path);
    let mut file = File::create(&new)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    sync_folder_of(path)
}

/// New, renamed and removed files stay so even when the machine stops. Only Unix knows how.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The same for the folder of a file.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    sync_folder(folder.unwrap_or(Path::new(".")))
}

/// A file that grows, and of which it is known how far it can be trusted.
#[derive(Debug)]
pub(crate) struct Growing {
    file: File,
    /// How many bytes there are.
    pub(crate) length: u64,
}

impl Growing {
    /// Goes on behind the first `length` bytes; what stands there was never finished. None: there are
    /// fewer.
    pub(crate) fn open(path: &Path, length: u64) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() < length {
            return Ok(None);
        }
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Some(Self { file, length }))
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// What was written is there even when the machine stops.
    pub(crate) fn settle(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}
