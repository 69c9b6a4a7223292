//! Policy files from folders.
#![expect(clippy::disallowed_methods, reason = "reads files")]

use crate::diagnostics::{Code, Diagnostic, Source};
use crate::limits::{FOLDER_DEPTH_MAX, POLICY_BYTES_MAX};
use crate::policy::RawFile;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct PolicyFiles {
    /// The files, each once.
    pub files: Vec<RawFile>,
    /// One [`Code::UnreadableFile`] for each file or folder that could not be read.
    pub unreadable: Vec<Diagnostic>,
    seen: BTreeSet<PathBuf>,
}

/// Reads policies: files as they are named, folders with all `.yaml` and `.yml` files below them,
/// hidden ones left out. Links are followed, no folder is entered twice.
///
/// # Errors
/// A path doesn't exist, or nothing can be known of it.
pub fn read_policies(paths: &[PathBuf]) -> Result<PolicyFiles, (PathBuf, io::Error)> {
    let mut read = PolicyFiles::default();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| (path.clone(), error))?;
        match kind.is_dir() {
            true => read.folder(path, 0),
            false => read.file(path),
        }
    }
    Ok(read)
}

impl PolicyFiles {
    fn folder(&mut self, folder: &Path, depth: usize) {
        if depth > FOLDER_DEPTH_MAX || !self.is_new(folder) {
            return;
        }
        let mut entries: Vec<PathBuf> = match fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        entries.sort();
        for path in entries.iter().filter(|path| !is_hidden(path)) {
            if path.is_dir() {
                self.folder(path, depth + 1);
            } else if is_policy(path) {
                self.file(path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        if !self.is_new(path) {
            return;
        }
        match read_at_most(path, POLICY_BYTES_MAX + 1) {
            Ok(bytes) => self.files.push(RawFile {
                name: path.display().to_string(),
                bytes,
            }),
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn is_new(&mut self, path: &Path) -> bool {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.seen.insert(real)
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let source = Arc::new(Source {
            name: path.display().to_string(),
            text: String::new(),
        });
        let message = format!("cannot be read: {error}");
        self.unreadable.push(Diagnostic::new(
            Code::UnreadableFile,
            &source,
            0..0,
            message,
        ));
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_policy(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"))
}

/// A file's bytes, but never more than `bytes_max`: a policy named by mistake may be a disk image.
fn read_at_most(path: &Path, bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let bytes_max = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    File::open(path)?.take(bytes_max).read_to_end(&mut bytes)?;
    Ok(bytes)
}
