//! The cases of an audit as the page needs them: the most serious, and how many there are in all. A
//! year of a big forum has hundreds of thousands.

use crate::limits::{REPORT_ADVICE_MAX, REPORT_CASES_MAX};
use crate::model::{Case, SubjectKind};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cases, taken in one by one, those of one subject behind each other.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    kinds: BTreeMap<SubjectKind, Vec<Case>>,
    /// How many stand on which rung of which ladder; none: they have left it.
    rungs: BTreeMap<OnRung, u64>,
    /// Subjects that stand on a rung.
    standing: BTreeMap<SubjectKind, u64>,
    last_standing: Option<(SubjectKind, Arc<str>)>,
}

/// Kind, ladder and rung.
type OnRung = (SubjectKind, Arc<str>, Option<Arc<str>>);

/// Cases of one kind that the page may tell or link to.
const KEPT: usize = if REPORT_CASES_MAX > REPORT_ADVICE_MAX {
    REPORT_CASES_MAX
} else {
    REPORT_ADVICE_MAX
};

impl Cases {
    /// Takes in one more.
    pub fn add(&mut self, case: Case) {
        let kind = case.subject.kind;
        let rung = (kind, Arc::clone(&case.ladder), case.rung.clone());
        *self.rungs.entry(rung).or_default() += 1;
        if case.rung.is_some() {
            let subject = Some((kind, Arc::clone(&case.subject.id)));
            if self.last_standing != subject {
                *self.standing.entry(kind).or_default() += 1;
                self.last_standing = subject;
            }
        }
        let kept = self.kinds.entry(kind).or_default();
        kept.push(case);
        if kept.len() >= 4 * KEPT {
            keep_most_serious(kept);
        }
    }

    /// Puts them in order, when all are there.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.kinds.values_mut().for_each(keep_most_serious);
        self
    }

    /// The most serious of a kind, in order.
    pub(super) fn of(&self, kind: SubjectKind) -> &[Case] {
        self.kinds.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Those that are kept.
    pub fn kept(&self) -> impl Iterator<Item = &Case> {
        self.kinds.values().flatten()
    }

    /// How many there are of a kind.
    pub(super) fn number(&self, kind: SubjectKind) -> u64 {
        let of_kind = self.rungs.iter().filter(|((of, ..), _)| *of == kind);
        of_kind.map(|(_, number)| number).sum()
    }

    /// How many subjects of a kind stand on a rung.
    pub(super) fn standing(&self, kind: SubjectKind) -> u64 {
        self.standing.get(&kind).copied().unwrap_or(0)
    }

    /// How many cases stand on a rung.
    #[must_use]
    pub fn open(&self) -> u64 {
        let open = self.rungs.iter().filter(|((.., rung), _)| rung.is_some());
        open.map(|(_, number)| number).sum()
    }

    /// How many stand on which rung of which ladder.
    pub(super) fn rungs(&self) -> impl Iterator<Item = (SubjectKind, &str, Option<&str>, u64)> {
        let rungs = self.rungs.iter();
        rungs.map(|((kind, ladder, rung), number)| (*kind, &**ladder, rung.as_deref(), *number))
    }
}

impl FromIterator<Case> for Cases {
    fn from_iter<I: IntoIterator<Item = Case>>(cases: I) -> Self {
        let mut all: Vec<Case> = cases.into_iter().collect();
        all.sort_by(|a, b| (&a.subject, &a.ladder).cmp(&(&b.subject, &b.ladder)));
        let mut kept = Self::default();
        all.into_iter().for_each(|case| kept.add(case));
        kept.in_order()
    }
}

fn keep_most_serious(cases: &mut Vec<Case>) {
    cases.sort_by(|a, b| seriousness(a).cmp(&seriousness(b)));
    cases.truncate(KEPT);
}

/// What comes first: how high it stands, how many must sign what is advised, how much of what is asked
/// was found, how long it went on. Then by name, so that the order is always the same.
fn seriousness(case: &Case) -> impl Ord + '_ {
    let signed_by = case.recommendation.as_ref().map_or(0, |it| it.signed_by);
    let met = case.findings.iter().filter(|finding| finding.met).count();
    let steps = case.history.len() + case.forgotten;
    (
        Reverse((case.height, signed_by, met, steps)),
        &case.subject,
        &case.ladder,
    )
}
