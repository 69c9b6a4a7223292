//! Snapshots: all that is known, in one file, with its sum. The older one stays until the newer is
//! durable.
#![expect(clippy::disallowed_methods, reason = "reads files")]

use super::error::{At, StoreError};
use super::files::{replace_by, sync_folder};
use super::line::Link;
use super::memory::Memory;
use crate::limits::SNAPSHOTS_KEPT;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 16] = b"vigie state 1\n\0\0";
const ENDING: &str = "state";

/// Where a snapshot stands: before the line of this number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Snapshot {
    pub(super) next: u64,
    pub(super) path: PathBuf,
}

/// The snapshots of a folder, oldest first.
pub(super) fn list(folder: &Path) -> Result<Vec<Snapshot>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).at("read", folder)? {
        let path = entry.at("read", folder)?.path();
        if let Some(next) = numbered(&path, ENDING) {
            found.push(Snapshot { next, path });
        }
    }
    found.sort();
    Ok(found)
}

/// The number in a file's name, if it ends so.
pub(super) fn numbered(path: &Path, ending: &str) -> Option<u64> {
    let is_one = path.extension().is_some_and(|it| it == ending);
    let stem = path.file_stem()?.to_str()?;
    stem.parse().ok().filter(|_| is_one)
}

/// The name of a file with a number: names stand in the order of numbers.
pub(super) fn name(number: u64, ending: &str) -> String {
    format!("{number:020}.{ending}")
}

/// Writes what [`Memory::save`] gave as a snapshot, and removes those that are not needed any more.
pub(super) fn write(folder: &Path, next: u64, body: &[u8]) -> Result<(), StoreError> {
    let path = folder.join(name(next, ENDING));
    let sum = Sha256::digest(body);
    replace_by(&path, &[MAGIC, &sum, body]).at("write", &path)?;
    remove_but(folder, SNAPSHOTS_KEPT)
}

/// Removes all but the newest.
pub(super) fn remove_but(folder: &Path, kept: usize) -> Result<(), StoreError> {
    let all = list(folder)?;
    let many = all.len().saturating_sub(kept);
    for old in all.iter().take(many) {
        fs::remove_file(&old.path).at("remove", &old.path)?;
    }
    sync_folder(folder).at("write", folder)
}

/// Reads a snapshot. None: it is damaged, or another program's.
pub(super) fn read(path: &Path) -> Option<(Memory, Link)> {
    let bytes = fs::read(path).ok()?;
    let (sum, body) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<32>()?;
    (Sha256::digest(body).as_slice() == sum).then_some(())?;
    Memory::load(body)
}
