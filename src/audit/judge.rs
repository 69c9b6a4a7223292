//! The first half of an audit: dumps are read and judged, and what matters of them goes into the
//! journal.

use super::Job;
use super::counts::Counts;
use super::dates::Dates;
use super::dumps::Dump;
use super::entry::{Body, Entry, What};
use super::error::{At, Error};
use super::journal::{Journal, frame};
use super::resume::{BAD, Folder, JOURNAL, Manifest};
use crate::escalate::hits_of;
use crate::ingest::{self, BadRecord, Chunk, Records, in_order};
use crate::limits::{AUDIT_CHECKPOINT_BYTES, CHUNK_BYTES};
use crate::model::{Action, Decision, Post, Timestamp};
use crate::policy::Kinds;
use crate::wire::{Event, event_from_json, write_decision};
use std::borrow::Cow;
use std::io;

/// What came of one chunk. Its memory is used again for later ones.
#[derive(Debug, Default)]
struct Judged {
    /// Entries for the journal.
    entries: Vec<u8>,
    /// Lines for the list of bad records.
    bad: Vec<u8>,
    skipped: Vec<(u64, String)>,
    counts: Counts,
    dates: Dates,
    records: u64,
    /// Room for a decision.
    line: Vec<u8>,
}

/// Judges what is left of all dumps.
pub(super) fn judge(
    job: &Job<'_>,
    dumps: &[Dump],
    folder: &Folder,
    manifest: &mut Manifest,
) -> Result<(), Error> {
    let journal = Journal::open(&folder.work(JOURNAL), manifest.journal)?;
    let bad = Journal::open(&folder.work(BAD), manifest.bad)?;
    let mut ledger = Ledger {
        folder,
        manifest,
        journal,
        bad,
        since: 0,
        posts: 0,
        every: job.checkpoint_posts,
    };
    for (at, dump) in dumps.iter().enumerate() {
        if ledger.manifest.dumps.get(at).is_some_and(|it| it.is_whole) {
            continue;
        }
        judge_dump(job, dump, at, &mut ledger)?;
    }
    Ok(())
}

fn judge_dump(job: &Job<'_>, dump: &Dump, at: usize, ledger: &mut Ledger<'_>) -> Result<(), Error> {
    let source = dump.open()?;
    job.watch.reads(&source);
    let read = ingest::Dump::read(source, job.format).at("read", &dump.path)?;
    job.watch.told(&read.told);
    let format = read.format;
    let done = ledger.manifest.dumps.get(at).map_or(0, |it| it.records);
    let mut records = Remaining {
        records: read.records,
        done: usize::try_from(done).unwrap_or(usize::MAX),
    };
    let work = |chunk: &Chunk, judged: &mut Judged| {
        judged.clear();
        Judge { job, dump }.chunk(chunk, judged);
    };
    let take = |judged: &mut Judged| {
        for (number, why) in &judged.skipped {
            job.watch.skipped(&format.place(&dump.name, *number), why);
        }
        ledger.take(at, judged)?;
        job.watch.judged(ledger.judged());
        Ok(())
    };
    in_order(&mut records, job.threads, work, take)?.at("read", &dump.path)?;
    if let Some(done) = ledger.manifest.dumps.get_mut(at) {
        format.name.clone_into(&mut done.format);
        done.is_whole = true;
    }
    ledger.settle()
}

/// A dump without the records that were judged before.
struct Remaining {
    records: Box<dyn Records>,
    done: usize,
}

impl Records for Remaining {
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        loop {
            let more = self.records.next(chunk)?;
            let done = self.done.min(chunk.len());
            chunk.drop_first(done);
            self.done -= done;
            if !more || !chunk.is_empty() {
                return Ok(more);
            }
        }
    }
}

/// Where what was judged is kept.
struct Ledger<'a> {
    folder: &'a Folder,
    manifest: &'a mut Manifest,
    journal: Journal,
    bad: Journal,
    /// Records since the manifest was replaced.
    since: u64,
    /// Records since this process began.
    posts: u64,
    every: u64,
}

impl Ledger<'_> {
    fn take(&mut self, dump: usize, judged: &Judged) -> Result<(), Error> {
        self.journal.append(&judged.entries)?;
        self.bad.append(&judged.bad)?;
        self.manifest.counts.add(&judged.counts);
        self.manifest.dates.add_all(&judged.dates);
        if let Some(done) = self.manifest.dumps.get_mut(dump) {
            done.records += judged.records;
            done.bad += judged.skipped.len() as u64;
        }
        self.since += judged.records;
        self.posts += judged.records;
        let bytes = self.journal.length() - self.manifest.journal;
        if self.since >= self.every || bytes >= AUDIT_CHECKPOINT_BYTES {
            self.settle()?;
        }
        Ok(())
    }

    /// What was done until now needn't be done again.
    fn settle(&mut self) -> Result<(), Error> {
        self.journal.settle()?;
        self.bad.settle()?;
        self.manifest.journal = self.journal.length();
        self.manifest.bad = self.bad.length();
        self.since = 0;
        self.folder.settle(self.manifest)
    }

    fn judged(&self) -> u64 {
        self.posts
    }
}

impl Judged {
    /// A chunk of huge decisions doesn't keep its memory for ever.
    fn clear(&mut self) {
        self.entries.clear();
        self.entries.shrink_to(4 * CHUNK_BYTES);
        self.bad.clear();
        self.skipped.clear();
        self.counts = Counts::default();
        self.dates = Dates::default();
        self.records = 0;
        self.line.clear();
        self.line.shrink_to(4 * CHUNK_BYTES);
    }
}

/// Judges the records of one dump.
struct Judge<'a> {
    job: &'a Job<'a>,
    dump: &'a Dump,
}

impl Judge<'_> {
    fn chunk(&self, chunk: &Chunk, judged: &mut Judged) {
        let texts = chunk.records().map(|(_, text)| text);
        for ((number, post), text) in chunk.posts().zip(texts) {
            judged.records += 1;
            match post {
                Ok(Some(post)) => self.post(post, number, judged),
                Ok(None) => {
                    let event = text.ok().and_then(|text| event_from_json(text).ok());
                    if let Some(event) = event.flatten() {
                        write_event(&event, judged);
                    }
                }
                Err(wrong) => self.bad(number, &wrong, judged),
            }
        }
    }

    fn bad(&self, number: u64, wrong: &BadRecord, judged: &mut Judged) {
        let why = wrong.to_string();
        let line = serde_json::json!({"dump": self.dump.name, "record": number, "why": why});
        judged.bad.extend_from_slice(line.to_string().as_bytes());
        judged.bad.push(b'\n');
        judged.skipped.push((number, why));
    }

    fn post(&self, mut post: Post<'_>, number: u64, judged: &mut Judged) {
        if post.id.is_empty() {
            post.id = Cow::Owned(format!("{}:{number}", self.dump.name));
        }
        let at = post.at.as_deref().and_then(Timestamp::parse);
        at.into_iter().for_each(|at| judged.dates.add(at));
        if post.is_deleted {
            let deleted = Entry::event(What::Deleted, &post.id, at);
            frame(&mut judged.entries, |out| deleted.write(out));
        }
        let engine = self.job.engine;
        let decision = engine.decide(&post);
        let escalation = &engine.ruleset().pack().escalation;
        let kinds = hits_of(escalation, &decision);
        let is_shown = self.job.all || decision.action >= Action::Note;
        // The first edit replaces nothing, however it is numbered.
        let is_edit = post.revision.is_some_and(|revision| revision > 1);
        let is_of_account = !kinds.is_empty() || !decision.shadow.is_empty();
        match is_shown || is_edit || is_of_account {
            true => self.keep(&post, &decision, (at, kinds, is_shown), judged),
            false => {
                let is_cut = decision.judged_bytes.is_some();
                judged.counts.post(at, decision.action, is_cut);
            }
        }
    }

    fn keep(
        &self,
        post: &Post<'_>,
        decision: &Decision,
        (at, kinds, is_shown): (Option<Timestamp>, Kinds, bool),
        judged: &mut Judged,
    ) {
        judged.line.clear();
        if is_shown {
            write_decision(decision, &mut judged.line);
        }
        let wants_words = self.job.excerpts && decision.action >= Action::Note;
        let entry = Entry {
            at,
            what: What::Posted,
            id: &post.id,
            revision: post.revision.unwrap_or(0),
            action: decision.action,
            points: decision.categories.values().sum(),
            body: Body {
                kinds: kinds.bits(),
                author: post.author.as_deref(),
                thread: post.thread.as_deref(),
                community: post.community.as_deref(),
                categories: decision.categories.keys().map(|it| &**it).collect(),
                shadow: decision.shadow.iter().map(|it| &*it.rule).collect(),
                targets: decision.targets.clone(),
                is_cut: decision.judged_bytes.is_some(),
                words: wants_words.then(|| excerpt(&post.text)),
            },
            line: &judged.line,
        };
        frame(&mut judged.entries, |out| entry.write(out));
    }
}

fn write_event(event: &Event<'_>, judged: &mut Judged) {
    let (what, id, at) = match event {
        Event::Answered { post, outcome, at } => (What::Answered(*outcome), post, at),
        Event::Deleted { post, at } => (What::Deleted, post, at),
        Event::Closed { kind, id, at } => (What::Closed(*kind), id, at),
    };
    let at = at.as_deref().and_then(Timestamp::parse);
    at.into_iter().for_each(|at| judged.dates.add(at));
    let entry = Entry::event(what, id, at);
    frame(&mut judged.entries, |out| entry.write(out));
}

/// The beginning of a text: as much as is ever shown, and one more so that it is seen to be cut.
fn excerpt(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(crate::limits::REPORT_WORDS_CHARS_MAX + 1);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
