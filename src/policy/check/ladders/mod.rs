//! What is remembered, measured and climbed: names resolve, numbers can be reached, every rung has
//! a way in and a way out, and stories of both sides.

mod hits;
mod lints;
mod measures;
mod names;
mod numbers;
mod order;
mod rungs;
mod stories;

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::limits::{FINDINGS_MAX, LADDERS_MAX, MEASURES_MAX, RUNGS_MAX};
use crate::policy::ladder::{
    Escalation, FindingOf, HitKind, HitOf, KindId, Kinds, Ladder, LadderId, Leave, Measure,
    MeasureId, Requirement, Rung, Timeline,
};
use crate::policy::pack::Policy;
use crate::policy::written::Name;
use crate::policy::written::ladders as written;
use names::{Names, ladders};
use std::collections::BTreeMap;
use std::ops::Range;

type Problems = Vec<Diagnostic>;

/// All that could be resolved, in the order it is written; none where something could not be.
#[derive(Debug)]
struct Resolved {
    kinds: Vec<Option<HitKind>>,
    measures: Vec<Option<Measure>>,
    ladders: Vec<Option<Ladder>>,
}

/// What all documents say about state, and the stories of each, in their order. With a mistake
/// there is nothing.
pub(super) fn resolve(
    documents: &[Document],
    policies: &[Policy],
    complete: bool,
    problems: &mut Problems,
) -> (Escalation, Vec<Vec<Timeline>>) {
    let before = problems.len();
    let names = Names::collect(documents, complete, problems);
    if limits(documents, problems) {
        return (Escalation::default(), Vec::new());
    }
    let written: Vec<&written::Ladder> = ladders(documents).map(|(_, ladder)| ladder).collect();
    let mut resolved = Resolved {
        kinds: kinds(documents, policies, (&names, &written, complete), problems),
        measures: measures::resolve(documents, &names, problems),
        ladders: Vec::new(),
    };
    for (document, ladder) in ladders(documents) {
        let ladder = resolve_ladder(document, ladder, &names, problems);
        resolved.ladders.push(ladder);
    }
    rungs::check(documents, &resolved, problems);
    let arranged = order::arrange(documents, &mut resolved, problems);
    let is_readable = |d: &Document| d.file.escalation.whole && d.file.escalation.stories.whole;
    let clean = |problems: &Problems| {
        let new = problems.get(before..).unwrap_or_default();
        new.iter().all(|d| d.code.severity() == Severity::Warning)
    };
    let all_known = complete && documents.iter().all(|d| d.file.escalation.whole);
    if all_known && clean(problems) {
        lints::unused(documents, &resolved, problems);
    }
    let mut stories = Vec::new();
    for document in documents {
        let told = stories::resolve(document, (&names, &written, &arranged, &resolved), problems);
        stories.push(told);
    }
    if complete && documents.iter().all(is_readable) && clean(problems) {
        stories::proven(documents, &arranged, &stories, problems);
    }
    (resolved.escalation(), stories)
}

impl Resolved {
    fn escalation(self) -> Escalation {
        let kinds = self.kinds.into_iter().collect::<Option<_>>();
        let measures = self.measures.into_iter().collect::<Option<_>>();
        let ladders = self.ladders.into_iter().collect::<Option<_>>();
        match (kinds, measures, ladders) {
            (Some(kinds), Some(measures), Some(ladders)) => Escalation {
                kinds,
                measures,
                ladders,
            },
            _ => Escalation::default(),
        }
    }
}

/// State is kept for everybody, so a pack has only so much of it. Whether there is too much: then
/// nothing else is looked at, since that would take long.
fn limits(documents: &[Document], problems: &mut Problems) -> bool {
    let before = problems.len();
    let of = |document: &Document, thing: &str| -> Vec<Range<usize>> {
        let state = &document.file.escalation;
        match thing {
            "hits" => state.hits.iter().map(|hit| hit.name.span.clone()).collect(),
            "measures" => state
                .measures
                .iter()
                .map(|it| it.name.span.clone())
                .collect(),
            _ => state
                .ladders
                .iter()
                .map(|it| it.name.span.clone())
                .collect(),
        }
    };
    for (thing, most) in [
        ("hits", Kinds::MAX),
        ("measures", MEASURES_MAX),
        ("ladders", LADDERS_MAX),
    ] {
        let all = documents.iter().flat_map(|document| {
            let places = of(document, thing).into_iter();
            places.map(move |place| (document, place))
        });
        too_many(all, most, thing, problems);
    }
    for (document, ladder) in ladders(documents) {
        let rungs = ladder.rungs.iter();
        let places = rungs.map(|rung| (document, rung.id.span.clone()));
        too_many(places, RUNGS_MAX, "rungs", problems);
        for rung in &ladder.rungs {
            let findings = rung.findings.iter();
            let places = findings.map(|finding| (document, finding.id.span.clone()));
            too_many(places, FINDINGS_MAX, "findings", problems);
        }
    }
    problems.len() > before
}

fn too_many<'d>(
    mut places: impl Iterator<Item = (&'d Document, Range<usize>)>,
    most: usize,
    thing: &str,
    problems: &mut Problems,
) {
    if let Some((document, place)) = places.nth(most) {
        let message = format!("these are more than {most} {thing}");
        report(problems, document, Code::TooMany, &place, message).help =
            Some("say the same with fewer".to_owned());
    }
}

fn kinds(
    documents: &[Document],
    policies: &[Policy],
    (names, written, complete): (&Names<'_>, &[&written::Ladder], bool),
    problems: &mut Problems,
) -> Vec<Option<HitKind>> {
    let reach = hits::Reach::of(documents, policies, complete);
    let mut kinds = Vec::new();
    for document in documents {
        for hit in &document.file.escalation.hits {
            let of = hits::resolve(document, hit, (names, &reach, written), problems);
            kinds.push(of.map(|of| HitKind {
                name: hit.name.value.as_str().into(),
                policy: document.id.as_str().into(),
                of,
                from_thread: hit.from_thread,
            }));
        }
    }
    kinds
}

fn resolve_ladder(
    document: &Document,
    ladder: &written::Ladder,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Ladder> {
    let ids = ladder.rungs.iter().map(|rung| &rung.id);
    unique(document, ids, "rung", problems);
    let mut rungs = Vec::new();
    for rung in &ladder.rungs {
        rungs.push(resolve_rung(document, rung, names, problems));
    }
    Some(Ladder {
        name: ladder.name.value.as_str().into(),
        policy: document.id.as_str().into(),
        title: ladder.title.clone(),
        subject: ladder.subject?,
        answered_within: ladder.answered_within,
        rungs: rungs.into_iter().collect::<Option<_>>()?,
    })
    .filter(|_| ladder.whole)
}

fn unique<'n>(
    document: &Document,
    names: impl Iterator<Item = &'n Name>,
    thing: &str,
    problems: &mut Problems,
) {
    let mut places = BTreeMap::new();
    for name in names {
        if let Some(first) = places.insert(&name.value, &name.span) {
            let message = format!("another {thing} is already called `{}`", name.value);
            report(problems, document, Code::DuplicateName, &name.span, message).related =
                Some((first.clone(), "first here".to_owned()));
        }
    }
}

fn resolve_rung(
    document: &Document,
    rung: &written::Rung,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Rung> {
    let ids = rung.findings.iter().map(|finding| &finding.id);
    unique(document, ids, "finding", problems);
    let mut resolve = |it: &written::Requirement| requirement(document, it, names, problems);
    let enter = rung.enter.as_ref().map(&mut resolve);
    let mut findings = Vec::new();
    for finding in &rung.findings {
        findings.push(resolve(&finding.when).map(|when| FindingOf {
            id: finding.id.value.as_str().into(),
            when,
            say: finding.say.clone(),
        }));
    }
    Some(Rung {
        name: rung.id.value.as_str().into(),
        enter: match enter {
            Some(enter) => Some(enter?),
            None => None,
        },
        findings: findings.into_iter().collect::<Option<_>>()?,
        leave: Leave {
            quiet: rung.leave.quiet.as_ref().map(|quiet| quiet.value),
            by_person: rung.leave.by_person,
        },
        action: rung.action.as_str().into(),
        say: rung.say.clone(),
        signed_by: rung.signed_by,
    })
}

/// A requirement with its names resolved. None when one of them means nothing, which was told.
fn requirement(
    document: &Document,
    written: &written::Requirement,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Requirement> {
    let mut parts = Vec::new();
    for part in &written.parts {
        let mut list = |items: &[written::Requirement]| -> Option<Vec<Requirement>> {
            let mut found = Vec::new();
            for item in items {
                found.push(requirement(document, item, names, problems));
            }
            found.into_iter().collect()
        };
        parts.push(match part {
            written::Part::All(items) => list(items).map(Requirement::All),
            written::Part::Any(items) => list(items).map(Requirement::Any),
            written::Part::None(items) => list(items).map(Requirement::None),
            written::Part::Measure(name, comparison) => names
                .measure(document, name, problems)
                .map(|at| Requirement::Measure(MeasureId(at), comparison.value.clone())),
        });
    }
    let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
    Some(match parts.len() {
        1 => parts.swap_remove(0),
        _ => Requirement::All(parts),
    })
}

/// The ladder that a kind of hits comes from.
fn ladder_of(kinds: &[Option<HitKind>], kind: KindId) -> Option<(LadderId, usize)> {
    match kinds.get(kind.0)?.as_ref()?.of {
        HitOf::Rung { ladder, rung } => Some((ladder, rung)),
        HitOf::Decision { .. } => None,
    }
}
