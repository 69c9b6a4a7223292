//! Who may call: API keys, of which only digests are kept.
//!
//! ```text
//! # name:SHA-256 of the key
//! forum:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//! ```
//!
//! Keys are random, 256 bits, so a plain hash can't be guessed back.
#![expect(clippy::disallowed_methods, reason = "reads and writes a file of keys")]

use crate::limits::{API_KEY_FILE_BYTES_MAX, API_KEY_NAME_CHARS_MAX, API_KEYS_MAX};
use crate::policy::{hex, unhex};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use thiserror::Error;

/// What every key begins with: whoever finds one knows what it is.
const PREFIX: &str = "vigie_";

/// Bytes of a key's randomness, and of its digest.
const KEY_BYTES: usize = 32;

/// Why there are no keys, or no further one. Holds nothing of a key.
#[derive(Debug, Error)]
pub enum KeysError {
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
    /// A line is none.
    #[error("{}:{line}: {what}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The file holds none, so nobody could call.
    #[error("`{}` holds no key: make one with `vigie serve key add`", .0.display())]
    None(PathBuf),
    /// The file is too large.
    #[error("`{}` holds more than {API_KEYS_MAX} keys, or is no file of keys", .0.display())]
    TooMany(PathBuf),
    /// The name can't be one.
    #[error(
        "a key's name is of letters, digits, `-`, `_` and `.`, at most {API_KEY_NAME_CHARS_MAX}"
    )]
    Name,
    /// There is one of this name.
    #[error(
        "there is a key of this name already; give the new one another name, and remove the old one once nobody uses it"
    )]
    Taken,
    /// There is none of this name.
    #[error("there is no key of this name")]
    Unknown,
    /// The system gave no randomness.
    #[error("the system gives no random bytes")]
    Random,
}

/// One caller.
#[derive(Clone, Debug)]
struct Caller {
    name: Arc<str>,
    digest: [u8; KEY_BYTES],
}

/// All callers.
#[derive(Clone, Debug, Default)]
pub struct Keys(Vec<Caller>);

impl Keys {
    /// Reads a file of keys.
    ///
    /// # Errors
    /// It can't be read, a line is none, or there is no key.
    pub fn read(path: &Path) -> Result<Self, KeysError> {
        let keys = Self::parse(path, &text(path)?)?;
        match keys.0.is_empty() {
            true => Err(KeysError::None(path.to_owned())),
            false => Ok(keys),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, KeysError> {
        let mut keys = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what| KeysError::Line {
                path: path.to_owned(),
                line: at + 1,
                what,
            };
            let caller = caller(line).ok_or_else(|| wrong("not of the form `name:SHA-256`"))?;
            if keys.iter().any(|known: &Caller| known.name == caller.name) {
                return Err(wrong("a second key of the same name"));
            }
            keys.push(caller);
        }
        match keys.len() > API_KEYS_MAX {
            true => Err(KeysError::TooMany(path.to_owned())),
            false => Ok(Self(keys)),
        }
    }

    /// Whose key this is. Takes as long for a wrong one as for a right one.
    #[must_use]
    pub fn caller(&self, key: &str) -> Option<Arc<str>> {
        let digest: [u8; KEY_BYTES] = Sha256::digest(key.as_bytes()).into();
        let mut found = u32::MAX;
        for (at, caller) in (0_u32..).zip(&self.0) {
            found.conditional_assign(&at, caller.digest.ct_eq(&digest));
        }
        let found = self.0.get(usize::try_from(found).ok()?)?;
        Some(Arc::clone(&found.name))
    }

    /// The names of all keys.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|caller| &*caller.name)
    }
}

fn caller(line: &str) -> Option<Caller> {
    let (name, digest) = line.split_once(':')?;
    let bytes = unhex(digest)?.try_into().ok()?;
    is_name(name).then(|| Caller {
        name: name.into(),
        digest: bytes,
    })
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= API_KEY_NAME_CHARS_MAX && name.chars().all(is_plain)
}

/// Makes a key, and adds its digest to the file. The key is kept nowhere else than with whoever it is
/// given to.
///
/// # Errors
/// The name can't be one or is taken; the file can't be read or written.
pub fn add(path: &Path, name: &str) -> Result<String, KeysError> {
    if !is_name(name) {
        return Err(KeysError::Name);
    }
    let known = match path.exists() {
        true => Keys::parse(path, &text(path)?)?,
        false => Keys::default(),
    };
    if known.names().any(|known| known == name) {
        return Err(KeysError::Taken);
    }
    let mut secret = [0; KEY_BYTES];
    getrandom::fill(&mut secret).map_err(|_| KeysError::Random)?;
    let key = format!("{PREFIX}{}", hex(&secret));
    let line = format!("{name}:{}\n", hex(&Sha256::digest(key.as_bytes())));
    let mut lines = match path.exists() {
        true => text(path)?,
        false => "# Keys of `vigie serve`: names, and SHA-256 of the keys.\n".to_owned(),
    };
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    write(path, &(lines + &line))?;
    Ok(key)
}

/// Takes a key out of the file.
///
/// # Errors
/// There is none of this name; the file can't be read or written.
pub fn remove(path: &Path, name: &str) -> Result<(), KeysError> {
    let lines = text(path)?;
    let is_it = |line: &&str| line.trim().split(':').next() == Some(name);
    if !lines.lines().any(|line| is_it(&line)) {
        return Err(KeysError::Unknown);
    }
    let left = lines.lines().filter(|line| !is_it(line));
    let left: String = left.flat_map(|line| [line, "\n"]).collect();
    write(path, &left)
}

fn text(path: &Path) -> Result<String, KeysError> {
    let bytes_max = API_KEY_FILE_BYTES_MAX as u64;
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(bytes_max + 1).read_to_string(&mut text))
        .map_err(|source| KeysError::File {
            what: "read",
            path: path.to_owned(),
            source,
        })?;
    match text.len() as u64 > bytes_max {
        true => Err(KeysError::TooMany(path.to_owned())),
        false => Ok(text),
    }
}

/// Beside the file, then in its place: a sidecar that reads it meanwhile finds the old one or the new.
fn write(path: &Path, lines: &str) -> Result<(), KeysError> {
    let new = path.with_extension("new");
    let written = private(&new)
        .and_then(|mut file| {
            file.write_all(lines.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| std::fs::rename(&new, path));
    written.map_err(|source| KeysError::File {
        what: "write",
        path: path.to_owned(),
        source,
    })
}

/// A new file that only its owner reads.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::{Keys, KeysError, add, remove};

    #[test]
    fn keys_are_made_known_and_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let first = add(&path, "forum").unwrap();
        let second = add(&path, "anna.m").unwrap();
        let keys = Keys::read(&path).unwrap();
        assert_eq!(keys.caller(&first).as_deref(), Some("forum"));
        assert_eq!(keys.caller(&second).as_deref(), Some("anna.m"));
        let secret = first.strip_prefix("vigie_").unwrap();
        for wrong in ["", "vigie_", secret, &format!("{first} ")] {
            assert_eq!(keys.caller(wrong), None, "{wrong:?}");
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(!kept.contains(secret), "the key itself is nowhere");
        remove(&path, "forum").unwrap();
        assert_eq!(Keys::read(&path).unwrap().caller(&first), None);
        assert!(matches!(remove(&path, "forum"), Err(KeysError::Unknown)));
        assert!(matches!(add(&path, "anna.m"), Err(KeysError::Taken)));
        assert!(matches!(add(&path, "a:b"), Err(KeysError::Name)));
        remove(&path, "anna.m").unwrap();
        assert!(matches!(Keys::read(&path), Err(KeysError::None(_))));
    }

    #[test]
    fn a_line_that_is_no_key_is_told_by_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        for line in ["forum", "forum:12", ":00", "f m:00", "a:zz"] {
            std::fs::write(&path, format!("# keys\n{line}\n")).unwrap();
            let wrong = Keys::read(&path).unwrap_err().to_string();
            assert!(wrong.contains("keys:2: not of the form"), "{wrong}");
        }
    }
}
