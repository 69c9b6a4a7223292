//! What is declared and used by nothing.

use super::{Document, Problems, Resolved, report};
use crate::diagnostics::Code;
use crate::policy::ladder::{KindId, Kinds};
use std::collections::BTreeSet;

/// Hits that nothing measures, and measures that no rung asks for. A policy without ladders lends
/// them, so its own are only looked at when something that could borrow them is loaded too.
pub(super) fn unused(documents: &[Document], resolved: &Resolved, problems: &mut Problems) {
    let measures = resolved.measures.iter().flatten();
    let counted = measures.fold(Kinds::default(), |all, it| all.and(it.by.kinds()));
    let mut asked = BTreeSet::new();
    for rung in resolved.ladders.iter().flatten().flat_map(|it| &it.rungs) {
        let findings = rung.findings.iter().map(|finding| &finding.when);
        for requirement in rung.enter.iter().chain(findings) {
            requirement.measures(&mut |id| {
                asked.insert(id.0);
            });
        }
    }
    let lends_to_others = documents.len() > 1;
    let (mut kind, mut measure) = (0, 0);
    for document in documents {
        let state = &document.file.escalation;
        let is_looked_at = lends_to_others || !state.ladders.is_empty();
        for hit in &state.hits {
            if is_looked_at && !counted.has(KindId(kind)) {
                let message = format!("nothing measures hit `{}`", hit.name.value);
                report(problems, document, Code::UnusedHit, &hit.name.span, message);
            }
            kind += 1;
        }
        for it in &state.measures {
            if is_looked_at && !asked.contains(&measure) {
                let message = format!("no rung asks for `{}`", it.name.value);
                report(
                    problems,
                    document,
                    Code::UnusedMeasure,
                    &it.name.span,
                    message,
                );
            }
            measure += 1;
        }
    }
}
