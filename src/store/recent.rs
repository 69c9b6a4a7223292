//! The posts that were told last: what is told again is recognised.

use super::happening::Judged;
use crate::policy::Kinds;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::collections::VecDeque;
use std::hash::Hasher;

/// A bounded memory of posts, by id and revision.
#[derive(Debug, Default)]
pub(super) struct Recent {
    seed: u64,
    /// What was told of each, as a number.
    told: FxHashMap<u64, u64>,
    order: VecDeque<u64>,
    most: usize,
}

/// A post as numbers: which it is, and all that ladders make something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Telling {
    key: u64,
    told: u64,
}

/// The memory as it is kept, oldest first.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct KeptRecent(Vec<(u64, u64)>);

impl Recent {
    pub(super) fn new(seed: u64, most: usize) -> Self {
        Self {
            seed,
            most,
            ..Self::default()
        }
    }

    pub(super) fn telling(&self, judged: &Judged, kinds: Kinds) -> Telling {
        let mut key = SipHasher13::new_with_keys(self.seed, 1);
        key.write(judged.post.as_bytes());
        key.write_u64(judged.revision.max(1));
        let mut told = SipHasher13::new_with_keys(self.seed, 2);
        told.write_u64(kinds.bits());
        for id in [&judged.author, &judged.thread, &judged.community] {
            told.write_u8(u8::from(id.is_some()));
            told.write(id.as_deref().unwrap_or_default().as_bytes());
            told.write_u8(0xff);
        }
        for id in &judged.targets {
            told.write(id.as_bytes());
            told.write_u8(0xff);
        }
        Telling {
            key: key.finish(),
            told: told.finish(),
        }
    }

    /// Whether the same was told before.
    pub(super) fn has(&self, telling: Telling) -> bool {
        self.told.get(&telling.key) == Some(&telling.told)
    }

    /// Remembers a post, and forgets the oldest when there are too many.
    pub(super) fn add(&mut self, telling: Telling) {
        if self.told.insert(telling.key, telling.told).is_none() {
            self.order.push_back(telling.key);
        }
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.told.remove(&oldest);
        }
    }

    pub(super) fn keep(&self) -> KeptRecent {
        let known = |key: &u64| Some((*key, *self.told.get(key)?));
        KeptRecent(self.order.iter().filter_map(known).collect())
    }

    pub(super) fn load(seed: u64, most: usize, kept: KeptRecent) -> Self {
        let mut recent = Self::new(seed, most);
        for (key, told) in kept.0 {
            recent.add(Telling { key, told });
        }
        recent
    }
}
