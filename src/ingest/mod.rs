//! What comes in from outside: policy files and dumps of posts. Nothing here prints; what can't be
//! read is told to the caller, with its place and without its content.
//!
//! ```text
//! file ─ open ─► bytes, unpacked ─ Format::records ─► chunks of records ─ Format::post ─► posts
//! ```
//!
//! Cutting a dump into records is done by one thread and is cheap; making posts of them is done by
//! many ([`in_order`]).

mod chunk;
mod compressed;
mod in_order;
mod ndjson;
mod policies;
mod source;

pub use chunk::{BadRecord, Chunk};
pub use in_order::in_order;
pub use policies::{PolicyFiles, read_policies};
pub use source::{Input, Source, open};

use crate::model::Post;
use crate::wire::PostError;
use std::io;

/// Every format of dumps, sorted by name. A new one costs its file and one line here.
pub static FORMATS: &[&Format] = &[&ndjson::FORMAT];

/// A way in which posts are stored.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// Cuts a dump into records.
    pub records: fn(Input) -> Box<dyn Records>,
    /// Makes a post of one record.
    pub post: fn(&str) -> Result<Post<'_>, PostError>,
}

/// A dump, cut into records.
pub trait Records: Send {
    /// Empties the chunk and fills it with the next records. `false`: there are no more.
    ///
    /// # Errors
    /// The dump can't be read further. Records before that were given already or are in the chunk.
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool>;
}

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}
