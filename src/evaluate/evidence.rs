//! Where the signals stand that made rules fire: places and digests, never words.

use super::occurrences::Occurrences;
use super::rules::Fired;
use crate::limits::EVIDENCE_MAX;
use crate::model::{Evidence, EvidenceKey};
use crate::policy::SignalId;
use crate::ruleset::Ruleset;
use crate::text::fold;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::Arc;

/// Bytes of a digest that are kept: enough that no two texts of a forum meet.
const DIGEST_BYTES: usize = 16;

/// The evidence of all rules that fired, by place, each place once.
pub(super) fn gather(
    ruleset: &Ruleset,
    fired: &[Fired<'_>],
    occurrences: &Occurrences,
    text: &str,
    key: Option<&EvidenceKey>,
) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = Vec::new();
    for fired in fired {
        let mut named: Vec<SignalId> = Vec::new();
        fired.rule.when.signals(&mut |id| named.push(id));
        for boost in &fired.boosts {
            boost.condition.signals(&mut |id| named.push(id));
        }
        named.sort();
        named.dedup();
        for id in named {
            let Some(signal) = ruleset.pack().signals.get(id.0) else {
                continue;
            };
            let name: Arc<str> = match signal.policy == fired.policy.id {
                true => Arc::clone(&signal.name),
                false => format!("{}/{}", signal.policy, signal.name).into(),
            };
            for place in occurrences.of(id).iter().take(EVIDENCE_MAX) {
                evidence.push(Evidence {
                    signal: Arc::clone(&name),
                    kind: Arc::clone(&signal.evidence),
                    span: place.span.clone(),
                    digest: None,
                });
            }
        }
    }
    evidence.sort_by(|a, b| {
        (a.span.start, a.span.end, &a.signal).cmp(&(b.span.start, b.span.end, &b.signal))
    });
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
    let hex: String = bytes
        .iter()
        .take(DIGEST_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(format!("{}:{hex}", key.name))
}
