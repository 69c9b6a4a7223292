//! The library behind `vigie`: policies in, decisions out.
//!
#![doc = include_str!("../README.md")]
//!
//! # The flow in one picture
//!
//! ```text
//! YAML ─ check ─► Pack ─ compile ─► Ruleset (immutable, shared)
//! post ─ fold ─► views ─ match ─► signals ─ rules ─► points ─ decide ─► Decision
//! ```

pub mod audit;
pub mod authoring;
pub mod cli;
pub mod detectors;
pub mod diagnostics;
pub mod engine;
pub mod escalate;
pub mod evaluate;
pub mod ingest;
pub mod limits;
#[cfg(feature = "serve")]
pub mod metrics;
pub mod model;
pub mod policy;
pub mod registry;
pub mod report;
pub mod ruleset;
#[cfg(feature = "serve")]
pub mod serve;
pub mod store;
pub mod text;
pub mod wire;
