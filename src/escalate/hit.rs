//! A hit as it is remembered: who, when, where, about whom, and what kind; never the words.

use crate::model::{SubjectKind, Timestamp};
use crate::policy::Kinds;
use siphasher::sip::SipHasher13;
use std::cmp::Ordering;
use std::hash::Hasher;
use std::sync::Arc;

/// A subject or a post as a number. Two are the same when their ids are: 64 bits of SipHash, seeded,
/// so that nobody can make two ids meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u64);

impl Id {
    /// An author who isn't known. All of them count as one.
    pub(super) const NOBODY: Self = Self(0);

    pub(super) fn of_subject(seed: u64, kind: SubjectKind, id: &str) -> Self {
        Self::hash(seed, kind.name(), id)
    }

    pub(super) fn of_post(seed: u64, id: &str) -> Self {
        Self::hash(seed, "post", id)
    }

    /// Snapshots hold these numbers: what is hashed, and how, must stay.
    fn hash(seed: u64, kind: &str, id: &str) -> Self {
        let mut hasher = SipHasher13::new_with_keys(seed, 0);
        hasher.write(kind.as_bytes());
        hasher.write_u8(0);
        hasher.write(id.as_bytes());
        Self(hasher.finish().max(1))
    }

    pub(super) fn number(self) -> u64 {
        self.0
    }

    pub(super) fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// What a post did, or a rung that a target reached.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) at: Timestamp,
    pub(super) post: Arc<str>,
    /// The rung that was reached, of which ladder: none for a post.
    pub(super) reached: Option<(usize, usize)>,
    pub(super) kinds: Kinds,
    pub(super) author: Id,
    pub(super) targets: Box<[Id]>,
    /// Whether the post names nobody, and its thread told whom it is aimed at.
    pub(super) from_thread: bool,
    pub(super) thread: Option<Id>,
    pub(super) community: Option<Id>,
    /// When the platform first said that it acted.
    pub(super) answered: Option<Timestamp>,
}

/// Where a hit stands among those of its subject.
pub(super) type Place<'h> = (Timestamp, &'h str, Option<(usize, usize)>, &'h [Id]);

impl Hit {
    pub(super) fn place(&self) -> Place<'_> {
        (self.at, &self.post, self.reached, &self.targets)
    }
}

impl Hit {
    /// Targets first, then who and where.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Id> {
        let author = (self.author != Id::NOBODY).then_some(self.author);
        let places = author.into_iter().chain(self.thread).chain(self.community);
        self.targets.iter().copied().chain(places)
    }

    /// The same, answered.
    pub(super) fn answered_at(self: &Arc<Self>, answered: Option<Timestamp>) -> Arc<Self> {
        // An answer before the post was an answer to an earlier edit.
        let answered = answered.map(|at| at.max(self.at));
        if answered == self.answered {
            return Arc::clone(self);
        }
        Arc::new(Self {
            answered,
            ..Self::clone(self)
        })
    }

    /// The same, aimed at whom its thread is about.
    pub(super) fn aimed_at(&self, target: Id) -> Self {
        Self {
            targets: [target].into(),
            from_thread: true,
            ..self.clone()
        }
    }

    /// Whether two hits differ in nothing but their answers.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let all = |hit: &Self| {
            let places = (hit.author, hit.thread, hit.community);
            (hit.kinds, places, hit.from_thread)
        };
        all(self) == all(other)
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Hit {}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}
