//! Replays dumps with ladders, in memory that does not grow with them.
//!
//! ```text
//! dumps ─ judge (all processors) ─► journal: what matters of each record
//! journal ─ sort by time, on disk ─► fold: one happening after the other ─► decisions, cases
//!                                                                       └─► summary, report
//! ```
//!
//! Stopped at any instant, it goes on from the last checkpoint (`resume`) and gives the same bytes;
//! so it does on any number of threads and in whatever order the dumps are named.

mod compare;
mod counts;
mod dates;
mod dumps;
mod entry;
mod error;
mod fold;
mod journal;
mod judge;
mod results;
mod resume;
mod sort;

pub use compare::{CaseChange, Comparison, PostChange, Standing, compare};
pub use error::Error;

use crate::engine::Engine;
use crate::ingest::Format;
use crate::model::{Action, Language, Timestamp};
use dumps::{Dump, dumps};
use fold::Folded;
use resume::{Folder, JOURNAL, Manifest, RUNS, Terms};
use sort::Run;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

/// An audit that is wanted.
#[derive(Debug)]
pub struct Job<'a> {
    /// What judges.
    pub engine: &'a Engine,
    /// What names the key that evidence is digested with, without telling it.
    pub key: Option<String>,
    /// What names the registry of protected people.
    pub registry: Option<String>,
    /// The dumps, in any order.
    pub dumps: &'a [PathBuf],
    /// Their format; none: each says by itself.
    pub format: Option<&'static Format>,
    /// The folder for the results.
    pub out: &'a Path,
    /// Whether decisions of all posts are written, or only those at `note` and above.
    pub all: bool,
    /// Whether the report shows words of the posts that cases rest on.
    pub excerpts: bool,
    /// The report's language.
    pub language: Language,
    /// Threads that judge.
    pub threads: usize,
    /// Records after which what was done is made durable.
    pub checkpoint_posts: u64,
    /// When the dumps were made, as far as people tell: records dated later are not believed.
    pub now: Option<Timestamp>,
    /// Who watches.
    pub watch: &'a dyn Watch,
}

/// Is told how far an audit is.
pub trait Watch: Debug + Sync {
    /// So many bytes of dumps are about to be read, `done` of them an earlier time.
    fn begins(&self, bytes: u64, done: u64);
    /// A dump is read; its bytes are counted there.
    fn reads(&self, dump: &crate::ingest::Source);
    /// So many records were judged.
    fn judged(&self, records: u64);
    /// A record can't be read. Holds no word of it.
    fn skipped(&self, place: &str, why: &str);
    /// What people should know of how a dump is read.
    fn told(&self, words: &[String]);
    /// So many bytes of the journal are put in order, and then gone through.
    fn folds(&self, bytes: u64);
    /// So many of them are done.
    fn folded(&self, bytes: u64);
}

/// How an audit ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Posts, by action, in the order of [`Action::ALL`].
    pub actions: [u64; Action::ALL.len()],
    /// Posts without a time: judged, but no ladder counts them.
    pub untimed: u64,
    /// Records whose date is not believed: judged, but no ladder counts them.
    pub misdated: u64,
    /// Records that could not be read.
    pub bad: u64,
    /// Records that told again what another one had told.
    pub repeated: u64,
    /// Cases that stand on a rung.
    pub standing: usize,
    /// Whether all had been done before.
    pub was_finished: bool,
}

/// Runs an audit, or what is left of it.
///
/// # Errors
/// A dump can't be read, the results can't be written, or the folder holds another audit.
pub fn run(job: &Job<'_>) -> Result<Outline, Error> {
    let dumps = dumps(job.dumps)?;
    let folder = Folder::take(job.out)?;
    let mut manifest = folder.manifest(terms(job, &dumps))?;
    if manifest.is_finished {
        return Ok(Outline {
            was_finished: true,
            ..Outline::default()
        });
    }
    folder.settle(&manifest)?;
    let runs = journal(job, &dumps, &folder, &mut manifest)?;
    let folded = results::write(job, &folder, &manifest, &runs)?;
    manifest.is_finished = true;
    folder.settle(&manifest)?;
    folder.clear()?;
    Ok(outline(&manifest, &folded))
}

/// What was kept of dumps, in order.
struct Gathered {
    /// Holds the folder for as long as it is worked with.
    _folder: Folder,
    manifest: Manifest,
    runs: Vec<Run>,
}

/// The first half of an audit alone.
fn gather(job: &Job<'_>) -> Result<Gathered, Error> {
    let dumps = dumps(job.dumps)?;
    let folder = Folder::take(job.out)?;
    let mut manifest = folder.manifest(terms(job, &dumps))?;
    let runs = journal(job, &dumps, &folder, &mut manifest)?;
    Ok(Gathered {
        _folder: folder,
        manifest,
        runs,
    })
}

/// Judges what was not judged yet, and puts all of it in order.
fn journal(
    job: &Job<'_>,
    dumps: &[Dump],
    folder: &Folder,
    manifest: &mut Manifest,
) -> Result<Vec<Run>, Error> {
    let whole = manifest.dumps.iter().zip(dumps);
    let done = whole.filter(|(done, _)| done.is_whole);
    let done = done.map(|(_, dump)| dump.bytes).sum();
    job.watch
        .begins(dumps.iter().map(|dump| dump.bytes).sum(), done);
    judge::judge(job, dumps, folder, manifest)?;
    let length = manifest.journal;
    job.watch.folds(2 * length);
    let read = |bytes| job.watch.folded(bytes);
    sort::sort(&folder.work(JOURNAL), length, &folder.work(RUNS), read)
}

fn terms(job: &Job<'_>, dumps: &[Dump]) -> Terms {
    Terms {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        policies: job.engine.ruleset().digest().to_string(),
        key: job.key.clone(),
        registry: job.registry.clone(),
        format: job.format.map(|format| format.name.to_owned()),
        all: job.all,
        excerpts: job.excerpts,
        language: job.language.code().to_owned(),
        now: job.now.map(Timestamp::millis),
        dumps: dumps.iter().map(Dump::terms).collect(),
    }
}

fn outline(manifest: &Manifest, folded: &Folded) -> Outline {
    let mut counts = manifest.counts.clone();
    counts.add(&folded.counts);
    let ahead = counts.without_after(folded.until);
    Outline {
        actions: counts.actions,
        untimed: counts.untimed,
        misdated: ahead + folded.misdated,
        bad: manifest.dumps.iter().map(|dump| dump.bad).sum(),
        repeated: folded.repeated,
        standing: usize::try_from(folded.cases.open()).unwrap_or(usize::MAX),
        was_finished: false,
    }
}
