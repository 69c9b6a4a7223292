//! Proves a decision log: every line follows upon the one before, what is erased or pruned was so
//! by an erasure or a pruning that the log tells, its end is the one that was acknowledged, and told
//! again it gives the same ladders.
#![expect(clippy::disallowed_methods, reason = "reads files")]

use super::erase::ErasedLines;
use super::error::{At, StoreError};
use super::line::{Line, Link};
use super::log::{Head, Lines, Segment, segments};
use super::memory::Memory;
use super::payload::{self, ErasedFrom, ErasedSegment, Pruned, Read};
use super::snapshot;
use crate::policy::Escalation;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was found of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Its files.
    pub files: usize,
    /// Lines that stand as they were written.
    pub whole: u64,
    /// Lines of which something was erased.
    pub erased: u64,
    /// Lines before the first one that is there.
    pub pruned: u64,
    /// Lines that were told again and gave the same.
    pub replayed: u64,
    /// The last line; 0: there is none.
    pub last: u64,
    /// The chain up to there, in hexadecimal: what one writes down elsewhere.
    pub chain: String,
    /// The line up to which the log's head says that it was acknowledged; none: there is no head, and
    /// nothing says whether the end is the end.
    pub acknowledged: Option<u64>,
    /// Bytes at the end that were never acknowledged.
    pub unfinished_bytes: u64,
    /// Where it breaks, first of all.
    pub broken: Option<Break>,
}

/// Where a log breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// In which file.
    pub file: PathBuf,
    /// In which line of it, from 1.
    pub line: usize,
    /// Why.
    pub what: String,
}

/// Proves a log: a folder of state, a folder of a log, or one file of it.
///
/// # Errors
/// There is no log, or a file can't be read.
pub fn verify_log(path: &Path) -> Result<Proof, StoreError> {
    let log = path.join("log");
    let folder = if log.is_dir() { log } else { path.to_owned() };
    // Whatever is written from now on comes after this.
    let head = Head::read(&folder);
    let (files, is_folder) = match folder.is_dir() {
        true => (segments(&folder)?, true),
        false => (vec![Segment::alone(path)?], false),
    };
    let Some(first) = files.first() else {
        return Err(StoreError::broken(
            &folder,
            0,
            "there is no decision log here",
        ));
    };
    let mut proving = Proving {
        head,
        proof: Proof {
            files: files.len(),
            acknowledged: head.map(|head| head.acknowledged()),
            ..Proof::default()
        },
        teller: None,
        again: Vec::new(),
        erased: BTreeMap::new(),
        accounted: BTreeMap::new(),
        pruned: 0,
    };
    let begins = Lines::begin(&fs::read(&first.path).at("read", &first.path)?)
        .map_or(first.first, |(header, _)| header.first);
    proving.proof.pruned = begins.saturating_sub(1);
    proving.teller = match begins {
        1 => Some((Memory::new(0), Link::FIRST)),
        _ => folder
            .parent()
            .and_then(|state| teller(&state.join("snapshots"), begins)),
    };
    let broken = proving.files(&files)?;
    let accounts = || proving.accounts(&files).filter(|_| is_folder);
    let broken = broken.or_else(accounts);
    proving.proof.broken = broken;
    Ok(proving.proof)
}

/// The oldest sound snapshot: from there on, what is left of a log can be told again.
fn teller(snapshots: &Path, begins: u64) -> Option<(Memory, Link)> {
    let all = snapshot::list(snapshots).ok()?;
    let mut inside = all.iter().filter(|it| it.next >= begins);
    inside.find_map(|it| snapshot::read(&it.path))
}

impl Segment {
    /// One file, wherever it stands.
    fn alone(path: &Path) -> Result<Self, StoreError> {
        let bytes = fs::metadata(path).at("read", path)?.len();
        let path = path.to_owned();
        Ok(Self {
            first: 1,
            path,
            bytes,
        })
    }
}

/// A log being proven.
struct Proving {
    head: Option<Head>,
    proof: Proof,
    /// Tells the log again, from a line on.
    teller: Option<(Memory, Link)>,
    again: Vec<u8>,
    /// What is erased in each file, by its first line, and where first.
    erased: BTreeMap<u64, (ErasedLines, usize)>,
    /// What the log says is erased there.
    accounted: BTreeMap<u64, ErasedSegment>,
    /// The last line that the log says was pruned.
    pruned: u64,
}

impl Proving {
    fn files(&mut self, files: &[Segment]) -> Result<Option<Break>, StoreError> {
        let mut end: Option<Link> = None;
        let mut place = (PathBuf::new(), 1);
        for (at, file) in files.iter().enumerate() {
            let broken = |line, what: &str| Break {
                file: file.path.clone(),
                line,
                what: what.to_owned(),
            };
            let bytes = fs::read(&file.path).at("read", &file.path)?;
            let Some((_, mut lines)) = Lines::begin(&bytes) else {
                if at + 1 == files.len() && end.is_some() && self.is_beyond_head(end) {
                    self.proof.unfinished_bytes = bytes.len() as u64;
                    break;
                }
                return Ok(Some(broken(
                    1,
                    "this is no beginning of a file of the decision log",
                )));
            };
            if end.is_some_and(|end| end != lines.link) {
                return Ok(Some(broken(
                    1,
                    "the file does not follow upon the one before",
                )));
            }
            if let Some(found) = self.lines(file, &mut lines, at + 1 == files.len()) {
                return Ok(Some(found));
            }
            end = Some(lines.link);
            place = (file.path.clone(), lines.number);
        }
        let end = end.unwrap_or(Link::FIRST);
        self.proof.last = end.next - 1;
        self.proof.chain = String::from_utf8_lossy(&end.chain).into_owned();
        let short = self
            .head
            .filter(|head| head.acknowledged() > self.proof.last);
        Ok(short.map(|head| {
            let (last, acknowledged) = (self.proof.last, head.acknowledged());
            Break {
                file: place.0,
                line: place.1,
                what: format!(
                    "the log ends with line {last}, but line {acknowledged} was acknowledged"
                ),
            }
        }))
    }

    fn is_beyond_head(&self, end: Option<Link>) -> bool {
        let next = end.map_or(1, |end| end.next);
        self.head.is_none_or(|head| head.acknowledged() < next)
    }

    fn lines(&mut self, file: &Segment, lines: &mut Lines<'_>, is_last: bool) -> Option<Break> {
        let first = lines.link.next;
        let broken = |line, what: &str| {
            Some(Break {
                file: file.path.clone(),
                line,
                what: what.to_owned(),
            })
        };
        loop {
            let (number, before) = (lines.number, lines.link);
            let line = match lines.next()? {
                Ok(line) => line,
                Err(what) => {
                    let acknowledged = self.head.map_or(0, |head| head.acknowledged());
                    if is_last && lines.is_torn(acknowledged) {
                        self.proof.unfinished_bytes = lines.rest().len() as u64;
                        return None;
                    }
                    return broken(number, what);
                }
            };
            if self
                .head
                .is_some_and(|head| line.n == head.acknowledged() && lines.link != head.0)
            {
                return broken(number, "this is not the line that was acknowledged");
            }
            match line.is_erased() {
                true => {
                    self.proof.erased += 1;
                    let found = self.erased.entry(first);
                    let found = found.or_insert_with(|| (ErasedLines::default(), number));
                    found.0.add(line.n, line.payload);
                }
                false => self.proof.whole += 1,
            }
            if let Err(what) = self.tell(&line, before) {
                return broken(number, what);
            }
        }
    }

    /// Tells a line again, and keeps what it says of erasures and prunings.
    fn tell(&mut self, line: &Line<'_>, before: Link) -> Result<(), &'static str> {
        let is_own = [&br#"{"erased":"#[..], br#"{"pruned":"#]
            .iter()
            .any(|name| line.payload.starts_with(name));
        if is_own {
            let none: Arc<Escalation> = Arc::default();
            match payload::read(line.payload, &[], &none) {
                Some(Read::Erased(erased)) => self.account(erased),
                Some(Read::Pruned(Pruned { until, .. })) => self.pruned = self.pruned.max(until),
                _ => return Err("nothing is known of what it tells"),
            }
        }
        let Some((memory, from)) = &mut self.teller else {
            return Ok(());
        };
        if line.n < from.next {
            return Ok(());
        }
        if line.n == from.next && *from != before {
            return Err("the snapshot that stands here is not of this log");
        }
        memory
            .retell(line.payload, &mut self.again)
            .ok_or("nothing is known of what it tells")?;
        self.proof.replayed += 1;
        match self.again == line.payload {
            true => Ok(()),
            false => Err("told again, it gives another line: the ladders are not those recorded"),
        }
    }

    fn account(&mut self, erased: ErasedFrom) {
        for segment in erased.segments {
            self.accounted.insert(segment.first, segment);
        }
    }

    /// Whether the log accounts for all that is not there any more.
    fn accounts(&self, files: &[Segment]) -> Option<Break> {
        let broken = |file: &Segment, line, what: String| Break {
            file: file.path.clone(),
            line,
            what,
        };
        let first = files.first()?;
        if self.proof.pruned > self.pruned {
            let missing = self.proof.pruned;
            let what =
                format!("lines 1 to {missing} are missing, and no line says that they were pruned");
            return Some(broken(first, 1, what));
        }
        files.iter().find_map(|file| {
            let found = self.erased.get(&file.first).cloned();
            let line = found.as_ref().map_or(1, |(_, line)| *line);
            let found = found.map(|(lines, _)| lines.of(file.first));
            let what = "what is erased here is not what the erasures told in the log have erased";
            let accounted = self.accounted.get(&file.first);
            (found.as_ref() != accounted).then(|| broken(file, line, what.to_owned()))
        })
    }
}
