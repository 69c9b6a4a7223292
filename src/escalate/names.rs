//! Policies are replaced, state stays: kinds, measures, ladders and rungs are found again by name.

use super::climb::Climb;
use crate::model::SubjectKind;
use crate::policy::{Escalation, KindId, Kinds, Ladder, LadderId, Measure, MeasureId};
use std::sync::Arc;

/// Where what old policies named stands in new ones.
#[derive(Debug)]
pub(super) struct Names {
    kinds: Vec<Option<KindId>>,
    measures: Vec<Option<MeasureId>>,
    ladders: Vec<Option<LadderNames>>,
    /// The old ladders of each kind of subject, in their order, and the new ones.
    by_subject: [(Vec<LadderId>, Vec<LadderId>); SubjectKind::ALL.len()],
}

/// The same of one ladder.
#[derive(Debug)]
pub(super) struct LadderNames {
    ladder: LadderId,
    /// For a rung that is no more, the next lower one that still is.
    rungs: Vec<Option<usize>>,
    /// By old rung and finding.
    findings: Vec<Vec<Option<(usize, usize)>>>,
}

/// No ladder has so many.
const NO_LADDER: (usize, usize) = (usize::MAX, 0);

impl Names {
    pub(super) fn new(old: &Escalation, new: &Escalation) -> Self {
        let kinds = old.kinds.iter().map(|kind| {
            let mut others = new.kinds.iter();
            let same = others.position(|it| (&it.policy, &it.name) == (&kind.policy, &kind.name));
            same.map(KindId)
        });
        let measures = old.measures.iter().map(|measure| {
            let name = |it: &Measure| (Arc::clone(&it.policy), Arc::clone(&it.name));
            let mut others = new.measures.iter();
            let same = others.position(|it| name(it) == name(measure));
            same.map(MeasureId)
        });
        let ladders = old.ladders.iter().map(|ladder| {
            let mut others = new.ladders.iter();
            let is = |it: &Ladder| (&it.name, it.subject) == (&ladder.name, ladder.subject);
            let at = others.position(is)?;
            Some(LadderNames::new(ladder, at, new.ladders.get(at)?))
        });
        let of = |escalation: &Escalation, kind| {
            let ladders = escalation.ladders.iter().enumerate();
            let fit = ladders.filter(|(_, ladder)| ladder.subject == kind);
            fit.map(|(at, _)| LadderId(at)).collect()
        };
        Self {
            kinds: kinds.collect(),
            measures: measures.collect(),
            ladders: ladders.collect(),
            by_subject: SubjectKind::ALL.map(|kind| (of(old, kind), of(new, kind))),
        }
    }

    /// The same kinds. Those that are no more are left out.
    pub(super) fn kinds(&self, old: Kinds) -> Kinds {
        let new = old.each().filter_map(|kind| *self.kinds.get(kind.0)?);
        new.collect()
    }

    pub(super) fn measure(&self, old: MeasureId) -> Option<MeasureId> {
        *self.measures.get(old.0)?
    }

    /// The same rung of the same ladder; where there is none, one that no ladder has.
    pub(super) fn reached(&self, old: Option<(usize, usize)>) -> Option<(usize, usize)> {
        let (ladder, rung) = old?;
        let names = self.ladders.get(ladder).and_then(Option::as_ref);
        let new = names.and_then(|names| Some((names.ladder.0, names.rung(rung)?)));
        Some(new.unwrap_or(NO_LADDER))
    }

    /// A subject's climbs, ladder by ladder.
    pub(super) fn climbs(&self, kind: SubjectKind, climbs: Vec<Climb>) -> Vec<Climb> {
        let at = SubjectKind::ALL.iter().position(|other| *other == kind);
        let Some((old, new)) = at.and_then(|at| self.by_subject.get(at)) else {
            return Vec::new();
        };
        let mut carried = vec![Climb::default(); new.len()];
        for (mut climb, ladder) in climbs.into_iter().zip(old) {
            let names = self.ladders.get(ladder.0).and_then(Option::as_ref);
            let Some(names) = names else { continue };
            let place = new.iter().position(|other| *other == names.ladder);
            if let Some(place) = place.and_then(|place| carried.get_mut(place)) {
                climb.carry(names, self);
                *place = climb;
            }
        }
        carried
    }
}

impl LadderNames {
    fn new(old: &Ladder, at: usize, new: &Ladder) -> Self {
        let rung = |name: &Arc<str>| new.rungs.iter().position(|rung| rung.name == *name);
        let mut rungs: Vec<Option<usize>> = Vec::with_capacity(old.rungs.len());
        for of in &old.rungs {
            let below = rungs.last().copied().flatten();
            rungs.push(rung(&of.name).or(below));
        }
        let findings = old.rungs.iter().map(|of| {
            let place = rung(&of.name);
            let new = place.and_then(|at| new.rungs.get(at));
            let found = of.findings.iter().map(|finding| {
                let findings = &new?.findings;
                let same = findings.iter().position(|other| other.id == finding.id);
                Some((place?, same?))
            });
            found.collect()
        });
        Self {
            ladder: LadderId(at),
            findings: findings.collect(),
            rungs,
        }
    }

    pub(super) fn rung(&self, old: usize) -> Option<usize> {
        *self.rungs.get(old)?
    }

    pub(super) fn finding(&self, rung: usize, finding: usize) -> Option<(usize, usize)> {
        *self.findings.get(rung)?.get(finding)?
    }
}
