//! One subject on one ladder: a fold over its hits in event time.

use super::gauge::{Gauge, kinds_of};
use super::hit::Hit;
use super::keep::{Keep, Keeper, Kept, fields};
use super::names::{LadderNames, Names};
use crate::limits::{EVIDENCE_PER_STEP_MAX, STEPS_PER_CASE_MAX};
use crate::model::{Comparison, SubjectKind, Timestamp};
use crate::policy::{Escalation, Kinds, Ladder, LadderId, MeasureBy, MeasureId, Requirement, Rung};
use std::borrow::Cow;
use std::sync::Arc;

/// What a ladder needs of a pack, looked up once.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) ladder: LadderId,
    /// The measures that its rungs ask for, each with its place among the gauges.
    measures: Vec<MeasureId>,
    /// The hits that it looks at.
    pub(super) feeds: Kinds,
}

impl Route {
    pub(super) fn new(escalation: &Escalation, ladder: LadderId) -> Self {
        let mut measures = Vec::new();
        let rungs = escalation
            .ladders
            .get(ladder.0)
            .map(|of| of.rungs.as_slice());
        for rung in rungs.unwrap_or_default() {
            let requirements = rung
                .enter
                .iter()
                .chain(rung.findings.iter().map(|of| &of.when));
            requirements.for_each(|of| of.measures(&mut |id| measures.push(id)));
        }
        measures.sort_unstable();
        measures.dedup();
        let by = |id: &MeasureId| escalation.measures.get(id.0).map(|measure| &measure.by);
        let feeds = kinds_of(measures.iter().filter_map(by));
        Self {
            ladder,
            measures,
            feeds,
        }
    }
}

/// A ladder with what it asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'e> {
    pub(super) escalation: &'e Escalation,
    pub(super) route: &'e Route,
}

impl<'e> Path<'e> {
    pub(super) fn ladder(self) -> Option<&'e Ladder> {
        self.escalation.ladders.get(self.route.ladder.0)
    }

    fn rungs(self) -> &'e [Rung] {
        self.ladder().map_or(&[], |ladder| &ladder.rungs)
    }

    fn measures(self) -> impl Iterator<Item = &'e MeasureBy> {
        let of = |id: &MeasureId| self.escalation.measures.get(id.0);
        self.route.measures.iter().filter_map(of).map(|of| &of.by)
    }

    fn gauge_of(self, id: MeasureId) -> Option<usize> {
        self.route.measures.binary_search(&id).ok()
    }
}

/// The ladders for a kind of subjects.
pub(super) fn paths<'e>(
    escalation: &'e Escalation,
    routes: &'e [(SubjectKind, Vec<Route>)],
    kind: SubjectKind,
) -> Vec<Path<'e>> {
    let of_kind = routes.iter().filter(|(of, _)| *of == kind);
    let routes = of_kind.flat_map(|(_, routes)| routes);
    routes.map(|route| Path { escalation, route }).collect()
}

/// A subject's way on one ladder so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Climb {
    /// The rung it stands on, from 0.
    pub(super) rung: Option<usize>,
    gauges: Box<[Gauge]>,
    /// The last hit that the ladder looks at and that no answer took away.
    active: Option<Timestamp>,
    pub(super) steps: Vec<RawStep>,
    pub(super) forgotten: usize,
    pub(super) findings: Vec<RawFinding>,
    /// Whether the findings are those of a case that was left.
    are_past: bool,
}

/// A step, before it is told.
#[derive(Clone, Debug)]
pub(super) struct RawStep {
    pub(super) rung: Option<usize>,
    pub(super) at: Timestamp,
    pub(super) why: Why,
}

/// Why a step was taken.
#[derive(Clone, Debug)]
pub(super) enum Why {
    /// What the rung asks for was there.
    Reached {
        /// The hits it rests on, oldest first.
        evidence: Vec<Arc<Hit>>,
        numbers: Vec<RawNumber>,
    },
    /// For as long as the rung asks for, nothing happened.
    Quiet,
    /// What happened, the platform acted upon.
    Answered,
    /// A person closed the case.
    Closed,
}

/// A number, before it is told.
#[derive(Clone, Debug)]
pub(super) struct RawNumber {
    pub(super) measure: MeasureId,
    pub(super) value: u64,
    pub(super) asked: Comparison,
    pub(super) held: bool,
}

/// A finding, before it is told.
#[derive(Clone, Debug)]
pub(super) struct RawFinding {
    pub(super) rung: usize,
    pub(super) finding: usize,
    pub(super) met: bool,
    pub(super) numbers: Vec<RawNumber>,
    pub(super) evidence: Vec<Arc<Hit>>,
    pub(super) at: Timestamp,
}

fields!(Climb {
    rung,
    gauges,
    active,
    steps,
    forgotten,
    findings,
    are_past
});
fields!(RawStep { rung, at, why });
fields!(RawNumber {
    measure,
    value,
    asked,
    held
});
fields!(RawFinding {
    rung,
    finding,
    met,
    numbers,
    evidence,
    at
});

impl Keep for Why {
    fn keep(&self, to: &mut Keeper) {
        match self {
            Self::Reached { evidence, numbers } => {
                0_u32.keep(to);
                evidence.keep(to);
                numbers.keep(to);
            }
            Self::Quiet => 1_u32.keep(to),
            Self::Answered => 2_u32.keep(to),
            Self::Closed => 3_u32.keep(to),
        }
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        match u32::take(from)? {
            0 => Some(Self::Reached {
                evidence: Keep::take(from)?,
                numbers: Keep::take(from)?,
            }),
            1 => Some(Self::Quiet),
            2 => Some(Self::Answered),
            3 => Some(Self::Closed),
            _ => None,
        }
    }
}

impl Climb {
    /// How it stands at an instant, if that differs from how it was counted: rungs are left in the
    /// meantime. What comes late must not find them left, so nothing is moved on.
    pub(super) fn as_of(&self, path: Path<'_>, now: Timestamp) -> Cow<'_, Self> {
        let rung = self.rung.and_then(|rung| path.rungs().get(rung));
        let quiet = rung.and_then(|rung| rung.leave.quiet);
        let until = quiet.map(|quiet| self.active.map_or(Timestamp::FIRST, |at| at.after(quiet)));
        if until.is_none_or(|until| until > now) {
            return Cow::Borrowed(self);
        }
        let mut passed = self.clone();
        passed.pass(path, now);
        Cow::Owned(passed)
    }

    /// Policies were replaced: steps are told by the rungs of the new ladder, and what was counted
    /// is counted again from the hits that are remembered.
    pub(super) fn carry(&mut self, ladder: &LadderNames, names: &Names) {
        let carried = |numbers: &mut Vec<RawNumber>| {
            numbers.retain_mut(|number| match names.measure(number.measure) {
                Some(measure) => {
                    number.measure = measure;
                    true
                }
                None => false,
            });
        };
        self.gauges = Box::default();
        let stood = self.rung;
        self.rung = stood.and_then(|rung| ladder.rung(rung));
        self.are_past |= stood.is_some() && self.rung.is_none();
        for step in &mut self.steps {
            step.rung = step.rung.and_then(|rung| ladder.rung(rung));
            if let Why::Reached { numbers, .. } = &mut step.why {
                carried(numbers);
            }
        }
        self.findings.retain_mut(|found| {
            let place = ladder.finding(found.rung, found.finding);
            if let Some((rung, finding)) = place {
                (found.rung, found.finding) = (rung, finding);
                carried(&mut found.numbers);
            }
            place.is_some()
        });
    }

    /// Time passes: rungs are left that have been quiet for long enough.
    pub(super) fn pass(&mut self, path: Path<'_>, now: Timestamp) {
        self.leave_quiet(path, now, Timestamp::FIRST, false);
    }

    /// `earliest`: when the ladder could first be left.
    fn leave_quiet(&mut self, path: Path<'_>, now: Timestamp, earliest: Timestamp, answered: bool) {
        while let Some(rung) = self.rung {
            let Some(quiet) = path.rungs().get(rung).and_then(|rung| rung.leave.quiet) else {
                return;
            };
            let quiet_until = self.active.map(|active| active.after(quiet));
            // A rung below may ask for less quiet than the one that was just left.
            let stepped = self.steps.last().map(|step| step.at);
            let due = quiet_until.max(stepped).unwrap_or(earliest).max(earliest);
            if due > now {
                return;
            }
            let why = if answered { Why::Answered } else { Why::Quiet };
            self.leave_to(rung.checked_sub(1), due, why);
        }
    }

    fn leave_to(&mut self, rung: Option<usize>, at: Timestamp, why: Why) {
        self.rung = rung;
        self.are_past |= rung.is_none();
        self.gauges.iter_mut().for_each(Gauge::begin_anew);
        // Rungs left at one instant are one step.
        match self.steps.last_mut() {
            Some(last) if last.at == at && !matches!(last.why, Why::Reached { .. }) => {
                last.rung = rung;
            }
            _ => self.step(RawStep { rung, at, why }),
        }
    }

    /// Nothing that was counted counts any more: gives back its room.
    pub(super) fn rest(&mut self) {
        self.gauges = Box::default();
    }

    fn step(&mut self, step: RawStep) {
        if self.steps.len() >= STEPS_PER_CASE_MAX {
            self.steps.remove(0);
            self.forgotten += 1;
        }
        self.steps.push(step);
    }

    /// A person closes the case.
    pub(super) fn close(&mut self, path: Path<'_>, at: Timestamp) {
        self.pass(path, at);
        if self.rung.is_some() {
            self.active = None;
            self.leave_to(None, at, Why::Closed);
        }
    }

    /// A hit. Hits come in order of time.
    pub(super) fn hit(&mut self, path: Path<'_>, hit: &Arc<Hit>) {
        if !hit.kinds.meet(path.route.feeds) {
            return;
        }
        self.pass(path, hit.at);
        if self.gauges.is_empty() {
            self.gauges = path.measures().map(Gauge::new).collect();
        }
        for (gauge, by) in self.gauges.iter_mut().zip(path.measures()) {
            gauge.add(by, hit);
        }
        self.active = Some(hit.at);
        self.note_findings(path, hit);
        self.rise(path, hit);
    }

    /// The platform acted upon a post: in time, it stops counting. `before`: the last hit that still
    /// counts.
    pub(super) fn answer(
        &mut self,
        path: Path<'_>,
        hit: &Hit,
        at: Timestamp,
        before: impl FnOnce(Kinds) -> Option<Timestamp>,
    ) {
        let within = path.ladder().and_then(|ladder| ladder.answered_within);
        let in_time = within.is_some_and(|within| at <= hit.at.after(within));
        if !hit.kinds.meet(path.route.feeds) {
            return;
        }
        self.pass(path, at);
        for (gauge, by) in self.gauges.iter_mut().zip(path.measures()) {
            // What waits for an answer has it, late or not.
            if in_time || matches!(by, MeasureBy::Unanswered { .. }) {
                gauge.answered(by, hit);
            }
        }
        if !in_time {
            return;
        }
        self.active = before(path.route.feeds);
        self.leave_quiet(path, at, at, true);
    }

    /// Steps up to the highest rung that is reached.
    fn rise(&mut self, path: Path<'_>, hit: &Arc<Hit>) {
        let above = self.rung.map_or(0, |rung| rung + 1);
        let rungs = path.rungs().iter().enumerate().skip(above);
        let reached = rungs
            .rev()
            .find(|(_, rung)| self.reaches(path, rung, hit.at));
        let Some((at, rung)) = reached else { return };
        let mut numbers = Vec::new();
        let mut evidence = Vec::new();
        for requirement in asked_by(rung) {
            self.read(path, requirement, hit.at, &mut numbers, &mut evidence);
        }
        self.rung = Some(at);
        // Rungs reached at one instant are one step: a target in danger shows in the same post.
        let is_same = |last: &RawStep| last.at == hit.at && matches!(last.why, Why::Reached { .. });
        if self.steps.last().is_some_and(is_same) {
            self.steps.pop();
        }
        self.step(RawStep {
            rung: Some(at),
            at: hit.at,
            why: Why::Reached {
                evidence: settled(evidence, hit),
                numbers,
            },
        });
    }

    fn reaches(&self, path: Path<'_>, rung: &Rung, now: Timestamp) -> bool {
        asked_by(rung).all(|requirement| self.holds(path, requirement, now))
    }

    fn holds(&self, path: Path<'_>, requirement: &Requirement, now: Timestamp) -> bool {
        let holds = |part: &Requirement| self.holds(path, part, now);
        match requirement {
            Requirement::All(parts) => parts.iter().all(holds),
            Requirement::Any(parts) => parts.iter().any(holds),
            Requirement::None(parts) => !parts.iter().any(holds),
            Requirement::Measure(id, comparison) => {
                let value = self.value(path, *id, now);
                comparison.holds_for_count(usize::try_from(value).unwrap_or(usize::MAX))
            }
        }
    }

    fn gauge<'e>(&self, path: Path<'e>, id: MeasureId) -> Option<(&Gauge, &'e MeasureBy)> {
        let gauge = self.gauges.get(path.gauge_of(id)?)?;
        Some((gauge, &path.escalation.measures.get(id.0)?.by))
    }

    fn value(&self, path: Path<'_>, id: MeasureId, now: Timestamp) -> u64 {
        let gauge = self.gauge(path, id);
        gauge.map_or(0, |(gauge, by)| gauge.value(by, now))
    }

    /// The numbers behind a requirement, and the hits behind those that hold.
    fn read(
        &self,
        path: Path<'_>,
        requirement: &Requirement,
        now: Timestamp,
        numbers: &mut Vec<RawNumber>,
        evidence: &mut Vec<Arc<Hit>>,
    ) {
        match requirement {
            Requirement::All(parts) | Requirement::Any(parts) => {
                for part in parts {
                    self.read(path, part, now, numbers, evidence);
                }
            }
            // What must not be there has no evidence.
            Requirement::None(_) => {}
            Requirement::Measure(id, comparison) => {
                let held = self.holds(path, requirement, now);
                numbers.push(RawNumber {
                    measure: *id,
                    value: self.value(path, *id, now),
                    asked: comparison.clone(),
                    held,
                });
                if let (true, Some((gauge, by))) = (held, self.gauge(path, *id)) {
                    gauge.evidence(by, now, &mut |hit| evidence.push(Arc::clone(hit)));
                }
            }
        }
    }

    /// Keeps the findings of the moment when most of them were met: of several such the first, or the
    /// last at which somebody else was brought into danger. Rungs reached are few; to tell the numbers
    /// anew with each post would cost as much as all that counts them.
    fn note_findings(&mut self, path: Path<'_>, hit: &Hit) {
        let now = hit.at;
        let all = || {
            let rungs = path.rungs().iter().enumerate();
            rungs.flat_map(|(at, rung)| {
                let findings = rung.findings.iter().enumerate();
                findings.map(move |(finding, of)| (at, finding, of))
            })
        };
        let met = all()
            .filter(|(.., of)| self.holds(path, &of.when, now))
            .count();
        if std::mem::take(&mut self.are_past) {
            self.findings.clear();
        }
        let best = self.findings.iter().filter(|finding| finding.met).count();
        // Of one instant the last word counts: whom a post brought into danger is told right after it.
        let is_same = self.findings.first().is_some_and(|first| first.at == now);
        let is_told_anew = is_same || hit.reached.is_some() || self.findings.is_empty();
        if met < best || met == best && !is_told_anew {
            return;
        }
        let findings = all().map(|(rung, finding, of)| {
            let (mut numbers, mut evidence) = (Vec::new(), Vec::new());
            self.read(path, &of.when, now, &mut numbers, &mut evidence);
            RawFinding {
                rung,
                finding,
                met: self.holds(path, &of.when, now),
                numbers,
                evidence: in_order(evidence),
                at: now,
            }
        });
        self.findings = findings.collect();
    }
}

/// All that a rung asks for.
fn asked_by(rung: &Rung) -> impl Iterator<Item = &Requirement> {
    let findings = rung.findings.iter().map(|finding| &finding.when);
    rung.enter.iter().chain(findings)
}

/// Evidence in order, each hit once, the one that decided among them.
fn settled(mut evidence: Vec<Arc<Hit>>, decided: &Arc<Hit>) -> Vec<Arc<Hit>> {
    evidence.push(Arc::clone(decided));
    in_order(evidence)
}

/// The last ones, when there are too many: the newest say most about the danger.
fn in_order(mut evidence: Vec<Arc<Hit>>) -> Vec<Arc<Hit>> {
    evidence.sort_unstable();
    evidence.dedup_by(|a, b| a.post == b.post);
    let more = evidence.len().saturating_sub(EVIDENCE_PER_STEP_MAX);
    evidence.drain(..more);
    evidence
}
