//! One binary for every integration test. Each module holds data and one function that runs it.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what panics fails the test, as it should; tests read files; tables are long"
)]

mod detector_examples;
mod diagnostics;
mod golden;
mod policy_names;
mod policy_properties;
mod policy_terms;
