//! What is kept on disk between runs.

mod registry;

pub use registry::{RegistryFile, RegistryUpdate, StoreError, read_registry};
