//! Secrets that other programs sign their hooks with: HMAC-SHA256 over the bytes of the body.
#![expect(clippy::disallowed_methods, reason = "reads a file of secrets")]

use crate::limits::SECRETS_BYTES_MAX;
use crate::policy::unhex;
use arc_swap::ArcSwap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What signatures begin with.
const SCHEME: &str = "sha256=";

/// The secrets of one hook: several while one replaces another.
pub(super) struct Secrets {
    path: Option<PathBuf>,
    secrets: ArcSwap<Vec<Hmac<Sha256>>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Secrets {
    /// Reads a file, if there is to be one.
    pub(super) fn read(path: Option<&Path>) -> io::Result<Self> {
        let secrets = path.map(secrets).transpose()?.unwrap_or_default();
        Ok(Self {
            path: path.map(Path::to_owned),
            secrets: ArcSwap::from_pointee(secrets),
        })
    }

    /// Whether the hook is open at all.
    pub(super) fn is_open(&self) -> bool {
        self.path.is_some()
    }

    /// Reads the file again. A bad one changes nothing.
    pub(super) fn reload(&self) -> io::Result<()> {
        if let Some(path) = &self.path {
            self.secrets.store(Arc::new(secrets(path)?));
        }
        Ok(())
    }

    /// Whether one of the signatures `sha256=…[,sha256=…]` is that of the body.
    pub(super) fn have_signed(&self, body: &[u8], signatures: &str) -> bool {
        let signatures = signatures.split(',').take(SIGNATURES_MAX);
        let given: Vec<Vec<u8>> = signatures
            .filter_map(|signature| unhex(signature.trim().strip_prefix(SCHEME)?))
            .collect();
        let secrets = self.secrets.load();
        // Every pair is compared, in constant time each.
        secrets.iter().fold(false, |found, secret| {
            let mac = secret.clone().chain_update(body);
            given.iter().fold(found, |found, given| {
                found | mac.clone().verify_slice(given).is_ok()
            })
        })
    }
}

/// Signatures of one hook that are looked at. Coral sends two while its secret is replaced.
const SIGNATURES_MAX: usize = 4;

fn secrets(path: &Path) -> io::Result<Vec<Hmac<Sha256>>> {
    let mut text = String::new();
    let bytes_max = SECRETS_BYTES_MAX as u64;
    let wrong = |error: io::Error| {
        let what = format!("cannot read `{}`: {error}", path.display());
        io::Error::new(error.kind(), what)
    };
    File::open(path)
        .and_then(|file| file.take(bytes_max).read_to_string(&mut text))
        .map_err(wrong)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let secrets: Vec<Hmac<Sha256>> = lines
        .filter_map(|line| Hmac::new_from_slice(line.as_bytes()).ok())
        .collect();
    match secrets.is_empty() {
        true => Err(wrong(io::Error::new(
            io::ErrorKind::InvalidData,
            "it holds no secret",
        ))),
        false => Ok(secrets),
    }
}
