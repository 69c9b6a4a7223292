//! Runs the tests of policies.

use super::evasions::{EVASIONS, Evasion};
use super::examples::{Places, post};
use crate::diagnostics::Diagnostic;
use crate::engine::Engine;
use crate::model::{Decision, Language};
use crate::policy::{Condition, Example, Expect, Policy, Test};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What is run.
#[derive(Debug, Default)]
pub struct Scope<'s> {
    /// Only examples of rules whose id holds this text.
    pub rule: Option<&'s str>,
    /// Only policies written in these files; none: all.
    pub files: Option<&'s [String]>,
    /// Whether examples are run as written only.
    pub no_evasions: bool,
}

/// What running gave.
#[derive(Debug, Default)]
pub struct Report {
    /// Each policy that was run, by id.
    pub policies: Vec<PolicyResult>,
    /// How often each evasion was seen through, in the order of [`EVASIONS`].
    pub evasions: Vec<EvasionRate>,
}

/// What one policy's tests gave.
#[derive(Debug)]
pub struct PolicyResult {
    /// The policy's id.
    pub policy: Arc<str>,
    /// The file it was written in.
    pub file: String,
    /// How many examples were run.
    pub examples: usize,
    /// How many of them are filed under each language.
    pub languages: BTreeMap<Language, usize>,
    /// How many disguises of examples were run.
    pub disguises: usize,
    /// What went wrong.
    pub failed: Vec<Failed>,
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

/// An example that did not do as expected.
#[derive(Debug)]
pub struct Failed {
    /// Line of the example in the policy's file, from 1.
    pub line: usize,
    /// Column of it, in characters, from 1.
    pub column: usize,
    /// Its text as it was judged.
    pub text: String,
    /// How it was disguised.
    pub evasion: Option<&'static str>,
    /// What was expected.
    pub expected: String,
    /// What happened.
    pub happened: String,
}

/// Runs the tests of an engine's policies. Give it an engine that enforces every level, or rules
/// above its own can't fire.
#[must_use]
pub fn run(engine: &Engine, scope: &Scope<'_>) -> Report {
    let mut report = Report {
        evasions: EVASIONS
            .iter()
            .map(|evasion| EvasionRate {
                name: evasion.name,
                tried: 0,
                hit: 0,
            })
            .collect(),
        ..Report::default()
    };
    for policy in &engine.ruleset().pack().policies {
        let is_named = |files: &[String]| files.contains(&policy.source.name);
        if scope.files.is_none_or(is_named) {
            let mut runner = Runner {
                engine,
                policy,
                scope,
                rates: &mut report.evasions,
                result: PolicyResult {
                    policy: Arc::clone(&policy.id),
                    file: policy.source.name.clone(),
                    examples: 0,
                    languages: BTreeMap::new(),
                    disguises: 0,
                    failed: Vec::new(),
                },
            };
            policy.tests.iter().for_each(|test| runner.test(test));
            report.policies.push(runner.result);
        }
    }
    report
}

struct Runner<'r> {
    engine: &'r Engine,
    policy: &'r Policy,
    scope: &'r Scope<'r>,
    rates: &'r mut [EvasionRate],
    result: PolicyResult,
}

impl Runner<'_> {
    fn test(&mut self, test: &Test) {
        if !self.is_wanted(&test.expect) {
            return;
        }
        for example in &test.examples {
            self.result.examples += 1;
            if let Some(language) = example.group.or(example.lang) {
                *self.result.languages.entry(language).or_default() += 1;
            }
            let holds = self.judge(&test.expect, example, &example.text, None);
            // A disguise of an example that fails says nothing new.
            if let Expect::Hit(rules) = &test.expect
                && holds
                && example.evade
                && !self.scope.no_evasions
            {
                self.evade(&test.expect, rules, example);
            }
        }
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

    fn evade(&mut self, expect: &Expect, rules: &[Arc<str>], example: &Example) {
        let conditions: Vec<&Condition> = self
            .policy
            .rules
            .iter()
            .filter(|rule| rules.contains(&rule.id))
            .map(|rule| &rule.when)
            .collect();
        let places = Places::find(self.engine.ruleset(), &conditions, &example.text);
        for (at, evasion) in EVASIONS.iter().enumerate() {
            let Some(disguised) = places.disguise(evasion, &example.text) else {
                continue;
            };
            let hit = self.judge(expect, example, &disguised, Some(evasion));
            self.result.disguises += 1;
            if let Some(rate) = self.rates.get_mut(at) {
                rate.tried += 1;
                rate.hit += usize::from(hit);
            }
        }
    }

    /// Whether a text does as expected. If not, notes it.
    fn judge(
        &mut self,
        expect: &Expect,
        example: &Example,
        text: &str,
        evasion: Option<&Evasion>,
    ) -> bool {
        let decision = self.engine.decide(&post(example, text));
        let Some(expected) = unmet(expect, &decision, self.policy) else {
            return true;
        };
        let (line, column) = position(self.policy, example.span.clone());
        self.result.failed.push(Failed {
            line,
            column,
            text: text.to_owned(),
            evasion: evasion.map(|evasion| evasion.name),
            expected,
            happened: happened(&decision),
        });
        false
    }
}

/// What a decision should have been and isn't.
fn unmet(expect: &Expect, decision: &Decision, policy: &Policy) -> Option<String> {
    let fired = |rule: &&Arc<str>| decision.reasons.iter().any(|reason| reason.rule == **rule);
    let list = |rules: Vec<&Arc<str>>| {
        let names: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
        names.join(", ")
    };
    match expect {
        Expect::Hit(rules) => {
            let silent: Vec<_> = rules.iter().filter(|rule| !fired(rule)).collect();
            (!silent.is_empty()).then(|| format!("hits {}", list(silent)))
        }
        Expect::Miss(rules) => {
            let loud: Vec<_> = rules.iter().filter(fired).collect();
            (!loud.is_empty()).then(|| format!("misses {}", list(loud)))
        }
        Expect::BelowPoints(points) => {
            let category = policy.category.as_ref()?;
            let reached = decision.categories.get(category).copied().unwrap_or(0);
            (reached >= *points).then(|| format!("stays below {points} points of `{category}`"))
        }
        Expect::BelowAction(action) => {
            (decision.action >= *action).then(|| format!("stays below `{action}`"))
        }
    }
}

fn happened(decision: &Decision) -> String {
    if decision.reasons.is_empty() {
        return "no rule fires".to_owned();
    }
    let rules: Vec<String> = decision
        .reasons
        .iter()
        .map(|reason| format!("`{}` {}", reason.rule, reason.points))
        .collect();
    format!("{}: {}", decision.action, rules.join(", "))
}

fn position(policy: &Policy, span: Range<usize>) -> (usize, usize) {
    Diagnostic::new(
        crate::diagnostics::Code::NoHitExample,
        &policy.source,
        span,
        "",
    )
    .position()
}
