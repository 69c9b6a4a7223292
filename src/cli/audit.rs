//! `vigie audit`

use super::dumps::Dumps;
use super::judging::Judging;
use super::key::fingerprint;
use super::options::ReportLanguage;
use super::terminal::{WARNING, count, grouped, say};
use super::{Ending, Failure};
use crate::audit::{Job, Outline, Watch, run};
use crate::ingest::Source;
use crate::limits::{AUDIT_CHECKPOINT_RECORDS, BAD_RECORDS_SHOWN_MAX};
use crate::model::{Action, Timestamp};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;

/// Replay dumps with ladders: who is hunted, who hunts, which communities became a danger
///
/// Writes `decisions.ndjson`, `cases.ndjson`, `summary.json`, `report.html` and `bad.ndjson`. Stopped
/// at any instant, the same command goes on where it was, and gives the same bytes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie audit 2026-*.ndjson.zst --out audit --lang fr")]
pub(super) struct Audit {
    /// Dumps of posts, in any order; they may be packed with gzip or zstd
    #[arg(value_name = "DUMP", required = true)]
    dumps: Vec<PathBuf>,
    /// The folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write the decisions of all posts, not only those at `note` and above
    #[arg(long)]
    all: bool,
    /// The report's language
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    lang: ReportLanguage,
    /// Show words of the posts that cases rest on in the report
    #[arg(long)]
    with_excerpts: bool,
    /// Go on with what was begun: the same as the command without it
    #[arg(long)]
    resume: bool,
    /// When the dumps were made. Records dated more than a day later are not believed, and move no
    /// ladder [default: a few records that stand a year or more after all others aren't]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    now: Option<Timestamp>,
    #[command(flatten)]
    format: Dumps,
    #[command(flatten)]
    judging: Judging,
    /// Threads that judge [default: one for each processor]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
    /// Records after which what was done is safe from being done again
    #[arg(long, value_name = "NUMBER", hide_short_help = true,
          default_value_t = CHECKPOINT_RECORDS)]
    checkpoint: NonZeroU64,
}

const CHECKPOINT_RECORDS: NonZeroU64 = match NonZeroU64::new(AUDIT_CHECKPOINT_RECORDS) {
    Some(records) => records,
    None => NonZeroU64::MIN,
};

impl Audit {
    pub(super) fn run(&self) -> Result<Ending, Failure> {
        let (engine, key) = self.judging.engine()?;
        let threads = self.threads.or(available_parallelism().ok());
        let watch = Watching::new();
        let job = Job {
            engine: &engine,
            key: key.as_ref().map(fingerprint),
            registry: self.judging.rules.registry_name()?,
            dumps: &self.dumps,
            format: self.format.format(),
            out: &self.out,
            all: self.all,
            excerpts: self.with_excerpts,
            language: self.lang.language(),
            threads: threads.map_or(1, NonZeroUsize::get),
            checkpoint_posts: self.checkpoint.get(),
            now: self.now,
            watch: &watch,
        };
        let outline = run(&job)?;
        watch.bar.finish_and_clear();
        if outline.was_finished {
            let out = self.out.display();
            say(&format!("{out} holds this audit already; it is finished"));
            return Ok(Ending::Fine);
        }
        watch.tell_more_skipped();
        tell(&outline);
        Ok(match outline.bad {
            0 => Ending::Fine,
            _ => Ending::Findings,
        })
    }
}

fn instant(written: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(written).ok_or("not an instant as in RFC 3339: 2026-03-01T12:00:00Z")
}

fn tell(outline: &Outline) {
    let shown = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let of = |(action, number): (&Action, &u64)| format!("{} {action}", grouped(shown(*number)));
    let actions: Vec<String> = Action::ALL.iter().zip(&outline.actions).map(of).collect();
    let posts = count(shown(outline.actions.iter().sum()), "post");
    let cases = count(outline.standing, "case");
    say(&format!(
        "{posts}: {}; {cases} standing",
        actions.join(", ")
    ));
    let notes = [
        (
            outline.untimed,
            "without a time: no ladder counts it",
            "without a time: no ladder counts them",
        ),
        (
            outline.misdated,
            "dated far after all others: no ladder counts it",
            "dated far after all others: no ladder counts them",
        ),
        (
            outline.repeated,
            "told again, counted once",
            "told again, counted once",
        ),
    ];
    for (number, one, many) in notes {
        if number > 0 {
            let said = if number == 1 { one } else { many };
            say(&format!("{} {said}", count(shown(number), "post")));
        }
    }
    if outline.bad > 0 {
        let bad = count(shown(outline.bad), "record");
        say(&format!(
            "{WARNING}{bad} skipped{WARNING:#}, listed in bad.ndjson"
        ));
    }
}

/// Both fit in 80 columns: a bar that wraps is drawn over and over.
const JUDGING: &str = "{bar:16} {percent:>3}%  {bytes}/{total_bytes}  {msg}  {eta} left";
const FOLDING: &str = "{bar:16} {percent:>3}%  putting in order  {eta} left";

/// How far an audit is, on stderr, when that is a terminal.
#[derive(Debug)]
pub(super) struct Watching {
    pub(super) bar: ProgressBar,
    read: Mutex<Vec<Arc<AtomicU64>>>,
    done: AtomicU64,
    skipped: AtomicUsize,
}

impl Watching {
    pub(super) fn new() -> Self {
        Self {
            bar: ProgressBar::new(0),
            read: Mutex::default(),
            done: AtomicU64::new(0),
            skipped: AtomicUsize::new(0),
        }
    }

    fn begin(&self, length: u64, done: u64, template: &str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.reset();
        self.bar.set_length(length);
        self.bar.set_position(done);
        self.bar.reset_eta();
    }

    fn tell_more_skipped(&self) {
        let skipped = self.skipped.load(Ordering::Relaxed);
        if skipped > BAD_RECORDS_SHOWN_MAX {
            let more = grouped(skipped - BAD_RECORDS_SHOWN_MAX);
            say(&format!("{WARNING}skipped{WARNING:#} {more} more"));
        }
    }
}

impl Watch for Watching {
    fn begins(&self, bytes: u64, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.begin(bytes, done, JUDGING);
    }

    fn reads(&self, dump: &Source) {
        if let Ok(mut read) = self.read.lock() {
            read.push(Arc::clone(&dump.bytes_read));
        }
    }

    fn judged(&self, records: u64) {
        let Ok(read) = self.read.lock() else { return };
        let bytes: u64 = read.iter().map(|read| read.load(Ordering::Relaxed)).sum();
        self.bar
            .set_position(self.done.load(Ordering::Relaxed) + bytes);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.1);
        let rate = grouped((records as f64 / seconds) as usize);
        self.bar.set_message(format!("{rate} posts/s"));
    }

    fn skipped(&self, place: &str, why: &str) {
        if self.skipped.fetch_add(1, Ordering::Relaxed) < BAD_RECORDS_SHOWN_MAX {
            let said = format!("{WARNING}skipped{WARNING:#} {place}: {why}");
            self.bar.suspend(|| say(&said));
        }
    }

    fn told(&self, words: &[String]) {
        for words in words {
            self.bar.suspend(|| say(words));
        }
    }

    fn folds(&self, bytes: u64) {
        self.begin(bytes, 0, FOLDING);
    }

    fn folded(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }
}

/// A bar must not stay on the screen when something stopped the command.
impl Drop for Watching {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
