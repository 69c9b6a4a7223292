//! Policies: from files to checked documents.
//!
//! `yaml → syntax → written → check → Pack`. What is written can be wrong in any way; a [`Pack`]
//! can't: whoever holds one holds policies whose names resolve, whose expressions compile and whose
//! numbers make sense. All mistakes of all files are reported at once, and a pack with a single
//! error is none.

pub mod shape;

mod check;
mod digest;
mod labels;
mod ladder;
mod neighbours;
mod pack;
mod pattern;
mod reader;
mod shipped;
mod syntax;
mod term;
mod written;
mod yaml;

pub use check::{Checked, RawFile, check, check_with};
pub use digest::{hex, sha256_name, unhex};
pub use labels::Labels;
pub use ladder::{
    Counted, Escalation, Expectation, FindingOf, Happening, HitKind, HitOf, KindId, Kinds, Ladder,
    LadderId, Leave, Measure, MeasureBy, MeasureId, Requirement, Rung, Timeline, What,
};
pub use neighbours::{
    DSA as DSA_CATEGORIES, DSA_KEYWORDS, OPENAI as OPENAI_CATEGORIES,
    PERSPECTIVE as PERSPECTIVE_ATTRIBUTES,
};
pub use pack::{
    Boost, Condition, Example, Except, Expect, Mode, Near, Pack, Place, Policy, Rule, Side, Signal,
    SignalId, SignalKind, Test, Threshold, View,
};
pub use pattern::{Pattern, Reach, Required};
pub use shipped::shipped;
pub use term::{Piece, Slot, Term, Wanted, is_soft_separator};
pub use yaml::{Content, Node, Spanned, parse as parse_yaml};
