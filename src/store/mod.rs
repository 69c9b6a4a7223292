//! What is kept on disk between runs: the registry, and all that the sidecar knows.
//!
//! ```text
//! happening ─ take ─► memory: state, signatures, recent posts ─► snapshots
//!              └─► payload ─ chain ─► decision log ─ told again ─► the same memory, the same payload
//! ```

mod chance;
mod erase;
mod error;
mod files;
mod happening;
mod line;
mod live;
mod log;
mod memory;
mod payload;
mod recent;
mod recover;
mod registry;
mod saving;
mod snapshot;
mod verify;

pub use error::StoreError;
pub(crate) use files::{Growing, lock, replace};
pub use happening::{Happening, Judged, Refusal, Signature, Taken};
pub use live::{Erased, LiveOptions, LiveState, Sizes};
pub use recover::Recovered;
pub use registry::{RegistryFile, RegistryUpdate, read_registry};
pub use verify::{Break, Proof, verify_log};
