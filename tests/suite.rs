//! One binary for every integration test. Each module holds data and one function that runs it.

mod detector_examples;
mod diagnostics;
mod golden;
