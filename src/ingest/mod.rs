//! What comes in from outside: policy files and dumps of posts. Nothing here prints; what can't be
//! read is told to the caller, with its place and without its content.

mod policies;

pub use policies::{PolicyFiles, read_policies};
