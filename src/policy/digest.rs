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

/// Bytes from hexadecimal, in small or capital letters; none when it isn't.
#[must_use]
pub fn unhex(written: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = written.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    let pairs = digits.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| u8::try_from(pair.iter().fold(0, |byte, digit| byte * 16 + digit)).ok())
        .collect()
}
