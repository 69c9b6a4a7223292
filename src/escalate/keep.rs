//! State as bytes, and back: what snapshots hold. Hits are kept once, in a table; all that rests on
//! them names their places in it.

use super::hit::{Hit, Id};
use crate::model::{Comparison, Outcome, Span, Subject, Timestamp};
use crate::policy::{Counted, Kinds, MeasureId};
use rustc_hash::FxHashMap;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::Arc;

/// What can be kept.
pub(super) trait Keep: Sized {
    /// Puts it behind what is kept already.
    fn keep(&self, to: &mut Keeper);
    /// Takes it back, in the same order. None: these bytes were never kept.
    fn take(from: &mut Kept<'_>) -> Option<Self>;
    /// Puts a list in its order again, where ids may have changed it.
    fn put_in_order(_list: &mut [Self]) {}
}

/// State on its way into bytes.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    body: Vec<u8>,
    hits: Vec<Arc<Hit>>,
    places: FxHashMap<*const Hit, usize>,
}

/// Kept state on its way back.
#[derive(Debug)]
pub(super) struct Kept<'b> {
    rest: &'b [u8],
    hits: Vec<Arc<Hit>>,
    change: &'b Change,
}

/// What becomes otherwise while state is taken back.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// A subject gets another id.
    pub(super) renamed: Option<(Id, Id)>,
    /// Kinds, ladders and rungs have other numbers.
    pub(super) names: Option<super::names::Names>,
}

impl Change {
    fn is_none(&self) -> bool {
        self.renamed.is_none() && self.names.is_none()
    }
}

impl Keeper {
    fn plain(&mut self, what: &impl Serialize) {
        // Writing to memory can't fail.
        let body = std::mem::take(&mut self.body);
        self.body = postcard::to_extend(what, body).unwrap_or_default();
    }

    /// All of a list, which [`Kept::list`] takes back.
    pub(super) fn list<T: Keep>(&mut self, list: &[T]) {
        self.plain(&list.len());
        list.iter().for_each(|it| it.keep(self));
    }

    /// Everything, behind what `out` holds.
    pub(super) fn finish(mut self, out: &mut Vec<u8>) {
        let body = std::mem::take(&mut self.body);
        let hits = std::mem::take(&mut self.hits);
        self.plain(&hits.len());
        for hit in &hits {
            hit.as_ref().keep(&mut self);
        }
        out.append(&mut self.body);
        out.extend_from_slice(&body);
    }
}

impl<'b> Kept<'b> {
    /// Takes back what [`Keeper::finish`] gave.
    pub(super) fn begin(bytes: &'b [u8], change: &'b Change) -> Option<Self> {
        let mut kept = Self {
            rest: bytes,
            hits: Vec::new(),
            change,
        };
        let hits: usize = kept.plain()?;
        for _ in 0..hits {
            let hit = Hit::take(&mut kept)?;
            kept.hits.push(Arc::new(hit));
        }
        Some(kept)
    }

    fn plain<T: DeserializeOwned>(&mut self) -> Option<T> {
        let (what, rest) = postcard::take_from_bytes(self.rest).ok()?;
        self.rest = rest;
        Some(what)
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    fn list<T: Keep>(&mut self) -> Option<Vec<T>> {
        let length: usize = self.plain()?;
        // A length that is not true must not take all memory.
        let mut list = Vec::with_capacity(length.min(self.rest.len()));
        for _ in 0..length {
            list.push(T::take(self)?);
        }
        if !self.change.is_none() {
            T::put_in_order(&mut list);
        }
        Some(list)
    }
}

/// Types without hits and ids in them.
macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Keep for $type {
            fn keep(&self, to: &mut Keeper) {
                to.plain(self);
            }
            fn take(from: &mut Kept<'_>) -> Option<Self> {
                from.plain()
            }
        }
    )*};
}
plain!(
    bool, u32, u64, usize, Comparison, Counted, Kinds, MeasureId, Outcome, Span, Subject, Timestamp
);

/// A struct, field by field.
macro_rules! fields {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::escalate::keep::Keep for $type {
            fn keep(&self, to: &mut $crate::escalate::keep::Keeper) {
                $(self.$field.keep(to);)*
            }
            fn take(from: &mut $crate::escalate::keep::Kept<'_>) -> Option<Self> {
                Some(Self {
                    $($field: $crate::escalate::keep::Keep::take(from)?),*
                })
            }
        }
    };
}
pub(super) use fields;

impl Keep for Id {
    fn keep(&self, to: &mut Keeper) {
        to.plain(&self.number());
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        let id = Self::from_number(from.plain()?);
        let renamed = from.change.renamed.filter(|(old, _)| *old == id);
        Some(renamed.map_or(id, |(_, new)| new))
    }
}

impl Keep for Hit {
    fn keep(&self, to: &mut Keeper) {
        to.plain(&(
            self.at,
            &*self.post,
            self.reached,
            self.kinds,
            self.answered,
        ));
        self.author.keep(to);
        to.plain(&self.targets.len());
        self.targets.iter().for_each(|id| id.keep(to));
        self.thread.keep(to);
        self.community.keep(to);
        self.from_thread.keep(to);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        let (at, post, reached, kinds, answered) = from.plain()?;
        let post: String = post;
        let names = from.change.names.as_ref();
        Some(Self {
            at,
            post: post.into(),
            reached: match names {
                Some(names) => names.reached(reached),
                None => reached,
            },
            kinds: names.map_or(kinds, |names| names.kinds(kinds)),
            answered,
            author: Id::take(from)?,
            targets: from.list()?.into(),
            thread: Keep::take(from)?,
            community: Keep::take(from)?,
            from_thread: Keep::take(from)?,
        })
    }
}

impl Keep for Arc<Hit> {
    fn keep(&self, to: &mut Keeper) {
        let next = to.hits.len();
        let place = *to.places.entry(Self::as_ptr(self)).or_insert(next);
        if place == next {
            to.hits.push(Self::clone(self));
        }
        to.plain(&place);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        let place: usize = from.plain()?;
        from.hits.get(place).cloned()
    }

    fn put_in_order(list: &mut [Self]) {
        list.sort();
    }
}

impl<T: Keep> Keep for Option<T> {
    fn keep(&self, to: &mut Keeper) {
        to.plain(&self.is_some());
        self.iter().for_each(|it| it.keep(to));
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        match from.plain()? {
            true => T::take(from).map(Some),
            false => Some(None),
        }
    }
}

impl<T: Keep> Keep for Vec<T> {
    fn keep(&self, to: &mut Keeper) {
        to.list(self);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        from.list()
    }
}

impl<T: Keep> Keep for VecDeque<T> {
    fn keep(&self, to: &mut Keeper) {
        to.plain(&self.len());
        self.iter().for_each(|it| it.keep(to));
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        from.list().map(Self::from)
    }
}

impl<T: Keep> Keep for Box<[T]> {
    fn keep(&self, to: &mut Keeper) {
        to.list(self);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        from.list().map(Self::from)
    }
}

impl<A: Keep, B: Keep> Keep for (A, B) {
    fn keep(&self, to: &mut Keeper) {
        self.0.keep(to);
        self.1.keep(to);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        Some((A::take(from)?, B::take(from)?))
    }
}

impl<K: Keep + Eq + Hash, V: Keep> Keep for FxHashMap<K, V> {
    fn keep(&self, to: &mut Keeper) {
        to.plain(&self.len());
        for (key, value) in self {
            key.keep(to);
            value.keep(to);
        }
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        let length: usize = from.plain()?;
        let mut map = Self::default();
        map.reserve(length.min(from.rest.len()));
        for _ in 0..length {
            let key = K::take(from)?;
            map.insert(key, V::take(from)?);
        }
        Some(map)
    }
}

impl<T: Keep> Keep for Box<T> {
    fn keep(&self, to: &mut Keeper) {
        self.as_ref().keep(to);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        T::take(from).map(Self::new)
    }
}
