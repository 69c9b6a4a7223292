//! Digests as they are printed: of packs, rulesets and evidence alike.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

/// What a hash names: `sha256:…`.
#[must_use]
pub fn sha256_name(hash: Sha256) -> Arc<str> {
    format!("sha256:{}", hex(&hash.finalize())).into()
}

/// Bytes in hexadecimal, lower case.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
