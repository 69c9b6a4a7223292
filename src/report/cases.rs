//! Cases as the page tells them.

use super::timeline::{Picture, picture};
use super::words::Speech;
use super::{Audit, shown};
use crate::limits::{REPORT_ADVICE_MAX, REPORT_CASES_MAX, REPORT_POSTS_MAX, REPORT_STEPS_MAX};
use crate::model::{Case, Finding, Number, Step, SubjectKind};
use crate::policy::{Ladder, Measure, MeasureBy, Rung};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The cases of one kind of subject.
#[derive(Debug)]
pub(super) struct Section {
    /// Where links lead.
    pub(super) anchor: &'static str,
    /// Its head.
    pub(super) title: String,
    /// How many there are of them.
    pub(super) number: String,
    /// The most serious.
    pub(super) cases: Vec<Told>,
    /// The others, by rung.
    pub(super) more: Option<String>,
}

/// A case as it is told.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) anchor: String,
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) ladder: String,
    pub(super) rung: String,
    /// How high it stands: `top`, `middle`, `low` or `left`.
    pub(super) grade: &'static str,
    pub(super) since: String,
    pub(super) because: String,
    pub(super) advice: Option<Advice>,
    /// What became of the findings, in a sentence.
    pub(super) verdict: Option<String>,
    pub(super) findings: Vec<Found>,
    /// The posts that it rests on, in order.
    pub(super) happened: Vec<Happened>,
    pub(super) steps: Vec<Stepped>,
    pub(super) steps_left_out: Option<String>,
    pub(super) steps_down: Option<String>,
    pub(super) picture: Option<Picture>,
}

/// What is advised.
#[derive(Debug)]
pub(super) struct Advice {
    pub(super) say: String,
    pub(super) signed_by: String,
}

/// A finding, met or not.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) met: bool,
    pub(super) say: String,
    pub(super) at: String,
    pub(super) numbers: Vec<Counted>,
    pub(super) posts: Posts,
}

/// A number, and what was asked of it.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) say: String,
    pub(super) value: String,
    /// What was asked; none where the number only says whether something is so.
    pub(super) asked: Option<String>,
    pub(super) held: bool,
}

/// A step of a case.
#[derive(Debug)]
pub(super) struct Stepped {
    pub(super) at: String,
    /// The same for programs.
    pub(super) instant: String,
    pub(super) rung: String,
    pub(super) up: bool,
    pub(super) because: String,
    pub(super) numbers: Vec<Counted>,
    pub(super) posts: Posts,
}

/// One post that a case rests on: who did what to whom.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) what: String,
    pub(super) author: Option<String>,
    pub(super) targets: Vec<String>,
}

/// Posts by reference.
#[derive(Debug)]
pub(super) struct Posts {
    pub(super) ids: Vec<String>,
    pub(super) more: Option<String>,
    /// Ids with words, where these are wanted.
    pub(super) words: Vec<(String, String)>,
}

/// A line of the list of recommendations.
#[derive(Debug)]
pub(super) struct Advised {
    pub(super) anchor: String,
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) rung: String,
    pub(super) grade: &'static str,
    pub(super) advice: Advice,
}

/// Communities first: what is said of them rests on the others.
const ORDER: [SubjectKind; 4] = [
    SubjectKind::Community,
    SubjectKind::Target,
    SubjectKind::Author,
    SubjectKind::Thread,
];

/// The sections of the page that have cases.
pub(super) fn sections(audit: &Audit<'_>, speech: Speech) -> Vec<Section> {
    let sections = ORDER.into_iter().map(|kind| section(audit, kind, speech));
    sections.flatten().collect()
}

fn section(audit: &Audit<'_>, kind: SubjectKind, speech: Speech) -> Option<Section> {
    let cases = audit.cases.of(kind);
    if cases.is_empty() {
        return None;
    }
    let number = audit.cases.number(kind);
    let rest = number.saturating_sub(REPORT_CASES_MAX as u64);
    let told = cases.iter().take(REPORT_CASES_MAX).enumerate();
    Some(Section {
        anchor: kind.name(),
        title: speech.kinds(kind),
        number: speech.number(number),
        cases: told
            .map(|(at, case)| tell(case, anchor(kind, at), audit, speech))
            .collect(),
        more: (rest > 0).then(|| {
            let (number, file) = (speech.number(rest), "cases.ndjson");
            speech.say(
                &format!("{number} less serious cases are not shown here; {file} holds all."),
                &format!(
                    "{number} cas moins graves ne figurent pas ici ; {file} les contient tous."
                ),
            )
        }),
    })
}

fn anchor(kind: SubjectKind, at: usize) -> String {
    format!("{}-{}", kind.name(), at + 1)
}

/// What is advised, the most serious first, and how much more there is.
pub(super) fn advised(audit: &Audit<'_>, speech: Speech) -> (Vec<Advised>, usize) {
    let mut all = Vec::new();
    for kind in ORDER {
        let shown = audit.cases.of(kind).iter().enumerate();
        all.extend(
            shown
                .filter(|(_, case)| case.recommendation.is_some())
                .map(|(at, case)| (at, kind, case)),
        );
    }
    let open = usize::try_from(audit.cases.open()).unwrap_or(usize::MAX);
    let more = open.saturating_sub(REPORT_ADVICE_MAX);
    // Kinds stay together; within a kind, seriousness does.
    all.sort_by_key(|(at, kind, case)| {
        let signed_by = case.recommendation.as_ref().map_or(0, |it| it.signed_by);
        let kind = ORDER.iter().position(|it| it == kind);
        (Reverse(signed_by.min(2)), Reverse(case.height), kind, *at)
    });
    let listed = all.into_iter().take(REPORT_ADVICE_MAX);
    let listed = listed.filter_map(|(at, kind, case)| {
        Some(Advised {
            anchor: match at < REPORT_CASES_MAX {
                true => anchor(kind, at),
                false => kind.name().to_owned(),
            },
            kind: speech.kind(kind),
            id: shown::id(&case.subject.id),
            rung: rung_name(case, audit, speech),
            grade: grade(case, audit),
            advice: advice(case, speech)?,
        })
    });
    (listed.collect(), more)
}

fn tell(case: &Case, anchor: String, audit: &Audit<'_>, speech: Speech) -> Told {
    let measures = measures(case, audit);
    let latest = case.history.last();
    let skipped = case.history.len().saturating_sub(REPORT_STEPS_MAX);
    let left_out = (skipped + case.forgotten) as u64;
    let steps = case.history.iter().skip(skipped);
    Told {
        anchor,
        kind: speech.kind(case.subject.kind),
        id: shown::id(&case.subject.id),
        ladder: match ladder(case, audit) {
            Some(ladder) => speech.of(&ladder.title),
            None => shown::id(&case.ladder),
        },
        rung: rung_name(case, audit, speech),
        grade: grade(case, audit),
        since: speech.instant(case.since),
        // What findings tell is not told twice.
        because: latest
            .filter(|_| {
                case.findings.iter().any(|finding| !finding.met) || case.findings.is_empty()
            })
            .map_or_else(String::new, |step| speech.of(&step.because)),
        advice: advice(case, speech),
        verdict: verdict(case, audit, speech),
        findings: case
            .findings
            .iter()
            .map(|it| found(it, &measures, audit, speech))
            .collect(),
        happened: happened(case, audit, speech),
        steps: steps
            .map(|step| stepped(step, &measures, audit, speech))
            .collect(),
        steps_left_out: (left_out > 0).then(|| {
            let steps = speech.count(
                left_out,
                ("earlier step is left out", "earlier steps are left out"),
                (
                    "étape antérieure est omise",
                    "étapes antérieures sont omises",
                ),
            );
            format!("{steps}.")
        }),
        steps_down: case.steps_down.as_ref().map(|said| speech.of(said)),
        picture: picture(case, audit, speech),
    }
}

fn ladder<'a>(case: &Case, audit: &Audit<'a>) -> Option<&'a Ladder> {
    let mut ladders = audit.escalation.ladders.iter();
    ladders.find(|ladder| ladder.name == case.ladder)
}

fn rung_name(case: &Case, audit: &Audit<'_>, speech: Speech) -> String {
    match (&case.rung, highest(case, audit)) {
        (Some(rung), _) => speech.rung(rung),
        (None, None) => speech.say("No rung any more", "Plus aucun palier"),
        (None, Some(highest)) => {
            let highest = speech.rung(highest);
            speech.say(
                &format!("No rung any more; had reached {highest}"),
                &format!("Plus aucun palier ; avait atteint {highest}"),
            )
        }
    }
}

/// The highest rung that was ever reached.
fn highest<'a>(case: &Case, audit: &Audit<'a>) -> Option<&'a str> {
    let rungs = &ladder(case, audit)?.rungs;
    let reached = |rung: &&Rung| {
        let mut steps = case.history.iter();
        steps.any(|step| step.rung.as_ref() == Some(&rung.name))
    };
    rungs.iter().rev().find(reached).map(|rung| &*rung.name)
}

fn grade(case: &Case, audit: &Audit<'_>) -> &'static str {
    let rungs = ladder(case, audit).map_or(3, |ladder| ladder.rungs.len());
    match case.height {
        0 => "left",
        height if height >= rungs => "top",
        1 => "low",
        _ => "middle",
    }
}

fn advice(case: &Case, speech: Speech) -> Option<Advice> {
    let advice = case.recommendation.as_ref()?;
    let signatures = match advice.signed_by {
        0 | 1 => speech.say("A person must decide it.", "Une personne doit en décider."),
        number => {
            let number = speech.number(u64::from(number));
            speech.say(
                &format!("{number} people must sign before anybody acts."),
                &format!("{number} personnes doivent signer avant toute mesure."),
            )
        }
    };
    Some(Advice {
        say: speech.of(&advice.say),
        signed_by: signatures,
    })
}

/// Why the rung that asks for the findings is reached or not.
fn verdict(case: &Case, audit: &Audit<'_>, speech: Speech) -> Option<String> {
    let all = case.findings.len() as u64;
    if all == 0 {
        return None;
    }
    let missing: Vec<String> = case
        .findings
        .iter()
        .filter(|finding| !finding.met)
        .map(|finding| speech.of(&finding.say).trim_end_matches('.').to_owned())
        .collect();
    let met = speech.number(all - missing.len() as u64);
    let all = speech.number(all);
    let asking = ladder(case, audit).and_then(asking);
    let counted = match missing.as_slice() {
        [] => speech.say(
            &format!("All {all} findings are met."),
            &format!("Les {all} constats sont établis."),
        ),
        _ => {
            let missing = missing.join("; ");
            speech.say(
                &format!("{met} of {all} findings are met. Not met: {missing}."),
                &format!("{met} constats sur {all} sont établis. Non établi : {missing}."),
            )
        }
    };
    let Some((height, rung)) = asking else {
        return Some(counted);
    };
    let name = speech.rung(&rung.name);
    let outcome = match (case.height >= height, missing.is_empty()) {
        (true, _) => speech.say(
            &format!("So the rung “{name}” was reached and its recommendation is made."),
            &format!("Le palier « {name} » est donc atteint et sa recommandation est faite."),
        ),
        (false, true) => speech.say(
            &format!(
                "The rung “{name}” is not stood on all the same: its other conditions don't hold, \
                 or it was left."
            ),
            &format!(
                "Le palier « {name} » n'est pourtant pas occupé : ses autres conditions ne sont pas \
                 remplies, ou il a été quitté."
            ),
        ),
        (false, false) => speech.say(
            &format!("So what the rung “{name}” recommends is not recommended."),
            &format!("Ce que recommande le palier « {name} » n'est donc pas recommandé."),
        ),
    };
    Some(format!("{counted} {outcome}"))
}

/// The highest rung that asks for findings, and how high it is.
fn asking(ladder: &Ladder) -> Option<(usize, &Rung)> {
    let rungs = ladder.rungs.iter().enumerate().rev();
    let mut asking = rungs.filter(|(_, rung)| !rung.findings.is_empty());
    asking.next().map(|(at, rung)| (at + 1, rung))
}

fn found(finding: &Finding, measures: &[&Measure], audit: &Audit<'_>, speech: Speech) -> Found {
    Found {
        met: finding.met,
        say: speech.of(&finding.say),
        at: speech.instant(finding.at),
        numbers: numbers(&finding.numbers, measures, speech),
        posts: posts(&finding.evidence, audit, speech),
    }
}

fn stepped(step: &Step, measures: &[&Measure], audit: &Audit<'_>, speech: Speech) -> Stepped {
    Stepped {
        at: speech.instant(step.at),
        instant: step.at.to_string(),
        rung: match &step.rung {
            Some(rung) => speech.rung(rung),
            None => speech.say("left the ladder", "sortie de l'échelle"),
        },
        up: step.up,
        because: speech.of(&step.because),
        numbers: numbers(&step.numbers, measures, speech),
        posts: posts(&step.evidence, audit, speech),
    }
}

/// What may be measured for a case: its own ladder's policy first, since others use the same names.
fn measures<'a>(case: &Case, audit: &Audit<'a>) -> Vec<&'a Measure> {
    let policy = ladder(case, audit).map(|ladder| &ladder.policy);
    let mut measures: Vec<&Measure> = audit.escalation.measures.iter().collect();
    measures.sort_by_key(|measure| Some(&measure.policy) != policy);
    measures
}

fn numbers(numbers: &[Number], measures: &[&Measure], speech: Speech) -> Vec<Counted> {
    let told = numbers.iter().map(|number| {
        let measure = measures.iter().find(|it| it.name == number.name);
        let is_so = measure.is_some_and(|it| matches!(it.by, MeasureBy::Trend { .. }));
        Counted {
            say: match measure {
                Some(measure) => speech.of(&measure.say),
                None => shown::id(&number.name),
            },
            value: match (is_so, number.value) {
                (false, value) => speech.number(value),
                (true, 0) => speech.say("no", "non"),
                (true, _) => speech.say("yes", "oui"),
            },
            asked: (!is_so).then(|| asked(&number.asked)),
            held: number.held,
        }
    });
    told.collect()
}

/// `>= 3` as mathematicians write it.
fn asked(written: &str) -> String {
    [(">=", "≥"), ("<=", "≤"), ("!=", "≠"), ("==", "=")]
        .iter()
        .fold(written.replace(' ', "\u{a0}"), |asked, (plain, sign)| {
            asked.replace(plain, sign)
        })
}

/// What is known of the posts that a case rests on, as many as are shown of one step.
fn happened(case: &Case, audit: &Audit<'_>, speech: Speech) -> Vec<Happened> {
    let steps = case.history.iter().map(|step| &step.evidence);
    let findings = case.findings.iter().map(|finding| &finding.evidence);
    let posts: BTreeSet<&Arc<str>> = steps.chain(findings).flatten().collect();
    let known = posts.into_iter().filter_map(|post| {
        let cited = audit.cited.get(post)?;
        Some((cited.at?, post, cited))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(at, post, _)| (*at, *post));
    let last = known.len().saturating_sub(REPORT_POSTS_MAX);
    let told = known.into_iter().skip(last).map(|(at, post, cited)| {
        let what = cited.categories.iter();
        let what: Vec<String> = what.map(|category| speech.category(category)).collect();
        Happened {
            id: shown::id(post),
            at: speech.instant(at),
            what: what.join(", "),
            author: cited.author.as_deref().map(shown::id),
            targets: cited.targets.iter().map(|it| shown::id(it)).collect(),
        }
    });
    told.collect()
}

fn posts(evidence: &[Arc<str>], audit: &Audit<'_>, speech: Speech) -> Posts {
    let named = || evidence.iter().take(REPORT_POSTS_MAX);
    let more = evidence.len().saturating_sub(REPORT_POSTS_MAX) as u64;
    Posts {
        ids: named().map(|id| shown::id(id)).collect(),
        more: (more > 0).then(|| speech.count(more, ("more", "more"), ("autre", "autres"))),
        words: named()
            .filter_map(|id| {
                let words = audit.cited.get(id)?.words.as_ref()?;
                Some((shown::id(id), shown::words(words)))
            })
            .collect(),
    }
}
