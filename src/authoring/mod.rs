//! For those who write policies: a policy's own tests, and disguises of every example that must hit.

mod evasions;
mod examples;
mod run;

pub use evasions::{EVASIONS, Evasion, Reach};
pub use run::{EvasionRate, Failed, PolicyResult, Report, Scope, run};
