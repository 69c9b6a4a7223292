//! What comes in from outside: policy files and dumps of posts. Nothing here prints; what can't be
//! read is told to the caller, with its place and without its content.
//!
//! ```text
//! file ─ open ─► bytes, unpacked ─ Format::records ─► chunks of records ─ Chunk::posts ─► posts
//!                      └─ sniff ─► Format
//! ```
//!
//! Cutting a dump into records is done by one thread and is cheap; making posts of them is done by
//! many ([`in_order`]). What a record can't say of itself, as the columns of a table, the cutter
//! lays into the chunk, as a [`Reader`].

mod chunk;
mod columns;
mod compressed;
mod csv;
mod cut;
mod discourse;
mod dump;
mod html;
mod in_order;
mod input;
mod json;
mod json_cut;
mod loose;
mod mastodon;
mod mbox;
mod ndjson;
#[cfg(feature = "parquet")]
mod parquet;
mod phpbb;
mod policies;
mod pushshift;
mod sniff;
mod source;
mod sql;
mod times;

pub use chunk::{BadRecord, Chunk, MaybePost};
pub use dump::Dump;
pub use html::html_text;
pub use in_order::in_order;
pub use input::Input;
pub use policies::{PolicyFiles, read_policies};
pub use sniff::{Fit, Head, sniff};
pub use source::{Source, open};

use std::fmt::Debug;
use std::io;

/// Every format of dumps, sorted by name. A new one costs its file and one line here.
pub static FORMATS: &[&Format] = &[
    &csv::FORMAT,
    &discourse::FORMAT,
    &json::FORMAT,
    &mastodon::FORMAT,
    &mbox::FORMAT,
    &ndjson::FORMAT,
    #[cfg(feature = "parquet")]
    &parquet::FORMAT,
    &phpbb::FORMAT,
    &pushshift::FORMAT,
];

/// A way in which posts are stored.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// How names of its files end, in lower case: they only break ties.
    pub endings: &'static [&'static str],
    /// What the numbers of its records count.
    pub numbers: Numbers,
    /// How well the beginning of a dump fits.
    pub sniff: fn(&Head<'_>) -> Fit,
    /// Cuts a dump into records. May read its beginning, to know its columns.
    pub records: fn(Input) -> io::Result<Box<dyn Records>>,
}

/// What the numbers of records count, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Lines of the (unpacked) dump; a record is known by its first.
    Lines,
    /// Records.
    Records,
}

impl Format {
    /// The place of a record, for people: `posts.csv:12`, `posts.json, record 12`.
    #[must_use]
    pub fn place(&self, dump: &str, number: u64) -> String {
        match self.numbers {
            Numbers::Lines => format!("{dump}:{number}"),
            Numbers::Records => format!("{dump}, record {number}"),
        }
    }
}

/// A dump, cut into records.
pub trait Records: Send {
    /// Empties the chunk and fills it with the next records. `false`: there are no more.
    ///
    /// # Errors
    /// The dump can't be read further. Records before that were given already or are in the chunk.
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool>;

    /// How this dump is read, where people should know: which columns were taken. Holds no word of a
    /// post.
    fn told(&self) -> Option<String> {
        None
    }
}

/// Makes posts of the records of one dump. Threads share it, so it never changes.
pub trait Reader: Debug + Send + Sync {
    /// Makes a post of one record. None when no words are left of it.
    ///
    /// # Errors
    /// The record is no post.
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a>;

    /// The same of a record in a chunk where some byte is not UTF-8.
    ///
    /// # Errors
    /// The record is no post, or no text.
    fn post_of_bytes<'a>(&self, record: &'a [u8]) -> MaybePost<'a> {
        self.post(chunk::text(record)?)
    }

    /// How records are read, where people should know.
    fn told(&self) -> Option<String> {
        None
    }
}

/// The format of this name.
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}
