//! Figures that must be reached, so that a build can fail.

use super::rate::Rate;
use super::results::Evaluation;
use std::str::FromStr;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// The share of what must be found that was: at least.
    Recall,
    /// The share of what was found that is right: at least.
    Precision,
    /// The share of clean posts where it was found: at most.
    FalseAlarms,
}

impl Measured {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recall => "recall",
            Self::Precision => "precision",
            Self::FalseAlarms => "false_alarms",
        }
    }
}

/// A bound: `violence.threats=0.9`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// What labels expect.
    pub class: String,
    /// The share, 0 to 1.
    pub bound: f64,
}

impl FromStr for Gate {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let wrong =
            || "write CATEGORY=SHARE, the share from 0 to 1: violence.threats=0.9".to_owned();
        let (class, bound) = written.rsplit_once('=').ok_or_else(wrong)?;
        let bound: f64 = bound.trim().parse().map_err(|_| wrong())?;
        let class = class.trim().to_owned();
        match (0.0..=1.0).contains(&bound) && !class.is_empty() {
            true => Ok(Self { class, bound }),
            false => Err(wrong()),
        }
    }
}

/// Whether a bound holds.
#[derive(Clone, Debug, PartialEq)]
pub struct GateResult {
    /// The bound.
    pub gate: Gate,
    /// What is bounded.
    pub of: Measured,
    /// What was measured; none: no post says anything of it, so the bound is unmet.
    pub rate: Option<Rate>,
}

impl GateResult {
    /// Holds a bound against what was measured.
    #[must_use]
    pub fn new(evaluation: &Evaluation, of: Measured, gate: &Gate) -> Self {
        let class = evaluation.class(&gate.class).map(|class| &class.counts);
        let count = class.map(|counts| match of {
            Measured::Recall => counts.expected,
            Measured::Precision => counts.precision(),
            Measured::FalseAlarms => counts.clean,
        });
        Self {
            gate: gate.clone(),
            of,
            rate: count.and_then(super::Count::rate),
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.rate.is_some_and(|rate| match self.of {
            Measured::Recall | Measured::Precision => rate.share >= self.gate.bound,
            Measured::FalseAlarms => rate.share <= self.gate.bound,
        })
    }
}
