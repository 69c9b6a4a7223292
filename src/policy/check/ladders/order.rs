//! Which ladder must be climbed before which.

use super::names::ladders;
use super::{Document, Problems, Resolved, ladder_of, report};
use crate::diagnostics::Code;
use crate::policy::ladder::{HitOf, KindId, Ladder, LadderId};

/// The new place of each ladder, by the place it is written at.
pub(super) type Arranged = Vec<LadderId>;

/// Puts ladders after those whose rungs they feed on. Says so when there is no such order.
pub(super) fn arrange(
    documents: &[Document],
    resolved: &mut Resolved,
    problems: &mut Problems,
) -> Arranged {
    let needs: Vec<Vec<usize>> = resolved
        .ladders
        .iter()
        .map(|ladder| {
            ladder
                .as_ref()
                .map_or_else(Vec::new, |it| feeds_on(it, resolved))
        })
        .collect();
    let mut placed: Vec<usize> = Vec::new();
    while let Some(next) = (0..needs.len()).find(|at| {
        let of = needs.get(*at).map_or(&[][..], Vec::as_slice);
        !placed.contains(at) && of.iter().all(|need| placed.contains(need))
    }) {
        placed.push(next);
    }
    if placed.len() < needs.len() {
        report_circle(documents, &needs, &placed, problems);
        placed.extend(
            (0..needs.len())
                .filter(|at| !placed.contains(at))
                .collect::<Vec<_>>(),
        );
    }
    let mut arranged = vec![LadderId(0); needs.len()];
    for (new, old) in placed.iter().enumerate() {
        if let Some(slot) = arranged.get_mut(*old) {
            *slot = LadderId(new);
        }
    }
    let mut old: Vec<Option<Ladder>> = std::mem::take(&mut resolved.ladders);
    resolved.ladders.extend(
        placed
            .iter()
            .map(|at| old.get_mut(*at).and_then(Option::take)),
    );
    for kind in resolved.kinds.iter_mut().flatten() {
        if let HitOf::Rung { ladder, .. } = &mut kind.of {
            *ladder = arranged.get(ladder.0).copied().unwrap_or(*ladder);
        }
    }
    arranged
}

/// The ladders whose rungs a ladder looks at, as written.
fn feeds_on(ladder: &Ladder, resolved: &Resolved) -> Vec<usize> {
    let mut found = Vec::new();
    for rung in &ladder.rungs {
        let findings = rung.findings.iter().map(|finding| &finding.when);
        for requirement in rung.enter.iter().chain(findings) {
            requirement.measures(&mut |id| {
                let measure = resolved.measures.get(id.0).and_then(Option::as_ref);
                let kinds = measure
                    .map(|measure| measure.by.kinds())
                    .unwrap_or_default();
                let all = (0..resolved.kinds.len()).map(KindId);
                let ladders = all
                    .filter(|kind| kinds.has(*kind))
                    .filter_map(|kind| ladder_of(&resolved.kinds, kind));
                found.extend(ladders.map(|(ladder, _)| ladder.0));
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Following what is not placed from one ladder to the next must come back to where it was.
fn report_circle(
    documents: &[Document],
    needs: &[Vec<usize>],
    placed: &[usize],
    problems: &mut Problems,
) {
    let is_open = |at: &usize| !placed.contains(at);
    let mut path: Vec<usize> = Vec::new();
    let mut next = (0..needs.len()).find(is_open);
    while let Some(at) = next {
        if let Some(start) = path.iter().position(|seen| *seen == at) {
            path.drain(..start);
            break;
        }
        path.push(at);
        next = needs
            .get(at)
            .and_then(|of| of.iter().copied().find(is_open));
    }
    let all: Vec<_> = ladders(documents).collect();
    let name = |at: &usize| all.get(*at).map_or("", |(_, it)| it.name.value.as_str());
    let Some((document, first)) = path.first().and_then(|at| all.get(*at)) else {
        return;
    };
    let way: Vec<&str> = path.iter().chain(path.first()).map(name).collect();
    let message = format!(
        "`{}` needs itself to be climbed first: {}",
        first.name.value,
        way.join(" → ")
    );
    let span = &first.name.span;
    report(problems, document, Code::CyclicLadders, span, message).help =
        Some("a ladder feeds on another by hits with `ladder` and `rung`".to_owned());
}
