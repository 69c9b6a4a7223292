//! The JSON contract: posts in, decisions and cases out. Inner types are converted by hand here, so
//! that they may change and the contract may not.

mod case;
mod decision;
mod event;
mod json;
mod ladders;
mod post;
mod statement;

pub use case::{CaseError, case_from_json, write_case};
pub use decision::{decision_from_json, write_decision};
pub use event::{Event, event_from_json};
pub(crate) use json::Json;
pub(crate) use ladders::write_changes;
pub use ladders::write_ladders;
pub(crate) use post::explain;
pub use post::{PostError, post_from_json};
pub use statement::{
    ACCOUNTS, AUTOMATED_DECISIONS, Ground, Measures, PROVISIONS, Refused, SOURCES, Statement,
    TERRITORIES, VISIBILITIES, write_statement,
};
