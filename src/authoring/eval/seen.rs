//! One post, judged and laid beside what is expected of it.

use super::Plan;
use super::classes::{Set, bit};
use super::disguise;
use super::row::Row;
use super::spans::{self, SpanCounts};
use crate::evaluate::without_one;
use crate::limits::REPORT_WORDS_CHARS_MAX;
use crate::model::{Decision, Post};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// What is expected of a post, and what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What must be found.
    pub(super) expected: Set,
    /// What is neither right nor wrong to find.
    pub(super) ignored: Set,
    /// Whether nothing must be found.
    pub(super) is_clean: bool,
    /// What was found, at the action that counts.
    pub(super) found: Set,
}

/// On which side of a class a post stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// It must be found.
    Expected,
    /// Nothing must be found.
    Clean,
    /// It doesn't matter.
    Ignored,
    /// Something else must be found.
    Other,
    /// Nobody says.
    Unlabelled,
}

impl Verdict {
    pub(super) fn side(&self, class: usize) -> Side {
        let bit = bit(class);
        match self.expected {
            expected if expected & bit != 0 => Side::Expected,
            _ if self.is_clean => Side::Clean,
            _ if self.ignored & bit != 0 => Side::Ignored,
            0 => Side::Unlabelled,
            _ => Side::Other,
        }
    }

    pub(super) fn has_found(&self, class: usize) -> bool {
        self.found & bit(class) != 0
    }
}

/// A rule that fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FiredRule {
    /// Its place in the plan.
    pub(super) rule: usize,
    /// What would not be found without it.
    pub(super) alone: Set,
    /// Whether what is found is its doing: it gave points and the action counts; of a rule in shadow,
    /// the action that it would lead to.
    pub(super) counts: bool,
}

/// A post that was judged.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) verdict: Verdict,
    pub(super) labels: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) disguise: Option<String>,
    /// What names the post that it is a variant of.
    pub(super) twin: Option<u64>,
    /// The categories that were found, at the action that counts.
    pub(super) categories: Vec<Arc<str>>,
    pub(super) fired: Vec<FiredRule>,
    /// What was found under each evasion that changes the text, when that was asked for.
    pub(super) evaded: Vec<(usize, Set)>,
    pub(super) spans: SpanCounts,
    pub(super) excerpt: Option<String>,
}

/// A number that names a post. Two posts of a set have the same once in many billions.
pub(super) fn name_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl Seen {
    /// Judges a post.
    pub(super) fn of(plan: &Plan<'_>, post: &Post<'_>, row: Row) -> Self {
        // Without a file, spans are looked for where posts have them.
        let decision = match plan.is_mapped || !row.spans.is_empty() {
            true => plan.engine.decide_with_signals(post),
            false => plan.engine.decide(post),
        };
        let found = plan.found(&decision);
        let expectations = |label: &String| plan.labels.expect.get(label);
        let expected = row.labels.iter().filter_map(expectations).flatten();
        let has = |labels: &std::collections::BTreeSet<String>| {
            row.labels.iter().any(|label| labels.contains(label))
        };
        let ignored = plan.labels.ignore.iter().filter(|(_, labels)| has(labels));
        let verdict = Verdict {
            expected: plan.classes.named(expected),
            ignored: plan.classes.named(ignored.map(|(class, _)| class)),
            is_clean: has(&plan.labels.clean),
            found,
        };
        let spans = spans::count(plan, &post.text, &row, &decision);
        let is_listed = plan.excerpts && (found != 0 || verdict.expected != 0);
        let categories = decision.categories.keys();
        Self {
            id: post.id.clone().into_owned(),
            verdict,
            language: post.lang.as_deref().and_then(language),
            disguise: row.disguise,
            twin: row.twin.as_deref().map(name_of),
            categories: categories.filter(|_| found != 0).cloned().collect(),
            fired: fired(plan, &decision, found),
            evaded: match plan.disguised {
                true => disguise::found_under_each(plan, post),
                false => Vec::new(),
            },
            spans,
            excerpt: is_listed.then(|| excerpt(&post.text)),
            labels: row.labels,
        }
    }
}

/// The rules that fired, and what each of them alone is the cause of.
fn fired(plan: &Plan<'_>, decision: &Decision, found: Set) -> Vec<FiredRule> {
    let without = match found {
        0 => Vec::new(),
        _ => without_one(plan.engine.ruleset(), decision),
    };
    let live = decision.reasons.iter().map(|reason| {
        let change = without
            .iter()
            .find(|change| change.boost.is_none() && change.rule == reason.rule);
        let still = change.map_or(0, |it| plan.found_in(it.action, it.categories.keys()));
        (&reason.rule, found & !still, found != 0)
    });
    let shadow = decision.shadow.iter();
    let shadow = shadow.map(|it| (&it.rule, 0, it.action >= plan.at));
    let observed = decision.observed.iter().map(|rule| (rule, 0, false));
    let numbered = |(rule, alone, counts): (&Arc<str>, Set, bool)| {
        let rule = plan.place_of(rule)?;
        Some(FiredRule {
            rule,
            alone,
            counts,
        })
    };
    live.chain(shadow)
        .chain(observed)
        .filter_map(numbered)
        .collect()
}

/// The language of a tag, without region: tags are what strangers write, so they are cut.
fn language(tag: &str) -> Option<String> {
    const LETTERS_MAX: usize = 8;
    let primary = tag.split(['-', '_']).next().unwrap_or(tag);
    let primary: String = primary.chars().take(LETTERS_MAX).collect();
    (!primary.is_empty()).then(|| primary.to_lowercase())
}

fn excerpt(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ")
        .chars()
        .take(REPORT_WORDS_CHARS_MAX)
        .collect()
}
