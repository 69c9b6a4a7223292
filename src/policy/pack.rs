//! Checked policies. Names are resolved to numbers, texts are folded, patterns compile.

use super::ladder::{Escalation, Timeline};
use super::pattern::Pattern;
use super::term::Term;
use crate::detectors::{Arguments, Detector};
use crate::diagnostics::Source;
use crate::model::{Action, Bilingual, Comparison, Language};
use std::ops::Range;
use std::sync::Arc;

/// A folder of policies that belong together and hold no error.
#[derive(Debug)]
pub struct Pack {
    /// The policies, by id.
    pub policies: Vec<Policy>,
    /// All signals; each stands after those it refers to.
    pub signals: Vec<Signal>,
    /// What is remembered, measured and climbed.
    pub escalation: Arc<Escalation>,
    /// `sha256:…` over the policies' files: names what judged.
    pub digest: Arc<str>,
}

/// Which signal: its place in [`Pack::signals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalId(pub usize);

/// One policy.
#[derive(Debug)]
pub struct Policy {
    /// Its name.
    pub id: Arc<str>,
    /// Its version.
    pub version: String,
    /// The kind of harm; none when it only lends signals.
    pub category: Option<Arc<str>>,
    /// One line for people.
    pub title: Bilingual,
    /// Its category in the words of other systems.
    pub maps_to: Vec<(&'static str, Vec<&'static str>)>,
    /// Its rules, as written.
    pub rules: Vec<Rule>,
    /// Its thresholds, highest first.
    pub decide: Vec<Threshold>,
    /// Its tests, as written.
    pub tests: Vec<Test>,
    /// The stories its ladders are tested with, as written.
    pub timelines: Vec<Timeline>,
    /// Where it was written.
    pub source: Arc<Source>,
}

/// A named thing found in posts.
#[derive(Debug)]
pub struct Signal {
    /// Its name in its policy.
    pub name: Arc<str>,
    /// Its policy's id.
    pub policy: Arc<str>,
    /// Kind of its evidence.
    pub evidence: Arc<str>,
    /// Which reading of the post it looks at.
    pub view: View,
    /// How it is found.
    pub kind: SignalKind,
    /// Where a span of it doesn't count.
    pub except: Vec<Except>,
}

/// A reading of the post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// The post as received.
    Raw,
    /// Folded; digits kept.
    Plain,
    /// Folded, and disguises undone. Includes `Plain`.
    Spelled,
}

/// How a signal is found.
#[derive(Debug)]
pub enum SignalKind {
    /// Words and phrases.
    Terms(Vec<Arc<Term>>),
    /// Regular expressions.
    Regex(Vec<Pattern>),
    /// A detector with its arguments.
    Detect(&'static Detector, Arguments),
    /// Any of these.
    AnyOf(Vec<SignalId>),
    /// All of these, close together.
    Near(Near),
}

/// All of several signals, close together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// The signals.
    pub of: Vec<SignalId>,
    /// At most so many words between one and the next.
    pub within: u32,
    /// At most so many words from first to last.
    pub covers: u32,
    /// Whether the order of the list counts.
    pub ordered: bool,
    /// Whether they must stand in one sentence.
    pub same_sentence: bool,
}

/// Where a span doesn't count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Except {
    /// What must stand where.
    pub place: Place,
    /// Signals that undo the exception, anywhere in the post.
    pub unless: Vec<SignalId>,
    /// Percentage of the points that stays.
    pub keep: u8,
}

/// What an exception looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Another signal, close.
    Near {
        /// The other signal.
        signal: SignalId,
        /// At most so many words between.
        within: u32,
        /// On which side of the span the other stands.
        side: Side,
        /// Only in the span's sentence.
        same_sentence: bool,
    },
    /// Another signal, whose span holds this one.
    Inside(SignalId),
}

/// On which side of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The other stands before.
    Before,
    /// The other stands after.
    After,
    /// Either.
    Either,
}

/// A condition over signals that yields points.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: Arc<str>,
    /// 1 (few false alarms) to 4 (catch everything).
    pub level: u8,
    /// Whether it counts.
    pub mode: Mode,
    /// When it fires.
    pub when: Condition,
    /// What it is worth.
    pub points: u32,
    /// What makes it worth more.
    pub boosts: Vec<Boost>,
    /// What people are told.
    pub because: Arc<Bilingual>,
    /// Where it was written.
    pub span: Range<usize>,
}

/// Whether a rule counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It gives points.
    #[default]
    Live,
    /// It is evaluated and told, and changes no decision.
    Shadow,
}

impl Mode {
    /// How policies write them.
    pub const NAMES: &'static [&'static str] = &["live", "shadow"];
}

impl Rule {
    /// Whether it is evaluated and told only.
    #[must_use]
    pub fn is_shadow(&self) -> bool {
        self.mode == Mode::Shadow
    }
}

/// Points added when a further condition holds.
#[derive(Debug)]
pub struct Boost {
    /// How the ledger names it.
    pub name: Arc<str>,
    /// When.
    pub condition: Condition,
    /// How many.
    pub points: u32,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not one of these.
    None(Vec<Condition>),
    /// The signal stands in the post.
    Signal(SignalId),
    /// The post names or answers somebody.
    Target,
    /// A fact that the forum sent.
    Attribute(String, Comparison),
    /// How often a signal stands in the post.
    Count(SignalId, Comparison),
    /// The post's language.
    Language(Vec<Language>),
    /// How many characters the post has.
    Length(Comparison),
}

impl Condition {
    /// Calls `see` with every signal that is named anywhere in it.
    pub fn signals(&self, see: &mut impl FnMut(SignalId)) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().for_each(|part| part.signals(see));
            }
            Self::Signal(id) | Self::Count(id, _) => see(*id),
            Self::Target | Self::Attribute(..) | Self::Language(_) | Self::Length(_) => {}
        }
    }
}

/// From how many points which action is advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Points of the category.
    pub at: u32,
    /// The action.
    pub action: Action,
}

/// Examples of one expectation.
#[derive(Debug)]
pub struct Test {
    /// What is expected.
    pub expect: Expect,
    /// Of which posts.
    pub examples: Vec<Example>,
    /// Those of them that say the same, by place: the English one and the French one.
    pub pairs: Vec<[usize; 2]>,
}

/// What is expected of examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// All these rules fire.
    Hit(Vec<Arc<str>>),
    /// None of these rules fires.
    Miss(Vec<Arc<str>>),
    /// The category stays below these points.
    BelowPoints(u32),
    /// The post stays below this action.
    BelowAction(Action),
}

/// One example post.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Where it was written.
    pub span: Range<usize>,
    /// What was written.
    pub text: String,
    /// The language its author filed it under.
    pub group: Option<Language>,
    /// Whom it is aimed at.
    pub target: Option<String>,
    /// Its language, as the forum would say.
    pub lang: Option<Language>,
    /// Its further facts.
    pub attrs: Vec<(String, String)>,
    /// Whether disguised spellings are tried.
    pub evade: bool,
}
