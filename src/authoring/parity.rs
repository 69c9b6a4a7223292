//! Whether a policy treats both languages alike: posts that say the same, and how often each rule
//! hits its examples in each language.

use super::run::ExampleResult;
use crate::model::{Action, Language};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What came of two posts that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairResult {
    /// Line of the English post in the policy's file, from 1.
    pub line: usize,
    /// Column of it, in characters, from 1.
    pub column: usize,
    /// What is advised for the English one.
    pub en: Action,
    /// What is advised for the French one.
    pub fr: Action,
}

impl PairResult {
    pub(super) fn of(en: &ExampleResult, fr: &ExampleResult) -> Self {
        Self {
            line: en.line,
            column: en.column,
            en: en.action,
            fr: fr.action,
        }
    }

    /// Whether both lead to the same action.
    #[must_use]
    pub fn is_alike(&self) -> bool {
        self.en == self.fr
    }
}

/// How many texts were tried, and how many hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Texts tried.
    pub tried: usize,
    /// Those that hit.
    pub hit: usize,
}

impl Tries {
    /// Hits in percent of tries; none without a try.
    #[must_use]
    pub fn percent(self) -> Option<f64> {
        (self.tried > 0).then(|| 100.0 * self.hit as f64 / self.tried as f64)
    }

    pub(super) fn add(&mut self, is_hit: bool) {
        self.tried += 1;
        self.hit += usize::from(is_hit);
    }
}

/// How often a rule hits the examples that it must hit, as written and disguised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleParity {
    /// The rule's id.
    pub rule: Arc<str>,
    /// Of the examples filed under English.
    pub en: Tries,
    /// Of the examples filed under French.
    pub fr: Tries,
}

impl RuleParity {
    /// How many percentage points lie between the languages; none when one was never tried.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        Some((self.en.percent()? - self.fr.percent()?).abs())
    }
}

/// Counts tries, rule by rule.
#[derive(Debug, Default)]
pub(super) struct Parities(BTreeMap<Arc<str>, [Tries; 2]>);

impl Parities {
    /// A text in a language, and which of the rules it hit. Texts in no language count nowhere.
    pub(super) fn add(
        &mut self,
        rules: &[Arc<str>],
        language: Option<Language>,
        is_hit: impl Fn(&Arc<str>) -> bool,
    ) {
        for rule in rules {
            let [en, fr] = self.0.entry(Arc::clone(rule)).or_default();
            match language {
                Some(Language::En) => en.add(is_hit(rule)),
                Some(Language::Fr) => fr.add(is_hit(rule)),
                None => {}
            }
        }
    }

    /// What was counted, by rule; begins again.
    pub(super) fn take(&mut self) -> Vec<RuleParity> {
        let rules = std::mem::take(&mut self.0).into_iter();
        rules
            .map(|(rule, [en, fr])| RuleParity { rule, en, fr })
            .collect()
    }
}
