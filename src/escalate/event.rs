//! What happens to state, told in any order.

use crate::model::{Outcome, SubjectKind, Timestamp};
use crate::policy::Kinds;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A post, new or edited.
    Posted(Posted<'a>),
    /// A post was deleted: its hits are withdrawn.
    Deleted {
        /// The post's id.
        post: &'a str,
        /// When.
        at: Timestamp,
    },
    /// The platform did something about a post.
    Answered {
        /// The post's id.
        post: &'a str,
        /// What.
        outcome: Outcome,
        /// When.
        at: Timestamp,
    },
    /// A person closed the cases of a subject.
    Closed {
        /// What it is.
        kind: SubjectKind,
        /// Its id.
        id: &'a str,
        /// When.
        at: Timestamp,
    },
}

/// A post that was judged.
#[derive(Clone, Copy, Debug)]
pub struct Posted<'a> {
    /// Its id, unique among all posts of the platform.
    pub post: &'a str,
    /// Which edit it is; 0 and 1 are the first telling. Of two, the higher counts; of two tellings of
    /// one edit, the one that says more.
    pub revision: u64,
    /// When it was posted.
    pub at: Timestamp,
    /// What hits it is: [`super::hits_of`].
    pub kinds: Kinds,
    /// Who posted it.
    pub author: Option<&'a str>,
    /// The thread.
    pub thread: Option<&'a str>,
    /// The community.
    pub community: Option<&'a str>,
    /// Whom it is aimed at.
    pub targets: &'a [String],
}
