//! Why what is kept can't be read or written.

use crate::limits::REGISTRY_BYTES_MAX;
use std::io;
use std::path::{Path, PathBuf};

/// Why what is kept can't be read or written. Holds nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system says no.
    #[error("cannot {what} `{}`: {source}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It was made with a key of another name.
    #[error("the registry was made with the key `{made_with}`; this is `{given}`")]
    OtherKey {
        /// The public name of the key it was made with.
        made_with: String,
        /// That of the key given.
        given: String,
    },
    /// It was made with another secret.
    #[error("the registry was made with another secret than this key `{0}` has")]
    OtherSecret(String),
    /// Its words were read in another way.
    #[error("the registry was made by a version of vigie that reads words otherwise; make it anew")]
    OtherReading,
    /// A line is not what was written.
    #[error("line {line} of the registry is damaged")]
    Damaged {
        /// Counted from 1.
        line: usize,
    },
    /// Its lines are not those that were written with the key.
    #[error("the registry was changed by something else than `vigie target`, or is cut short")]
    Unsealed,
    /// It is larger than any registry.
    #[error("the registry is larger than {} MiB", REGISTRY_BYTES_MAX >> 20)]
    TooLarge,
    /// It is being written.
    #[error(
        "`{}` stands in the way: somebody else is writing the registry, or was stopped while \
         writing it; if nobody is, remove that file", .0.display()
    )]
    Busy(PathBuf),
    /// Another process holds the folder of the state.
    #[error("another process holds the state in `{}`: stop it first, or use another folder", .0.display())]
    Held(PathBuf),
    /// What was acknowledged is not there as it was written.
    #[error("`{}`, line {line}: {what}; {}", path.display(), ADVICE)]
    Broken {
        /// Which file.
        path: PathBuf,
        /// Which line of it, from 1; 0: the file as a whole.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

const ADVICE: &str = "nothing was changed: put a sound copy of the folder in its place, or move it \
                      away and begin with an empty one (`vigie log verify` says how far it is whole)";

impl StoreError {
    pub(super) fn file(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File {
            what,
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn broken(path: &Path, line: usize, what: impl Into<String>) -> Self {
        Self::Broken {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }

    /// Whether there is no more room on the disk.
    #[must_use]
    pub fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::File { source, .. }
            if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }
}

/// Adds to an I/O error what was tried, with which file.
pub(super) trait At<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, what: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::file(what, path, source))
    }
}
