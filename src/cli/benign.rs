//! `vigie test --benign`

use super::terminal::{ASIDE, ERROR, count, grouped, say};
use super::{Ending, Failure};
use crate::authoring::FalseAlarms;
use crate::engine::Engine;
use crate::ingest::{Chunk, Dump, in_order, open};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

/// Judges posts that mean no harm, as written and disguised, and tells how many are flagged.
pub(super) fn run(
    files: &[PathBuf],
    engine: &Engine,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    let mut all = FalseAlarms::default();
    for path in files {
        let broken = |source: io::Error| Failure::File {
            what: "read",
            path: path.clone(),
            source,
        };
        count_file(path, engine, &mut all).map_err(broken)?;
    }
    print(&all, out)?;
    let too_many = all
        .by_disguise()
        .filter(|(_, alarms)| all.is_too_many(*alarms));
    let too_many: Vec<&str> = too_many.map(|(name, _)| name).collect();
    if too_many.is_empty() {
        return Ok(Ending::Fine);
    }
    say(&format!(
        "{ERROR}more than twice as many alarms{ERROR:#}: {}",
        too_many.join(", ")
    ));
    Ok(Ending::Findings)
}

fn count_file(path: &Path, engine: &Engine, all: &mut FalseAlarms) -> io::Result<()> {
    let mut dump = Dump::read(open(path)?, None)?;
    let threads = available_parallelism().map_or(1, NonZeroUsize::get);
    let work = |chunk: &Chunk, alarms: &mut FalseAlarms| {
        *alarms = FalseAlarms::default();
        let posts = chunk.posts().filter_map(|(_, post)| post.ok().flatten());
        posts.for_each(|post| alarms.judge(engine, &post));
    };
    let take = |alarms: &mut FalseAlarms| -> io::Result<()> {
        all.add(alarms);
        Ok(())
    };
    in_order(&mut *dump.records, threads, work, take)?
}

fn print(all: &FalseAlarms, out: &mut dyn Write) -> io::Result<()> {
    let posts = count(all.posts, "benign post");
    writeln!(out, "\n{ASIDE}flagged of {posts}{ASIDE:#}")?;
    let row = |name: &str, alarms: usize, out: &mut dyn Write| {
        let style = if all.is_too_many(alarms) {
            ERROR
        } else {
            ASIDE
        };
        writeln!(out, "  {style}{name:<16} {}{style:#}", grouped(alarms))
    };
    row("as written", all.as_written, out)?;
    for (name, alarms) in all.by_disguise() {
        row(name, alarms, out)?;
    }
    Ok(())
}
