//! Our categories in the words of other systems, as the policies' `maps_to` says.

use crate::model::Decision;
use crate::policy::Pack;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the policies of a pack map to.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    perspective: Mapped,
    openai: Mapped,
    categories: BTreeSet<Arc<str>>,
}

/// One other system.
#[derive(Debug, Default)]
struct Mapped {
    /// Its words, by the rules whose policies map to them.
    by_rule: FxHashMap<Arc<str>, Vec<&'static str>>,
    /// All words that any rule may score.
    scored: BTreeSet<&'static str>,
}

impl Neighbours {
    pub(super) fn of(pack: &Pack) -> Self {
        let categories = pack.policies.iter().filter_map(|it| it.category.clone());
        Self {
            perspective: Mapped::of(pack, "perspective"),
            openai: Mapped::of(pack, "openai"),
            categories: categories.collect(),
        }
    }

    /// Points of an attribute of Perspective, or of a category of ours. None: no rule scores it.
    pub(super) fn attribute(&self, name: &str, decision: &Decision) -> Option<u32> {
        if let Some(category) = self.categories.get(name) {
            return Some(
                decision
                    .categories
                    .get(category)
                    .copied()
                    .unwrap_or_default(),
            );
        }
        let name = self.perspective.scored.get(name)?;
        Some(self.perspective.points(name, decision))
    }

    /// Points of OpenAI's categories that have any.
    pub(super) fn openai(&self, decision: &Decision) -> BTreeMap<&'static str, u32> {
        let scored = self.openai.scored.iter();
        let points = scored.map(|name| (*name, self.openai.points(name, decision)));
        points.filter(|(_, points)| *points > 0).collect()
    }

    /// OpenAI's categories that some rule may score.
    pub(super) fn openai_scored(&self) -> Vec<&'static str> {
        self.openai.scored.iter().copied().collect()
    }
}

impl Mapped {
    fn of(pack: &Pack, system: &str) -> Self {
        let mut mapped = Self::default();
        for policy in &pack.policies {
            let words = policy.maps_to.iter().filter(|(to, _)| *to == system);
            let words: Vec<&'static str> = words.flat_map(|(_, words)| words).copied().collect();
            // What has no rule lends signals, and gives no points.
            if !policy.rules.is_empty() {
                mapped.scored.extend(&words);
            }
            let rules = policy.rules.iter().map(|rule| Arc::clone(&rule.id));
            mapped
                .by_rule
                .extend(rules.map(|rule| (rule, words.clone())));
        }
        mapped
    }

    /// The points of those rules that map to a word: summed in a category, and of several categories
    /// the highest.
    fn points(&self, word: &str, decision: &Decision) -> u32 {
        let mut sums: BTreeMap<&str, u32> = BTreeMap::new();
        for reason in &decision.reasons {
            let words = self.by_rule.get(&reason.rule);
            if words.is_some_and(|words| words.contains(&word)) {
                *sums.entry(&reason.category).or_default() += reason.points;
            }
        }
        let capped = sums.into_iter().map(|(category, sum)| {
            sum.min(
                decision
                    .categories
                    .get(category)
                    .copied()
                    .unwrap_or_default(),
            )
        });
        capped.max().unwrap_or_default()
    }
}
