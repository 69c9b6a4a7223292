//! Who may call: API keys, of which only digests are kept.
//!
//! ```text
//! # name:SHA-256 of the key:roles, or all of them
//! forum:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08:forum
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

/// What a key opens: a program that sends posts must not be able to sign in a person's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Posts and outcomes, in our shape and in those of neighbours.
    Forum,
    /// Cases: read, signed, closed.
    Moderator,
    /// What the admin port lets nobody do without a key.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Forum, Self::Moderator, Self::Admin];

    /// Its name, in the file of keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forum => "forum",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Whose key it is, and what it opens.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Whose: it stands beside what is signed and closed with it.
    pub name: Arc<str>,
    /// What it opens. A line that names no role opens all.
    roles: Vec<Role>,
    digest: [u8; KEY_BYTES],
}

impl Caller {
    /// Whether the key opens what this role does.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.roles.is_empty() || self.roles.contains(&role)
    }

    /// The names of its roles.
    pub fn roles(&self) -> impl Iterator<Item = &'static str> {
        let named = Role::ALL.into_iter().filter(|role| self.may(*role));
        named.map(Role::name)
    }
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
            let caller = caller(line)
                .ok_or_else(|| wrong("not of the form `name:SHA-256` or `name:SHA-256:roles`"))?;
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
    pub fn caller(&self, key: &str) -> Option<&Caller> {
        let digest: [u8; KEY_BYTES] = Sha256::digest(key.as_bytes()).into();
        let mut found = u32::MAX;
        for (at, caller) in (0_u32..).zip(&self.0) {
            found.conditional_assign(&at, caller.digest.ct_eq(&digest));
        }
        self.0.get(usize::try_from(found).ok()?)
    }

    /// All keys.
    pub fn each(&self) -> impl Iterator<Item = &Caller> {
        self.0.iter()
    }
}

fn caller(line: &str) -> Option<Caller> {
    let mut fields = line.split(':');
    let (name, digest) = (fields.next()?, fields.next()?);
    let bytes = unhex(digest)?.try_into().ok()?;
    let roles = fields.next().map(|roles| roles.split(',').map(Role::named));
    let roles = roles.map_or(Some(Vec::new()), Iterator::collect)?;
    (is_name(name) && fields.next().is_none()).then(|| Caller {
        name: name.into(),
        roles,
        digest: bytes,
    })
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= API_KEY_NAME_CHARS_MAX && name.chars().all(is_plain)
}

/// Makes a key that opens what `roles` do, or all when there are none, and adds its digest to the file.
/// The key is kept nowhere else than with whoever it is given to.
///
/// # Errors
/// The name can't be one or is taken; the file can't be read or written.
pub fn add(path: &Path, name: &str, roles: &[Role]) -> Result<String, KeysError> {
    if !is_name(name) {
        return Err(KeysError::Name);
    }
    let known = match path.exists() {
        true => Keys::parse(path, &text(path)?)?,
        false => Keys::default(),
    };
    if known.each().any(|known| *known.name == *name) {
        return Err(KeysError::Taken);
    }
    let mut secret = [0; KEY_BYTES];
    getrandom::fill(&mut secret).map_err(|_| KeysError::Random)?;
    let key = format!("{PREFIX}{}", hex(&secret));
    let mut line = format!("{name}:{}", hex(&Sha256::digest(key.as_bytes())));
    if !roles.is_empty() {
        let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
        line += &format!(":{}", names.join(","));
    }
    line.push('\n');
    let mut lines = match path.exists() {
        true => text(path)?,
        false => "# Keys of `vigie serve`: names, SHA-256 of the keys, roles.\n".to_owned(),
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
    use super::{Keys, KeysError, Role, add, remove};

    #[test]
    fn keys_are_made_known_and_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let first = add(&path, "forum", &[Role::Forum]).unwrap();
        let second = add(&path, "anna.m", &[]).unwrap();
        let keys = Keys::read(&path).unwrap();
        let (forum, anna) = (keys.caller(&first).unwrap(), keys.caller(&second).unwrap());
        assert_eq!((&*forum.name, &*anna.name), ("forum", "anna.m"));
        assert!(forum.may(Role::Forum) && !forum.may(Role::Moderator));
        assert!(Role::ALL.into_iter().all(|role| anna.may(role)));
        let secret = first.strip_prefix("vigie_").unwrap();
        for wrong in ["", "vigie_", secret, &format!("{first} ")] {
            assert!(keys.caller(wrong).is_none(), "{wrong:?}");
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(!kept.contains(secret), "the key itself is nowhere");
        remove(&path, "forum").unwrap();
        assert!(Keys::read(&path).unwrap().caller(&first).is_none());
        assert!(matches!(remove(&path, "forum"), Err(KeysError::Unknown)));
        assert!(matches!(add(&path, "anna.m", &[]), Err(KeysError::Taken)));
        assert!(matches!(add(&path, "a:b", &[]), Err(KeysError::Name)));
        remove(&path, "anna.m").unwrap();
        assert!(matches!(Keys::read(&path), Err(KeysError::None(_))));
    }

    #[test]
    fn a_line_that_is_no_key_is_told_by_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let digest = "0".repeat(64);
        let lines =
            ["", ":", ":root", ":forum,", ":forum:admin"].map(|it| format!("a:{digest}{it}"));
        let [whole, bad_roles @ ..] = lines;
        std::fs::write(&path, whole).unwrap();
        assert!(Keys::read(&path).is_ok());
        let short = ["forum", "forum:12", ":00", "f m:00", "a:zz"].map(str::to_owned);
        for line in short.into_iter().chain(bad_roles) {
            std::fs::write(&path, format!("# keys\n{line}\n")).unwrap();
            let wrong = Keys::read(&path).unwrap_err().to_string();
            assert!(wrong.contains("keys:2: not of the form"), "{wrong}");
        }
    }
}
