//! Taking a subject out: of what is known, of snapshots, and of the log. What happened stays, since
//! others are judged by it: to whom, or by whom, is told no longer.
//!
//! First it is written down what is wanted; then each file of the log with the subject in it is
//! replaced by one without; then the log tells so, and a new snapshot takes the place of all older
//! ones. Stopped at any instant, opening the folder goes on from what was written down.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::chance;
use super::error::{At, StoreError};
use super::files::{replace, sync_folder_of};
use super::log::{Lines, Segment};
use super::memory::Memory;
use super::payload::ErasedSegment;
use crate::model::SubjectKind;
use crate::policy::hex;
use memchr::memmem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::Path;

/// An erasure that is wanted.
#[derive(Clone, Debug)]
pub(super) struct Erasure {
    pub(super) kind: SubjectKind,
    id: String,
    /// What stands in its place.
    pub(super) instead: String,
}

#[derive(Deserialize, Serialize)]
struct Written {
    kind: String,
    id: String,
    instead: String,
}

impl Erasure {
    /// One under a name that says nothing.
    pub(super) fn new(kind: SubjectKind, id: &str) -> io::Result<Self> {
        let mut name = [0; 8];
        chance::fill(&mut name)?;
        Ok(Self {
            kind,
            id: id.to_owned(),
            instead: format!("erased:{}", hex(&name)),
        })
    }

    /// The one that was begun and not brought to its end.
    pub(super) fn pending(path: &Path) -> Result<Option<Self>, StoreError> {
        let written = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.at("read", path)?,
        };
        let read = serde_json::from_slice(&written).ok();
        let erasure = read.and_then(|it: Written| {
            Some(Self {
                kind: SubjectKind::named(&it.kind)?,
                id: it.id,
                instead: it.instead,
            })
        });
        let what = "it says which erasure to go on with, and can't be read";
        erasure
            .map(Some)
            .ok_or_else(|| StoreError::broken(path, 0, what))
    }

    /// Writes down what is wanted: from now on it will be done.
    pub(super) fn begin(&self, path: &Path) -> Result<(), StoreError> {
        let written = Written {
            kind: self.kind.name().to_owned(),
            id: self.id.clone(),
            instead: self.instead.clone(),
        };
        let written = serde_json::to_vec(&written).map_err(io::Error::from);
        let begun = written.and_then(|written| replace(path, &written));
        begun.at("write", path)
    }

    /// It is done.
    pub(super) fn end(path: &Path) -> Result<(), StoreError> {
        let removed = fs::remove_file(path).and_then(|()| sync_folder_of(path));
        removed.at("remove", path)
    }

    /// Takes the subject out of what is known. Whether it was known.
    pub(super) fn rename(&self, memory: &mut Memory) -> bool {
        memory.rename(self.kind, &self.id, &self.instead)
    }

    /// The payload without the subject. None: it doesn't speak of it.
    pub(super) fn redact(&self, payload: &[u8]) -> Option<Vec<u8>> {
        // What isn't there in one way of writing it isn't there: all lines are written in the same.
        let written = serde_json::to_string(&self.id).ok()?;
        memmem::find(payload, written.as_bytes())?;
        let mut told: Value = serde_json::from_slice(payload).ok()?;
        self.take_out(&mut told)
            .then(|| serde_json::to_vec(&told).unwrap_or_default())
    }

    fn take_out(&self, told: &mut Value) -> bool {
        let mut found = false;
        for place in ["/closed/subject", "/signed/subject"] {
            found |= told.pointer_mut(place).is_some_and(|it| self.subject(it));
        }
        let Some(judged) = told.get_mut("judged") else {
            return found;
        };
        match self.kind {
            SubjectKind::Target => {
                let mut targets = self.among(judged.get_mut("targets"));
                targets |= self.among(judged.pointer_mut("/decision/targets"));
                if targets {
                    forget_digests(judged.pointer_mut("/decision/evidence"));
                }
                found |= targets;
            }
            SubjectKind::Author | SubjectKind::Thread | SubjectKind::Community => {
                found |= judged
                    .get_mut(self.kind.name())
                    .is_some_and(|it| self.id(it));
            }
        }
        let ladders = judged.get_mut("ladders").and_then(Value::as_array_mut);
        for step in ladders.into_iter().flatten() {
            found |= step.get_mut("subject").is_some_and(|it| self.subject(it));
        }
        found
    }

    fn id(&self, value: &mut Value) -> bool {
        let is_it = value.as_str() == Some(&self.id);
        if is_it {
            *value = Value::String(self.instead.clone());
        }
        is_it
    }

    fn among(&self, list: Option<&mut Value>) -> bool {
        let list = list.and_then(Value::as_array_mut).into_iter().flatten();
        let found = list.filter_map(|value| self.id(value).then_some(()));
        found.count() > 0
    }

    fn subject(&self, subject: &mut Value) -> bool {
        let is_kind = subject.get("kind").and_then(Value::as_str) == Some(self.kind.name());
        is_kind && subject.get_mut("id").is_some_and(|it| self.id(it))
    }

    /// Replaces a file of the log by one without the subject, if it speaks of it. Tells how many
    /// lines did, and what is erased there by now.
    pub(super) fn rewrite(&self, segment: &Segment) -> Result<(u64, ErasedSegment), StoreError> {
        let path = &segment.path;
        let bytes = fs::read(path).at("read", path)?;
        let broken = |number, what: &str| StoreError::broken(path, number, what);
        let (_, mut lines) = Lines::begin(&bytes)
            .ok_or_else(|| broken(1, "this is no beginning of a file of the decision log"))?;
        let mut written = bytes.get(..lines.offset).unwrap_or_default().to_vec();
        let mut count = 0;
        let mut erased = ErasedLines::default();
        loop {
            let (number, begin) = (lines.number, lines.offset);
            let Some(line) = lines.next() else { break };
            let line = line.map_err(|what| broken(number, what))?;
            match self.redact(line.payload) {
                Some(payload) => {
                    line.write_erased(&payload, &mut written);
                    erased.add(line.n, &payload);
                    count += 1;
                }
                None => {
                    let whole = bytes.get(begin..lines.offset).unwrap_or_default();
                    written.extend_from_slice(whole);
                    if line.is_erased() {
                        erased.add(line.n, line.payload);
                    }
                }
            }
        }
        if count > 0 {
            replace(path, &written).at("write", path)?;
        }
        Ok((count, erased.of(segment.first)))
    }
}

/// The same address has the same digest wherever it stands: of who is forgotten, it must go.
fn forget_digests(evidence: Option<&mut Value>) {
    let evidence = evidence.and_then(Value::as_array_mut).into_iter().flatten();
    for it in evidence.filter_map(Value::as_object_mut) {
        it.shift_remove("digest");
    }
}

/// The erased lines of one file, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct ErasedLines {
    lines: u64,
    hash: Sha256,
}

impl ErasedLines {
    pub(super) fn add(&mut self, n: u64, payload: &[u8]) {
        self.lines += 1;
        self.hash.update(n.to_string());
        self.hash.update(b":");
        self.hash.update(payload);
        self.hash.update(b"\n");
    }

    pub(super) fn of(self, first: u64) -> ErasedSegment {
        ErasedSegment {
            first,
            lines: self.lines,
            digest: hex(&self.hash.finalize()),
        }
    }
}
