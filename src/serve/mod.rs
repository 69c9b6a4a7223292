//! Front door 1: the sidecar of a forum's backend.
//!
//! ```text
//! entrance: room ─ around: key ─► route ─ judge ─► writer: state, decision log, one fsync ─► answer
//!                                           ▲
//!                               bench: the policies of the moment, replaced as a whole
//! ```
//!
//! Posts are judged where their request stands, on any thread. One thread owns state: it takes in
//! what waits, makes it durable together, and only then are those requests answered.

pub mod config;
pub mod error;
pub mod keys;

mod admin;
mod around;
mod body;
mod cases;
mod clock;
mod decisions;
mod entrance;
mod hooks;
mod judge;
mod listen;
mod logs;
mod neighbours;
mod openai;
mod openapi;
mod outcomes;
mod perspective;
#[cfg(test)]
mod pressure;
mod room;
mod routes;
mod run;
mod secrets;
mod sidecar;
mod stream;
mod tls;
mod watch;
mod writer;

pub use logs::subscriber;
pub use openapi::openapi;
pub use routes::{admin_app, app, paths};
pub use run::{Running, StartError, run, start};
pub use sidecar::Sidecar;
