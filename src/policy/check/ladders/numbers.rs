//! What numbers can be, and what follows from what: whether a requirement can hold at all, and
//! whether one holds whenever another does. Only what is certain is said; nothing said means nothing.

use crate::model::{Attribute, Comparison, Operator, Quantity, SubjectKind};
use crate::policy::ladder::{Counted, Measure, MeasureBy, MeasureId, Requirement};

/// A requirement without negations.
#[derive(Clone, Debug)]
pub(super) enum Need {
    All(Vec<Need>),
    Any(Vec<Need>),
    Number(MeasureId, Comparison),
}

/// Numbers compared in two requirements, multiplied, up to which it is asked what follows from what.
const COMPARED_MAX: usize = 1 << 16;

impl Need {
    pub(super) fn of(requirement: &Requirement) -> Self {
        Self::when(requirement, true)
    }

    fn when(requirement: &Requirement, holds: bool) -> Self {
        let of = |parts: &[Requirement], holds| {
            parts.iter().map(|part| Self::when(part, holds)).collect()
        };
        match (requirement, holds) {
            (Requirement::All(parts), true) => Self::All(of(parts, true)),
            (Requirement::All(parts), false) => Self::Any(of(parts, false)),
            (Requirement::Any(parts), true) => Self::Any(of(parts, true)),
            (Requirement::Any(parts), false) => Self::All(of(parts, false)),
            (Requirement::None(parts), true) => Self::All(of(parts, false)),
            (Requirement::None(parts), false) => Self::Any(of(parts, true)),
            (Requirement::Measure(id, comparison), true) => Self::Number(*id, comparison.clone()),
            (Requirement::Measure(id, comparison), false) => {
                Self::Number(*id, opposite(comparison))
            }
        }
    }

    /// Calls `see` with every number compared in it.
    pub(super) fn numbers<'n>(&'n self, see: &mut impl FnMut(MeasureId, &'n Comparison)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.numbers(see)),
            Self::Number(id, comparison) => see(*id, comparison),
        }
    }

    fn size(&self) -> usize {
        let mut size = 0;
        self.numbers(&mut |_, _| size += 1);
        size
    }

    /// The numbers that must be, whatever else.
    fn settled<'n>(&'n self, found: &mut Vec<(MeasureId, &'n Comparison)>) {
        match self {
            Self::All(parts) => parts.iter().for_each(|part| part.settled(found)),
            Self::Any(parts) => {
                if let [only] = parts.as_slice() {
                    only.settled(found);
                }
            }
            Self::Number(id, comparison) => found.push((*id, comparison)),
        }
    }
}

fn opposite(comparison: &Comparison) -> Comparison {
    let operator = match comparison.operator {
        Operator::Below => Operator::AtLeast,
        Operator::AtMost => Operator::Above,
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::AtLeast => Operator::Below,
        Operator::Above => Operator::AtMost,
    };
    let with = comparison.with.clone();
    Comparison { operator, with }
}

/// Whether a number satisfies a comparison.
fn holds(comparison: &Comparison, number: f64) -> bool {
    comparison.holds(Some(&Attribute::Number(number)))
}

/// The numbers, up to the largest there can be, among which one satisfies comparisons if any does.
fn candidates<'c>(comparisons: impl IntoIterator<Item = &'c Comparison>, most: f64) -> Vec<f64> {
    let mut numbers = vec![0.0, most.min(f64::MAX)];
    for comparison in comparisons {
        if let Quantity::Number(number) = comparison.with {
            let whole = number.floor();
            numbers.extend([whole - 1.0, whole, whole + 1.0]);
        }
    }
    numbers.retain(|number| (0.0..=most).contains(number));
    numbers
}

/// The largest number that a measure can be for subjects of a kind.
pub(super) fn most(by: &MeasureBy, subject: SubjectKind) -> f64 {
    let one_author = subject == SubjectKind::Author;
    match by {
        MeasureBy::Count { count, .. } => of_one(*count, subject).unwrap_or(f64::INFINITY),
        MeasureBy::Trend { count, floor, .. } => match of_one(*count, subject) {
            Some(_) if *floor > 1 => 0.0,
            Some(_) | None => 1.0,
        },
        MeasureBy::Sequence { authors, .. } if one_author && *authors > 1 => 0.0,
        MeasureBy::Sequence { .. } | MeasureBy::Unanswered { .. } => f64::INFINITY,
    }
}

fn of_one(count: Counted, subject: SubjectKind) -> Option<f64> {
    match (count, subject) {
        (Counted::Authors, SubjectKind::Author) | (Counted::Targets, SubjectKind::Target) => {
            Some(1.0)
        }
        (Counted::Hits | Counted::Posts | Counted::Authors | Counted::Targets, _) => None,
    }
}

/// Whether a comparison holds for every number that there can be, or for none of them.
pub(super) fn is_constant(comparison: &Comparison, most: f64) -> Option<bool> {
    let numbers = candidates([comparison], most);
    let held = numbers
        .iter()
        .filter(|number| holds(comparison, **number))
        .count();
    match held {
        0 => Some(false),
        all if all == numbers.len() => Some(true),
        _ => None,
    }
}

/// The least number that satisfies a comparison.
pub(super) fn least(comparison: &Comparison) -> f64 {
    candidates([comparison], f64::INFINITY)
        .into_iter()
        .filter(|number| holds(comparison, *number))
        .fold(f64::INFINITY, f64::min)
}

/// Whether a need contradicts itself; told by the measure that it asks too much of.
pub(super) fn contradiction(need: &Need, most: &impl Fn(MeasureId) -> f64) -> Option<MeasureId> {
    if need.size().pow(2) > COMPARED_MAX {
        return None;
    }
    let mut settled = Vec::new();
    need.settled(&mut settled);
    contradicting(&settled, most).or_else(|| {
        let mut alternatives = Vec::new();
        choices(need, &mut alternatives);
        alternatives.iter().find_map(|parts| {
            let found = parts.iter().map(|part| {
                let mut all = settled.clone();
                part.settled(&mut all);
                contradicting(&all, most)
            });
            found.collect::<Option<Vec<_>>>()?.into_iter().next()
        })
    })
}

/// The lists of alternatives of which one must hold, whatever else.
fn choices<'n>(need: &'n Need, found: &mut Vec<&'n [Need]>) {
    match need {
        Need::All(parts) => parts.iter().for_each(|part| choices(part, found)),
        Need::Any(parts) => found.push(parts),
        Need::Number(..) => {}
    }
}

fn contradicting(
    settled: &[(MeasureId, &Comparison)],
    most: &impl Fn(MeasureId) -> f64,
) -> Option<MeasureId> {
    let is_impossible = |id: &MeasureId| {
        let of = || settled.iter().filter(|(other, _)| other == id);
        let numbers = candidates(of().map(|(_, comparison)| *comparison), most(*id));
        !numbers
            .iter()
            .any(|number| of().all(|(_, comparison)| holds(comparison, *number)))
    };
    settled.iter().map(|(id, _)| *id).find(is_impossible)
}

/// Whether one need surely holds whenever another does.
pub(super) fn follows(from: &Need, need: &Need, measures: &[Option<Measure>]) -> bool {
    from.size().saturating_mul(need.size()) <= COMPARED_MAX && implies(from, need, measures)
}

fn implies(from: &Need, need: &Need, measures: &[Option<Measure>]) -> bool {
    match (from, need) {
        (_, Need::All(parts)) => parts.iter().all(|part| implies(from, part, measures)),
        (Need::Any(parts), _) => parts.iter().all(|part| implies(part, need, measures)),
        (Need::All(own), Need::Any(parts)) => {
            own.iter().any(|part| implies(part, need, measures))
                || parts.iter().any(|part| implies(from, part, measures))
        }
        (Need::All(own), Need::Number(..)) => own.iter().any(|part| implies(part, need, measures)),
        (Need::Number(..), Need::Any(parts)) => {
            parts.iter().any(|part| implies(from, part, measures))
        }
        (Need::Number(id, comparison), Need::Number(other, asked)) => {
            if id == other {
                let numbers = candidates([comparison, asked], f64::INFINITY);
                return numbers
                    .iter()
                    .all(|number| !holds(comparison, *number) || holds(asked, *number));
            }
            let rises =
                |it: &Comparison| matches!(it.operator, Operator::AtLeast | Operator::Above);
            let of = |id: &MeasureId| measures.get(id.0).and_then(Option::as_ref);
            rises(comparison)
                && rises(asked)
                && holds(asked, least(comparison))
                && matches!((of(id), of(other)), (Some(small), Some(large))
                    if never_more(&small.by, &large.by))
        }
    }
}

/// Whether one counter never shows more than another: of fewer hits, in a shorter window, of
/// rarer things.
fn never_more(small: &MeasureBy, large: &MeasureBy) -> bool {
    let (
        MeasureBy::Count { of, count, within },
        MeasureBy::Count {
            of: of_more,
            count: counted,
            within: longer,
        },
    ) = (small, large)
    else {
        return false;
    };
    let rank = |count: Counted| match count {
        Counted::Authors => Some(0),
        Counted::Posts => Some(1),
        Counted::Hits => Some(2),
        Counted::Targets => None,
    };
    let is_rarer = match (rank(*count), rank(*counted)) {
        (Some(rare), Some(often)) => rare <= often,
        (None, _) | (_, None) => count == counted,
    };
    is_rarer && within <= longer && of.and(*of_more) == *of_more
}
