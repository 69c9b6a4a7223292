//! What stands on disk while an audit lasts, so that it can be stopped at any instant and go on.
//!
//! The manifest says how much of the journal can be trusted and which records are in it. It is
//! replaced as a whole, after the journal has reached the disk: what stands in the journal beyond it
//! was never finished, and is cut off.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::counts::Counts;
use super::dates::Dates;
use super::error::{At, Error};
use crate::store::{lock, replace};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What an audit is of. With other terms it is another audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    pub(super) engine: String,
    pub(super) policies: String,
    /// What names the key without telling it.
    pub(super) key: Option<String>,
    pub(super) registry: Option<String>,
    pub(super) format: Option<String>,
    pub(super) all: bool,
    pub(super) excerpts: bool,
    pub(super) language: String,
    /// In milliseconds since 1970.
    pub(super) now: Option<i64>,
    pub(super) dumps: Vec<DumpTerms>,
}

/// Which file a dump was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DumpTerms {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// When it was changed last, in nanoseconds since 1970.
    pub(super) modified: u64,
}

impl Terms {
    /// In what these terms differ from those that an audit was begun with.
    fn difference(&self, begun: &Self) -> Option<String> {
        let options = [
            (self.engine != begun.engine, "another version of vigie"),
            (self.policies != begun.policies, "other policies or levels"),
            (self.key != begun.key, "another key"),
            (self.registry != begun.registry, "another registry"),
            (self.format != begun.format, "another `--format`"),
            (self.all != begun.all, "`--all` is not the same"),
            (
                self.excerpts != begun.excerpts,
                "`--with-excerpts` is not the same",
            ),
            (self.language != begun.language, "another `--lang`"),
            (self.now != begun.now, "another `--now`"),
        ];
        if let Some((_, said)) = options.iter().find(|(differs, _)| *differs) {
            return Some((*said).to_owned());
        }
        let name = |dump: &DumpTerms| dump.name.clone();
        if !self.dumps.iter().map(name).eq(begun.dumps.iter().map(name)) {
            return Some("other dumps".to_owned());
        }
        let mut pairs = self.dumps.iter().zip(&begun.dumps);
        let changed = pairs.find(|(now, then)| now != then);
        changed.map(|(now, _)| format!("the dump {} has changed since", now.name))
    }
}

/// How far an audit has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) terms: Terms,
    /// Bytes of the journal that can be trusted.
    pub(super) journal: u64,
    /// Bytes of the list of bad records that can be trusted.
    pub(super) bad: u64,
    /// Of each dump, in the order of the terms.
    pub(super) dumps: Vec<Done>,
    pub(super) counts: Counts,
    pub(super) dates: Dates,
    /// Whether the results stand where they belong.
    pub(super) is_finished: bool,
}

/// How far a dump was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) format: String,
    pub(super) records: u64,
    pub(super) bad: u64,
    pub(super) is_whole: bool,
}

/// The folder of an audit, held by one process.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) out: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes a folder for oneself; makes it when there is none.
    pub(super) fn take(out: &Path) -> Result<Self, Error> {
        let work = work(out);
        fs::create_dir_all(&work).at("create", &work)?;
        let path = work.join("lock");
        let Some(lock) = lock(&path).at("write", &path)? else {
            return Err(Error::Busy(out.to_owned()));
        };
        Ok(Self {
            out: out.to_owned(),
            _lock: lock,
        })
    }

    /// A file that is only there while the audit lasts.
    pub(super) fn work(&self, name: &str) -> PathBuf {
        work(&self.out).join(name)
    }

    /// Goes on with the audit that was begun here, or begins it.
    pub(super) fn manifest(&self, terms: Terms) -> Result<Manifest, Error> {
        let path = self.work(MANIFEST);
        if !path.exists() {
            let dumps = vec![Done::default(); terms.dumps.len()];
            return Ok(Manifest {
                terms,
                journal: 0,
                bad: 0,
                dumps,
                counts: Counts::default(),
                dates: Dates::default(),
                is_finished: false,
            });
        }
        let written = fs::read(&path).at("read", &path)?;
        let Ok(manifest) = serde_json::from_slice::<Manifest>(&written) else {
            return Err(Error::Damaged(path));
        };
        match terms.difference(&manifest.terms) {
            None => Ok(manifest),
            Some(differs) => Err(Error::Other {
                out: self.out.clone(),
                differs,
            }),
        }
    }

    /// Replaces the manifest.
    pub(super) fn settle(&self, manifest: &Manifest) -> Result<(), Error> {
        let path = self.work(MANIFEST);
        let written = serde_json::to_vec(manifest).map_err(io::Error::from);
        written
            .and_then(|written| replace(&path, &written))
            .at("write", &path)
    }

    /// Moves a finished result where it belongs.
    pub(super) fn publish(&self, name: &str) -> Result<(), Error> {
        let (from, to) = (self.work(name), self.out.join(name));
        let publish = || {
            File::open(&from)?.sync_all()?;
            fs::rename(&from, &to)
        };
        publish().at("write", &to)
    }

    /// Removes what is only needed while the audit lasts, but for the manifest.
    pub(super) fn clear(&self) -> Result<(), Error> {
        for name in [JOURNAL, BAD] {
            let path = self.work(name);
            if path.exists() {
                fs::remove_file(&path).at("remove", &path)?;
            }
        }
        let runs = self.work(RUNS);
        match runs.exists() {
            true => fs::remove_dir_all(&runs).at("remove", &runs),
            false => Ok(()),
        }
    }
}

fn work(out: &Path) -> PathBuf {
    out.join(".work")
}

const MANIFEST: &str = "manifest.json";
/// What was kept of the records.
pub(super) const JOURNAL: &str = "journal";
/// The journal in order.
pub(super) const RUNS: &str = "runs";
/// Records that could not be read, so far.
pub(super) const BAD: &str = "bad";
