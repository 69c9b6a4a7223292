//! Entries of a journal in the order of their bytes, in bounded memory: runs that fit into memory are
//! sorted and written down, then merged.

use super::entry::identity;
use super::error::{At, Error};
use super::journal::{Entries, Journal, frame};
use crate::limits::{AUDIT_MERGE_MAX, AUDIT_READ_BYTES, AUDIT_RUN_BYTES};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A sorted file of entries.
#[derive(Clone, Debug)]
pub(super) struct Run {
    path: PathBuf,
    length: u64,
}

/// Sorts the first `length` bytes of a journal into runs, in `folder`. Tells how many bytes it has
/// read.
pub(super) fn sort(
    journal: &Path,
    length: u64,
    folder: &Path,
    read: impl Fn(u64),
) -> Result<Vec<Run>, Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).at("remove", folder)?;
    }
    fs::create_dir_all(folder).at("create", folder)?;
    let mut entries = Entries::open(journal, length, AUDIT_READ_BYTES)?;
    let mut runs = Vec::new();
    let mut bytes = Vec::new();
    let mut places: Vec<Range<usize>> = Vec::new();
    loop {
        let start = bytes.len();
        let more = entries.next(&mut bytes)?;
        if more {
            places.push(start..bytes.len());
        }
        if !more || bytes.len() >= AUDIT_RUN_BYTES {
            read(length - entries.left);
            let of = |place: &Range<usize>| bytes.get(place.clone()).unwrap_or_default();
            places.sort_unstable_by(|a, b| of(a).cmp(of(b)));
            let path = folder.join(runs.len().to_string());
            runs.push(write_run(&path, places.iter().map(of))?);
            bytes.clear();
            places.clear();
        }
        if !more {
            return bounded(runs, folder);
        }
    }
}

fn write_run<'b>(path: &Path, entries: impl Iterator<Item = &'b [u8]>) -> Result<Run, Error> {
    let mut file = Journal::open(path, 0)?;
    let mut buffer = Vec::new();
    for entry in entries {
        frame(&mut buffer, |out| out.extend_from_slice(entry));
        if buffer.len() >= AUDIT_READ_BYTES {
            file.append(&buffer)?;
            buffer.clear();
        }
    }
    file.append(&buffer)?;
    Ok(Run {
        path: path.to_owned(),
        length: file.length(),
    })
}

/// Merges runs until there are few enough to be read at once.
fn bounded(mut runs: Vec<Run>, folder: &Path) -> Result<Vec<Run>, Error> {
    let mut number = runs.len();
    while runs.len() > AUDIT_MERGE_MAX {
        let first: Vec<Run> = runs.drain(..AUDIT_MERGE_MAX).collect();
        let mut merged = Merged::of(&first)?;
        let mut file = Journal::open(&folder.join(number.to_string()), 0)?;
        let (mut entry, mut framed) = (Vec::new(), Vec::new());
        while merged.next(&mut entry)? {
            frame(&mut framed, |out| out.extend_from_slice(&entry));
            if framed.len() >= AUDIT_READ_BYTES {
                file.append(&framed)?;
                framed.clear();
            }
        }
        file.append(&framed)?;
        for run in first {
            fs::remove_file(&run.path).at("remove", &run.path)?;
        }
        runs.push(Run {
            path: folder.join(number.to_string()),
            length: file.length(),
        });
        number += 1;
    }
    Ok(runs)
}

/// Several runs as one.
struct Merged {
    runs: Vec<Entries>,
    /// The first entry of each run, smallest on top.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
}

impl Merged {
    fn of(runs: &[Run]) -> Result<Self, Error> {
        let mut merged = Self {
            runs: Vec::new(),
            heads: BinaryHeap::new(),
        };
        for (at, run) in runs.iter().enumerate() {
            let opened = Entries::open(&run.path, run.length, AUDIT_READ_BYTES)?;
            merged.runs.push(opened);
            merged.refill(Vec::new(), at)?;
        }
        Ok(merged)
    }

    /// The next entry, in place of what `entry` holds. `false`: there is none.
    fn next(&mut self, entry: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(Reverse((mut first, run))) = self.heads.pop() else {
            return Ok(false);
        };
        std::mem::swap(entry, &mut first);
        self.refill(first, run)?;
        Ok(true)
    }

    fn refill(&mut self, mut room: Vec<u8>, run: usize) -> Result<(), Error> {
        room.clear();
        if let Some(entries) = self.runs.get_mut(run)
            && entries.next(&mut room)?
        {
            self.heads.push(Reverse((room, run)));
        }
        Ok(())
    }
}

/// Sorted entries, of the tellings of one edit of a post only the one that counts.
pub(super) struct Sorted {
    merged: Merged,
    /// The entry after the one that was given last.
    ahead: Option<Vec<u8>>,
    /// Tellings that were left out.
    pub(super) repeated: u64,
}

impl Sorted {
    pub(super) fn of(runs: &[Run]) -> Result<Self, Error> {
        let mut merged = Merged::of(runs)?;
        let mut first = Vec::new();
        let ahead = merged.next(&mut first)?.then_some(first);
        Ok(Self {
            merged,
            ahead,
            repeated: 0,
        })
    }

    /// The next entry, in place of what `entry` holds. `false`: there is none.
    pub(super) fn next(&mut self, entry: &mut Vec<u8>) -> Result<bool, Error> {
        while let Some(mut this) = self.ahead.take() {
            std::mem::swap(entry, &mut this);
            // What `entry` held is room for the one ahead.
            self.ahead = self.merged.next(&mut this)?.then_some(this);
            let again = |next: &Vec<u8>| identity(next) == identity(entry);
            if !self.ahead.as_ref().is_some_and(again) {
                return Ok(true);
            }
            self.repeated += 1;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, Sorted, frame, sort};

    #[test]
    fn runs_are_merged_and_repeats_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path, 0).unwrap();
        let numbers: Vec<u32> = (0..1_000_u32)
            .map(|n| n.wrapping_mul(2_654_435_761) >> 24)
            .collect();
        for number in &numbers {
            let mut bytes = Vec::new();
            frame(&mut bytes, |out| {
                out.extend_from_slice(&number.to_be_bytes())
            });
            journal.append(&bytes).unwrap();
        }
        let runs = sort(&path, journal.length(), &folder.path().join("runs"), |_| ()).unwrap();
        let mut sorted = Sorted::of(&runs).unwrap();
        let (mut entry, mut read) = (Vec::new(), Vec::new());
        while sorted.next(&mut entry).unwrap() {
            read.push(u32::from_be_bytes(entry.as_slice().try_into().unwrap()));
        }
        let mut expected = numbers.clone();
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(read, expected);
        assert_eq!(sorted.repeated as usize, numbers.len() - expected.len());
    }
}
