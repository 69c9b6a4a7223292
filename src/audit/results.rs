//! The files that an audit leaves behind. They are written aside and moved when all are whole.
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::Job;
use super::counts::Counts;
use super::error::{At, Error};
use super::fold::{Folded, cited, fold, write_shown};
use super::resume::{BAD, Folder, Manifest, Terms};
use super::sort::Run;
use crate::escalate::State;
use crate::model::Timestamp;
use crate::report::{self, Audit, Cases, Day, Dump, JudgedBy};
use crate::wire::write_case;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};

const DECISIONS: &str = "decisions.ndjson";
const CASES: &str = "cases.ndjson";
const SUMMARY: &str = "summary.json";
const REPORT: &str = "report.html";
const BAD_LIST: &str = "bad.ndjson";

/// Folds the journal, and writes all results.
pub(super) fn write(
    job: &Job<'_>,
    folder: &Folder,
    manifest: &Manifest,
    runs: &[Run],
) -> Result<Folded, Error> {
    let (mut folded, mut state) = decisions(job, folder, manifest, runs)?;
    folded.cases = cases(folder, &mut state)?;
    drop(state);
    summary_and_report(job, folder, manifest, (&folded, runs))?;
    let (bad, list) = (folder.work(BAD), folder.work(BAD_LIST));
    fs::copy(&bad, &list).at("write", &list)?;
    for name in [DECISIONS, CASES, SUMMARY, REPORT, BAD_LIST] {
        folder.publish(name)?;
    }
    Ok(folded)
}

fn decisions(
    job: &Job<'_>,
    folder: &Folder,
    manifest: &Manifest,
    runs: &[Run],
) -> Result<(Folded, State), Error> {
    let path = folder.work(DECISIONS);
    let mut out = BufWriter::new(File::create(&path).at("write", &path)?);
    let mut room = Vec::new();
    let mut done = manifest.journal;
    let escalation = &job.engine.ruleset().pack().escalation;
    let until = manifest.dates.believed_until(job.now);
    let made = fold(
        runs,
        escalation,
        (seed(&manifest.terms), until),
        |entry, changed, bytes| {
            done += bytes as u64;
            job.watch.folded(done);
            write_shown(&mut out, &path, entry, changed, &mut room)
        },
    )?;
    out.flush().at("write", &path)?;
    Ok(made)
}

/// A number that nobody knows who writes posts, and that is the same when the audit goes on.
fn seed(terms: &Terms) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&terms.policies, &terms.key).hash(&mut hasher);
    for dump in &terms.dumps {
        (&dump.name, dump.bytes, dump.modified).hash(&mut hasher);
    }
    hasher.finish()
}

/// Writes every case, and keeps what the report tells of them.
fn cases(folder: &Folder, state: &mut State) -> Result<Cases, Error> {
    let mut kept = Cases::default();
    let path = folder.work(CASES);
    let mut out = BufWriter::new(File::create(&path).at("write", &path)?);
    let mut line = Vec::new();
    state.each_case(|case| {
        line.clear();
        write_case(&case, &mut line);
        line.push(b'\n');
        kept.add(case);
        out.write_all(&line).at("write", &path)
    })?;
    out.flush().at("write", &path)?;
    Ok(kept.in_order())
}

fn summary_and_report(
    job: &Job<'_>,
    folder: &Folder,
    manifest: &Manifest,
    (folded, runs): (&Folded, &[Run]),
) -> Result<(), Error> {
    let mut counts = manifest.counts.clone();
    counts.add(&folded.counts);
    let ahead = counts.without_after(folded.until);
    let mut audit = audit(job, manifest, folded, &counts);
    audit.misdated = ahead + folded.misdated;
    let path = folder.work(SUMMARY);
    fs::write(&path, report::summary_json(&audit)).at("write", &path)?;
    audit.cited = cited(runs, &folded.cases)?;
    let path = folder.work(REPORT);
    fs::write(&path, report::html(&audit, job.language)).at("write", &path)
}

fn audit<'a>(
    job: &Job<'a>,
    manifest: &'a Manifest,
    folded: &'a Folded,
    counts: &Counts,
) -> Audit<'a> {
    let ruleset = job.engine.ruleset();
    let dumps = manifest.terms.dumps.iter().zip(&manifest.dumps);
    let days = |(day, number): (&i64, &u64)| (Day(*day), *number);
    let found = folded.found.per_day.iter();
    Audit {
        dumps: dumps
            .map(|(dump, done)| Dump {
                name: &dump.name,
                format: &done.format,
                records: done.records,
                bad: done.bad,
            })
            .collect(),
        posts: counts.posts(),
        untimed: counts.untimed,
        misdated: 0,
        deleted: folded.deleted,
        cut: counts.cut,
        outcomes: folded.outcomes,
        first: counts.first.and_then(Timestamp::from_millis),
        last: counts.last.and_then(Timestamp::from_millis),
        actions: counts.actions,
        posts_per_day: counts.per_day.iter().map(days).collect(),
        found_per_day: found
            .map(|((day, category), number)| ((Day(*day), category.clone()), *number))
            .collect(),
        categories: folded.found.categories.clone(),
        shadow: folded.found.shadow.clone(),
        cases: &folded.cases,
        cited: std::collections::BTreeMap::new(),
        policies: JudgedBy::all(ruleset.pack()),
        escalation: &ruleset.pack().escalation,
        digest: ruleset.digest(),
        engine: env!("CARGO_PKG_VERSION"),
    }
}
