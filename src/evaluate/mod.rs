//! One post, one decision: signals, rules, points, action. A pure function of ruleset and post,
//! that can't fail: no clock, no file, no chance.

mod decide;
mod evidence;
mod occurrences;
mod rules;
mod signals;
mod targets;
mod what_if;

pub use occurrences::Trace;
pub use what_if::{Change, with_one_more, without_one};

use crate::limits::POST_BYTES_MAX;
use crate::model::{Decision, EvidenceKey, Post, SeenSignal};
use crate::ruleset::{Reading, Ruleset};
use occurrences::Occurrences;
use rules::{Facts, Fired};

/// What is asked beside the decision itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'k> {
    /// Whether everything that detectors saw is wanted.
    pub signals: bool,
    /// The key that evidence is digested with; none: evidence has no digests.
    pub key: Option<&'k EvidenceKey>,
}

/// Judges one post.
#[must_use]
pub fn evaluate(ruleset: &Ruleset, post: &Post<'_>, wishes: Wishes<'_>) -> Decision {
    let text = judged(&post.text);
    let reading = Reading::of(text);
    let spans = ruleset.matcher().find(&reading);
    let occurrences = Occurrences::compose(ruleset.pack(), &reading, &spans);
    let targets = targets::of(ruleset, post, &reading);
    let facts = Facts {
        post,
        text,
        plain: reading.plain.text(),
        has_target: !targets.is_empty(),
    };
    let fired = rules::fire(ruleset, &occurrences, &facts);
    let mut decision = decide::decide(ruleset, &fired.enforced);
    decision.evidence = evidence::gather(ruleset, &fired.enforced, &occurrences, text, wishes.key);
    decision.observed = fired
        .observed
        .iter()
        .map(|fired: &Fired<'_>| fired.rule.id.clone())
        .collect();
    decision.targets = targets;
    decision.post = post.id.clone().into_owned();
    decision.at = post.at.as_ref().map(|at| at.clone().into_owned());
    decision.judged_bytes = (text.len() < post.text.len()).then_some(text.len());
    if wishes.signals {
        let seen = ruleset.detectors().see(&reading).into_iter();
        decision.signals = Some(seen.map(|(kind, span)| SeenSignal { kind, span }).collect());
    }
    decision
}

/// Every place of every signal in a text, exceptions told apart: for `explain` and coverage, never
/// for judging.
#[must_use]
pub fn trace(ruleset: &Ruleset, text: &str) -> Vec<Trace> {
    let reading = Reading::of(judged(text));
    let spans = ruleset.matcher().find(&reading);
    match spans.is_empty() {
        true => Vec::new(),
        false => Occurrences::trace(ruleset.pack(), &reading, &spans),
    }
}

/// As much of a text as is judged.
fn judged(text: &str) -> &str {
    text.get(..text.floor_char_boundary(POST_BYTES_MAX))
        .unwrap_or(text)
}
