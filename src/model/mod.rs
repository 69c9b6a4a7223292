//! The words of the project as plain data: no text matching, no files, no JSON.

mod action;
mod attribute;
mod bilingual;
mod decision;
mod post;

pub use action::Action;
pub use attribute::{Attribute, Comparison, Operator, Quantity, duration_seconds};
pub use bilingual::{Bilingual, Language};
pub use decision::{
    Decision, Entry, Evidence, EvidenceKey, LedgerLine, Reason, SeenSignal, SignedPoints,
};
pub use post::Post;
