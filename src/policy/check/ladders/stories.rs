//! Stories: what they speak of is there, and they tell both sides of every rung.

use super::hits::rung;
use super::names::{Names, ladders};
use super::order::Arranged;
use super::{Document, Problems, Resolved, ladder_of, report};
use crate::diagnostics::{Code, did_you_mean, listed};
use crate::limits::STORY_EVENTS_MAX;
use crate::model::Span;
use crate::policy::ladder::{Expectation, Happening, KindId, Kinds, LadderId, Timeline, What};
use crate::policy::written::ladders::{self as written, Event, Ladder, Posted, Story};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for: on no rung.
const NO_RUNG: &str = "none";

/// Stands in texts for the number of the repetition.
const NUMBER: &str = "{n}";

type Known<'k> = (&'k Names<'k>, &'k [&'k Ladder], &'k Arranged, &'k Resolved);

/// The stories of a document.
pub(super) fn resolve(
    document: &Document,
    known: Known<'_>,
    problems: &mut Problems,
) -> Vec<Timeline> {
    let stories = &document.file.escalation.stories.items;
    let mut told = Vec::new();
    let mut room = STORY_EVENTS_MAX;
    for story in stories {
        let count = story.events.iter().map(|event| event.repeat.0 as usize);
        let Some(left) = room.checked_sub(count.sum()) else {
            let message = format!("the stories tell of more than {STORY_EVENTS_MAX} events");
            let span = &story.name.span;
            report(problems, document, Code::TooMany, span, message).help =
                Some("repeat events less often".to_owned());
            break;
        };
        room = left;
        told.push(timeline(document, story, known, problems));
    }
    told
}

fn timeline(
    document: &Document,
    story: &Story,
    known: Known<'_>,
    problems: &mut Problems,
) -> Timeline {
    let mut events = Vec::new();
    for event in &story.events {
        written_out(document, event, known, &mut events, problems);
    }
    events.sort_by_key(|event| event.at);
    number(&mut events);
    posts_are_told(document, story, &events, problems);
    let mut expect = Vec::new();
    for written in &story.expect {
        expect.extend(expectation(document, written, known, problems));
    }
    Timeline {
        name: story.name.value.clone(),
        span: story.name.span.clone(),
        events,
        expect,
    }
}

/// An event, as often as it happens.
fn written_out(
    document: &Document,
    event: &Event,
    (names, _, _, resolved): Known<'_>,
    events: &mut Vec<Happening>,
    problems: &mut Problems,
) {
    let mut hits = Kinds::default();
    if let written::What::Posted(posted) = &event.what {
        for name in &posted.hits {
            let Some(kind) = names.hit(document, name, problems).map(KindId) else {
                continue;
            };
            if ladder_of(&resolved.kinds, kind).is_some() {
                let message = format!("no post is a `{}`: a ladder leads to it", name.value);
                report(problems, document, Code::UnknownHit, &name.span, message).help =
                    Some("tell the posts that bring a target there".to_owned());
            }
            hits = hits.with(kind);
        }
    }
    let (times, every) = event.repeat;
    let mut at = event.at;
    for time in 1..=times {
        let filled = |text: &String| text.replace(NUMBER, &time.to_string());
        let what = match &event.what {
            written::What::Posted(posted) => happened(posted, hits, &filled),
            written::What::Answered(post, outcome) => What::Answered(filled(&post.value), *outcome),
            written::What::Deleted(post) => What::Deleted(filled(&post.value)),
            written::What::Closed(kind, id) => What::Closed(*kind, filled(id)),
        };
        let span = event.span.clone();
        events.push(Happening { span, at, what });
        at = at.and(every);
    }
}

fn happened(posted: &Posted, hits: Kinds, filled: &impl Fn(&String) -> String) -> What {
    let fill = |text: &Option<String>| text.as_ref().map(filled);
    What::Posted {
        post: fill(&posted.post).unwrap_or_default(),
        hits,
        text: fill(&posted.text),
        author: fill(&posted.author),
        thread: fill(&posted.thread),
        community: fill(&posted.community),
        targets: posted.targets.iter().map(filled).collect(),
    }
}

/// Gives every post without an id one that no other has.
fn number(events: &mut [Happening]) {
    let told: BTreeSet<String> = events
        .iter()
        .filter_map(|event| match &event.what {
            What::Posted { post, .. } => Some(post.clone()),
            What::Answered(..) | What::Deleted(_) | What::Closed(..) => None,
        })
        .collect();
    let mut free = (1..)
        .map(|number: usize| format!("post-{number}"))
        .filter(|id| !told.contains(id));
    for event in events {
        if let What::Posted { post, .. } = &mut event.what
            && post.is_empty()
        {
            *post = free.next().unwrap_or_default();
        }
    }
}

/// Outcomes and deletions are of posts that were posted before.
fn posts_are_told(
    document: &Document,
    story: &Story,
    events: &[Happening],
    problems: &mut Problems,
) {
    if !document.file.escalation.stories.whole {
        return;
    }
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for event in events {
        if let What::Posted { post, .. } = &event.what {
            first.entry(post).or_insert(event.at);
        }
    }
    let names = story.events.iter().filter_map(|event| match &event.what {
        written::What::Answered(name, _) | written::What::Deleted(name) => {
            Some((&event.span, name))
        }
        written::What::Posted(_) | written::What::Closed(..) => None,
    });
    // What repeats is told once.
    let mut place_of: BTreeMap<usize, _> = names.map(|(span, name)| (span.start, name)).collect();
    for event in events {
        let (What::Answered(post, _) | What::Deleted(post)) = &event.what else {
            continue;
        };
        let is_told = |at: &Span| *at <= event.at;
        if first.get(post.as_str()).is_some_and(is_told) {
            continue;
        }
        let Some(place) = place_of.remove(&event.span.start) else {
            continue;
        };
        let message = match first.get(post.as_str()) {
            Some(at) => format!("`{post}` is only posted at {at}"),
            None => format!("no post of this story is called `{post}`"),
        };
        let help = match did_you_mean(post, first.keys().copied().take(100)) {
            Some(near) if near != post => format!("did you mean `{near}`?"),
            _ => "give a post this id: `post: p1`".to_owned(),
        };
        report(problems, document, Code::UnknownPost, &place.span, message).help = Some(help);
    }
}

fn expectation(
    document: &Document,
    written: &written::Expectation,
    (names, all, arranged, _): Known<'_>,
    problems: &mut Problems,
) -> Option<Expectation> {
    let at = names.ladder(document, &written.ladder, problems)?;
    let ladder = all.get(at)?;
    let stands = match written.rung.value.as_str() {
        NO_RUNG => None,
        _ => Some(rung(document, ladder, &written.rung, problems)?),
    };
    for name in written.findings.iter().flatten() {
        let ids = || {
            let findings = ladder.rungs.iter().flat_map(|rung| &rung.findings);
            findings.map(|finding| finding.id.value.as_str())
        };
        if ladder.whole && !ids().any(|id| id == name.value) {
            let ladder = &ladder.name.value;
            let message = format!("`{ladder}` has no finding `{}`", name.value);
            let help = match did_you_mean(&name.value, ids()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if ids().next().is_none() => "it has no findings".to_owned(),
                None => format!("it has: {}", listed(ids())),
            };
            let (code, span) = (Code::UnknownFinding, &name.span);
            report(problems, document, code, span, message).help = Some(help);
        }
    }
    let findings = written.findings.as_ref().map(|names| {
        let ids = names.iter().map(|name| name.value.as_str().into());
        ids.collect()
    });
    Some(Expectation {
        span: written.span.clone(),
        ladder: arranged.get(at).copied()?,
        subject: written.subject.clone(),
        rung: stands,
        at: written.at,
        ever: written.ever,
        findings,
    })
}

/// Whether stories tell both sides of every rung: one that reaches it, and one in which somebody
/// stays below.
pub(super) fn proven(
    documents: &[Document],
    arranged: &Arranged,
    stories: &[Vec<Timeline>],
    problems: &mut Problems,
) {
    let mut reached = BTreeSet::new();
    let mut highest: BTreeMap<(usize, LadderId, &str), Option<usize>> = BTreeMap::new();
    for (at, story) in stories.iter().flatten().enumerate() {
        for expect in &story.expect {
            reached.extend(expect.rung.map(|rung| (expect.ladder, rung)));
            let key = (at, expect.ladder, expect.subject.as_str());
            let highest = highest.entry(key).or_default();
            *highest = (*highest).max(expect.rung);
        }
    }
    for ((document, ladder), id) in ladders(documents).zip(arranged) {
        for (at, rung) in ladder.rungs.iter().enumerate() {
            let (name, own, span) = (&ladder.name.value, &rung.id.value, &rung.id.span);
            if !reached.contains(&(*id, at)) {
                let message = format!("no story reaches `{own}`");
                report(problems, document, Code::NoReachingStory, span, message).help =
                    Some(format!(
                        "add under `tests` a `timeline` that expects {{on: {name}, id: ..., \
                         rung: {own}}}"
                    ));
            }
            let is_below = |((_, ladder, _), rung): (&(usize, LadderId, &str), &Option<usize>)| {
                ladder == id && *rung < Some(at)
            };
            if !highest.iter().any(is_below) {
                let message = format!("no story stays below `{own}`");
                report(problems, document, Code::NoSparingStory, span, message).help =
                    Some(format!(
                        "add under `tests` a `timeline` of somebody harmless that expects \
                         {{on: {name}, id: ..., rung: none, ever: true}}"
                    ));
            }
        }
    }
}
