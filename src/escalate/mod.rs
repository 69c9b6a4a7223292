//! Reasoning over time: from hits to cases.
//!
//! ```text
//! decision ─ hits_of ─► Event ─ State ─► hits of each subject, in event time ─ gauges ─► numbers
//!                                                              └─ climb ─► rungs, findings ─► Case
//! ```
//!
//! A fold in event time: nothing here knows a clock, and the order in which happenings are told makes
//! no difference. What comes in order moves on what was counted; what comes late, is edited, deleted
//! or voided lets the subjects that it touches be counted again from the hits that are remembered.

mod case;
mod climb;
mod event;
mod gauge;
mod hit;
mod hits_of;
mod keep;
mod names;
mod rest;
mod state;
mod track;
mod window;

pub use case::Changed;
pub use event::{Event, Posted};
pub use hits_of::hits_of;
pub use state::{Bounds, State};
