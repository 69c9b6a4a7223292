//! What was read, what was found in numbers, and which policies judged.

use super::words::Speech;
use super::{Audit, shown};
use crate::model::Action;
use std::cmp::Reverse;

/// A line of the table of categories: a number for each action from `note`.
#[derive(Debug)]
pub(super) struct CategoryLine {
    pub(super) title: String,
    pub(super) id: String,
    pub(super) numbers: Vec<String>,
    pub(super) total: String,
}

/// A line of the table of dumps.
#[derive(Debug)]
pub(super) struct DumpLine {
    pub(super) name: String,
    pub(super) format: String,
    pub(super) records: String,
    pub(super) bad: String,
}

/// A line of the table of policies.
#[derive(Debug)]
pub(super) struct PolicyLine {
    pub(super) title: String,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) category: String,
}

/// The names of the actions from `note`, and a line for each category, the most frequent first.
pub(super) fn categories(audit: &Audit<'_>, s: Speech) -> (Vec<String>, Vec<CategoryLine>) {
    let actions = Action::ALL
        .into_iter()
        .skip(1)
        .map(|action| s.action(action));
    let mut counted: Vec<_> = audit
        .categories
        .iter()
        .map(|(id, counts)| (counts.iter().skip(1).sum::<u64>(), id, counts))
        .collect();
    counted.sort_by_key(|(total, id, _)| (Reverse(*total), *id));
    let lines = counted.into_iter().map(|(total, id, counts)| CategoryLine {
        title: s.category(id),
        id: shown::id(id),
        numbers: counts
            .iter()
            .skip(1)
            .map(|number| s.number(*number))
            .collect(),
        total: s.number(total),
    });
    (actions.collect(), lines.collect())
}

/// The rules in shadow that fired, and on how many posts.
pub(super) fn shadow(audit: &Audit<'_>, s: Speech) -> Vec<(String, String)> {
    let rules = audit.shadow.iter();
    rules
        .map(|(rule, counts)| (shown::id(rule), s.number(counts.iter().sum())))
        .collect()
}

/// What was read.
pub(super) fn dumps(audit: &Audit<'_>, s: Speech) -> Vec<DumpLine> {
    let lines = audit.dumps.iter().map(|dump| DumpLine {
        name: shown::id(dump.name),
        format: shown::id(dump.format),
        records: s.number(dump.records),
        bad: s.number(dump.bad),
    });
    lines.collect()
}

/// The policies that judged.
pub(super) fn policies(audit: &Audit<'_>, s: Speech) -> Vec<PolicyLine> {
    let lines = audit.policies.iter().map(|policy| PolicyLine {
        title: s.of(&policy.title),
        id: shown::id(&policy.id),
        version: shown::id(&policy.version),
        category: match &policy.category {
            Some(category) => s.category(category),
            None => "—".to_owned(),
        },
    });
    lines.collect()
}

/// What could not be read, or has no date that is believed, in sentences.
fn left_out(audit: &Audit<'_>, s: Speech) -> [(bool, String); 3] {
    let bad: u64 = audit.dumps.iter().map(|dump| dump.bad).sum();
    let bad_said = s.count(
        bad,
        ("record could not be read", "records could not be read"),
        ("enregistrement illisible", "enregistrements illisibles"),
    );
    let untimed = s.posts(audit.untimed);
    let misdated = s.count(
        audit.misdated,
        ("record is", "records are"),
        ("enregistrement", "enregistrements"),
    );
    [
        (
            bad > 0,
            s.say(
                &format!("{bad_said} and count nowhere."),
                &format!("{bad_said}, comptés nulle part."),
            ),
        ),
        (
            audit.untimed > 0,
            s.say(
                &format!("{untimed} without a time: judged, but no ladder counts them."),
                &format!("{untimed} sans date : jugés, mais aucune échelle ne les compte."),
            ),
        ),
        (
            audit.misdated > 0,
            s.say(
                &format!(
                    "{misdated} dated far after all others: not believed, so no ladder counts them."
                ),
                &format!(
                    "{misdated} avec une date bien postérieure à toutes les autres : une date à \
                     laquelle on ne croit pas, aucune échelle ne les compte."
                ),
            ),
        ),
    ]
}

/// What became of the posts that were read, in sentences.
pub(super) fn read(audit: &Audit<'_>, s: Speech) -> Vec<String> {
    let deleted = s.posts(audit.deleted);
    let cut = s.posts(audit.cut);
    let outcomes = s.posts(audit.outcomes);
    let lines = [
        (
            audit.deleted > 0,
            s.say(
                &format!("{deleted} deleted later: what they gave was taken back."),
                &format!("{deleted} supprimés par la suite : ce qu'ils avaient apporté a été repris."),
            ),
        ),
        (
            audit.cut > 0,
            s.say(
                &format!("{cut} too long to be judged whole: only their beginning was read."),
                &format!("{cut} trop longs pour être jugés en entier : seul leur début a été lu."),
            ),
        ),
        (
            audit.outcomes > 0,
            s.say(
                &format!("For {outcomes} the dumps tell what the platform did."),
                &format!("Pour {outcomes}, les exports disent ce que la plateforme a fait."),
            ),
        ),
        (
            audit.outcomes == 0,
            s.say(
                "The dumps don't tell what the platform did about any post. Where this page says \
                 that posts stayed unanswered, the answer may simply not be in the dumps: ask the \
                 platform.",
                "Les exports ne disent rien de ce que la plateforme a fait. Là où cette page dit \
                 que des messages sont restés sans réponse, la réponse peut simplement manquer dans \
                 les exports : demandez à la plateforme.",
            ),
        ),
    ];
    let lines = lines.into_iter();
    let said = left_out(audit, s)
        .into_iter()
        .chain(lines)
        .filter(|(holds, _)| *holds);
    said.map(|(_, line)| line).collect()
}
