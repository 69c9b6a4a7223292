//! What stops an audit.

use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What stops an audit. What was done until then is kept.
#[derive(Debug, Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {what} `{}`: {source}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The dumps can't be audited together, or not at all.
    #[error("{0}")]
    Dumps(String),
    /// The folder holds another audit.
    #[error("`{}` holds an audit of another kind: {differs}; use another folder, or remove this one", out.display())]
    Other {
        /// The folder.
        out: PathBuf,
        /// What is different.
        differs: String,
    },
    /// Another process is at work there.
    #[error("another audit is at work in `{}`", .0.display())]
    Busy(PathBuf),
    /// What was kept of an audit is not as it was written.
    #[error("`{}` is damaged; remove the folder it stands in and begin again", .0.display())]
    Damaged(PathBuf),
}

/// Adds to an I/O error what was tried, with which file.
pub(super) trait At<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::File {
            what,
            path: path.to_owned(),
            source,
        })
    }
}
