//! What was measured, by name and in order.

use super::Plan;
use super::classes::bit;
use super::disguise::disguises;
use super::rate::Count;
use super::spans::SpanCount;
use super::tally::{ClassCounts, Listed, Overlap, RuleCounts, Slice, Tally};
use super::twins::BesideTwin;
use crate::limits::{EVAL_CLASSES_MAX, EVAL_GROUPS_MAX, EVAL_TWINS_MAX};
use crate::model::Action;
use crate::policy::Mode;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was measured. Points are no probability, and shares are those of these posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The digest of what judged.
    pub policy: Arc<str>,
    /// From which action on something counts as found.
    pub at: Action,
    /// Posts that were judged.
    pub posts: u64,
    /// Those of them whose labels say what is expected.
    pub labelled: u64,
    /// Records that could not be read.
    pub bad: u64,
    /// Everything that labels expect, by name.
    pub classes: Vec<ClassResult>,
    /// Every rule that fired, the most costly first.
    pub rules: Vec<RuleResult>,
    /// Pairs of rules that fire together, the most frequent first.
    pub overlaps: Vec<OverlapResult>,
    /// What is expected, the category that was found (none: nothing), and on how many posts.
    pub confusion: Vec<(String, Option<Arc<str>>, u64)>,
    /// Posts by label, by name.
    pub groups: Vec<GroupResult>,
    /// Posts under disguises, when that was asked for.
    pub evasions: Vec<EvasionResult>,
    /// Spans that stand in the posts and were looked for, by type.
    pub spans: BTreeMap<String, SpanCount>,
    /// Labels that expect a detector to see something.
    pub signals: BTreeMap<String, Count>,
    /// What people should know of the figures.
    pub told: Vec<String>,
}

/// What was measured of one thing that labels expect.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassResult {
    /// A category, the beginning of one, or `*`.
    pub name: String,
    /// Over all posts.
    pub counts: ClassCounts,
    /// By the language that posts say they are in.
    pub languages: BTreeMap<String, ClassCounts>,
    /// By the disguise that posts say they have; with their undisguised twins, where those are there.
    pub disguises: BTreeMap<String, (ClassCounts, Option<BesideTwin>)>,
    /// Pairs of twins of which only one must be found: how many are both right.
    pub pairs: Count,
    /// The first posts that were missed.
    pub missed: Vec<Listed>,
    /// The first clean posts where it was found.
    pub alarmed: Vec<Listed>,
}

/// What was measured of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleResult {
    /// Its id.
    pub rule: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// What of the expected its category belongs to.
    pub class: Option<String>,
    /// Whether it counts.
    pub mode: Mode,
    /// Its level.
    pub level: u8,
    /// What it did.
    pub counts: RuleCounts,
}

/// Two rules that fire together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlapResult {
    /// The rules.
    pub rules: [Arc<str>; 2],
    /// On how many posts.
    pub counts: Overlap,
}

/// Posts of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupResult {
    /// The label.
    pub label: String,
    /// What was found of each class, in the order of [`Evaluation::classes`].
    pub classes: Vec<ClassCounts>,
}

/// What a disguise of whole posts changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvasionResult {
    /// The evasion's name.
    pub name: &'static str,
    /// The class.
    pub class: String,
    /// The posts that it changes, as written.
    pub plain: ClassCounts,
    /// The same, disguised.
    pub disguised: ClassCounts,
}

impl Evaluation {
    pub(super) fn of(plan: &Plan<'_>, tally: Tally, bad: u64) -> Self {
        let shown: Vec<usize> = (0..plan.classes.len())
            .filter(|class| plan.is_mapped || says_something(plan, &tally.all, *class))
            .collect();
        let name = |class: usize| plan.classes.names().get(class).cloned().unwrap_or_default();
        let mut evaluation = Self {
            policy: Arc::clone(plan.engine.ruleset().digest()),
            at: plan.at,
            posts: tally.posts,
            labelled: tally.labelled,
            bad,
            classes: shown
                .iter()
                .map(|class| class_result(plan, &tally, *class))
                .collect(),
            rules: rules(plan, &tally),
            overlaps: overlaps(plan, &tally),
            confusion: Vec::new(),
            groups: groups(&tally, &shown),
            evasions: Vec::new(),
            told: told(plan, &tally),
            spans: BTreeMap::new(),
            signals: tally.signals,
        };
        let confused = tally.confusion.into_iter();
        evaluation.confusion = confused
            .map(|((class, category), posts)| (name(class), category, posts))
            .collect();
        for (evasion, (plain, disguised)) in disguises().zip(&tally.evasions) {
            let of = |class: &usize| EvasionResult {
                name: evasion.name,
                class: name(*class),
                plain: at(plain, *class),
                disguised: at(disguised, *class),
            };
            let changed = shown.iter().map(of).filter(|it| it.plain.all().of > 0);
            evaluation.evasions.extend(changed);
        }
        // Detectors see things in posts that nobody marked, too: without marks there is nothing to say.
        if tally.spans.values().any(|it| it.recall.of > 0) {
            evaluation.spans = tally.spans;
        }
        evaluation
    }

    /// What was measured of a class.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&ClassResult> {
        self.classes.iter().find(|class| class.name == name)
    }
}

/// Whether a class that nobody asked for is worth telling: labels expect it, or it is a category that
/// was found.
fn says_something(plan: &Plan<'_>, all: &Slice, class: usize) -> bool {
    let counts = at(all, class);
    let name = plan.classes.names().get(class);
    let is_category = plan
        .rules
        .iter()
        .any(|rule| Some(&*rule.category) == name.map(String::as_str));
    counts.expected.of > 0 || (is_category && counts.all().found > 0)
}

fn at(slice: &Slice, class: usize) -> ClassCounts {
    slice.0.get(class).copied().unwrap_or_default()
}

fn class_result(plan: &Plan<'_>, tally: &Tally, class: usize) -> ClassResult {
    let beside = tally.twins.disguised(bit(class));
    let list = |lists: &[Vec<Listed>]| lists.get(class).cloned().unwrap_or_default();
    let disguises = tally.disguises.iter();
    let languages = tally.languages.iter();
    ClassResult {
        name: plan.classes.names().get(class).cloned().unwrap_or_default(),
        counts: at(&tally.all, class),
        languages: languages
            .map(|(name, it)| (name.clone(), at(it, class)))
            .collect(),
        disguises: disguises
            .map(|(name, it)| {
                let twin = beside.get(name.as_str()).copied();
                (name.clone(), (at(it, class), twin))
            })
            .collect(),
        pairs: tally.twins.contrasted(bit(class)),
        missed: list(&tally.missed),
        alarmed: list(&tally.alarmed),
    }
}

/// Rules that fired, those first that cost most false alarms, then those that catch least.
fn rules(plan: &Plan<'_>, tally: &Tally) -> Vec<RuleResult> {
    let both = plan.rules.iter().zip(&tally.rules);
    let mut rules: Vec<RuleResult> = both
        .filter(|(_, counts)| counts.fired > 0)
        .map(|(rule, counts)| {
            let mut counts = counts.clone();
            let all = rule.class.map(|class| at(&tally.all, class));
            counts.sides.take_totals(&all.unwrap_or_default());
            RuleResult {
                rule: Arc::clone(&rule.id),
                category: Arc::clone(&rule.category),
                class: rule
                    .class
                    .and_then(|class| plan.classes.names().get(class).cloned()),
                mode: rule.mode,
                level: rule.level,
                counts,
            }
        })
        .collect();
    rules.sort_by_key(|it| {
        let wrong = it.counts.sides.clean.found + it.counts.sides.other.found;
        let alone = Reverse(it.counts.alone_wrong);
        (
            Reverse(wrong),
            alone,
            it.counts.sides.expected.found,
            Arc::clone(&it.rule),
        )
    });
    rules
}

fn overlaps(plan: &Plan<'_>, tally: &Tally) -> Vec<OverlapResult> {
    let id = |rule: usize| plan.rules.get(rule).map(|rule| Arc::clone(&rule.id));
    let pairs = tally
        .overlaps
        .iter()
        .filter_map(|((first, second), counts)| {
            Some(OverlapResult {
                rules: [id(*first)?, id(*second)?],
                counts: *counts,
            })
        });
    let mut pairs: Vec<OverlapResult> = pairs.collect();
    pairs.sort_by(|a, b| {
        let order = b.counts.posts.cmp(&a.counts.posts);
        order.then_with(|| a.rules.cmp(&b.rules))
    });
    pairs
}

fn groups(tally: &Tally, shown: &[usize]) -> Vec<GroupResult> {
    let groups = tally.groups.iter().map(|(label, slice)| GroupResult {
        label: label.clone(),
        classes: shown.iter().map(|class| at(slice, *class)).collect(),
    });
    groups.collect()
}

fn told(plan: &Plan<'_>, tally: &Tally) -> Vec<String> {
    let mut told = Vec::new();
    if plan.classes.left_out {
        told.push(format!(
            "labels expect more than {EVAL_CLASSES_MAX} things: only the first are measured"
        ));
    }
    if tally.labelled == 0 {
        told.push("no post has a label that says what is expected: see `--labels`".to_owned());
    }
    if tally.groups_left_out {
        told.push(format!(
            "only the first {EVAL_GROUPS_MAX} labels make groups"
        ));
    }
    if tally.twins.left_out {
        told.push(format!(
            "twins are looked for among the first {EVAL_TWINS_MAX} posts only"
        ));
    }
    told
}
