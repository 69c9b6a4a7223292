//! What no example ever showed to work.

use crate::evaluate::trace;
use crate::model::{Decision, Entry};
use crate::policy::{Policy, SignalId};
use crate::ruleset::Ruleset;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A part of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A rule.
    Rule,
    /// A boost of a rule.
    Boost,
    /// A signal.
    Signal,
    /// The exceptions of a signal.
    Exceptions,
}

impl Part {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Boost => "boost",
            Self::Signal => "signal",
            Self::Exceptions => "exceptions",
        }
    }
}

/// A part of a policy that no example showed to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// The policy's id.
    pub policy: Arc<str>,
    /// What kind of part.
    pub part: Part,
    /// Its name; of a boost, the rule's before it.
    pub name: String,
}

/// What examples showed to work so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    rules: BTreeSet<Arc<str>>,
    boosts: BTreeSet<(Arc<str>, Arc<str>)>,
    signals: BTreeSet<SignalId>,
    excepted: BTreeSet<SignalId>,
}

impl Seen {
    /// Adds what one example shows.
    pub(super) fn add(&mut self, ruleset: &Ruleset, text: &str, decision: &Decision) {
        let fired = decision.reasons.iter();
        self.rules
            .extend(fired.map(|reason| Arc::clone(&reason.rule)));
        let shadow = decision.shadow.iter();
        self.rules.extend(shadow.map(|it| Arc::clone(&it.rule)));
        for line in &decision.ledger {
            if let (Some(rule), Entry::Boost(name)) = (&line.rule, &line.entry) {
                self.boosts.insert((Arc::clone(rule), Arc::clone(name)));
            }
        }
        for place in trace(ruleset, text) {
            self.signals.insert(place.signal);
            if place.kept < 100 {
                self.excepted.insert(place.signal);
            }
        }
    }

    /// The parts of a policy that were not seen, in the order it is written.
    pub(super) fn unproven(&self, ruleset: &Ruleset, policy: &Policy) -> Vec<Unproven> {
        let mut unproven = Vec::new();
        let mut note = |part, name: String| {
            unproven.push(Unproven {
                policy: Arc::clone(&policy.id),
                part,
                name,
            });
        };
        for (at, signal) in ruleset.pack().signals.iter().enumerate() {
            if signal.policy != policy.id {
                continue;
            }
            if !self.signals.contains(&SignalId(at)) {
                note(Part::Signal, signal.name.to_string());
            } else if !signal.except.is_empty() && !self.excepted.contains(&SignalId(at)) {
                note(Part::Exceptions, signal.name.to_string());
            }
        }
        for rule in &policy.rules {
            if !self.rules.contains(&rule.id) {
                note(Part::Rule, rule.id.to_string());
            }
            // What boosts of a rule in shadow would add stands in no ledger.
            let boosts = rule.boosts.iter().filter(|_| !rule.is_shadow());
            for boost in boosts {
                let both = (Arc::clone(&rule.id), Arc::clone(&boost.name));
                if !self.boosts.contains(&both) {
                    note(Part::Boost, format!("{} + {}", rule.id, boost.name));
                }
            }
        }
        unproven
    }
}
