//! The second half of an audit: the journal is put in the order of what happened, and cases are made
//! of it. Begins again from the journal when it was stopped.

use super::counts::{Counts, Found};
use super::entry::{Entry, What};
use super::error::{At, Error};
use super::sort::{Run, Sorted};
use crate::escalate::{Bounds, Changed, Event, Posted, State};
use crate::model::{Action, Timestamp};
use crate::policy::{Escalation, Kinds};
use crate::report::{Cases, Cited};
use crate::wire::write_ladders;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What came of all entries together.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub(super) counts: Counts,
    pub(super) found: Found,
    pub(super) deleted: u64,
    pub(super) outcomes: u64,
    /// Records besides posts whose date is not believed.
    pub(super) misdated: u64,
    /// Until when dates are believed.
    pub(super) until: Timestamp,
    /// Tellings that were left out, since another one counts.
    pub(super) repeated: u64,
    /// Once they are written.
    pub(super) cases: Cases,
}

/// Folds sorted entries into cases, and gives `show` every post's entry with where its subjects
/// stand then. Records dated after `until` move nothing.
pub(super) fn fold(
    runs: &[Run],
    escalation: &Arc<Escalation>,
    (seed, until): (u64, Timestamp),
    mut show: impl FnMut(&Entry<'_>, &[Changed], usize) -> Result<(), Error>,
) -> Result<(Folded, State), Error> {
    let mut folded = Folded {
        until,
        ..Folded::default()
    };
    let mut state = State::new(Arc::clone(escalation), Bounds::default(), seed);
    let mut sorted = Sorted::of(runs)?;
    let mut bytes = Vec::new();
    while sorted.next(&mut bytes)? {
        let entry = Entry::read(&bytes).ok_or_else(damaged)?;
        folded.count(&entry);
        let is_believed = entry.at.is_none_or(|at| at <= until);
        let changed = match event(&entry, state.now()).filter(|_| is_believed) {
            Some(event) => state.apply(event),
            None => Vec::new(),
        };
        show(&entry, &changed, bytes.len())?;
    }
    folded.repeated = sorted.repeated;
    Ok((folded, state))
}

impl Folded {
    fn count(&mut self, entry: &Entry<'_>) {
        let at = entry.at.filter(|at| *at <= self.until);
        match entry.what {
            // Posts whose date is not believed are told by their days: `Counts::without_after`.
            What::Posted => {
                self.counts.post(entry.at, entry.action, entry.body.is_cut);
                self.found.post(entry, at);
                return;
            }
            What::Deleted => self.deleted += 1,
            What::Answered(_) => self.outcomes += 1,
            What::Closed(_) => {}
        }
        self.misdated += u64::from(at != entry.at);
    }
}

/// What happened. Posts without a time can't take part; what else has none stands at the end, and
/// counts as of `now`.
fn event<'e>(entry: &'e Entry<'_>, now: Timestamp) -> Option<Event<'e>> {
    let id = entry.id;
    let at = entry.at.unwrap_or(now);
    Some(match entry.what {
        What::Deleted => Event::Deleted { post: id, at },
        What::Answered(outcome) => Event::Answered {
            post: id,
            outcome,
            at,
        },
        What::Closed(kind) => Event::Closed { kind, id, at },
        What::Posted => Event::Posted(Posted {
            post: id,
            revision: entry.revision,
            at: entry.at?,
            kinds: Kinds::from_bits(entry.body.kinds),
            author: entry.body.author,
            thread: entry.body.thread,
            community: entry.body.community,
            targets: &entry.body.targets,
        }),
    })
}

/// Sorted runs are checked by their sums when they are read; what still is no entry was never one.
pub(super) fn damaged() -> Error {
    Error::Damaged(PathBuf::from(super::resume::JOURNAL))
}

/// Writes the decisions of posts that are shown.
pub(super) fn write_shown(
    out: &mut impl Write,
    path: &Path,
    entry: &Entry<'_>,
    changed: &[Changed],
    room: &mut Vec<u8>,
) -> Result<(), Error> {
    if entry.line.is_empty() {
        return Ok(());
    }
    room.clear();
    room.extend_from_slice(entry.line);
    write_ladders(changed, room);
    room.push(b'\n');
    out.write_all(room).at("write", path)
}

/// What is known of the posts that cases rest on.
pub(super) fn cited(runs: &[Run], cases: &Cases) -> Result<BTreeMap<Arc<str>, Cited>, Error> {
    let mut cited: BTreeMap<Arc<str>, Cited> = BTreeMap::new();
    for case in cases.kept() {
        let steps = case.history.iter().flat_map(|step| &step.evidence);
        let findings = case.findings.iter().flat_map(|finding| &finding.evidence);
        for post in steps.chain(findings) {
            cited.entry(Arc::clone(post)).or_default();
        }
    }
    if cited.is_empty() {
        return Ok(cited);
    }
    let mut sorted = Sorted::of(runs)?;
    let mut bytes = Vec::new();
    while sorted.next(&mut bytes)? {
        let entry = Entry::read(&bytes).ok_or_else(damaged)?;
        if entry.what == What::Posted
            && entry.at.is_some()
            && let Some(known) = cited.get_mut(entry.id)
        {
            *known = about(&entry);
        }
    }
    Ok(cited)
}

fn about(entry: &Entry<'_>) -> Cited {
    let categories = entry.body.categories.iter();
    Cited {
        at: entry.at,
        action: entry.action,
        categories: match entry.action {
            Action::Allow => Vec::new(),
            Action::Note | Action::Review | Action::Hold | Action::Remove => {
                categories.map(|category| Arc::from(*category)).collect()
            }
        },
        author: entry.body.author.map(Arc::from),
        targets: entry
            .body
            .targets
            .iter()
            .map(|it| it.as_str().into())
            .collect(),
        words: entry.body.words.map(str::to_owned),
    }
}
