//! Rules: which fire, with what share of their points.

use super::occurrences::Occurrences;
use crate::model::{Attribute, Language, Post};
use crate::policy::{Boost, Condition, Mode, Policy, Rule};
use crate::ruleset::Ruleset;

/// What is known of a post beside its signals.
#[derive(Debug)]
pub(super) struct Facts<'p> {
    pub(super) post: &'p Post<'p>,
    /// The text that is judged.
    pub(super) text: &'p str,
    /// The same without escapes and invisible characters.
    pub(super) plain: &'p str,
    /// Whether it names or answers somebody.
    pub(super) has_target: bool,
}

/// A rule that fired.
#[derive(Clone, Debug)]
pub(super) struct Fired<'r> {
    pub(super) policy: &'r Policy,
    pub(super) rule: &'r Rule,
    /// The boosts that hold.
    pub(super) boosts: Vec<&'r Boost>,
    /// Percentage of the points that exceptions leave.
    pub(super) kept: u8,
}

/// The rules that fired, by what they count for.
#[derive(Debug, Default)]
pub(super) struct AllFired<'r> {
    pub(super) enforced: Vec<Fired<'r>>,
    pub(super) observed: Vec<Fired<'r>>,
    pub(super) shadow: Vec<Fired<'r>>,
}

/// Fires the rules of all policies: those that what stands may make fire.
pub(super) fn fire<'r>(
    ruleset: &'r Ruleset,
    occurrences: &Occurrences,
    facts: &Facts<'_>,
) -> AllFired<'r> {
    let mut all = AllFired::default();
    let levels = ruleset.levels();
    let policies = &ruleset.pack().policies;
    for id in ruleset.watch().rules(occurrences.signals()) {
        let Some(policy) = policies.get(id.policy as usize) else {
            continue;
        };
        let Some(rule) = policy.rules.get(id.rule as usize) else {
            continue;
        };
        let Some(kept) = share(&rule.when, occurrences, facts) else {
            continue;
        };
        let holds = |boost: &&Boost| share(&boost.condition, occurrences, facts).is_some();
        let boosts = rule.boosts.iter().filter(holds).collect();
        let fired = Fired {
            policy,
            rule,
            boosts,
            kept,
        };
        match rule.mode {
            Mode::Shadow => all.shadow.push(fired),
            Mode::Live if rule.level <= levels.enforce => all.enforced.push(fired),
            Mode::Live => all.observed.push(fired),
        }
    }
    all
}

/// The percentage of points that a condition leaves; none when it does not hold.
fn share(condition: &Condition, occurrences: &Occurrences, facts: &Facts<'_>) -> Option<u8> {
    let of = |part: &Condition| share(part, occurrences, facts);
    let fact = |holds: bool| holds.then_some(100);
    match condition {
        Condition::All(parts) => parts
            .iter()
            .try_fold(100, |kept, part| Some(of(part)?.min(kept))),
        Condition::Any(parts) => parts.iter().filter_map(of).max(),
        Condition::None(parts) => fact(parts.iter().all(|part| of(part).is_none())),
        Condition::Signal(id) => occurrences.kept(*id),
        Condition::Target => fact(facts.has_target),
        Condition::Attribute(name, comparison) => {
            fact(comparison.holds(facts.post.attrs.get(name)))
        }
        Condition::Count(id, comparison) => {
            fact(comparison.holds_for_count(occurrences.of(*id).len()))
        }
        Condition::Language(languages) => {
            fact(language(facts).is_some_and(|language| languages.contains(&language)))
        }
        Condition::Length(comparison) => {
            let characters = Attribute::Number(facts.plain.chars().count() as f64);
            fact(comparison.holds(Some(&characters)))
        }
    }
}

/// The post's language: as the forum says, else as its words look.
fn language(facts: &Facts<'_>) -> Option<Language> {
    if let Some(tag) = &facts.post.lang
        && let Some(language) = Language::of_tag(tag)
    {
        return Some(language);
    }
    let known = whatlang::Detector::with_allowlist(vec![whatlang::Lang::Eng, whatlang::Lang::Fra]);
    let guessed = known.detect_lang(facts.text)?;
    Some(if guessed == whatlang::Lang::Fra {
        Language::Fr
    } else {
        Language::En
    })
}
