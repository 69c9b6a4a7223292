//! One post, one decision: signals, rules, points, action. A pure function of ruleset and post,
//! that can't fail: no clock, no file, no chance.

mod decide;
mod evidence;
mod occurrences;
mod protected;
mod rules;
mod signals;
mod targets;
mod what_if;

pub use occurrences::Trace;
pub use what_if::{Change, with_one_more, without_one};

use crate::limits::{DESK_BYTES_KEPT_MAX, POST_BYTES_MAX};
use crate::model::{Decision, EvidenceKey, Post, SeenSignal};
use crate::registry::Registry;
use crate::ruleset::{Page, Reading, Ruleset, Scratch};
use occurrences::Occurrences;
use rules::Facts;
use std::cell::RefCell;
use std::sync::Arc;

/// What is asked beside the decision itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'k> {
    /// Whether everything that detectors saw is wanted.
    pub signals: bool,
    /// The key that evidence is digested with; none: evidence has no digests.
    pub key: Option<&'k EvidenceKey>,
    /// The protected people that posts may name.
    pub registry: Option<&'k Registry>,
}

/// Memory that judging needs beside its answer: one for each thread, used again and again.
#[derive(Debug, Default)]
struct Desk {
    page: Page,
    scratch: Scratch,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Judges one post.
#[must_use]
pub fn evaluate(ruleset: &Ruleset, post: &Post<'_>, wishes: Wishes<'_>) -> Decision {
    DESK.with_borrow_mut(|desk| {
        let decision = judge(ruleset, post, wishes, desk);
        if post.text.len() > DESK_BYTES_KEPT_MAX {
            // One huge post doesn't keep its memory for ever.
            *desk = Desk::default();
        }
        decision
    })
}

fn judge(ruleset: &Ruleset, post: &Post<'_>, wishes: Wishes<'_>, desk: &mut Desk) -> Decision {
    let text = judged(&post.text);
    let reading = desk.page.read(text);
    let occurrences = occurrences(ruleset, &reading, &mut desk.scratch);
    let mut targets = targets::of(ruleset, post, &reading);
    if let Some(registry) = wishes.registry {
        targets = protected::with(registry, post, &reading, targets);
    }
    let facts = Facts {
        post,
        text,
        plain: reading.plain.text(),
        has_target: !targets.is_empty(),
    };
    let fired = rules::fire(ruleset, &occurrences, &facts);
    let verdict = decide::decide(&fired.enforced);
    let observed = fired.observed.iter();
    Decision {
        post: post.id.clone().into_owned(),
        action: verdict.action,
        categories: verdict.categories,
        reasons: verdict.reasons,
        ledger: verdict.ledger,
        evidence: evidence::gather(ruleset, &fired.enforced, &occurrences, text, wishes.key),
        signals: wishes.signals.then(|| seen(ruleset, &reading)),
        observed: observed.map(|fired| Arc::clone(&fired.rule.id)).collect(),
        shadow: decide::shadow(&fired),
        targets,
        judged_bytes: (text.len() < post.text.len()).then_some(text.len()),
        policy: Arc::clone(ruleset.digest()),
        at: post.at.as_ref().map(|at| at.clone().into_owned()),
    }
}

/// Everything that detectors see in a post.
fn seen(ruleset: &Ruleset, reading: &Reading<'_>) -> Vec<SeenSignal> {
    let seen = ruleset.detectors().see(reading).into_iter();
    seen.map(|(kind, span)| SeenSignal { kind, span }).collect()
}

/// Where signals stand, if any rule can fire on the post: what stands in the others is not asked.
fn occurrences(ruleset: &Ruleset, reading: &Reading<'_>, scratch: &mut Scratch) -> Occurrences {
    let matcher = ruleset.matcher();
    let undisguised = matcher.undisguise(reading, scratch);
    if !matcher.may_fire(reading, undisguised.as_ref(), scratch) {
        return Occurrences::default();
    }
    let spans = matcher.find(reading, undisguised, scratch);
    Occurrences::compose(ruleset, reading, &spans)
}

/// Every place of every signal in a text, exceptions told apart: for `explain` and coverage, never
/// for judging.
#[must_use]
pub fn trace(ruleset: &Ruleset, text: &str) -> Vec<Trace> {
    let mut page = Page::default();
    let reading = page.read(judged(text));
    let spans = ruleset.matcher().see(&reading);
    match spans.is_empty() {
        true => Vec::new(),
        false => Occurrences::trace(ruleset, &reading, &spans),
    }
}

/// As much of a text as is judged.
fn judged(text: &str) -> &str {
    text.get(..text.floor_char_boundary(POST_BYTES_MAX))
        .unwrap_or(text)
}
