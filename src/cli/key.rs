//! The secret that evidence and registries are digested with.
#![expect(
    clippy::disallowed_methods,
    reason = "reads a file and an environment variable: a secret on the command line is seen by all"
)]

use super::Failure;
use crate::limits::{KEY_BYTES_MIN, KEY_FILE_BYTES_MAX};
use crate::model::EvidenceKey;
use crate::policy::unhex;
use crate::registry::RegistryKey;
use clap::Args;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Where the key stands when no file is given.
const VARIABLE: &str = "VIGIE_KEY";

/// How evidence is digested.
#[derive(Debug, Args)]
pub(super) struct Key {
    /// Digest evidence with the key in this file, one line `NAME:SECRET`: a name to print, and at
    /// least 16 bytes in hexadecimal [default: the variable VIGIE_KEY; without it, no digests]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl Key {
    /// The key, when there is one.
    pub(super) fn read(&self) -> Result<Option<EvidenceKey>, Failure> {
        read(self.key_file.as_deref())
    }
}

/// How a registry of protected people is read and written.
#[derive(Debug, Args)]
pub(super) struct RegistrySecret {
    /// The key of the registry, one line `NAME:SECRET`: a name to print, and at least 16 bytes in
    /// hexadecimal [default: the variable VIGIE_KEY]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl RegistrySecret {
    /// The key. There must be one.
    pub(super) fn read(&self) -> Result<RegistryKey, Failure> {
        registry_key(read(self.key_file.as_deref())?.as_ref())
    }
}

/// The key of a registry, made of the key that was given.
pub(super) fn registry_key(given: Option<&EvidenceKey>) -> Result<RegistryKey, Failure> {
    let key = given.ok_or_else(|| {
        Failure::Usage(format!(
            "a registry needs its key: give --key-file or the variable {VARIABLE}"
        ))
    })?;
    RegistryKey::new(key).map_err(|wrong| Failure::Usage(wrong.to_string()))
}

/// The key in a file, or else in the environment.
pub(super) fn read(file: Option<&Path>) -> Result<Option<EvidenceKey>, Failure> {
    let (from, written) = match file {
        Some(path) => {
            let mut written = String::new();
            File::open(path)
                .and_then(|file| {
                    file.take(KEY_FILE_BYTES_MAX as u64)
                        .read_to_string(&mut written)
                })
                .map_err(|source| Failure::File {
                    what: "read",
                    path: path.to_owned(),
                    source,
                })?;
            (format!("the key in `{}`", path.display()), written)
        }
        None => match env::var(VARIABLE) {
            Ok(written) => (format!("the key in {VARIABLE}"), written),
            Err(env::VarError::NotPresent) => return Ok(None),
            Err(env::VarError::NotUnicode(_)) => (VARIABLE.to_owned(), String::new()),
        },
    };
    match parse(&written) {
        Ok(key) => Ok(Some(key)),
        Err(wrong) => Err(Failure::Usage(format!("{from} {wrong}"))),
    }
}

/// What names a key without telling it.
pub(super) fn fingerprint(key: &EvidenceKey) -> String {
    // A hash for messages takes a secret of any length.
    let mac = Hmac::<Sha256>::new_from_slice(&key.secret);
    let told = mac.map(|mac| mac.chain_update(b"vigie audit").finalize().into_bytes());
    let told = told.unwrap_or_default();
    let hexadecimal: String = told
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{}:{hexadecimal}", key.name)
}

/// Reads `NAME:SECRET`. What is wrong is told without a word of it.
fn parse(written: &str) -> Result<EvidenceKey, String> {
    let (name, secret) = written
        .trim()
        .split_once(':')
        .ok_or("is not of the form `NAME:SECRET`")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err("needs a name of letters, digits, `-` and `_` before its `:`".to_owned());
    }
    let secret = unhex(secret).ok_or("needs a secret in hexadecimal after its `:`")?;
    if secret.len() < KEY_BYTES_MIN {
        let (is, least) = (secret.len(), KEY_BYTES_MIN);
        return Err(format!("has a secret of {is} bytes; it needs {least}"));
    }
    Ok(EvidenceKey {
        name: name.to_owned(),
        secret,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn keys_are_read_or_refused_without_repeating_them() {
        let cases = [
            ("k1:00112233445566778899aabbccddeeff\n", None),
            ("k1:00112233445566778899AABBCCDDEEFF00", None),
            (
                "00112233445566778899aabbccddeeff",
                Some("is not of the form"),
            ),
            (":00112233445566778899aabbccddeeff", Some("needs a name")),
            ("k é:00112233445566778899aabbccddeeff", Some("needs a name")),
            ("k1:0011", Some("has a secret of 2 bytes")),
            ("k1:", Some("has a secret of 0 bytes")),
            ("k1:0", Some("in hexadecimal")),
            (
                "k1:zz112233445566778899aabbccddeeff",
                Some("in hexadecimal"),
            ),
            ("", Some("is not of the form")),
        ];
        for (written, wrong) in cases {
            match (parse(written), wrong) {
                (Ok(key), None) => assert_eq!(key.name, "k1"),
                (Err(said), Some(wrong)) => assert!(said.contains(wrong), "{written:?}: {said}"),
                (other, _) => panic!("{written:?}: {other:?}"),
            }
        }
    }
}
