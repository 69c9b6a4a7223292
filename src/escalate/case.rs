//! A climb as people read it.

use super::climb::{Climb, Path, RawFinding, RawNumber, RawStep, Why};
use super::hit::Hit;
use crate::model::{Bilingual, Case, Finding, Language, Number, Recommendation, Step, Subject};
use crate::policy::{Leave, Rung};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a subject stands after a happening.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Whom or what it is about.
    pub subject: Subject,
    /// The ladder, by name.
    pub ladder: Arc<str>,
    /// The rung it stands on; none: it left the ladder right now.
    pub rung: Option<Arc<str>>,
    /// Whether that is new.
    pub changed: bool,
}

/// Where a subject stands, ladder by ladder; those are left out on which it doesn't and didn't stand.
pub(super) fn changes_of<'c>(
    subject: &'c Subject,
    climbs: &'c [Climb],
    before: &'c [Option<usize>],
    paths: &'c [Path<'_>],
) -> impl Iterator<Item = Changed> {
    let climbs = climbs.iter().zip(paths).enumerate();
    climbs.filter_map(|(at, (climb, path))| {
        let before = before.get(at).copied().flatten();
        let ladder = path.ladder()?;
        if climb.rung.is_none() && before.is_none() {
            return None;
        }
        let rung = climb.rung.and_then(|rung| ladder.rungs.get(rung));
        Some(Changed {
            subject: subject.clone(),
            ladder: Arc::clone(&ladder.name),
            rung: rung.map(|rung| Arc::clone(&rung.name)),
            changed: climb.rung != before,
        })
    })
}

/// The case of a subject on a ladder, if it ever stood on it.
pub(super) fn case_of(subject: &Subject, climb: &Climb, path: Path<'_>) -> Option<Case> {
    let ladder = path.ladder()?;
    let last = climb.steps.last()?;
    let rung = climb.rung.and_then(|rung| ladder.rungs.get(rung));
    let findings = climb.findings.iter();
    Some(Case {
        subject: subject.clone(),
        ladder: Arc::clone(&ladder.name),
        rung: rung.map(|rung| Arc::clone(&rung.name)),
        height: climb.rung.map_or(0, |rung| rung + 1),
        since: last.at,
        history: history(climb, path),
        forgotten: climb.forgotten,
        findings: findings.filter_map(|of| finding(of, path)).collect(),
        recommendation: rung.map(|rung| Recommendation {
            action: Arc::clone(&rung.action),
            say: rung.say.clone(),
            signed_by: rung.signed_by,
        }),
        steps_down: rung.map(|rung| ways_out(rung.leave)),
    })
}

fn history(climb: &Climb, path: Path<'_>) -> Vec<Step> {
    let mut height = None;
    let steps = climb.steps.iter();
    steps
        .map(|step| {
            let up = step.rung > height;
            height = step.rung;
            told(step, up, path)
        })
        .collect()
}

fn told(step: &RawStep, up: bool, path: Path<'_>) -> Step {
    let rungs = path.ladder().map_or(&[][..], |ladder| &ladder.rungs);
    let rung = step.rung.and_then(|rung| rungs.get(rung));
    let (because, raw, evidence) = match &step.why {
        Why::Reached { evidence, numbers } => (
            reached(rung, numbers, evidence, path),
            numbers.as_slice(),
            evidence.as_slice(),
        ),
        Why::Quiet => (
            both(
                "It has been quiet for long enough.",
                "Le calme a duré assez longtemps.",
            ),
            &[][..],
            &[][..],
        ),
        Why::Answered => (
            both(
                "The platform acted in time upon what had happened.",
                "La plateforme a agi à temps sur ce qui s'était passé.",
            ),
            &[][..],
            &[][..],
        ),
        Why::Closed => (
            both(
                "A person closed the case.",
                "Une personne a clos le dossier.",
            ),
            &[][..],
            &[][..],
        ),
    };
    Step {
        rung: rung.map(|rung| Arc::clone(&rung.name)),
        at: step.at,
        up,
        because,
        numbers: raw.iter().filter_map(|raw| number(raw, path)).collect(),
        evidence: posts(evidence),
    }
}

/// What the rung says, and the numbers that made it say so.
fn reached(
    rung: Option<&Rung>,
    numbers: &[RawNumber],
    evidence: &[Arc<Hit>],
    path: Path<'_>,
) -> Bilingual {
    let counted = |language: Language| {
        let held = numbers.iter().filter(|number| number.held);
        let mut seen = BTreeSet::new();
        let once = held.filter(|number| seen.insert(number.measure));
        let told = once.filter_map(|number| {
            let measure = path.escalation.measures.get(number.measure.0)?;
            let say = measure.say.in_language(language);
            Some(format!("{say}: {}", number.value))
        });
        told.collect::<Vec<_>>().join("; ")
    };
    let say = rung.map(|rung| rung.say.clone()).unwrap_or_default();
    let joined = |say: &str, counted: String, space: &str| match counted.is_empty() {
        true => say.to_owned(),
        false => format!("{say} ({})", counted.replace(": ", &format!("{space}: "))),
    };
    let aimed = from_thread(evidence.iter().filter(|hit| hit.from_thread).count());
    Bilingual {
        en: joined(&say.en, counted(Language::En), "") + &aimed.en,
        fr: joined(&say.fr, counted(Language::Fr), "\u{a0}") + &aimed.fr,
    }
}

/// That posts name nobody themselves, when some do so: people must know what a step rests on.
fn from_thread(posts: usize) -> Bilingual {
    match posts {
        0 => Bilingual::default(),
        1 => both(
            " One of these posts names nobody: its thread was about this person.",
            " L'un de ces messages ne nomme personne : son fil portait sur cette personne.",
        ),
        _ => Bilingual {
            en: format!(
                " {posts} of these posts name nobody: their threads were about this person."
            ),
            fr: format!(
                " {posts} de ces messages ne nomment personne : leurs fils portaient sur cette personne."
            ),
        },
    }
}

fn both(en: &str, fr: &str) -> Bilingual {
    let (en, fr) = (en.to_owned(), fr.to_owned());
    Bilingual { en, fr }
}

fn number(raw: &RawNumber, path: Path<'_>) -> Option<Number> {
    let measure = path.escalation.measures.get(raw.measure.0)?;
    Some(Number {
        name: Arc::clone(&measure.name),
        value: raw.value,
        asked: raw.asked.to_string().into(),
        held: raw.held,
    })
}

fn finding(raw: &RawFinding, path: Path<'_>) -> Option<Finding> {
    let rung = path.ladder()?.rungs.get(raw.rung)?;
    let of = rung.findings.get(raw.finding)?;
    let numbers = raw.numbers.iter();
    Some(Finding {
        id: Arc::clone(&of.id),
        met: raw.met,
        say: of.say.clone(),
        numbers: numbers.filter_map(|raw| number(raw, path)).collect(),
        evidence: posts(&raw.evidence),
        at: raw.at,
    })
}

fn posts(hits: &[Arc<Hit>]) -> Vec<Arc<str>> {
    hits.iter().map(|hit| Arc::clone(&hit.post)).collect()
}

/// What would step a case down.
fn ways_out(leave: Leave) -> Bilingual {
    let quiet = leave.quiet.map(|span| span.to_string());
    let spelled = |unit: &str| {
        let quiet = quiet.as_deref()?;
        let unit = |days: &str| match days {
            "1" => unit.trim_end_matches('s').to_owned(),
            _ => unit.to_owned(),
        };
        let days = quiet
            .strip_suffix('d')
            .map(|days| days.to_owned() + &unit(days));
        Some(days.unwrap_or_else(|| quiet.to_owned()))
    };
    let en = spelled(" days").map(|span| format!("{span} without anything new"));
    let fr = spelled("\u{a0}jours").map(|span| format!("{span} sans rien de nouveau"));
    let person = leave.by_person;
    let en_person = person.then(|| "a person who closes the case".to_owned());
    let fr_person = person.then(|| "une personne qui clôt le dossier".to_owned());
    let join = |ways: [Option<String>; 2], or: &str| {
        ways.into_iter().flatten().collect::<Vec<_>>().join(or)
    };
    Bilingual {
        en: join([en, en_person], ", or "),
        fr: join([fr, fr_person], ", ou "),
    }
}

impl RawStep {
    /// The rung that was reached, and on what evidence.
    pub(super) fn reached(&self) -> Option<(usize, &[Arc<Hit>])> {
        match (&self.why, self.rung) {
            (Why::Reached { evidence, .. }, Some(rung)) => Some((rung, evidence)),
            _ => None,
        }
    }
}
