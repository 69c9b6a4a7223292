//! What is kept on disk between runs.

mod happening;
mod live;
mod registry;

pub use happening::{Happening, Judged, Refusal, Signature, Taken};
pub use live::{Erased, LiveOptions, LiveState, Recovered, Sizes};
pub use registry::{RegistryFile, RegistryUpdate, StoreError, read_registry};
