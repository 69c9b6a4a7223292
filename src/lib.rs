//! Vigie: a content-moderation rules engine.
#![doc = "YAML policies are checked, compiled and run over posts; decisions carry reasons and evidence."]

pub mod detectors;
pub mod limits;
pub mod text;
