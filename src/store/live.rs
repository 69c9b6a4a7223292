//! What the sidecar knows, on disk and in memory: one writer, group commit.

use super::chance;
use super::erase::Erasure;
use super::error::{At, StoreError};
use super::files::{lock, private_folder, remove_unfinished, sync_folder, try_new};
use super::happening::{Happening, Signature, Taken};
use super::log::{Lines, Log, Segment};
use super::memory::Memory;
use super::payload::{ErasedFrom, Pruned, write_own};
use super::recover::{Found, Places, Recovered, recover};
use super::saving::Saving;
use super::snapshot;
use crate::escalate::Bounds;
use crate::limits::{LOG_SEGMENT_BYTES, SNAPSHOT_POSTS};
use crate::model::{Case, Span, SubjectKind, Timestamp};
use crate::policy::Escalation;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// At least so many files of the log are begun in the time that it is kept.
const FILES_WHILE_KEPT: i64 = 4;

/// How state is kept.
#[derive(Clone, Copy, Debug)]
pub struct LiveOptions {
    /// How much of subjects and hits is remembered.
    pub bounds: Bounds,
    /// Bytes of one file of the decision log.
    pub segment_bytes: u64,
    /// Happenings after which a snapshot is taken, at the earliest.
    pub snapshot_posts: u64,
    /// How long the log is kept, in event time; none: for ever.
    pub retention: Option<Span>,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            bounds: Bounds::default(),
            segment_bytes: LOG_SEGMENT_BYTES,
            snapshot_posts: SNAPSHOT_POSTS,
            retention: None,
        }
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Subjects that are followed.
    pub subjects: usize,
    /// Posts that state knows.
    pub posts: usize,
    /// Subjects that were forgotten for want of room.
    pub dropped: u64,
    /// Posts likewise, since the folder was opened.
    pub dropped_posts: u64,
    /// Bytes of the log.
    pub log_bytes: u64,
    /// Files of the log.
    pub segments: usize,
    /// Lines of the log, those included that were pruned.
    pub lines: u64,
    /// Lines since the last snapshot: what a restart tells again.
    pub since_snapshot: u64,
    /// Snapshots that could not be written since the folder was opened.
    pub failed_snapshots: u64,
}

/// What an erasure did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Lines of the log that named the subject.
    pub lines: u64,
    /// The name that stands in its place; none: nothing named it.
    pub instead: Option<String>,
}

/// What the sidecar knows.
#[derive(Debug)]
pub struct LiveState {
    places: Places,
    options: LiveOptions,
    _lock: File,
    memory: Memory,
    log: Log,
    since_snapshot: u64,
    failed_snapshots: u64,
    saving: Saving,
    /// Until when the log was tidied up last, in event time.
    tidied: Timestamp,
    /// Whether the last write failed: before the next one it is asked whether there is room.
    is_in_trouble: bool,
    /// Whether memory holds what the log doesn't.
    is_ahead: bool,
    /// Room for a payload.
    payload: Vec<u8>,
}

impl LiveState {
    /// Takes a folder, mends what a crash left, and is where it was before.
    ///
    /// # Errors
    /// Another process holds the folder, a file can't be read, or what was acknowledged is damaged.
    pub fn open(
        dir: &Path,
        escalation: &Arc<Escalation>,
        policy: &str,
        options: LiveOptions,
    ) -> Result<(Self, Recovered), StoreError> {
        let (mut live, mut recovered) = Self::open_as_it_is(dir, options)?;
        live.go_on_with_erasure(&mut recovered)?;
        live.adopt(escalation, policy)?;
        Ok((live, recovered))
    }

    /// Takes a folder under the policies that it was left with: for those who come to forget.
    ///
    /// # Errors
    /// As [`LiveState::open`].
    pub fn open_left(
        dir: &Path,
        mut options: LiveOptions,
    ) -> Result<(Self, Recovered), StoreError> {
        let log = Places::of(dir).log;
        if !log.is_dir() {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(StoreError::file("read", &log, missing));
        }
        let (mut live, mut recovered) = Self::open_as_it_is(dir, options)?;
        options.bounds = live.memory.bounds;
        live.options = options;
        live.go_on_with_erasure(&mut recovered)?;
        Ok((live, recovered))
    }

    fn open_as_it_is(dir: &Path, options: LiveOptions) -> Result<(Self, Recovered), StoreError> {
        let places = Places::of(dir);
        for folder in [dir, &places.log, &places.snapshots] {
            private_folder(folder).at("create", folder)?;
        }
        sync_folder(dir).at("write", dir)?;
        let path = dir.join("lock");
        let lock = lock(&path).at("write", &path)?;
        let lock = lock.ok_or_else(|| StoreError::Held(dir.to_owned()))?;
        for folder in [dir, &places.log, &places.snapshots] {
            remove_unfinished(folder).at("tidy", folder)?;
            try_new(folder).at("make a file in", folder)?;
        }
        let mut recovered = Recovered::default();
        let found = recover(
            &places,
            number_of(dir)?,
            options.segment_bytes,
            &mut recovered,
        )?;
        let live = Self {
            places,
            options,
            _lock: lock,
            memory: found.memory,
            log: found.log,
            since_snapshot: found.since_snapshot,
            failed_snapshots: 0,
            saving: Saving::default(),
            tidied: Timestamp::FIRST,
            is_in_trouble: false,
            is_ahead: false,
            payload: Vec::new(),
        };
        Ok((live, recovered))
    }

    fn go_on_with_erasure(&mut self, recovered: &mut Recovered) -> Result<(), StoreError> {
        if let Some(erasure) = Erasure::pending(&self.places.erasure)? {
            self.carry_out(&erasure)?;
            recovered.erased = true;
        }
        Ok(())
    }

    /// Takes in happenings in the order given, makes them durable at once, and only then answers, one
    /// answer each.
    ///
    /// # Errors
    /// They can't be made durable: then nothing of the batch counts. Later ones are tried again.
    pub fn commit<'h>(
        &mut self,
        batch: impl IntoIterator<Item = &'h Happening>,
    ) -> Result<Vec<Taken>, StoreError> {
        self.catch_up()?;
        let before = self.memory.state.now();
        let lines = self.log.link.next;
        let taken = self.write(batch).and_then(|taken| {
            self.log.settle(before)?;
            Ok(taken)
        });
        if taken.is_err() {
            self.go_back();
            return taken;
        }
        self.since_snapshot += self.log.link.next - lines;
        let is_due = self.is_snapshot_due() && !self.saving.goes_on() || self.is_retention_due();
        if is_due {
            self.saved();
            if self.tidy().is_err() {
                // What happened is safe in the log.
                self.failed_snapshots += 1;
            }
        }
        taken
    }

    fn write<'h>(
        &mut self,
        batch: impl IntoIterator<Item = &'h Happening>,
    ) -> Result<Vec<Taken>, StoreError> {
        let mut all = Vec::new();
        for happening in batch {
            let taken = self.memory.take(happening, &mut self.payload);
            if !self.payload.is_empty() {
                self.log.add(&self.payload)?;
            }
            all.push(taken);
        }
        Ok(all)
    }

    /// A batch could not be written, and memory knows what the log doesn't: it is made anew.
    fn go_back(&mut self) {
        self.log.abandon();
        (self.is_in_trouble, self.is_ahead) = (true, true);
        // What fails now is tried again, and told, before the next batch.
        let _ = self.reread();
    }

    /// After a panic in here nothing is known of what memory holds: it is made anew from the log, and what
    /// was not settled counts no more.
    pub fn doubt(&mut self) {
        self.go_back();
    }

    /// After trouble nothing is taken in before there is room on the disk again: otherwise each batch
    /// would cost the time of a restart.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        if self.is_in_trouble {
            self.log.cut()?;
            self.log.probe()?;
            self.reread()?;
            self.is_in_trouble = false;
        }
        Ok(())
    }

    fn reread(&mut self) -> Result<(), StoreError> {
        self.saved();
        self.log.cut()?;
        if !self.is_ahead {
            return Ok(());
        }
        let seed = self.memory.state.seed();
        let segment_bytes = self.options.segment_bytes;
        let mut recovered = Recovered::default();
        let Found {
            memory,
            mut log,
            since_snapshot,
        } = recover(&self.places, seed, segment_bytes, &mut recovered)?;
        log.end_file();
        self.memory = memory;
        self.log = log;
        self.since_snapshot = since_snapshot;
        self.is_ahead = false;
        Ok(())
    }

    /// A line that the sidecar itself writes.
    fn note(&mut self) -> Result<(), StoreError> {
        let now = self.memory.state.now();
        let noted = self.log.add(&self.payload);
        let noted = noted.and_then(|()| self.log.settle(now));
        match noted {
            Ok(()) => self.since_snapshot += 1,
            Err(_) => self.go_back(),
        }
        noted
    }

    /// Calls `see` with every case as of the latest instant that was told, and who signed what it
    /// recommends.
    pub fn each_case(&mut self, see: impl FnMut(&Case, &[Signature])) {
        self.memory.each_case(see);
    }

    /// The cases of one subject, and who signed what they recommend.
    pub fn cases_of(&mut self, kind: SubjectKind, id: &str) -> Vec<(Case, Vec<Signature>)> {
        self.memory.cases_of(kind, id)
    }

    /// When a subject last had a hit that is remembered.
    #[must_use]
    pub fn last_hit(&self, kind: SubjectKind, id: &str) -> Option<Timestamp> {
        self.memory.state.last_hit(kind, id)
    }

    /// Policies were replaced: what is remembered is counted again by the new ones.
    ///
    /// # Errors
    /// It can't be made durable: then the old ones stay.
    pub fn adopt(&mut self, escalation: &Arc<Escalation>, policy: &str) -> Result<(), StoreError> {
        self.catch_up()?;
        let bounds = self.options.bounds;
        let Some(policies) = self.memory.differs(escalation, policy, bounds) else {
            // The same, at another place: what is judged from now on names that one.
            self.memory.escalation = Arc::clone(escalation);
            return Ok(());
        };
        self.memory.adopt(policies, &mut self.payload);
        self.memory.escalation = Arc::clone(escalation);
        self.note()
    }

    /// How much there is. A snapshot that went wrong by now is counted.
    #[must_use]
    pub fn sizes(&mut self) -> Sizes {
        if !self.saving.goes_on() {
            self.saved();
        }
        let (log_bytes, segments) = self.log.size();
        Sizes {
            subjects: self.memory.state.subjects(),
            posts: self.memory.state.posts(),
            dropped: self.memory.state.dropped(),
            dropped_posts: self.memory.state.dropped_posts(),
            log_bytes,
            segments,
            lines: self.log.link.next - 1,
            since_snapshot: self.since_snapshot,
            failed_snapshots: self.failed_snapshots,
        }
    }

    /// Keeps all that is known as it stands, so that a restart is quick.
    ///
    /// # Errors
    /// The disk is full, or the folder can't be written. The log stays as it is then.
    pub fn snapshot(&mut self) -> Result<(), StoreError> {
        self.catch_up()?;
        self.saved();
        self.log.settle_head()?;
        if self.since_snapshot > 0 {
            self.write_snapshot()?;
        }
        Ok(())
    }

    fn write_snapshot(&mut self) -> Result<(), StoreError> {
        let link = &self.log.link;
        let body = self.memory.save(link);
        snapshot::write(&self.places.snapshots, link.next, &body)?;
        self.since_snapshot = 0;
        Ok(())
    }

    /// Waits for the snapshot that is being written, if one is, and counts it when it went wrong.
    fn saved(&mut self) {
        if let Some(lines) = self.saving.end() {
            self.failed_snapshots += 1;
            self.since_snapshot += lines;
        }
    }

    /// Saving everything takes as long as there is much: the more there is, the rarer it is done.
    fn is_snapshot_due(&self) -> bool {
        let state = &self.memory.state;
        let size = (state.subjects() + state.posts()) as u64;
        self.since_snapshot >= self.options.snapshot_posts.max(size)
    }

    /// However little happens, files are ended and snapshots taken a few times while the log is kept:
    /// otherwise nothing of it could go.
    fn is_retention_due(&self) -> bool {
        let passed = self.memory.state.now().since(self.tidied);
        let retention = self.options.retention;
        retention.is_some_and(|kept| passed.millis() >= kept.millis() / FILES_WHILE_KEPT)
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        if self.is_retention_due() {
            self.tidied = self.memory.state.now();
            self.log.end_file();
        }
        self.prune()?;
        self.log.settle_head()?;
        let (link, lines) = (&self.log.link, self.since_snapshot);
        let body = self.memory.save(link);
        let folder = &self.places.snapshots;
        self.saving.begin(folder, (link.next, lines), body)?;
        self.since_snapshot = 0;
        Ok(())
    }

    /// Removes files of the log that are older than it is kept, once no snapshot needs them.
    fn prune(&mut self) -> Result<(), StoreError> {
        let Some(retention) = self.options.retention else {
            return Ok(());
        };
        let before = self.memory.state.now().before(retention);
        let snapshots = snapshot::list(&self.places.snapshots)?;
        let oldest = snapshots.first().map_or(0, |it| it.next);
        let ended = self.log.ended();
        let (mut gone, mut until) = (0, 0);
        for pair in ended.windows(2) {
            let [_, next] = pair else { break };
            // The head of a file says until when those before it reach.
            let is_old = head_of(next)?.is_some_and(|header| header.now < before);
            if next.first > oldest || !is_old {
                break;
            }
            gone += 1;
            until = next.first - 1;
        }
        if gone == 0 {
            return Ok(());
        }
        self.payload.clear();
        write_own("pruned", &Pruned { until, before }, &mut self.payload);
        self.note()?;
        self.memory.forget_before(before);
        self.log.remove_first(gone)
    }

    /// Takes a subject out of what is known, of snapshots and of the log: what happened stays, by whom
    /// or to whom is told no longer.
    ///
    /// # Errors
    /// A file can't be written: the erasure goes on when the folder is opened again.
    pub fn erase(&mut self, kind: SubjectKind, id: &str) -> Result<Erased, StoreError> {
        self.catch_up()?;
        // One that could not be brought to its end comes first.
        self.go_on_with_erasure(&mut Recovered::default())?;
        let path = &self.places.erasure;
        let erasure = Erasure::new(kind, id).at("write", path)?;
        erasure.begin(path)?;
        self.carry_out(&erasure)
    }

    fn carry_out(&mut self, erasure: &Erasure) -> Result<Erased, StoreError> {
        let was_known = erasure.rename(&mut self.memory);
        self.log.end_file();
        let mut erased = ErasedFrom {
            kind: erasure.kind.name().to_owned(),
            instead: erasure.instead.clone(),
            lines: 0,
            segments: Vec::new(),
        };
        for segment in self.log.ended() {
            let (lines, of) = erasure.rewrite(segment)?;
            erased.lines += lines;
            if of.lines > 0 {
                erased.segments.push(of);
            }
        }
        let lines = erased.lines;
        if lines > 0 || was_known {
            self.payload.clear();
            write_own("erased", &erased, &mut self.payload);
            self.note()?;
            // The snapshots before still name it.
            self.saved();
            self.write_snapshot()?;
            snapshot::remove_but(&self.places.snapshots, 1)?;
        }
        Erasure::end(&self.places.erasure)?;
        Ok(Erased {
            lines,
            instead: (lines > 0 || was_known).then(|| erasure.instead.clone()),
        })
    }
}

/// A number that nobody can know, for the log of a folder.
fn number_of(dir: &Path) -> Result<u64, StoreError> {
    let mut bytes = [0; 8];
    chance::fill(&mut bytes).at("begin a log in", dir)?;
    Ok(u64::from_le_bytes(bytes))
}

/// The first line of a file of the log.
#[expect(clippy::disallowed_methods, reason = "reads a file")]
fn head_of(segment: &Segment) -> Result<Option<super::log::Header>, StoreError> {
    let bytes = fs::read(&segment.path).at("read", &segment.path)?;
    Ok(Lines::begin(&bytes).map(|(header, _)| header))
}
