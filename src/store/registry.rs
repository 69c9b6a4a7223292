//! The registry of protected people as a file: JSON, one object a line.
//!
//! ```text
//! {"vigie_registry":1,"key":"k1","check":"…","reading":"…","seal":"…"}
//! {"target":"u9","kind":"name","forms":["<digest><hint>",…]}
//! ```
//!
//! `check` tells a wrong key at once, `reading` a program that reads words in another way, and
//! `seal` whether a line was changed, lost or added by anybody without the key. The file is written
//! beside itself, flushed, and then renamed: whenever the machine stops, the old one or the new one
//! is there, whole. That new file is also what keeps two programs from writing at once.
#![expect(clippy::disallowed_methods, reason = "reads and writes a file")]

use super::error::{At, StoreError};
use super::files::{private, sync_folder_of};
use crate::limits::REGISTRY_BYTES_MAX;
use crate::policy::hex;
use crate::registry::{
    AliasKind, DIGEST_BYTES, Form, HINT_BYTES, Registry, RegistryEntry, RegistryKey, reading,
};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The version of the format.
const VERSION: u32 = 1;

/// What a new file is called until it takes the place of the old one.
const NEW: &str = "new";

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    vigie_registry: u32,
    key: String,
    check: String,
    reading: String,
    seal: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    target: String,
    kind: String,
    forms: Vec<String>,
}

/// A registry file, read and found whole.
#[derive(Clone, Debug, Default)]
pub struct RegistryFile {
    /// What it holds.
    pub entries: Vec<RegistryEntry>,
}

/// Reads a registry, ready to be given to an engine.
///
/// # Errors
/// The file can't be read, is damaged, or was made with another key.
pub fn read_registry(path: &Path, key: &RegistryKey) -> Result<Registry, StoreError> {
    let file = RegistryFile::read(path, key)?;
    Ok(Registry::new(key, &file.entries))
}

impl RegistryFile {
    /// Reads a registry.
    ///
    /// # Errors
    /// The file can't be read, is damaged, or was made with another key.
    pub fn read(path: &Path, key: &RegistryKey) -> Result<Self, StoreError> {
        let mut written = Vec::new();
        File::open(path)
            .and_then(|file| {
                file.take(REGISTRY_BYTES_MAX as u64 + 1)
                    .read_to_end(&mut written)
            })
            .at("read", path)?;
        match written.len() > REGISTRY_BYTES_MAX {
            true => Err(StoreError::TooLarge),
            false => parse(&written, key),
        }
    }

    /// Adds an entry, unless it is there already. Whether it was added.
    pub fn add(&mut self, entry: RegistryEntry) -> bool {
        let is_new = !self.entries.contains(&entry);
        if is_new {
            self.entries.push(entry);
        }
        is_new
    }

    /// Removes all that is kept of a target, or what is of one kind. How many entries there were.
    pub fn remove(&mut self, target: &str, kind: Option<AliasKind>) -> usize {
        let before = self.entries.len();
        self.entries
            .retain(|it| it.target != target || kind.is_some_and(|kind| it.kind != kind));
        before - self.entries.len()
    }
}

/// A registry while it is changed. Nobody else can change it until this is dropped.
#[derive(Debug)]
pub struct RegistryUpdate {
    path: PathBuf,
    new: PathBuf,
    file: File,
    /// Whether the new file took the place of the old one: another may stand there now.
    is_committed: bool,
    /// What it holds now, and will hold.
    pub registry: RegistryFile,
}

impl RegistryUpdate {
    /// Begins to change a registry. There need not be one yet.
    ///
    /// # Errors
    /// Somebody else is changing it; or as [`RegistryFile::read`].
    pub fn begin(path: &Path, key: &RegistryKey) -> Result<Self, StoreError> {
        let mut new = path.as_os_str().to_owned();
        new.push(".");
        new.push(NEW);
        let new = PathBuf::from(new);
        let file = private().create_new(true).open(&new).map_err(|source| {
            match source.kind() == io::ErrorKind::AlreadyExists {
                true => StoreError::Busy(new.clone()),
                false => StoreError::file("write", &new, source),
            }
        })?;
        let mut update = Self {
            path: path.to_owned(),
            new,
            file,
            is_committed: false,
            registry: RegistryFile::default(),
        };
        match RegistryFile::read(path, key) {
            Ok(registry) => update.registry = registry,
            Err(StoreError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(wrong) => return Err(wrong),
        }
        Ok(update)
    }

    /// Writes the registry. When this returns, it will be there after a power cut too.
    ///
    /// # Errors
    /// The disk is full, or the folder can't be written. The registry is as before then.
    pub fn commit(mut self, key: &RegistryKey) -> Result<(), StoreError> {
        let written = write(&self.registry, key);
        self.file
            .write_all(&written)
            .and_then(|()| self.file.sync_all())
            .at("write", &self.new)?;
        fs::rename(&self.new, &self.path).at("write", &self.path)?;
        self.is_committed = true;
        sync_folder_of(&self.path).at("write", &self.path)
    }
}

impl Drop for RegistryUpdate {
    fn drop(&mut self) {
        if !self.is_committed {
            let _ = fs::remove_file(&self.new);
        }
    }
}

fn write(registry: &RegistryFile, key: &RegistryKey) -> Vec<u8> {
    let mut body = Vec::new();
    for entry in &registry.entries {
        let form = |form: &Form| hex(&form.digest) + &hex(&form.hint);
        let line = Line {
            target: entry.target.clone(),
            kind: entry.kind.name().to_owned(),
            forms: entry.forms.iter().map(form).collect(),
        };
        write_line(&mut body, &line);
    }
    let header = Header {
        vigie_registry: VERSION,
        key: key.name().to_owned(),
        check: hex(&key.check()),
        reading: reading(),
        seal: hex(&key.seal(&body)),
    };
    let mut written = Vec::new();
    write_line(&mut written, &header);
    written.extend(body);
    written
}

/// Writing to memory can't fail.
fn write_line(written: &mut Vec<u8>, line: &impl Serialize) {
    let _ = serde_json::to_writer(&mut *written, line);
    written.push(b'\n');
}

fn parse(written: &[u8], key: &RegistryKey) -> Result<RegistryFile, StoreError> {
    let damaged = |line: usize| StoreError::Damaged { line };
    let header_end = memchr::memchr(b'\n', written).ok_or(damaged(1))?;
    let (header, body) = written.split_at_checked(header_end + 1).ok_or(damaged(1))?;
    let header: Header = serde_json::from_slice(header).map_err(|_| damaged(1))?;
    if header.key != key.name() {
        return Err(StoreError::OtherKey {
            made_with: header.key,
            given: key.name().to_owned(),
        });
    }
    if header.check != hex(&key.check()) {
        return Err(StoreError::OtherSecret(header.key));
    }
    if header.vigie_registry != VERSION || header.reading != reading() {
        return Err(StoreError::OtherReading);
    }
    let mut entries = Vec::new();
    for (at, line) in body.split(|byte| *byte == b'\n').enumerate() {
        if !line.is_empty() {
            entries.push(entry(line).ok_or(damaged(at + 2))?);
        }
    }
    if header.seal != hex(&key.seal(body)) {
        return Err(StoreError::Unsealed);
    }
    Ok(RegistryFile { entries })
}

fn entry(line: &[u8]) -> Option<RegistryEntry> {
    let line: Line = serde_json::from_slice(line).ok()?;
    let forms: Option<Vec<Form>> = line.forms.iter().map(|form| self::form(form)).collect();
    Some(RegistryEntry {
        target: line.target,
        kind: AliasKind::named(&line.kind)?,
        forms: forms?,
    })
}

/// A digest and its hint in hexadecimal.
fn form(written: &str) -> Option<Form> {
    let mut bytes = [0; DIGEST_BYTES + HINT_BYTES];
    if written.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(written.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(Form {
        digest: *bytes.first_chunk()?,
        hint: *bytes.last_chunk()?,
    })
}
