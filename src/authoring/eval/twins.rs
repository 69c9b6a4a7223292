//! Posts that are variants of each other: a disguise and what it disguises, or two that look alike of
//! which only one is meant.

use super::classes::Set;
use super::rate::Count;
use super::seen::Seen;
use crate::limits::EVAL_TWINS_MAX;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What is known of a post: what is expected and what was found.
#[derive(Clone, Copy, Debug)]
struct Known {
    expected: Set,
    found: Set,
}

/// A post that names another one.
#[derive(Clone, Debug)]
struct Variant {
    own: u64,
    twin: u64,
    disguise: Option<String>,
}

/// All posts, by what names them, and those that are variants.
#[derive(Debug, Default)]
pub(super) struct Twins {
    known: FxHashMap<u64, Known>,
    variants: Vec<Variant>,
    /// Whether posts were left out, since there were too many.
    pub(super) left_out: bool,
}

/// How a disguise does beside what it disguises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BesideTwin {
    /// Of the disguised posts that must be found and whose twin is there, those that were found.
    pub disguised: Count,
    /// The same of their twins.
    pub twin: Count,
}

impl BesideTwin {
    /// Recall under the disguise over recall without it.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let without = self.twin.found as f64;
        (self.twin.found > 0).then(|| self.disguised.found as f64 / without)
    }
}

impl Twins {
    pub(super) fn add(&mut self, own: u64, seen: &Seen) {
        if self.known.len() >= EVAL_TWINS_MAX {
            self.left_out = true;
            return;
        }
        let (expected, found) = (seen.verdict.expected, seen.verdict.found);
        self.known.insert(own, Known { expected, found });
        if let Some(twin) = seen.twin {
            let disguise = seen.disguise.clone();
            self.variants.push(Variant {
                own,
                twin,
                disguise,
            });
        }
    }

    /// By disguise, how posts of a class do beside their twins.
    pub(super) fn disguised(&self, class: Set) -> BTreeMap<&str, BesideTwin> {
        let mut beside: BTreeMap<&str, BesideTwin> = BTreeMap::new();
        for variant in &self.variants {
            let both = self
                .known
                .get(&variant.own)
                .zip(self.known.get(&variant.twin));
            let (Some(disguise), Some((own, twin))) = (&variant.disguise, both) else {
                continue;
            };
            if own.expected & class != 0 {
                let counts = beside.entry(disguise).or_default();
                counts.disguised.add(own.found & class != 0);
                counts.twin.add(twin.found & class != 0);
            }
        }
        beside
    }

    /// Pairs of posts of which only one is expected to show the class: how many are both right.
    pub(super) fn contrasted(&self, class: Set) -> Count {
        let mut pairs: Vec<(u64, u64)> = self
            .variants
            .iter()
            .filter(|variant| variant.disguise.is_none())
            .map(|it| (it.own.min(it.twin), it.own.max(it.twin)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut count = Count::default();
        for (first, second) in pairs {
            let both = self.known.get(&first).zip(self.known.get(&second));
            if let Some((first, second)) = both
                && (first.expected ^ second.expected) & class != 0
            {
                let is_right = |it: &Known| (it.expected ^ it.found) & class == 0;
                count.add(is_right(first) && is_right(second));
            }
        }
        count
    }
}
