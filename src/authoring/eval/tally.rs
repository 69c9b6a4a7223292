//! Everything that is counted over the posts, in memory that does not grow with them but for what
//! finds twins again.

use super::Plan;
use super::classes::{Classes, Set, bit};
use super::disguise::disguises;
use super::rate::Count;
use super::seen::{Seen, Side, Verdict, name_of};
use super::spans::SpanCount;
use super::twins::Twins;
use crate::limits::EVAL_GROUPS_MAX;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was found of one class, by what is expected of the posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassCounts {
    /// Posts where it must be found.
    pub expected: Count,
    /// Posts where nothing must be found.
    pub clean: Count,
    /// Posts where something else must be found.
    pub other: Count,
    /// Posts where it doesn't matter.
    pub ignored: Count,
    /// Posts of which nobody says anything.
    pub unlabelled: Count,
}

impl ClassCounts {
    pub(super) fn side(&mut self, side: Side) -> &mut Count {
        match side {
            Side::Expected => &mut self.expected,
            Side::Clean => &mut self.clean,
            Side::Ignored => &mut self.ignored,
            Side::Other => &mut self.other,
            Side::Unlabelled => &mut self.unlabelled,
        }
    }

    /// Takes over how many posts there are on each side.
    pub(super) fn take_totals(&mut self, all: &Self) {
        self.expected.of = all.expected.of;
        self.clean.of = all.clean.of;
        self.other.of = all.other.of;
        self.ignored.of = all.ignored.of;
        self.unlabelled.of = all.unlabelled.of;
    }

    /// Of the posts where it was found, and where that is right or wrong, those where it is right.
    #[must_use]
    pub fn precision(&self) -> Count {
        Count {
            found: self.expected.found,
            of: self.expected.found + self.clean.found + self.other.found,
        }
    }

    /// All posts.
    #[must_use]
    pub fn all(&self) -> Count {
        let mut all = self.expected;
        for count in [self.clean, self.other, self.ignored, self.unlabelled] {
            all.join(count);
        }
        all
    }
}

/// Counts of some posts, by class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slice(pub(super) Vec<ClassCounts>);

impl Slice {
    fn add(&mut self, classes: usize, verdict: Verdict) {
        self.0.resize(classes, ClassCounts::default());
        for (class, counts) in self.0.iter_mut().enumerate() {
            counts
                .side(verdict.side(class))
                .add(verdict.has_found(class));
        }
    }
}

/// What one rule did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// Posts on which it fired, with points or without.
    pub fired: u64,
    /// Of the posts on each side of its class, those where it fired and the action counts.
    pub sides: ClassCounts,
    /// Posts that would be missed without it.
    pub alone_right: u64,
    /// False alarms that would not be without it.
    pub alone_wrong: u64,
    /// The first of the posts where it is wrong.
    pub wrong: Vec<Listed>,
}

/// A post that is named in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub post: String,
    /// Its beginning, where that was asked for.
    pub excerpt: Option<String>,
}

/// Posts on which two rules fired together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Posts.
    pub posts: u64,
    /// Those of them where the class of the first must be found.
    pub expected: u64,
}

/// All counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) posts: u64,
    pub(super) labelled: u64,
    pub(super) all: Slice,
    pub(super) languages: BTreeMap<String, Slice>,
    pub(super) disguises: BTreeMap<String, Slice>,
    pub(super) groups: BTreeMap<String, Slice>,
    /// Labels beyond the groups that are kept.
    pub(super) groups_left_out: bool,
    pub(super) rules: Vec<RuleCounts>,
    pub(super) overlaps: BTreeMap<(usize, usize), Overlap>,
    /// By class that is expected and category that was found; none: nothing was found.
    pub(super) confusion: BTreeMap<(usize, Option<Arc<str>>), u64>,
    pub(super) missed: Vec<Vec<Listed>>,
    pub(super) alarmed: Vec<Vec<Listed>>,
    /// For each evasion, counts of the posts that it changes: as written, and disguised.
    pub(super) evasions: Vec<(Slice, Slice)>,
    pub(super) spans: BTreeMap<String, SpanCount>,
    pub(super) signals: BTreeMap<String, Count>,
    pub(super) twins: Twins,
}

impl Tally {
    /// Counts a post.
    pub(super) fn add(&mut self, plan: &Plan<'_>, seen: &Seen) {
        let classes = plan.classes.len();
        let verdict = seen.verdict;
        self.posts += 1;
        self.labelled += u64::from(is_labelled(verdict));
        self.all.add(classes, verdict);
        if let Some(language) = &seen.language {
            slice(&mut self.languages, language).add(classes, verdict);
        }
        if let Some(disguise) = &seen.disguise {
            slice(&mut self.disguises, disguise).add(classes, verdict);
        }
        for label in seen.labels.iter().filter(|label| plan.is_group(label)) {
            let has_room = self.groups.len() < EVAL_GROUPS_MAX;
            match has_room || self.groups.contains_key(label) {
                true => slice(&mut self.groups, label).add(classes, verdict),
                false => self.groups_left_out = true,
            }
        }
        self.twins.add(name_of(&seen.id), seen);
        self.rules(plan, seen);
        self.confuse(&plan.classes, seen);
        self.list(plan, seen);
        self.evasions(classes, seen);
        for (kind, counts) in &seen.spans.types {
            let all = self.spans.entry(kind.clone()).or_default();
            all.recall.join(counts.recall);
            all.precision.join(counts.precision);
        }
        for (label, is_seen) in &seen.spans.signals {
            self.signals.entry(label.clone()).or_default().add(*is_seen);
        }
    }

    fn rules(&mut self, plan: &Plan<'_>, seen: &Seen) {
        self.rules.resize(plan.rules.len(), RuleCounts::default());
        for fired in &seen.fired {
            let Some((rule, counts)) = plan
                .rules
                .get(fired.rule)
                .zip(self.rules.get_mut(fired.rule))
            else {
                continue;
            };
            counts.fired += 1;
            let side = plan.side_of_rule(rule, seen.verdict);
            if fired.counts {
                counts.sides.side(side).found += 1;
            }
            let is_alone = rule.class.map_or(0, bit) & fired.alone != 0;
            counts.alone_right += u64::from(is_alone && side == Side::Expected);
            let is_wrong = matches!(side, Side::Clean | Side::Other);
            counts.alone_wrong += u64::from(is_alone && is_wrong);
            if is_wrong && fired.counts && counts.wrong.len() < plan.worst {
                counts.wrong.push(listed(seen));
            }
        }
        let counting: Vec<usize> = seen.fired.iter().map(|fired| fired.rule).collect();
        for (at, first) in counting.iter().enumerate() {
            for second in counting.iter().skip(at + 1) {
                let pair = (*first.min(second), *first.max(second));
                let overlap = self.overlaps.entry(pair).or_default();
                overlap.posts += 1;
                let rule = plan.rules.get(pair.0);
                let side = rule.map(|rule| plan.side_of_rule(rule, seen.verdict));
                overlap.expected += u64::from(side == Some(Side::Expected));
            }
        }
    }

    fn confuse(&mut self, classes: &Classes, seen: &Seen) {
        let expected = (0..classes.len()).filter(|class| seen.verdict.expected & bit(*class) != 0);
        for class in expected {
            let mut count = |category| {
                *self.confusion.entry((class, category)).or_default() += 1;
            };
            match seen.categories.is_empty() {
                true => count(None),
                false => seen.categories.iter().cloned().map(Some).for_each(count),
            }
        }
    }

    fn list(&mut self, plan: &Plan<'_>, seen: &Seen) {
        for class in 0..plan.classes.len() {
            let list = match (seen.verdict.side(class), seen.verdict.has_found(class)) {
                (Side::Expected, false) => &mut self.missed,
                (Side::Clean, true) => &mut self.alarmed,
                _ => continue,
            };
            list.resize(plan.classes.len(), Vec::new());
            if let Some(list) = list.get_mut(class).filter(|list| list.len() < plan.worst) {
                list.push(listed(seen));
            }
        }
    }

    fn evasions(&mut self, classes: usize, seen: &Seen) {
        self.evasions.resize(disguises().len(), Default::default());
        for (evasion, found) in &seen.evaded {
            if let Some((plain, disguised)) = self.evasions.get_mut(*evasion) {
                plain.add(classes, seen.verdict);
                let found: Set = *found;
                disguised.add(
                    classes,
                    Verdict {
                        found,
                        ..seen.verdict
                    },
                );
            }
        }
    }
}

fn is_labelled(verdict: Verdict) -> bool {
    verdict.is_clean || verdict.expected != 0 || verdict.ignored != 0
}

fn slice<'s>(slices: &'s mut BTreeMap<String, Slice>, name: &str) -> &'s mut Slice {
    slices.entry(name.to_owned()).or_default()
}

fn listed(seen: &Seen) -> Listed {
    Listed {
        post: seen.id.clone(),
        excerpt: seen.excerpt.clone(),
    }
}
