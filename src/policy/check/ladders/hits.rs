//! Hits: what they name is there, and some post can be one.

use super::names::Names;
use crate::diagnostics::{Code, Diagnostic, did_you_mean, listed};
use crate::limits::POINTS_MAX;
use crate::model::{Action, SubjectKind};
use crate::policy::check::points::most_points;
use crate::policy::check::{Document, report};
use crate::policy::ladder::{HitOf, LadderId};
use crate::policy::pack::Policy;
use crate::policy::written::Name;
use crate::policy::written::ladders::{self as written, Ladder};
use std::collections::BTreeMap;
use std::sync::Arc;

type Problems = Vec<Diagnostic>;

/// What rules can give.
#[derive(Debug)]
pub(super) struct Reach<'p> {
    /// Points of each category that has rules.
    categories: BTreeMap<&'p str, u32>,
    /// Points of each rule.
    rules: BTreeMap<&'p str, u32>,
    /// The strictest action that any policy advises.
    strictest: Action,
    /// Whether that is all: false when something could not be read.
    known: bool,
}

impl<'p> Reach<'p> {
    pub(super) fn of(documents: &[Document], policies: &'p [Policy], complete: bool) -> Self {
        let whole = |d: &Document| d.file.rules.whole && d.file.decide.whole && d.file.header.whole;
        let mut reach = Self {
            categories: BTreeMap::new(),
            rules: BTreeMap::new(),
            strictest: Action::Allow,
            known: complete && documents.iter().all(whole),
        };
        for policy in policies {
            for rule in &policy.rules {
                // A rule in shadow gives nothing, so it makes no hit.
                let points = match rule.is_shadow() {
                    true => 0,
                    false => most_points(rule).min(POINTS_MAX),
                };
                reach.rules.insert(&rule.id, points);
                if let Some(category) = &policy.category {
                    let most = reach.categories.entry(category).or_default();
                    *most = (*most + points).min(POINTS_MAX);
                }
            }
            let strictest = policy.decide.iter().map(|threshold| threshold.action).max();
            reach.strictest = reach.strictest.max(strictest.unwrap_or_default());
        }
        reach
    }

    /// The most points that one of these gives; those that no policy has are told.
    fn of_all(
        &self,
        document: &Document,
        names: &[Name],
        by: GivenBy,
        problems: &mut Problems,
    ) -> u32 {
        let all = match by {
            GivenBy::Category => &self.categories,
            GivenBy::Rule => &self.rules,
        };
        let mut most = 0;
        for name in names {
            match all.get(name.value.as_str()) {
                Some(points) => most = most.max(*points),
                None if self.known => {
                    let known = || all.keys().copied();
                    let help = match did_you_mean(&name.value, known().take(NAMES_COMPARED_MAX)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if all.is_empty() => "no policy with rules is loaded".to_owned(),
                        None => format!("the pack has: {}", listed(known())),
                    };
                    let (code, lack) = match by {
                        GivenBy::Category => (Code::UnknownCategory, "no rule gives points in"),
                        GivenBy::Rule => (Code::UnknownRule, "no rule is called"),
                    };
                    let message = format!("{lack} `{}`", name.value);
                    report(problems, document, code, &name.span, message).help = Some(help);
                }
                None => {}
            }
        }
        most
    }
}

/// What gives points.
#[derive(Clone, Copy, Debug)]
enum GivenBy {
    Category,
    Rule,
}

/// Names that a misspelt one is compared with.
const NAMES_COMPARED_MAX: usize = 1_000;

fn texts(names: &[Name]) -> Vec<Arc<str>> {
    names
        .iter()
        .map(|name| name.value.as_str().into())
        .collect()
}

/// Resolves what makes a hit. None: it could not be, which was told.
pub(super) fn resolve(
    document: &Document,
    hit: &written::Hit,
    (names, reach, ladders): (&Names<'_>, &Reach<'_>, &[&Ladder]),
    problems: &mut Problems,
) -> Option<HitOf> {
    match hit.of.as_ref()? {
        written::HitOf::Rung { ladder, rung } => {
            let at = names.ladder(document, ladder, problems)?;
            let written = ladders.get(at)?;
            let rung = self::rung(document, written, rung, problems)?;
            follows_targets(document, written, ladder, problems);
            let ladder = LadderId(at);
            Some(HitOf::Rung { ladder, rung })
        }
        written::HitOf::Decision {
            categories,
            rules,
            points,
            action,
        } => {
            let before = problems.len();
            let in_categories = reach.of_all(document, categories, GivenBy::Category, problems);
            let by_rules = reach.of_all(document, rules, GivenBy::Rule, problems);
            if problems.len() == before && reach.known {
                let most = in_categories.max(by_rules);
                if most < points.value {
                    let message = format!(
                        "no post can be a `{}`: at most {most} points are given there",
                        hit.name.value
                    );
                    report(problems, document, Code::UnfedHit, &points.span, message).help =
                        Some("ask for fewer points; rules in shadow give none".to_owned());
                }
                if reach.strictest < action.value {
                    let message = format!("no policy advises `{}`", action.value);
                    report(problems, document, Code::UnfedHit, &action.span, message).help =
                        Some(format!("the strictest advised is `{}`", reach.strictest));
                }
            }
            Some(HitOf::Decision {
                categories: texts(categories),
                rules: texts(rules),
                points: points.value,
                action: action.value,
            })
        }
    }
}

/// The place of a rung in its ladder.
pub(super) fn rung(
    document: &Document,
    ladder: &Ladder,
    name: &Name,
    problems: &mut Problems,
) -> Option<usize> {
    let ids = || ladder.rungs.iter().map(|rung| rung.id.value.as_str());
    let found = ids().position(|id| id == name.value);
    if found.is_none() && ladder.whole {
        let message = format!("`{}` has no rung `{}`", ladder.name.value, name.value);
        let help = match did_you_mean(&name.value, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has: {}", listed(ids())),
        };
        report(problems, document, Code::UnknownRung, &name.span, message).help = Some(help);
    }
    found
}

fn follows_targets(document: &Document, ladder: &Ladder, name: &Name, problems: &mut Problems) {
    match ladder.subject {
        None | Some(SubjectKind::Target) => {}
        Some(other @ (SubjectKind::Author | SubjectKind::Thread | SubjectKind::Community)) => {
            let message = format!(
                "`{}` follows no targets: its subject is `{other}`",
                name.value
            );
            let code = Code::RungWithoutTarget;
            report(problems, document, code, &name.span, message).help =
                Some("name a ladder with `subject: target`".to_owned());
        }
    }
}
