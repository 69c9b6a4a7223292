//! Rungs: whether they can be reached, are ever stood on, and can be left.

use super::names::ladders;
use super::numbers::{Need, contradiction, follows, is_constant, least, most};
use super::{Document, Problems, Resolved, ladder_of, report};
use crate::diagnostics::Code;
use crate::model::{Comparison, Span, SubjectKind};
use crate::policy::ladder::{Counted, KindId, Ladder, Measure, MeasureBy, MeasureId, Rung};
use crate::policy::written::ladders as written;

/// Checks every rung of every ladder.
pub(super) fn check(documents: &[Document], resolved: &Resolved, problems: &mut Problems) {
    for ((document, written), ladder) in ladders(documents).zip(&resolved.ladders) {
        for rung in &written.rungs {
            ways(document, written, rung, problems);
        }
        let Some(ladder) = ladder else { continue };
        let checker = Checker {
            document,
            resolved,
            ladder,
        };
        let before = problems.len();
        let mut needs = Vec::new();
        for (written, rung) in written.rungs.iter().zip(&ladder.rungs) {
            needs.push(checker.rung(written, rung, problems));
        }
        if problems.len() == before {
            checker.skipped(written, &needs, problems);
        }
    }
}

/// A rung has a way in and a way out.
fn ways(
    document: &Document,
    ladder: &written::Ladder,
    rung: &written::Rung,
    problems: &mut Problems,
) {
    let (id, span) = (&rung.id.value, &rung.id.span);
    if !ladder.whole {
        return;
    }
    if rung.enter.is_none() && rung.findings.is_empty() {
        let message = format!("`{id}` asks for nothing");
        report(problems, document, Code::EmptyRung, span, message).help =
            Some("add `enter`, `findings`, or both".to_owned());
    }
    if rung.leave.quiet.is_none() && !rung.leave.by_person {
        let message = format!("nothing leads away from `{id}`");
        report(problems, document, Code::NoWayOut, span, message).help =
            Some("add `leave: {quiet: 14d}`, or `leave: {by: person}`".to_owned());
    }
}

struct Checker<'c> {
    document: &'c Document,
    resolved: &'c Resolved,
    ladder: &'c Ladder,
}

impl Checker<'_> {
    fn measure(&self, id: MeasureId) -> Option<&Measure> {
        self.resolved.measures.get(id.0)?.as_ref()
    }

    fn most(&self, id: MeasureId) -> f64 {
        let measure = self.measure(id);
        measure.map_or(f64::INFINITY, |it| most(&it.by, self.ladder.subject))
    }

    /// Checks one rung; gives all that it asks for.
    fn rung(&self, written: &written::Rung, rung: &Rung, problems: &mut Problems) -> Need {
        let need = need_of(rung);
        let before = problems.len();
        self.constants(written, rung, problems);
        if problems.len() == before {
            self.contradictions(written, &need, problems);
        }
        self.short_quiet(written, &need, problems);
        let asks = !matches!(&need, Need::All(parts) if parts.is_empty());
        if self.ladder.subject == SubjectKind::Community && asks && !self.needs_several(&need) {
            let span = &written.id.span;
            let message = format!("one author alone can bring a community to `{}`", rung.name);
            report(
                problems,
                self.document,
                Code::OneAuthorSuffices,
                span,
                message,
            )
            .help = Some("ask for several authors as well".to_owned());
        }
        need
    }

    /// Numbers of this kind of subject that are always so, or never.
    fn constants(&self, written: &written::Rung, rung: &Rung, problems: &mut Problems) {
        let mut ids = Vec::new();
        for requirement in rung
            .enter
            .iter()
            .chain(rung.findings.iter().map(|it| &it.when))
        {
            requirement.measures(&mut |id| ids.push(id));
        }
        let mut compared = Vec::new();
        written
            .requirements()
            .for_each(|requirement| numbers_in(requirement, &mut compared));
        for (id, comparison) in ids.into_iter().zip(compared) {
            let most = self.most(id);
            let (Some(always), Some(measure)) =
                (is_constant(&comparison.value, most), self.measure(id))
            else {
                continue;
            };
            let subject = self.ladder.subject;
            let name = &measure.name;
            let so = if always { "always" } else { "never" };
            let message = format!("`{name}` of one {subject} {so} satisfies this");
            let (code, span) = (Code::ConstantComparison, &comparison.span);
            report(problems, self.document, code, span, message).help =
                Some(format!("of one {subject} it is at most {most}"));
        }
    }

    fn contradictions(&self, written: &written::Rung, need: &Need, problems: &mut Problems) {
        if let Some(id) = contradiction(need, &|id| self.most(id)) {
            let name = self.measure(id).map_or("", |measure| &measure.name);
            let message = format!(
                "`{}` can never be reached: it asks of `{name}` what excludes each other",
                written.id.value
            );
            let (code, span) = (Code::UnreachableRung, &written.id.span);
            report(problems, self.document, code, span, message).help =
                Some("`enter` and all findings hold together".to_owned());
        }
    }

    /// Quiet beats windows: what was counted is forgotten when quiet has led down.
    fn short_quiet(&self, written: &written::Rung, need: &Need, problems: &mut Problems) {
        let Some(quiet) = &written.leave.quiet else {
            return;
        };
        let mut longest: Option<(Span, MeasureId)> = None;
        need.numbers(&mut |id, comparison| {
            let asked = least(comparison) > 0.0;
            if let Some(measure) = self.measure(id).filter(|_| asked) {
                longest = longest.max(Some((remembers(&measure.by), id)));
            }
        });
        let Some((window, id)) = longest.filter(|(window, _)| *window > quiet.value) else {
            return;
        };
        let name = self.measure(id).map_or("", |measure| &measure.name);
        let message = format!(
            "`{name}` looks back {window}, and after {} of quiet all of it is forgotten",
            quiet.value
        );
        let (code, span) = (Code::ShortQuiet, &quiet.span);
        report(problems, self.document, code, span, message).help = Some(format!(
            "write at least `quiet: {window}`, or shorten `{name}`"
        ));
    }

    /// Whether no single author can meet it.
    fn needs_several(&self, need: &Need) -> bool {
        match need {
            Need::All(parts) => parts.iter().any(|part| self.needs_several(part)),
            Need::Any(parts) => {
                !parts.is_empty() && parts.iter().all(|part| self.needs_several(part))
            }
            Need::Number(id, comparison) => {
                let measure = self.measure(*id);
                measure.is_some_and(|measure| self.is_of_several(&measure.by, comparison))
            }
        }
    }

    fn is_of_several(&self, by: &MeasureBy, comparison: &Comparison) -> bool {
        let least = least(comparison);
        let counts_several = match by {
            MeasureBy::Count { count, .. } => *count == Counted::Authors && least >= 2.0,
            MeasureBy::Unanswered { .. } => false,
            MeasureBy::Trend { count, floor, .. } => *count == Counted::Authors && *floor >= 2,
            MeasureBy::Sequence { authors, .. } => *authors >= 2,
        };
        least >= 1.0 && (counts_several || self.is_of_rungs_of_several(by))
    }

    /// Whether it looks at rungs alone that no single author can bring somebody to.
    fn is_of_rungs_of_several(&self, by: &MeasureBy) -> bool {
        let kinds = by.kinds();
        let all = (0..self.resolved.kinds.len()).map(KindId);
        let mut own = all.filter(|kind| kinds.has(*kind)).peekable();
        own.peek().is_some()
            && own.all(|kind| {
                let Some((ladder, rung)) = ladder_of(&self.resolved.kinds, kind) else {
                    return false;
                };
                let ladder = self.resolved.ladders.get(ladder.0).and_then(Option::as_ref);
                // Targets' ladders count no rungs of communities, so this ends.
                ladder
                    .filter(|it| it.subject == SubjectKind::Target)
                    .is_some_and(|it| {
                        let higher = it.rungs.get(rung..).unwrap_or_default();
                        higher
                            .iter()
                            .all(|rung| self.is_of_posts_of_several(&need_of(rung)))
                    })
            })
    }

    /// The same, of hits that are posts: a circle of ladders is told elsewhere.
    fn is_of_posts_of_several(&self, need: &Need) -> bool {
        match need {
            Need::All(parts) => parts.iter().any(|part| self.is_of_posts_of_several(part)),
            Need::Any(parts) => {
                !parts.is_empty() && parts.iter().all(|part| self.is_of_posts_of_several(part))
            }
            Need::Number(id, comparison) => self.measure(*id).is_some_and(|measure| {
                let least = least(comparison);
                match &measure.by {
                    MeasureBy::Count { count, .. } => *count == Counted::Authors && least >= 2.0,
                    MeasureBy::Unanswered { .. } => false,
                    MeasureBy::Trend { count, floor, .. } => {
                        *count == Counted::Authors && *floor >= 2 && least >= 1.0
                    }
                    MeasureBy::Sequence { authors, .. } => *authors >= 2 && least >= 1.0,
                }
            }),
        }
    }

    /// Rungs that nobody ever stands on, since all that leads to them leads higher at once.
    fn skipped(&self, written: &written::Ladder, needs: &[Need], problems: &mut Problems) {
        let measures = &self.resolved.measures;
        for (at, (need, rung)) in needs.iter().zip(&written.rungs).enumerate() {
            let higher = needs.iter().zip(&written.rungs).skip(at + 1);
            let mut passed = higher.filter(|(higher, _)| follows(need, higher, measures));
            if let Some((_, other)) = passed.next() {
                let (own, other) = (&rung.id.value, &other.id);
                let message = format!(
                    "nobody stands on `{own}`: what leads there leads to `{}`",
                    other.value
                );
                let (code, span) = (Code::SkippedRung, &rung.id.span);
                let report = report(problems, self.document, code, span, message);
                report.related = Some((other.span.clone(), "the higher rung".to_owned()));
                report.help = Some(format!("ask for more on `{}`", other.value));
            }
        }
    }
}

/// All that a rung asks for.
fn need_of(rung: &Rung) -> Need {
    let findings = rung.findings.iter().map(|finding| &finding.when);
    let all = rung.enter.iter().chain(findings);
    Need::All(all.map(Need::of).collect())
}

/// For how long a measure remembers a hit, once nothing more happens.
fn remembers(by: &MeasureBy) -> Span {
    match by {
        MeasureBy::Count { within, .. } | MeasureBy::Unanswered { within, .. } => *within,
        MeasureBy::Trend { within, holds, .. } | MeasureBy::Sequence { within, holds, .. } => {
            *within.max(holds)
        }
    }
}

/// The comparisons of a requirement, in the order in which its measures are seen.
fn numbers_in<'r>(
    requirement: &'r written::Requirement,
    found: &mut Vec<&'r crate::policy::yaml::Spanned<Comparison>>,
) {
    for part in &requirement.parts {
        match part {
            written::Part::All(items) | written::Part::Any(items) | written::Part::None(items) => {
                items.iter().for_each(|it| numbers_in(it, found))
            }
            written::Part::Measure(_, comparison) => found.push(comparison),
        }
    }
}
