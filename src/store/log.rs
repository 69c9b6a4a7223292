//! The decision log on disk: files of lines, named by the number of their first line, and the head
//! that says how far it was acknowledged.
//!
//! ```text
//! log/00000000000000000001.ndjson    {"vigie_log":1,"first":1,"after":"<chain>","now":"…"}
//!                                    {"n":1,…}
//! log/head.json                      {"n":17,"chain":"<hex>"}
//! ```
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::error::{At, StoreError};
use super::files::{Growing, sync_folder};
use super::line::{Line, Link, Salts, write_line};
use super::snapshot::{name, numbered};
use crate::limits::LOG_PROBE_BYTES;
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

pub(super) const ENDING: &str = "ndjson";
const VERSION: u32 = 1;
const HEAD: &str = "head.json";

/// A file of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    /// The number of its first line.
    pub(super) first: u64,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

/// The files of a log, in order.
pub(super) fn segments(folder: &Path) -> Result<Vec<Segment>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).at("read", folder)? {
        let entry = entry.at("read", folder)?;
        let path = entry.path();
        if let Some(first) = numbered(&path, ENDING) {
            let bytes = entry.metadata().at("read", &path)?.len();
            found.push(Segment { first, path, bytes });
        }
    }
    found.sort();
    Ok(found)
}

/// The first line of a file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Header {
    vigie_log: u32,
    /// The number of the first line after it.
    pub(super) first: u64,
    /// The chain up to there.
    pub(super) after: String,
    /// No happening in the files before is later.
    pub(super) now: Timestamp,
}

/// The lines of one file, each proven to follow upon the one before.
#[derive(Debug)]
pub(super) struct Lines<'b> {
    bytes: &'b [u8],
    /// Where the next line begins.
    pub(super) offset: usize,
    /// Which line of the file that is, from 1.
    pub(super) number: usize,
    pub(super) link: Link,
}

impl<'b> Lines<'b> {
    /// Reads the head of a file. None: it has none.
    pub(super) fn begin(bytes: &'b [u8]) -> Option<(Header, Self)> {
        let end = memchr::memchr(b'\n', bytes)?;
        let header: Header = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let link = Link {
            next: header.first,
            chain: header.after.as_bytes().try_into().ok()?,
        };
        let lines = Self {
            bytes,
            offset: end + 1,
            number: 2,
            link,
        };
        (header.vigie_log == VERSION).then_some((header, lines))
    }

    /// The next line; none at the end. An error says what is wrong with it; the place stays.
    pub(super) fn next(&mut self) -> Option<Result<Line<'b>, &'static str>> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let Some(end) = memchr::memchr(b'\n', rest) else {
            return Some(Err("the line has no end"));
        };
        let Some(line) = rest.get(..end).and_then(Line::read) else {
            return Some(Err("this is no line of a decision log"));
        };
        let Some(link) = line.follow(&self.link) else {
            return Some(Err(match line.n == self.link.next {
                true => "the line is not as it was written: its chain breaks",
                false => "the line is not the one that follows: lines are missing or swapped",
            }));
        };
        self.offset += end + 1;
        self.number += 1;
        self.link = link;
        Some(Ok(line))
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    /// Whether what can't be read is the rest of a batch that was never acknowledged: nothing was
    /// begun after it.
    pub(super) fn is_torn(&self, acknowledged: u64) -> bool {
        let next = self.link.next;
        let rest = self.rest().split(|byte| *byte == b'\n');
        let of_batch = |line: Line<'_>| match line.begins {
            true => line.n == next,
            false => line.n >= next,
        };
        acknowledged < next && rest.filter_map(Line::read).all(of_batch)
    }
}

/// How far a log was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head(pub(super) Link);

#[derive(Deserialize)]
struct WrittenHead<'a> {
    n: &'a str,
    chain: &'a str,
}

impl Head {
    /// Reads it. None: there is none, or it was torn when the machine stopped.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        let written = fs::read(folder.join(HEAD)).ok()?;
        let head: WrittenHead<'_> = serde_json::from_slice(&written).ok()?;
        Some(Self(Link {
            next: head.n.parse::<u64>().ok()?.checked_add(1)?,
            chain: head.chain.as_bytes().try_into().ok()?,
        }))
    }

    /// The last line that was acknowledged.
    pub(super) fn acknowledged(&self) -> u64 {
        self.0.next - 1
    }
}

/// A log that is written.
#[derive(Debug)]
pub(super) struct Log {
    folder: PathBuf,
    /// The file that grows; none: the next line begins a new one.
    file: Option<(Segment, Growing)>,
    /// The files before, in order.
    before: Vec<Segment>,
    head: File,
    salts: Salts,
    segment_bytes: u64,
    /// What is durable.
    settled: Link,
    /// With what waits.
    pub(super) link: Link,
    waiting: Vec<u8>,
    /// A file that must be cut to a length before anything else is written.
    uncut: Option<(PathBuf, u64)>,
}

impl Log {
    /// Goes on behind what was read. `length`: how far the last of the files can be trusted.
    pub(super) fn open(
        folder: &Path,
        mut segments: Vec<Segment>,
        length: u64,
        link: Link,
        segment_bytes: u64,
    ) -> Result<Self, StoreError> {
        let file = match segments.pop() {
            Some(mut segment) if length > 0 => {
                let path = &segment.path;
                let file = Growing::open(path, length).at("write", path)?;
                let file = file.ok_or_else(|| StoreError::broken(path, 0, "it became shorter"))?;
                // What was cut off must not come back.
                file.settle().at("write", path)?;
                segment.bytes = length;
                Some((segment, file))
            }
            _ => None,
        };
        let path = folder.join(HEAD);
        let mut options = OpenOptions::new();
        let head = options.write(true).create(true).truncate(false);
        Ok(Self {
            folder: folder.to_owned(),
            file,
            before: segments,
            head: head.open(&path).at("write", &path)?,
            salts: Salts::new(),
            segment_bytes,
            settled: link,
            link,
            waiting: Vec::new(),
            uncut: None,
        })
    }

    /// Lets a line wait for [`Log::settle`].
    pub(super) fn add(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let begins = self.waiting.is_empty();
        let (out, link) = (&mut self.waiting, &mut self.link);
        let written = write_line(out, link, begins, &mut self.salts, payload);
        written.at("write", &self.folder)
    }

    /// Writes what waits, and makes it durable. `now`: the latest instant that was told before.
    pub(super) fn settle(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.cut()?;
        if self.file.is_none() {
            self.begin_file(now)?;
        }
        let Some((segment, file)) = &mut self.file else {
            return Ok(());
        };
        let written = file.append(&self.waiting).and_then(|()| file.settle());
        written.at("write", &segment.path)?;
        segment.bytes = file.length;
        self.waiting.clear();
        self.settled = self.link;
        // The log is durable: a head that stays behind says less, but nothing wrong.
        let _ = self.write_head();
        if self
            .file
            .as_ref()
            .is_some_and(|(_, it)| it.length >= self.segment_bytes)
        {
            self.end_file();
        }
        Ok(())
    }

    /// Forgets what waits. After a failed write or flush nothing is known of what the system still
    /// holds: the file is closed, and [`Log::cut`] must follow.
    pub(super) fn abandon(&mut self) {
        self.waiting.clear();
        self.link = self.settled;
        if let Some((segment, _)) = self.file.take() {
            self.uncut = Some((segment.path.clone(), segment.bytes));
            self.before.push(segment);
        }
    }

    /// Cuts off what was not settled, through a new handle: it must not count after a restart. What
    /// follows begins a new file.
    pub(super) fn cut(&mut self) -> Result<(), StoreError> {
        if let Some((path, length)) = &self.uncut {
            let cut = Growing::open(path, *length);
            let settled = cut.and_then(|file| file.map_or(Ok(()), |file| file.settle()));
            settled.at("write", path)?;
        }
        self.uncut = None;
        Ok(())
    }

    /// The next line begins a new file.
    pub(super) fn end_file(&mut self) {
        if let Some((segment, _)) = self.file.take() {
            self.before.push(segment);
        }
    }

    fn begin_file(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let first = self.settled.next;
        let path = self.folder.join(name(first, ENDING));
        // One that holds no line yet is begun again.
        self.before.retain(|it| it.first != first);
        let header = Header {
            vigie_log: VERSION,
            first,
            after: String::from_utf8_lossy(&self.settled.chain).into_owned(),
            now,
        };
        let begin = || {
            let mut written = serde_json::to_vec(&header)?;
            written.push(b'\n');
            let mut file = Growing::open(&path, 0)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            file.append(&written)?;
            file.settle()?;
            sync_folder(&self.folder)?;
            Ok(file)
        };
        let file: io::Result<Growing> = begin();
        let file = file.at("write", &path)?;
        let bytes = file.length;
        self.file = Some((Segment { first, path, bytes }, file));
        Ok(())
    }

    /// Always of the same length, so that it is replaced in place.
    fn write_head(&mut self) -> io::Result<()> {
        let chain = std::str::from_utf8(&self.settled.chain).unwrap_or_default();
        let last = self.settled.next - 1;
        let written = format!("{{\"n\":\"{last:020}\",\"chain\":\"{chain}\"}}\n");
        self.head.seek(SeekFrom::Start(0))?;
        self.head.write_all(written.as_bytes())
    }

    /// The head is there even when the machine stops.
    pub(super) fn settle_head(&mut self) -> Result<(), StoreError> {
        let settled = self.write_head().and_then(|()| self.head.sync_data());
        settled.at("write", &self.folder.join(HEAD))
    }

    /// Whether there is room on the disk for a batch.
    pub(super) fn probe(&self) -> Result<(), StoreError> {
        let path = self.folder.join("room");
        let room = || {
            let mut file = File::create(&path)?;
            file.write_all(&vec![0; LOG_PROBE_BYTES])?;
            file.sync_all()
        };
        let room = room().at("write", &path);
        let removed = fs::remove_file(&path);
        room.and(removed.at("remove", &path))
    }

    /// The files that don't grow any more.
    pub(super) fn ended(&self) -> &[Segment] {
        &self.before
    }

    /// Removes the first files, so many.
    pub(super) fn remove_first(&mut self, number: usize) -> Result<(), StoreError> {
        for segment in self.before.drain(..number.min(self.before.len())) {
            fs::remove_file(&segment.path).at("remove", &segment.path)?;
        }
        sync_folder(&self.folder).at("write", &self.folder)
    }

    /// Bytes of all files, and their number.
    pub(super) fn size(&self) -> (u64, usize) {
        let before = self.before.iter().map(|it| it.bytes);
        let file = self.file.as_ref().map(|(it, _)| it.bytes);
        (
            before.chain(file).sum(),
            self.before.len() + usize::from(file.is_some()),
        )
    }
}
