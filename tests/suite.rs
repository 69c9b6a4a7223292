//! One binary for every integration test. Each module holds data and one function that runs it.

mod cli;
mod detector_examples;
