//! The picture of one case: time to the right, rungs upwards, the posts it rests on below.

use super::Audit;
use super::words::Speech;
use crate::limits::REPORT_MARKS_MAX;
use crate::model::{Case, Timestamp};
use std::collections::BTreeSet;

/// Units of the picture's width; it is stretched to the page's.
const WIDTH: i64 = 1_000;
/// Free at the left and at the right.
const MARGIN: i64 = 25;
/// Height of one rung, in pixels.
const RUNG: usize = 26;
/// The shortest time that is pictured: what happened within minutes is one dot otherwise.
const SHORTEST_MILLIS: i64 = 3_600_000;

/// The picture of one case.
#[derive(Debug)]
pub(super) struct Picture {
    /// The rungs, highest first, with the ground below them.
    pub(super) rungs: Vec<String>,
    /// The height in pixels.
    pub(super) height: usize,
    /// Where the rungs lie, from above.
    pub(super) lines: Vec<usize>,
    /// The way, as the path of an SVG.
    pub(super) way: String,
    /// Each step.
    pub(super) steps: Vec<(i64, usize)>,
    /// Each post.
    pub(super) posts: Vec<i64>,
    /// From where to where posts are marked, from above.
    pub(super) mark: (usize, usize),
    /// When it begins and ends.
    pub(super) dates: (String, String),
    /// The picture in words.
    pub(super) described: String,
}

/// The picture; none for a case without a history.
pub(super) fn picture(case: &Case, audit: &Audit<'_>, speech: Speech) -> Option<Picture> {
    let rungs = rungs(case, audit);
    let posts = times(case, audit);
    let times = || {
        case.history
            .iter()
            .map(|step| step.at)
            .chain(posts.iter().copied())
    };
    let (begin, end) = (times().min()?, times().max()?);
    let scale = Scale {
        begin: begin.millis(),
        millis: (end.millis() - begin.millis()).max(SHORTEST_MILLIS),
    };
    let ground = rungs.len() * RUNG + RUNG / 2;
    let level = |rung: Option<&str>| {
        let at = rung.and_then(|rung| rungs.iter().position(|it| *it == rung));
        at.map_or(ground, |at| (rungs.len() - 1 - at) * RUNG + RUNG / 2)
    };
    let steps: Vec<(i64, usize)> = case
        .history
        .iter()
        .map(|step| (scale.x(step.at), level(step.rung.as_deref())))
        .collect();
    let names = rungs.iter().rev().map(|rung| speech.rung(rung));
    let bottom = speech.say("no rung", "aucun palier");
    let named: Vec<String> = names
        .chain([bottom, speech.say("posts", "messages")])
        .collect();
    Some(Picture {
        height: (rungs.len() + 2) * RUNG,
        lines: (0..=rungs.len()).map(|at| at * RUNG + RUNG / 2).collect(),
        way: way(&steps, ground),
        steps,
        posts: posts
            .iter()
            .map(|at| scale.x(*at))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        mark: ((rungs.len() + 1) * RUNG + 5, (rungs.len() + 2) * RUNG - 5),
        dates: (speech.instant(begin), speech.instant(end)),
        described: described(case, speech),
        rungs: named,
    })
}

/// The ladder's rungs, lowest first; of a ladder that isn't known, those that were stood on.
fn rungs<'c>(case: &'c Case, audit: &'c Audit<'_>) -> Vec<&'c str> {
    let known = audit.escalation.ladders.iter();
    let known = known.filter(|ladder| ladder.name == case.ladder);
    let mut rungs: Vec<&str> = known
        .flat_map(|ladder| ladder.rungs.iter().map(|rung| &*rung.name))
        .collect();
    for rung in case.history.iter().filter_map(|step| step.rung.as_deref()) {
        if !rungs.contains(&rung) {
            rungs.push(rung);
        }
    }
    rungs
}

/// When the posts were written that the case rests on, as far as that is known.
fn times(case: &Case, audit: &Audit<'_>) -> BTreeSet<Timestamp> {
    let steps = case.history.iter().map(|step| &step.evidence);
    let findings = case.findings.iter().map(|finding| &finding.evidence);
    let known = steps.chain(findings).flatten();
    let times = known.filter_map(|post| audit.cited.get(post)?.at);
    let times: BTreeSet<Timestamp> = times.collect();
    times.into_iter().take(REPORT_MARKS_MAX).collect()
}

/// From the ground, along each rung until the next step, and on to the right.
fn way(steps: &[(i64, usize)], ground: usize) -> String {
    let mut way = format!("M0 {ground}");
    for (x, y) in steps {
        way += &format!("H{x}V{y}");
    }
    way + &format!("H{WIDTH}")
}

fn described(case: &Case, speech: Speech) -> String {
    let steps = case.history.iter().map(|step| {
        let when = speech.instant(step.at);
        let rung = match &step.rung {
            Some(rung) => speech.rung(rung),
            None => speech.say("left the ladder", "sortie de l'échelle"),
        };
        speech.say(&format!("{when}: {rung}"), &format!("{when} : {rung}"))
    });
    let steps: Vec<String> = steps.collect();
    steps.join("; ")
}

/// Where instants lie.
struct Scale {
    begin: i64,
    millis: i64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> i64 {
        let since = i128::from(at.millis() - self.begin);
        let room = i128::from(WIDTH - 3 * MARGIN);
        let x = since * room / i128::from(self.millis);
        MARGIN + i64::try_from(x).unwrap_or_default()
    }
}
