//! A post's own facts, and comparisons with them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A fact that the forum tells about a post (`attrs`).
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// `true` or `false`.
    Flag(bool),
    /// A number; durations are in seconds.
    Number(f64),
    /// A text. `"36h"` also compares as a duration, `"12"` as a number.
    Text(String),
}

impl Attribute {
    /// As a number, when it is one: texts such as `"36h"` and `"12"` count.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Flag(_) => None,
            Self::Number(number) => Some(*number),
            Self::Text(text) => duration_seconds(text).or_else(|| text.trim().parse().ok()),
        }
    }
}

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

impl Operator {
    /// Longest spelling first, so that `<=` isn't read as `<`.
    pub const SPELLINGS: [(&'static str, Self); 6] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("!=", Self::NotEqual),
        ("<", Self::Below),
        (">", Self::Above),
        ("=", Self::Equal),
    ];

    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Below => left < right,
            Self::AtMost => left <= right,
            Self::Equal => (left - right).abs() < f64::EPSILON,
            Self::NotEqual => (left - right).abs() >= f64::EPSILON,
            Self::AtLeast => left >= right,
            Self::Above => left > right,
        }
    }
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Quantity {
    /// A number; durations in seconds, `20%` is 0.2.
    Number(f64),
    /// A flag.
    Flag(bool),
    /// A text, compared as a whole, without case.
    Text(String),
}

/// `"< 2d"`, `">= 3"`, `true`, `moderator`: what a fact must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// How to compare.
    pub operator: Operator,
    /// With what.
    pub with: Quantity,
}

impl Comparison {
    /// Reads `"< 2d"`, `">= 3"`, `"20%"`, `"= moderator"`; without an operator it means equal.
    ///
    /// # Errors
    /// `<`, `<=`, `>` and `>=` need a number, a duration or a percentage after them.
    pub fn parse(written: &str) -> Result<Self, &'static str> {
        let written = written.trim();
        let (operator, rest) = Operator::SPELLINGS
            .into_iter()
            .find_map(|(sign, operator)| Some((operator, written.strip_prefix(sign)?)))
            .unwrap_or((Operator::Equal, written));
        let rest = rest.trim();
        if rest.is_empty() {
            return Err("nothing to compare with");
        }
        let number = quantity_number(rest);
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        match (number, ordered) {
            (Some(number), _) => Ok(Self {
                operator,
                with: Quantity::Number(number),
            }),
            (None, true) => Err("an order needs a number, a duration or a percentage"),
            (None, false) => Ok(Self {
                operator,
                with: Quantity::Text(rest.to_lowercase()),
            }),
        }
    }

    /// Whether a fact satisfies it. A missing fact, or one of another kind, satisfies nothing.
    #[must_use]
    pub fn holds(&self, fact: Option<&Attribute>) -> bool {
        let Some(fact) = fact else { return false };
        match &self.with {
            Quantity::Number(right) => fact
                .number()
                .is_some_and(|left| self.operator.holds(left, *right)),
            Quantity::Flag(right) => match fact {
                Attribute::Flag(left) => (left == right) == (self.operator == Operator::Equal),
                Attribute::Number(_) | Attribute::Text(_) => false,
            },
            Quantity::Text(right) => match fact {
                Attribute::Text(left) => {
                    (left.to_lowercase() == *right) == (self.operator == Operator::Equal)
                }
                Attribute::Flag(_) | Attribute::Number(_) => false,
            },
        }
    }

    /// Whether a count satisfies it.
    #[must_use]
    pub fn holds_for_count(&self, count: usize) -> bool {
        match self.with {
            // Counts are bounded far below 2^52, so nothing is lost.
            Quantity::Number(right) => self.operator.holds(count as f64, right),
            Quantity::Flag(_) | Quantity::Text(_) => false,
        }
    }
}

impl fmt::Display for Comparison {
    /// As it is written: `>= 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelling = Operator::SPELLINGS
            .iter()
            .find(|(_, of)| *of == self.operator);
        let sign = spelling.map_or("=", |(sign, _)| sign);
        match &self.with {
            Quantity::Number(number) => write!(f, "{sign} {number}"),
            Quantity::Flag(flag) => write!(f, "{sign} {flag}"),
            Quantity::Text(text) => write!(f, "{sign} {text}"),
        }
    }
}

fn quantity_number(written: &str) -> Option<f64> {
    let percent = || {
        written
            .strip_suffix('%')?
            .trim()
            .parse()
            .ok()
            .map(|p: f64| p / 100.0)
    };
    let number: f64 = written
        .parse()
        .ok()
        .or_else(|| duration_seconds(written))
        .or_else(percent)?;
    number.is_finite().then_some(number)
}

/// Seconds of `90s`, `5m`, `36h`, `2d`, `1w`.
#[must_use]
pub fn duration_seconds(written: &str) -> Option<f64> {
    let written = written.trim();
    let unit = written.chars().last()?;
    let seconds = match unit {
        's' => 1.0,
        'm' => 60.0,
        'h' => 3_600.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        _ => return None,
    };
    let number: f64 = written.strip_suffix(unit)?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * seconds)
}
