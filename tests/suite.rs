//! One binary for every integration test. Each module holds data and one function that runs it.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "what panics fails the test, as it should; tests read files; tables are long"
)]

mod adversarial;
mod audit;
mod authoring;
mod cli;
#[cfg(feature = "serve")]
mod deploy;
mod detector_cases;
mod detector_examples;
mod detector_properties;
mod diagnostics;
mod dumps;
mod dumps_properties;
mod equivalence;
mod escalate;
mod eval;
mod evaluation;
mod evaluation_properties;
mod fuzz_regressions;
mod golden;
mod ingest;
mod laws;
mod policy_names;
mod policy_properties;
mod policy_terms;
#[cfg(feature = "serve")]
mod program;
mod registry;
mod registry_file;
mod report;
mod scenarios;
#[cfg(feature = "serve")]
mod serve_admin;
#[cfg(feature = "serve")]
mod serve_config;
#[cfg(feature = "serve")]
mod serve_decisions;
#[cfg(feature = "serve")]
mod serve_hostile;
#[cfg(feature = "serve")]
mod serve_neighbours;
#[cfg(feature = "serve")]
mod serve_openapi;
#[cfg(feature = "serve")]
mod serve_people;
#[cfg(feature = "serve")]
mod serve_socket;
#[cfg(feature = "serve")]
mod serve_tls;
mod shadow;
#[cfg(feature = "serve")]
mod sidecar;
mod slow_matcher;
mod store;
mod store_erasure;
mod store_log;
mod street_addresses;
mod text_folding;
mod text_properties;
mod text_spelled;
mod wire_cases;
mod wire_decisions;
mod wire_posts;
