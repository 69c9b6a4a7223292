//! The JSON contract: posts in, decisions out. Inner types are converted by hand here, so that they
//! may change and the contract may not.

mod decision;
mod json;
mod post;

pub use decision::write_decision;
pub(crate) use post::explain;
pub use post::{PostError, post_from_json};
