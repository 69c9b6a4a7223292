//! One binary for every integration test. Each module holds data and one function that runs it.
#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what panics fails the test, as it should"
)]

mod detector_cases;
mod detector_examples;
mod detector_properties;
mod evaluation;
mod evaluation_properties;
mod laws;
mod text_folding;
mod text_properties;
mod text_spelled;
