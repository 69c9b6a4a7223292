//! Where the signals stand that made rules fire: places and digests, never words.

use super::occurrences::Occurrences;
use super::rules::Fired;
use crate::limits::{EVIDENCE_MAX, EVIDENCE_STEPS_MAX};
use crate::model::{Evidence, EvidenceKey};
use crate::policy::{Signal, SignalId, SignalKind, hex};
use crate::ruleset::Ruleset;
use crate::text::fold;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a digest that are kept: enough that no two texts of a forum meet.
const DIGEST_BYTES: usize = 16;

/// The evidence of all rules that fired, by place, each place once.
///
/// A signal made of others is evidenced by what it is made of: the digest of an address must be the
/// same whatever words stand around it.
pub(super) fn gather(
    ruleset: &Ruleset,
    fired: &[Fired<'_>],
    occurrences: &Occurrences,
    text: &str,
    key: Option<&EvidenceKey>,
) -> Vec<Evidence> {
    let signals = &ruleset.pack().signals;
    let mut evidence: Vec<Evidence> = Vec::new();
    for fired in fired {
        let mut found = Found {
            signals,
            occurrences,
            places: BTreeSet::new(),
            steps: EVIDENCE_STEPS_MAX,
        };
        let mut add = |id| found.add(id, &(0..text.len()));
        fired.rule.when.signals(&mut add);
        fired
            .boosts
            .iter()
            .for_each(|boost| boost.condition.signals(&mut add));
        evidence.extend(found.places.iter().filter_map(|(start, end, id)| {
            let signal = signals.get(id.0)?;
            let name: Arc<str> = match signal.policy == fired.policy.id {
                true => Arc::clone(&signal.name),
                false => format!("{}/{}", signal.policy, signal.name).into(),
            };
            let kind = Arc::clone(&signal.evidence);
            Some(Evidence {
                signal: name,
                kind,
                span: *start..*end,
                digest: None,
            })
        }));
    }
    evidence.sort_by(|a, b| order(a).cmp(&order(b)));
    evidence.dedup();
    evidence.truncate(EVIDENCE_MAX);
    if let Some(key) = key {
        for piece in &mut evidence {
            piece.digest = text
                .get(piece.span.clone())
                .and_then(|words| digest(words, key));
        }
    }
    evidence
}

fn order(piece: &Evidence) -> (usize, usize, &str) {
    (piece.span.start, piece.span.end, &piece.signal)
}

/// Places of signals that stand in the text themselves.
struct Found<'r> {
    signals: &'r [Signal],
    occurrences: &'r Occurrences,
    places: BTreeSet<(usize, usize, SignalId)>,
    /// How many more places are looked at.
    steps: usize,
}

impl Found<'_> {
    /// Adds the places of a signal inside a span; of a signal made of others, what it is made of.
    fn add(&mut self, id: SignalId, within: &Range<usize>) {
        let Some(signal) = self.signals.get(id.0) else {
            return;
        };
        let places = self.occurrences.of(id);
        let from = places.partition_point(|place| place.span.start < within.start);
        let inside = places.get(from..).unwrap_or_default().iter();
        let inside = inside.take_while(|place| place.span.start < within.end);
        for place in inside
            .filter(|place| place.span.end <= within.end)
            .take(EVIDENCE_MAX)
        {
            let Some(steps) = self.steps.checked_sub(1) else {
                return;
            };
            self.steps = steps;
            match &signal.kind {
                SignalKind::AnyOf(of) => of.iter().for_each(|id| self.add(*id, &place.span)),
                SignalKind::Near(near) => near.of.iter().for_each(|id| self.add(*id, &place.span)),
                SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => {
                    self.add_place(id, &place.span);
                }
            }
        }
    }

    /// Of places of one signal that hold each other, the longest stays.
    fn add_place(&mut self, id: SignalId, span: &Range<usize>) {
        let holds = |a: &Range<usize>, b: &Range<usize>| a.start <= b.start && b.end <= a.end;
        let known = |(start, end, other): &&(usize, usize, SignalId)| {
            *other == id && holds(&(*start..*end), span)
        };
        if self.places.iter().any(|place| known(&place)) {
            return;
        }
        self.places
            .retain(|(start, end, other)| *other != id || !holds(span, &(*start..*end)));
        self.places.insert((span.start, span.end, id));
    }
}

/// Digest of the folded letters and digits: spacing, case and accents make no difference.
fn digest(words: &str, key: &EvidenceKey) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).ok()?;
    let folded: String = fold(words)
        .text()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    mac.update(folded.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let kept = bytes.get(..DIGEST_BYTES)?;
    Some(format!("{}:{}", key.name, hex(kept)))
}
