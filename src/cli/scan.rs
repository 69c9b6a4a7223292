//! `vigie scan`
#![expect(
    clippy::disallowed_methods,
    reason = "tells how long it took; decisions know nothing of it"
)]

use super::dumps::Dumps;
use super::judging::Judging;
use super::progress::Progress;
use super::terminal::{WARNING, count, grouped, say};
use super::{Ending, Failure};
use crate::engine::Engine;
use crate::ingest::{BadRecord, Chunk, Source, in_order, open};
use crate::limits::{BAD_RECORDS_SHOWN_MAX, CHUNK_BYTES};
use crate::model::{Action, Decision};
use crate::wire::write_decision;
use clap::Args;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

/// Judge posts: NDJSON or dumps in, one decision a line out, in the same order
///
/// Files may be packed with gzip or zstd. Their format is known by their content; what is none is
/// read as NDJSON. A record that is no post is told on stderr with its number, and skipped; the exit
/// code is 1 then.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie scan posts.ndjson.zst --only review > decisions.ndjson")]
pub(super) struct Scan {
    /// Files of posts; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    dumps: Dumps,
    #[command(flatten)]
    judging: Judging,
    /// Add everything that detectors saw, whether or not a rule used it
    #[arg(long)]
    signals: bool,
    /// Print only decisions of this action and above: note, review, hold, remove
    #[arg(long, value_name = "ACTION", value_parser = action, default_value = "allow",
          hide_default_value = true)]
    only: Action,
    /// Threads that judge [default: one for each processor]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
}

fn action(written: &str) -> Result<Action, String> {
    let names = Action::ALL.map(Action::name).join(", ");
    Action::named(written).ok_or_else(|| format!("there are: {names}"))
}

/// What came of the posts so far.
#[derive(Debug, Default)]
struct Tally {
    /// In the order of [`Action::ALL`].
    actions: [usize; Action::ALL.len()],
    bad: usize,
    /// Records of which no words are left.
    gone: usize,
}

/// What came of one chunk. Its memory is used again for later ones.
#[derive(Debug, Default)]
struct Judged {
    lines: Vec<u8>,
    tally: Tally,
    bad: Vec<(u64, BadRecord)>,
}

impl Scan {
    /// Decisions are many, so they go to stdout without a way round.
    pub(super) fn run(&self) -> Result<Ending, Failure> {
        let (engine, _) = self.judging.engine()?;
        // All are opened first: a name misspelt at the end must not cost the work before it.
        let sources: Vec<Source> = self
            .files
            .iter()
            .map(|path| open_file(path))
            .collect::<Result<_, _>>()?;
        if self.files.iter().any(|path| path.as_os_str() == "-") && io::stdin().is_terminal() {
            say("reading posts from the terminal, one JSON object a line; end with Ctrl-D");
        }
        let begin = Instant::now();
        let progress = Progress::over(&sources);
        let mut tally = Tally::default();
        for source in sources {
            self.source(source, &engine, &progress, &mut tally)?;
        }
        progress.end();
        summary(&tally, begin.elapsed());
        Ok(match tally.bad {
            0 => Ending::Fine,
            _ => Ending::Findings,
        })
    }

    fn source(
        &self,
        source: Source,
        engine: &Engine,
        progress: &Progress,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let name = source.name.clone();
        let broken = |error: io::Error| Failure::File {
            what: "read",
            path: name.clone().into(),
            source: error,
        };
        let mut dump = self.dumps.read(source).map_err(broken)?;
        for words in &dump.told {
            progress.say(words);
        }
        let threads = self.threads.or(available_parallelism().ok());
        let mut bad_shown = 0;
        let take = |judged: &mut Judged| -> Result<(), Failure> {
            let mut stdout = io::stdout().lock();
            stdout.write_all(&judged.lines)?;
            stdout.flush()?;
            for (number, wrong) in &judged.bad {
                bad_shown += 1;
                if bad_shown <= BAD_RECORDS_SHOWN_MAX {
                    let place = dump.format.place(&name, *number);
                    progress.say(&format!("{WARNING}skipped{WARNING:#} {place}: {wrong}"));
                }
            }
            tally.add(&judged.tally);
            progress.posts(tally.posts());
            Ok(())
        };
        let work = |chunk: &Chunk, judged: &mut Judged| self.judge(chunk, engine, judged);
        let read = in_order(
            &mut *dump.records,
            threads.map_or(1, NonZeroUsize::get),
            work,
            take,
        )?;
        if bad_shown > BAD_RECORDS_SHOWN_MAX {
            let more = bad_shown - BAD_RECORDS_SHOWN_MAX;
            progress.say(&format!("{WARNING}skipped{WARNING:#} {name}: {more} more"));
        }
        read.map_err(broken)
    }

    fn judge(&self, chunk: &Chunk, engine: &Engine, judged: &mut Judged) {
        judged.clear();
        for (number, post) in chunk.posts() {
            match post {
                Ok(None) => judged.tally.gone += 1,
                Ok(Some(post)) => {
                    let decision = match self.signals {
                        true => engine.decide_with_signals(&post),
                        false => engine.decide(&post),
                    };
                    self.keep(&decision, judged);
                }
                Err(wrong) => {
                    judged.tally.bad += 1;
                    judged.bad.push((number, wrong));
                }
            }
        }
    }

    fn keep(&self, decision: &Decision, judged: &mut Judged) {
        judged.tally.count(decision.action);
        if decision.action >= self.only {
            write_decision(decision, &mut judged.lines);
            judged.lines.push(b'\n');
        }
    }
}

impl Judged {
    /// A chunk of huge decisions doesn't keep its memory for ever.
    fn clear(&mut self) {
        self.lines.clear();
        self.lines.shrink_to(4 * CHUNK_BYTES);
        self.tally = Tally::default();
        self.bad.clear();
    }
}

fn open_file(path: &Path) -> Result<Source, Failure> {
    open(path).map_err(|source| Failure::File {
        what: "read",
        path: path.to_owned(),
        source,
    })
}

impl Tally {
    fn count(&mut self, action: Action) {
        for (counted, number) in Action::ALL.iter().zip(&mut self.actions) {
            *number += usize::from(*counted == action);
        }
    }

    fn add(&mut self, other: &Self) {
        for (number, more) in self.actions.iter_mut().zip(other.actions) {
            *number += more;
        }
        self.bad += other.bad;
        self.gone += other.gone;
    }

    fn posts(&self) -> usize {
        self.actions.iter().sum()
    }
}

fn summary(tally: &Tally, took: Duration) {
    let of = |(action, number): (&Action, &usize)| format!("{} {action}", grouped(*number));
    let actions = Action::ALL.iter().zip(&tally.actions);
    let actions: Vec<String> = actions.map(of).collect();
    let posts = count(tally.posts(), "post");
    let rate = match took.as_secs_f64() {
        seconds if seconds >= 0.1 => {
            let rate = (tally.posts() as f64 / seconds).round();
            format!(" ({seconds:.1} s, {rate:.0} posts/s)")
        }
        _ => String::new(),
    };
    say(&format!("{posts}: {}{rate}", actions.join(", ")));
    if tally.gone > 0 {
        let gone = count(tally.gone, "record");
        say(&format!("{gone} without words (deleted, or empty)"));
    }
    if tally.bad > 0 {
        let bad = count(tally.bad, "record");
        say(&format!("{WARNING}{bad} skipped{WARNING:#}"));
    }
}
