//! The JSON contract: posts in, decisions and cases out. Inner types are converted by hand here, so
//! that they may change and the contract may not.

mod case;
mod coral;
mod decision;
mod discourse_hook;
mod event;
mod json;
mod ladders;
mod moderations;
mod outcomes;
mod perspective;
mod post;
mod posts;
mod signature;
mod statement;

pub use case::{CaseError, case_from_json, write_case};
pub use coral::{CoralComment, coral_answer};
pub use decision::{decision_from_json, write_decision};
pub use discourse_hook::{DiscourseHook, DiscoursePost};
pub use event::{Event, event_from_json};
pub(crate) use json::Json;
pub(crate) use ladders::write_changes;
pub use ladders::write_ladders;
pub use moderations::{
    ModerationInput, ModerationPart, ModerationRequest, ModerationResult, write_moderation,
};
pub use outcomes::outcomes_from_json;
pub use perspective::{
    AttributeScore, Comment, Context, NO_PROBABILITY, PerspectiveError, PerspectiveRequest,
    Requested, Suggested, SuggestedValue, discovery, utf16, write_scores,
};
pub(crate) use post::explain;
pub use post::{PostError, post_from_json};
pub use posts::{Submission, SubmissionError, submission_from_json};
pub use signature::write_signatures;
pub use statement::{
    ACCOUNTS, AUTOMATED_DECISIONS, Ground, Measures, PROVISIONS, Refused, SOURCES, Statement,
    TERRITORIES, VISIBILITIES, write_statement,
};
