//! What is told to the sidecar and kept, and what it answers.

use crate::escalate::Changed;
use crate::model::{Outcome, Subject, SubjectKind, Timestamp};
use crate::policy::{Escalation, Kinds};
use std::sync::Arc;

/// Something that happened. Owned: it crosses a thread.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A post, new or edited, and its decision.
    Judged(Judged),
    /// The platform did something about a post.
    Answered {
        /// The post's id.
        post: String,
        /// What.
        outcome: Outcome,
        /// When.
        at: Timestamp,
        /// Who told it: a name of an API key, never a secret.
        by: Option<String>,
    },
    /// A post was deleted.
    Deleted {
        /// The post's id.
        post: String,
        /// When.
        at: Timestamp,
    },
    /// A person closed the cases of a subject.
    Closed {
        /// What it is.
        kind: SubjectKind,
        /// Its id.
        id: String,
        /// When.
        at: Timestamp,
        /// Who told it.
        by: Option<String>,
    },
    /// A person signed what is recommended for a subject on a ladder.
    Signed {
        /// Whom or what the case is about.
        subject: Subject,
        /// The ladder, by name.
        ladder: String,
        /// Who: the name of the API key. One key signs once.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// A post that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its id, unique among all posts of the platform.
    pub post: String,
    /// Which edit it is; 0 and 1 are the first telling.
    pub revision: u64,
    /// When it was posted; when nobody told, when it was received.
    pub at: Timestamp,
    /// Who posted it.
    pub author: Option<String>,
    /// The thread.
    pub thread: Option<String>,
    /// The community.
    pub community: Option<String>,
    /// Whom it is aimed at.
    pub targets: Vec<String>,
    /// What hits it is: [`crate::escalate::hits_of`].
    pub kinds: Kinds,
    /// Whose kinds these are: policies may have been replaced since the post was judged.
    pub escalation: Arc<Escalation>,
    /// What [`crate::wire::write_decision`] wrote. It holds no words of the post.
    pub decision: Vec<u8>,
}

/// What came of a happening.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// A post counts.
    Judged {
        /// Where its subjects stand now.
        changed: Vec<Changed>,
        /// Whether the same had been told before: then it counts once, and stands once in the log.
        repeated: bool,
    },
    /// It is noted.
    Noted,
    /// The recommendation bears these signatures now.
    Signed {
        /// Who signed, in order.
        by: Vec<Signature>,
        /// How many must.
        needs: u32,
    },
    /// It can't be taken in. The others of its batch are.
    Refused(Refusal),
}

/// Why a happening is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing to sign: the subject stands on no rung of that ladder.
    #[error("the subject stands on no rung of this ladder")]
    NoCase,
    /// Nobody needs to sign that.
    #[error("this recommendation needs no signature")]
    NeedsNone,
    /// An id is longer than any forum's.
    #[error("an id is longer than {} bytes", crate::limits::ID_BYTES_MAX)]
    LongId,
    /// What was handed in as the decision is not one line of JSON.
    #[error("the decision is not one line of JSON")]
    Decision,
}

/// A person's signature under a recommendation. It holds for the case as it stood: whoever leaves the
/// rung needs new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who: the name of the API key.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
