//! From a folder to what was known: the newest sound snapshot, and the log told again from there.
#![expect(clippy::disallowed_methods, reason = "reads files")]

use super::erase::Erasure;
use super::error::{At, StoreError};
use super::line::{Line, Link};
use super::log::{Head, Lines, Log, Segment, segments};
use super::memory::Memory;
use super::snapshot;
use std::fs;
use std::path::{Path, PathBuf};

/// Where everything stands in the folder of the state.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) log: PathBuf,
    pub(super) snapshots: PathBuf,
    pub(super) erasure: PathBuf,
}

impl Places {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            log: folder.join("log"),
            snapshots: folder.join("snapshots"),
            erasure: folder.join("erasure.json"),
        }
    }
}

/// What opening found and mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Lines of the log that were told again.
    pub replayed: u64,
    /// Lines among them that would be written otherwise now: an earlier version of the program
    /// counted in another way. What was told stays.
    pub differing: u64,
    /// Whether it began from a snapshot.
    pub snapshot: bool,
    /// Snapshots that could not be used.
    pub bad_snapshots: u64,
    /// Whether the head of the log was missing or damaged, and was made anew from the log.
    pub bad_head: bool,
    /// Bytes that were never acknowledged and were cut off.
    pub torn_bytes: u64,
    /// Whether an erasure was brought to its end.
    pub erased: bool,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) memory: Memory,
    pub(super) log: Log,
    pub(super) since_snapshot: u64,
}

/// Reads a folder. `seed`: what ids are hashed with where nothing says it yet.
pub(super) fn recover(
    places: &Places,
    seed: u64,
    segment_bytes: u64,
    recovered: &mut Recovered,
) -> Result<Found, StoreError> {
    let files = segments(&places.log)?;
    let erasure = Erasure::pending(&places.erasure)?;
    let head = Head::read(&places.log);
    let replay = |from: Option<(Memory, Link)>| {
        let is_first = from.is_none();
        let (memory, link) = from.unwrap_or_else(|| (Memory::new(seed), Link::FIRST));
        let mut replay = Replay {
            memory,
            from: link,
            head,
            erasure: erasure.as_ref(),
            recovered: Recovered::default(),
            again: Vec::new(),
        };
        if let (Some(erasure), false) = (&erasure, is_first) {
            erasure.rename(&mut replay.memory);
        }
        let end = replay.run(&files)?;
        Ok::<_, StoreError>((replay, end))
    };
    let mut found = None;
    for snapshot in snapshot::list(&places.snapshots)?.iter().rev() {
        let told = snapshot::read(&snapshot.path).map(|from| replay(Some(from)));
        match told.transpose()? {
            Some((told, Some(end))) => {
                recovered.snapshot = true;
                found = Some((told, end));
                break;
            }
            // Damaged, or of another log.
            _ => recovered.bad_snapshots += 1,
        }
    }
    let (told, end) = match found {
        Some(found) => found,
        None => match replay(None)? {
            (told, Some(end)) if !files.is_empty() || recovered.bad_snapshots == 0 => (told, end),
            _ => return Err(no_beginning(places, recovered.bad_snapshots)),
        },
    };
    recovered.bad_head = head.is_none() && end.link != Link::FIRST;
    recovered.replayed += told.recovered.replayed;
    recovered.differing += told.recovered.differing;
    recovered.torn_bytes += told.recovered.torn_bytes;
    let mut log = Log::open(&places.log, files, end.length, end.link, segment_bytes)?;
    if recovered.bad_head {
        log.settle_head()?;
    }
    Ok(Found {
        since_snapshot: end.link.next - told.from.next,
        memory: told.memory,
        log,
    })
}

fn no_beginning(places: &Places, bad: u64) -> StoreError {
    let what = format!(
        "the beginning of the log was pruned or is missing, and no snapshot fits it ({bad} do not)"
    );
    StoreError::broken(&places.log, 0, what)
}

/// Where the log ends.
#[derive(Clone, Copy, Debug)]
struct End {
    link: Link,
    /// Bytes of the last file that can be trusted; 0: it must be begun again.
    length: u64,
}

/// The log being told again.
struct Replay<'a> {
    memory: Memory,
    /// Where it begins.
    from: Link,
    head: Option<Head>,
    erasure: Option<&'a Erasure>,
    recovered: Recovered,
    again: Vec<u8>,
}

impl Replay<'_> {
    /// Tells all that follows. None: this snapshot does not stand in this log.
    fn run(&mut self, files: &[Segment]) -> Result<Option<End>, StoreError> {
        let begin = files.partition_point(|it| it.first <= self.from.next);
        let files = files.get(begin.saturating_sub(1)..).unwrap_or_default();
        let mut end = End {
            link: self.from,
            length: 0,
        };
        let is_covered = match files.first() {
            Some(file) => file.first <= self.from.next,
            None => self.from == Link::FIRST,
        };
        if !is_covered {
            return Ok(None);
        }
        for (at, file) in files.iter().enumerate() {
            let is_last = at + 1 == files.len();
            let after = (at > 0).then_some(end.link);
            match self.file(file, after, is_last)? {
                Some(reached) => end = reached,
                None => return Ok(None),
            }
        }
        let acknowledged = self.acknowledged();
        if acknowledged >= end.link.next {
            let (path, last) = (files.last().map(|it| it.path.clone()), end.link.next - 1);
            let what =
                format!("the log ends with line {last}, but line {acknowledged} was acknowledged");
            return Err(StoreError::broken(&path.unwrap_or_default(), 0, what));
        }
        Ok(Some(end))
    }

    /// The last line that is known to have been acknowledged: snapshots are taken after that.
    fn acknowledged(&self) -> u64 {
        let head = self.head.map_or(0, |head| head.acknowledged());
        head.max(self.from.next - 1)
    }

    /// Tells one file. `after`: where the file before it ended.
    fn file(
        &mut self,
        file: &Segment,
        after: Option<Link>,
        is_last: bool,
    ) -> Result<Option<End>, StoreError> {
        let path = &file.path;
        let broken = |number, what: &str| StoreError::broken(path, number, what);
        let bytes = fs::read(path).at("read", path)?;
        let acknowledged = self.acknowledged();
        let Some((_, mut lines)) = Lines::begin(&bytes) else {
            let is_torn = is_last && acknowledged < file.first;
            let before = after.or((file.first == self.from.next).then_some(self.from));
            return match before {
                Some(link) if is_torn => {
                    self.recovered.torn_bytes += bytes.len() as u64;
                    Ok(Some(End { link, length: 0 }))
                }
                _ => Err(broken(
                    1,
                    "this is no beginning of a file of the decision log",
                )),
            };
        };
        if lines.link.next != file.first || after.is_some_and(|after| after != lines.link) {
            return Err(broken(1, "the file does not follow upon the one before"));
        }
        loop {
            if lines.link.next == self.from.next && lines.link != self.from {
                return Ok(None);
            }
            let number = lines.number;
            let told = match lines.next() {
                None => break,
                Some(Err(_)) if is_last && lines.is_torn(acknowledged) => {
                    self.recovered.torn_bytes += lines.rest().len() as u64;
                    break;
                }
                Some(told) => told.map_err(|what| broken(number, what))?,
            };
            if self
                .head
                .is_some_and(|head| told.n == head.acknowledged() && lines.link != head.0)
            {
                return Err(broken(number, "this is not the line that was acknowledged"));
            }
            if told.n >= self.from.next {
                self.line(&told)
                    .ok_or_else(|| broken(number, "nothing is known of what it tells"))?;
            }
        }
        Ok(Some(End {
            link: lines.link,
            length: lines.offset as u64,
        }))
    }

    fn line(&mut self, line: &Line<'_>) -> Option<()> {
        let erased = self
            .erasure
            .and_then(|erasure| erasure.redact(line.payload));
        let payload = erased.as_deref().unwrap_or(line.payload);
        self.memory.retell(payload, &mut self.again)?;
        self.recovered.replayed += 1;
        self.recovered.differing += u64::from(self.again != payload);
        Some(())
    }
}
