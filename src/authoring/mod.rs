//! For those who write policies: a policy's own tests, disguises of every example that must hit, and
//! the stories that ladders are tested with.

mod coverage;
pub mod eval;
mod evasions;
mod examples;
mod json;
mod junit;
mod parity;
pub mod reference;
mod run;
mod schema;
mod timelines;
mod visible;

pub use coverage::{Part, Unproven};
pub use evasions::{EVASIONS, Evasion, Reach};
pub use json::report_json;
pub use junit::report_junit;
pub use parity::{PairResult, RuleParity, Tries};
pub use run::{EvasionRate, ExampleResult, Failed, PolicyResult, Report, Scope, run};
pub use schema::schema;
pub use timelines::{StoryResult, Unmet};
pub use visible::{visible, visible_line};
