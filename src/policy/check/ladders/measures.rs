//! Counters, trends and sequences: what they look at is there, and their windows make sense.

use super::names::Names;
use super::{Document, Problems, report};
use crate::diagnostics::Code;
use crate::model::Span;
use crate::policy::ladder::{KindId, Kinds, Measure, MeasureBy};
use crate::policy::written::Name;
use crate::policy::written::ladders as written;
use crate::policy::yaml::Spanned;

/// The measures of all documents, in the order they are written; none where one could not be read.
pub(super) fn resolve(
    documents: &[Document],
    names: &Names<'_>,
    problems: &mut Problems,
) -> Vec<Option<Measure>> {
    let mut measures = Vec::new();
    for document in documents {
        for measure in &document.file.escalation.measures {
            let by = measure.by.as_ref();
            let by = by.and_then(|by| resolve_by(document, by, names, problems));
            measures.push(by.map(|by| Measure {
                name: measure.name.value.as_str().into(),
                policy: document.id.as_str().into(),
                say: measure.say.clone(),
                by,
            }));
        }
    }
    measures
}

fn resolve_by(
    document: &Document,
    by: &written::MeasureBy,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<MeasureBy> {
    match by {
        written::MeasureBy::Count { of, count, within } => Some(MeasureBy::Count {
            of: kinds(document, of, names, problems)?,
            count: *count,
            within: *within,
        }),
        written::MeasureBy::Unanswered { of, after, within } => {
            short_window(document, after, *within, problems);
            Some(MeasureBy::Unanswered {
                of: kinds(document, of, names, problems)?,
                after: after.value,
                within: *within,
            })
        }
        written::MeasureBy::Trend {
            of,
            count,
            within,
            against,
            factor,
            floor,
            holds,
        } => {
            short_past(document, against, *within, problems);
            Some(MeasureBy::Trend {
                of: kinds(document, of, names, problems)?,
                count: *count,
                within: *within,
                against: against.value,
                factor: *factor,
                floor: *floor,
                holds: *holds,
            })
        }
        written::MeasureBy::Sequence {
            first,
            then,
            within,
            authors,
            holds,
        } => {
            let begins = kinds(document, first, names, problems);
            let follows = kinds(document, then, names, problems);
            same_sequence(document, (begins?, follows?), then, problems);
            Some(MeasureBy::Sequence {
                first: begins?,
                then: follows?,
                within: *within,
                authors: *authors,
                holds: *holds,
            })
        }
    }
}

/// The hits of these names. None when one of them means nothing, which was told.
fn kinds(
    document: &Document,
    written: &[Name],
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Kinds> {
    let found = written.iter();
    // All are looked up, so that all that are missing are told.
    let found: Vec<Option<KindId>> = found
        .map(|name| names.hit(document, name, problems).map(KindId))
        .collect();
    found.into_iter().collect()
}

fn short_window(document: &Document, after: &Spanned<Span>, within: Span, problems: &mut Problems) {
    if after.value >= within {
        let message = format!("nothing waits {} within {within}", after.value);
        report(problems, document, Code::ShortPast, &after.span, message).help =
            Some("`within` is longer than `unanswered`".to_owned());
    }
}

fn short_past(document: &Document, against: &Spanned<Span>, within: Span, problems: &mut Problems) {
    if against.value < within {
        let past = against.value;
        let message = format!("a past of {past} says nothing about a window of {within}");
        report(problems, document, Code::ShortPast, &against.span, message).help =
            Some(format!("write at least `against: {within}`"));
    }
}

fn same_sequence(
    document: &Document,
    (first, then): (Kinds, Kinds),
    written: &[Name],
    problems: &mut Problems,
) {
    if let (true, Some(name)) = (first == then, written.first()) {
        let message = "what comes first and what follows are the same";
        report(problems, document, Code::SameSequence, &name.span, message).help =
            Some("count them instead, under `counters:`".to_owned());
    }
}
