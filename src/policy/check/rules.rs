//! Rules: conditions resolve, can hold, and boosts can matter.

use super::lints::names_in;
use super::names::Names;
use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::limits::POINTS_MAX;
use crate::policy::pack::{Boost, Condition, Rule};
use crate::policy::written::{self, Name, Part};
use std::sync::Arc;

type Problems = Vec<Diagnostic>;

/// The document's rules.
pub(super) fn resolve(
    document: &Document,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Vec<Rule> {
    document
        .file
        .rules
        .items
        .iter()
        .map(|rule| resolve_rule(document, rule, names, problems))
        .collect()
}

fn resolve_rule(
    document: &Document,
    written: &written::Rule,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Rule {
    let when = condition(document, &written.when, names, problems);
    if let Some(wanted) = contradiction(&when) {
        let mut used = Vec::new();
        names_in(&written.when, &mut used);
        let is_it = |name: &&&Name| match names.find(document, name) {
            Some(id) => *wanted == Condition::Signal(id),
            None => *wanted == Condition::Target && name.value == "target",
        };
        let name = used.iter().find(is_it).map_or("", |name| &name.value);
        let message = format!("this condition never holds: it wants `{name}` and excludes it");
        let span = &written.when.span;
        report(problems, document, Code::UnreachableRule, span, message).help =
            Some("drop one of the two; an exception of the signal is local instead".to_owned());
    }
    let mut boosts = Vec::new();
    for boost in &written.boosts {
        let resolved = condition(document, &boost.condition, names, problems);
        useless_boost(document, written, (boost, &resolved), &when, problems);
        let name = name_of(&boost.condition);
        boosts.push(Boost {
            name,
            condition: resolved,
            points: boost.points.value,
        });
    }
    Rule {
        id: written.id.value.as_str().into(),
        level: written.level,
        mode: written.mode,
        when,
        points: written.points.value,
        boosts,
        because: Arc::new(written.because.clone()),
        span: written.id.span.clone(),
    }
}

/// How the ledger names a boost: by its signal, or by its first part.
fn name_of(condition: &written::Condition) -> Arc<str> {
    fn first(condition: &written::Condition) -> Option<String> {
        condition.parts.iter().find_map(|part| match part {
            Part::Signal(name) | Part::Attribute(name, _) | Part::Count(name, _) => {
                Some(name.value.clone())
            }
            Part::All(items) | Part::Any(items) => items.iter().find_map(first),
            Part::None(items) => items
                .iter()
                .find_map(first)
                .map(|name| format!("not {name}")),
            Part::Language(_) => Some("lang".to_owned()),
            Part::Length(_) => Some("length".to_owned()),
        })
    }
    first(condition).unwrap_or_default().into()
}

fn condition(
    document: &Document,
    written: &written::Condition,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Condition {
    let mut list = |items: &[written::Condition]| -> Vec<Condition> {
        items
            .iter()
            .map(|item| condition(document, item, names, problems))
            .collect()
    };
    let mut parts: Vec<Condition> = Vec::new();
    for part in &written.parts {
        match part {
            Part::All(items) => parts.push(Condition::All(list(items))),
            Part::Any(items) => parts.push(Condition::Any(list(items))),
            Part::None(items) => parts.push(Condition::None(list(items))),
            Part::Attribute(name, comparison) => {
                parts.push(Condition::Attribute(name.value.clone(), comparison.clone()));
            }
            Part::Language(languages) => parts.push(Condition::Language(languages.clone())),
            Part::Length(comparison) => parts.push(Condition::Length(comparison.clone())),
            Part::Signal(_) | Part::Count(..) => {}
        }
    }
    for part in &written.parts {
        match part {
            Part::Signal(name) if name.value == "target" => parts.push(Condition::Target),
            Part::Signal(name) => {
                parts.extend(
                    names
                        .signal(document, name, problems)
                        .map(Condition::Signal),
                );
            }
            Part::Count(name, comparison) => {
                let id = names.signal(document, name, problems);
                parts.extend(id.map(|id| Condition::Count(id, comparison.clone())));
            }
            Part::All(_)
            | Part::Any(_)
            | Part::None(_)
            | Part::Attribute(..)
            | Part::Language(_)
            | Part::Length(_) => {}
        }
    }
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => Condition::All(parts),
    }
}

/// The plain conditions that must hold, or must not, whatever else does.
fn settled<'c>(condition: &'c Condition, must: bool, found: &mut Vec<(&'c Condition, bool)>) {
    match condition {
        Condition::All(parts) if must => parts.iter().for_each(|part| settled(part, true, found)),
        Condition::None(parts) if must => parts.iter().for_each(|part| settled(part, false, found)),
        Condition::Any(parts) if !must || parts.len() == 1 => {
            parts.iter().for_each(|part| settled(part, must, found));
        }
        Condition::Signal(_) | Condition::Target => found.push((condition, must)),
        Condition::All(_)
        | Condition::Any(_)
        | Condition::None(_)
        | Condition::Attribute(..)
        | Condition::Count(..)
        | Condition::Language(_)
        | Condition::Length(_) => {}
    }
}

/// What a condition wants and excludes.
fn contradiction(when: &Condition) -> Option<&Condition> {
    let mut found = Vec::new();
    settled(when, true, &mut found);
    found
        .iter()
        .find(|(condition, must)| *must && found.contains(&(*condition, false)))
        .map(|(condition, _)| *condition)
}

fn useless_boost(
    document: &Document,
    rule: &written::Rule,
    (written, resolved): (&written::Boost, &Condition),
    when: &Condition,
    problems: &mut Problems,
) {
    let mut found = Vec::new();
    settled(when, true, &mut found);
    let why = match found.iter().find(|(condition, _)| *condition == resolved) {
        Some((_, true)) => "the rule already requires it",
        Some((_, false)) => "the rule already excludes it",
        None if rule.points.value == POINTS_MAX => "the rule is already worth all points",
        None => return,
    };
    let message = format!("this boost changes nothing: {why}");
    report(
        problems,
        document,
        Code::UselessBoost,
        &written.condition.span,
        message,
    )
    .help = Some("drop it, or name what makes the post worse".to_owned());
}
