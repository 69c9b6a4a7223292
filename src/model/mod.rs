//! The words of the project as plain data: no text matching, no files, no JSON.

mod action;
mod attribute;
mod bilingual;
mod case;
mod decision;
mod post;
mod subject;
mod time;

pub use action::Action;
pub use attribute::{Attribute, Comparison, Operator, Quantity, duration_seconds};
pub use bilingual::{Bilingual, Language};
pub use case::{Case, Finding, Number, Outcome, Recommendation, Step};
pub use decision::{
    Decision, Entry, Evidence, EvidenceKey, LedgerLine, Reason, SeenSignal, Shadow, SignedPoints,
};
pub use post::Post;
pub use subject::{Subject, SubjectKind};
pub use time::{Span, Timestamp};
