//! The answer for one post.

use super::{Action, Bilingual};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Points that a ledger line adds, or takes away.
pub type SignedPoints = i32;

/// The answer for one post: what is advised, why, and on what evidence. It holds no words of the
/// post.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The post's id.
    pub post: String,
    /// What is advised.
    pub action: Action,
    /// Points, 1–100, of each category that got any. They are no probabilities.
    pub categories: BTreeMap<Arc<str>, u32>,
    /// Each rule that fired, in the order of the pack.
    pub reasons: Vec<Reason>,
    /// How the points came about. The lines of a category sum to its points exactly.
    pub ledger: Vec<LedgerLine>,
    /// Where the signals stand that made rules fire.
    pub evidence: Vec<Evidence>,
    /// Everything that detectors saw, when it was asked for.
    pub signals: Option<Vec<SeenSignal>>,
    /// Rules that would have fired at a higher level: observed, without points.
    pub observed: Vec<Arc<str>>,
    /// Rules in shadow that fired: evaluated and told, and nothing else in the decision knows of them.
    pub shadow: Vec<Shadow>,
    /// Whom the post names or answers.
    pub targets: Vec<String>,
    /// Bytes of the text that were judged, when it was too long to be judged whole.
    pub judged_bytes: Option<usize>,
    /// Digest of the policies that judged.
    pub policy: Arc<str>,
    /// The post's own time, as it was told.
    pub at: Option<String>,
}

/// Why: a rule that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The category its points count in.
    pub category: Arc<str>,
    /// Its points, boosts included.
    pub points: u32,
    /// What it says, in both languages. Never the words of the post.
    pub because: Arc<Bilingual>,
}

/// A rule in shadow that fired, and what it would do if it counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadow {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The category its points would count in.
    pub category: Arc<str>,
    /// The points it would give, boosts included.
    pub points: u32,
    /// What would be advised if it alone of those in shadow counted.
    pub action: Action,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerLine {
    /// The category it counts in.
    pub category: Arc<str>,
    /// The rule it comes from; none for the cap of a category.
    pub rule: Option<Arc<str>>,
    /// What it is for.
    pub entry: Entry,
    /// What it adds, or takes away.
    pub points: SignedPoints,
}

/// What a ledger line is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// The rule's own points.
    Base,
    /// A boost, with the condition that gave it.
    Boost(Arc<str>),
    /// An exception took some away: the percentage kept.
    Kept(u8),
    /// A category holds at most 100.
    Cap,
}

/// Where a signal stands, never what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The signal's name.
    pub signal: Arc<str>,
    /// What kind of thing it is: a detector's name, `words`, `pattern`, or what the policy says.
    pub kind: Arc<str>,
    /// Bytes of the post's text as received.
    pub span: Range<usize>,
    /// Keyed digest of the folded words, when a key was given: the same words, the same digest.
    pub digest: Option<String>,
}

/// Something a detector saw, whether or not a rule used it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSignal {
    /// The detector's name.
    pub kind: &'static str,
    /// Bytes of the post's text as received.
    pub span: Range<usize>,
}

/// A secret that evidence is digested with, so that the same address can be recognised again by
/// those who hold the key, and guessed by nobody else.
#[derive(Clone)]
pub struct EvidenceKey {
    /// Its public name, printed before each digest.
    pub name: String,
    /// The secret.
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for EvidenceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EvidenceKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
