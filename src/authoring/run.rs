//! Runs the tests of policies.

use super::coverage::{Seen, Unproven};
use super::evasions::{EVASIONS, Evasion, Reach};
use super::examples::{Places, post};
use super::parity::{PairResult, Parities, RuleParity};
use super::timelines::{self, StoryResult};
use crate::diagnostics::{Code, Diagnostic};
use crate::engine::Engine;
use crate::model::{Action, Decision, Language};
use crate::policy::{Condition, Example, Expect, Policy, Test, Timeline};
use std::sync::Arc;

/// What is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'s> {
    /// Only examples of rules whose id holds this text, and stories of ladders whose name does.
    pub rule: Option<&'s str>,
    /// Only policies written in these files; none: all.
    pub files: Option<&'s [String]>,
    /// Whether examples are run as written only.
    pub no_evasions: bool,
    /// Whether what no example showed is collected.
    pub coverage: bool,
}

/// What running gave.
#[derive(Debug)]
pub struct Report {
    /// Each policy that was run, by id.
    pub policies: Vec<PolicyResult>,
    /// How often each evasion was seen through, in the order of [`EVASIONS`].
    pub evasions: Vec<EvasionRate>,
    /// What no example showed to work, when that was asked for.
    pub unproven: Option<Vec<Unproven>>,
}

/// What one policy's tests gave.
#[derive(Debug)]
pub struct PolicyResult {
    /// The policy's id.
    pub policy: Arc<str>,
    /// The file it was written in.
    pub file: String,
    /// Its examples, as written.
    pub examples: Vec<ExampleResult>,
    /// Its pairs of posts that say the same, as written.
    pub pairs: Vec<PairResult>,
    /// How often each rule hits its examples in each language, by rule.
    pub parity: Vec<RuleParity>,
    /// The stories that its ladders are tested with, as written.
    pub stories: Vec<StoryResult>,
}

/// What one example gave.
#[derive(Debug)]
pub struct ExampleResult {
    /// Line of the example in the policy's file, from 1.
    pub line: usize,
    /// Column of it, in characters, from 1.
    pub column: usize,
    /// The language it is filed under.
    pub language: Option<Language>,
    /// What is expected of it: ``hits `dox.address` ``.
    pub expected: String,
    /// What is advised for it, as written.
    pub action: Action,
    /// How many disguises of it were run.
    pub disguises: usize,
    /// What went wrong, as written and disguised.
    pub failed: Vec<Failed>,
    /// Words disguised so well that they were not seen through. Some always are (`sl*t` may be
    /// two words), so what counts is how many: [`Report::below`].
    pub missed: Vec<Failed>,
}

/// A text that did not do as expected.
#[derive(Debug)]
pub struct Failed {
    /// The text.
    pub text: String,
    /// How it is disguised; none: as written.
    pub evasion: Option<&'static str>,
    /// What happened.
    pub happened: String,
}

/// How often an evasion was seen through.
#[derive(Debug)]
pub struct EvasionRate {
    /// The evasion's name.
    pub name: &'static str,
    /// Disguises tried.
    pub tried: usize,
    /// Disguises that still hit.
    pub hit: usize,
}

impl EvasionRate {
    /// Whether fewer than so many percent of the disguises were seen through.
    #[must_use]
    pub fn is_below(&self, percent: u8) -> bool {
        self.hit * 100 < self.tried * usize::from(percent)
    }
}

impl Report {
    /// The evasions that were seen through in fewer than so many percent of cases.
    pub fn below(&self, percent: u8) -> impl Iterator<Item = &EvasionRate> {
        self.evasions
            .iter()
            .filter(move |rate| rate.is_below(percent))
    }
}

impl PolicyResult {
    /// How many disguised words were not seen through.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.examples
            .iter()
            .map(|example| example.missed.len())
            .sum()
    }

    /// How many disguises were run.
    #[must_use]
    pub fn disguises(&self) -> usize {
        self.examples.iter().map(|example| example.disguises).sum()
    }

    /// How many pairs don't lead to the same action.
    #[must_use]
    pub fn apart(&self) -> usize {
        self.pairs.iter().filter(|pair| !pair.is_alike()).count()
    }

    /// How many texts, pairs and subjects did not do as expected.
    #[must_use]
    pub fn failures(&self) -> usize {
        let texts = self.examples.iter().map(|example| example.failed.len());
        let subjects = self.stories.iter().map(|story| story.failed.len());
        texts.chain(subjects).sum::<usize>() + self.apart()
    }

    /// How many examples are filed under a language, or under none.
    #[must_use]
    pub fn in_language(&self, language: Option<Language>) -> usize {
        let is_in = |example: &&ExampleResult| example.language == language;
        self.examples.iter().filter(is_in).count()
    }
}

/// Runs the tests of an engine's policies. Give it an engine that enforces every level, or rules
/// above its own can't fire.
#[must_use]
pub fn run(engine: &Engine, scope: Scope<'_>) -> Report {
    let ruleset = engine.ruleset();
    let is_in_scope = |policy: &&Policy| {
        let files = scope.files;
        files.is_none_or(|files| files.contains(&policy.source.name))
    };
    let policies = || ruleset.pack().policies.iter().filter(is_in_scope);
    let rate = |name| EvasionRate {
        name,
        tried: 0,
        hit: 0,
    };
    let mut runner = Runner {
        engine,
        scope,
        rates: EVASIONS.iter().map(|evasion| rate(evasion.name)).collect(),
        seen: Seen::default(),
        parities: Parities::default(),
    };
    let results = policies().map(|policy| runner.policy(policy)).collect();
    let unproven = || policies().flat_map(|policy| runner.seen.unproven(ruleset, policy));
    Report {
        policies: results,
        unproven: scope.coverage.then(|| unproven().collect()),
        evasions: runner.rates,
    }
}

struct Runner<'r> {
    engine: &'r Engine,
    scope: Scope<'r>,
    rates: Vec<EvasionRate>,
    seen: Seen,
    parities: Parities,
}

impl Runner<'_> {
    fn policy(&mut self, policy: &Policy) -> PolicyResult {
        let mut examples = Vec::new();
        let mut pairs = Vec::new();
        for test in &policy.tests {
            if self.is_wanted(&test.expect) {
                let results = test.examples.iter();
                let results: Vec<_> = results
                    .map(|example| self.example(policy, test, example))
                    .collect();
                let both = |[en, fr]: &[usize; 2]| results.get(*en).zip(results.get(*fr));
                let both = test.pairs.iter().filter_map(both);
                pairs.extend(both.map(|(en, fr)| PairResult::of(en, fr)));
                examples.extend(results);
            }
        }
        PolicyResult {
            policy: Arc::clone(&policy.id),
            file: policy.source.name.clone(),
            examples,
            pairs,
            parity: self.parities.take(),
            stories: self.stories(policy),
        }
    }

    fn stories(&self, policy: &Policy) -> Vec<StoryResult> {
        let ladders = &self.engine.ruleset().pack().escalation.ladders;
        let is_wanted = |story: &&Timeline| {
            let part = self.scope.rule;
            part.is_none_or(|part| timelines::is_about(story, ladders, part))
        };
        let stories = policy.timelines.iter().filter(is_wanted);
        stories
            .map(|story| timelines::run(self.engine, policy, story))
            .collect()
    }

    fn is_wanted(&self, expect: &Expect) -> bool {
        let Some(part) = self.scope.rule else {
            return true;
        };
        match expect {
            Expect::Hit(rules) | Expect::Miss(rules) => {
                rules.iter().any(|rule| rule.contains(part))
            }
            Expect::BelowPoints(_) | Expect::BelowAction(_) => false,
        }
    }

    fn example(&mut self, policy: &Policy, test: &Test, example: &Example) -> ExampleResult {
        let place = Diagnostic::new(Code::NoHitExample, &policy.source, example.span.clone(), "");
        let (line, column) = place.position();
        let mut result = ExampleResult {
            line,
            column,
            language: example.group.or(example.lang),
            expected: expected(&test.expect, policy),
            action: Action::default(),
            disguises: 0,
            failed: Vec::new(),
            missed: Vec::new(),
        };
        let decision = self.engine.decide(&post(example, &example.text));
        result.action = decision.action;
        if let Expect::Hit(rules) = &test.expect {
            let is_hit = |rule: &Arc<str>| fired(rule, &decision);
            self.parities.add(rules, result.language, is_hit);
        }
        if self.scope.coverage {
            self.seen
                .add(self.engine.ruleset(), &example.text, &decision);
        }
        if !is_met(&test.expect, &decision, policy) {
            // Disguises of it would say nothing new.
            result.failed.push(failed(&example.text, None, &decision));
            return result;
        }
        if let Expect::Hit(rules) = &test.expect
            && example.evade
            && !self.scope.no_evasions
        {
            self.evade(policy, rules, example, &mut result);
        }
        result
    }

    /// Every disguise of the example must hit what it hits.
    fn evade(
        &mut self,
        policy: &Policy,
        rules: &[Arc<str>],
        example: &Example,
        result: &mut ExampleResult,
    ) {
        let hit = policy.rules.iter().filter(|rule| rules.contains(&rule.id));
        let (conditions, in_shadow): (Vec<&Condition>, Vec<bool>) =
            hit.map(|rule| (&rule.when, rule.is_shadow())).unzip();
        // Words that only rules in shadow look for are not seen through: others must not notice them.
        let in_shadow = in_shadow.contains(&true);
        let tried = |evasion: &Evasion| evasion.reach == Reach::Text || !in_shadow;
        let places = Places::find(self.engine.ruleset(), &conditions, &example.text);
        let all = EVASIONS.iter().zip(&mut self.rates);
        for (evasion, rate) in all.filter(|(evasion, _)| tried(evasion)) {
            for disguised in places.disguises(evasion, &example.text) {
                let decision = self.engine.decide(&post(example, &disguised));
                let is_hit = |rule: &Arc<str>| fired(rule, &decision);
                self.parities.add(rules, result.language, is_hit);
                result.disguises += 1;
                rate.tried += 1;
                match has_hit(rules, &decision) {
                    true => rate.hit += 1,
                    false => {
                        let failed = failed(&disguised, Some(evasion.name), &decision);
                        match evasion.reach {
                            Reach::Text => result.failed.push(failed),
                            Reach::Words => result.missed.push(failed),
                        }
                    }
                }
            }
        }
    }
}

fn has_hit(rules: &[Arc<str>], decision: &Decision) -> bool {
    rules.iter().all(|rule| fired(rule, decision))
}

fn fired(rule: &Arc<str>, decision: &Decision) -> bool {
    let counts = decision.reasons.iter().any(|reason| reason.rule == *rule);
    counts || decision.shadow.iter().any(|shadow| shadow.rule == *rule)
}

fn is_met(expect: &Expect, decision: &Decision, policy: &Policy) -> bool {
    match expect {
        Expect::Hit(rules) => has_hit(rules, decision),
        Expect::Miss(rules) => !rules.iter().any(|rule| fired(rule, decision)),
        Expect::BelowPoints(points) => {
            let category = policy.category.as_ref();
            let reached = category.and_then(|category| decision.categories.get(category));
            reached.copied().unwrap_or(0) < *points
        }
        Expect::BelowAction(action) => decision.action < *action,
    }
}

fn expected(expect: &Expect, policy: &Policy) -> String {
    let list = |rules: &[Arc<str>]| {
        let names: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
        names.join(", ")
    };
    match expect {
        Expect::Hit(rules) => format!("hits {}", list(rules)),
        Expect::Miss(rules) => format!("misses {}", list(rules)),
        Expect::BelowPoints(points) => {
            let category = policy.category.as_deref().unwrap_or_default();
            format!("stays below {points} points of `{category}`")
        }
        Expect::BelowAction(action) => format!("stays below `{action}`"),
    }
}

fn failed(text: &str, evasion: Option<&'static str>, decision: &Decision) -> Failed {
    let rules = decision.reasons.iter();
    let mut rules: Vec<String> = rules
        .map(|reason| format!("`{}` {}", reason.rule, reason.points))
        .collect();
    let shadow = decision.shadow.iter();
    rules.extend(shadow.map(|it| format!("`{}` in shadow", it.rule)));
    let happened = match rules.is_empty() {
        true => "no rule fires".to_owned(),
        false => format!("{}: {}", decision.action, rules.join(", ")),
    };
    Failed {
        text: text.to_owned(),
        evasion,
        happened,
    }
}
