//! The secret without which a registry tells nothing.

use super::alias::{Alias, AliasError, RegistryEntry};
use super::phrase::{Class, Phrase};
use crate::limits::KEY_BYTES_MIN;
use crate::model::EvidenceKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};

/// Bytes of a digest that are kept: enough that no two aliases of the world meet.
pub const DIGEST_BYTES: usize = 16;

/// Bytes of a sealed hint.
pub const HINT_BYTES: usize = 7;

/// Bytes of an HMAC.
const MAC_BYTES: usize = 32;

/// Bytes of a block of SHA-256, which is what HMAC makes of any secret.
const BLOCK_BYTES: usize = 64;

/// One way of writing an alias, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Keyed digest of the words.
    pub digest: [u8; DIGEST_BYTES],
    /// What tells quickly that other words are not these, sealed with the secret.
    pub hint: [u8; HINT_BYTES],
}

/// What tells quickly that other words are not these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// 24 bits of the first word.
    pub(super) first: u32,
    /// 24 bits of all words.
    pub(super) whole: u32,
    /// How many words.
    pub(super) words: u8,
}

/// What a registry is made and read with. Each purpose has a key of its own, derived from the
/// secret, so that no digest of a registry equals a digest of evidence.
#[derive(Clone)]
pub struct RegistryKey {
    name: String,
    digests: Hmac<Sha256>,
    pads: Hmac<Sha256>,
    seals: Hmac<Sha256>,
    spread: Spread,
}

impl std::fmt::Debug for RegistryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegistryKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The secret is shorter than [`KEY_BYTES_MIN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret has fewer than {KEY_BYTES_MIN} bytes")]
pub struct WeakKey;

impl RegistryKey {
    /// The keys derived from a secret.
    ///
    /// # Errors
    /// The secret could be guessed.
    pub fn new(key: &EvidenceKey) -> Result<Self, WeakKey> {
        if key.secret.len() < KEY_BYTES_MIN {
            return Err(WeakKey);
        }
        let secret = keyed(&key.secret);
        let derived = |purpose: &[u8]| keyed(&mac(&secret, &[b"vigie registry 1: ", purpose]));
        let spread = mac(&derived(b"spread"), &[]);
        Ok(Self {
            name: key.name.clone(),
            digests: derived(b"digests"),
            pads: derived(b"hints"),
            seals: derived(b"seal"),
            spread: Spread {
                mask: number(spread.iter().take(8)),
                factor: number(spread.iter().skip(8).take(8)) | 1,
            },
        })
    }

    /// Its public name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What tells this key from another of the same name.
    #[must_use]
    pub fn check(&self) -> [u8; DIGEST_BYTES] {
        first_bytes(&mac(&self.seals, &[b"check"]))
    }

    /// What tells whether somebody without the secret changed what was written.
    #[must_use]
    pub fn seal(&self, written: &[u8]) -> [u8; DIGEST_BYTES] {
        first_bytes(&mac(&self.seals, &[b"seal", written]))
    }

    /// What is kept of an alias of a target.
    ///
    /// # Errors
    /// The alias would be found in posts that have nothing to do with the target, or never.
    pub fn entry(&self, target: &str, alias: &Alias<'_>) -> Result<RegistryEntry, AliasError> {
        let class = alias.kind.class();
        let phrases = alias.phrases()?;
        Ok(RegistryEntry {
            target: target.to_owned(),
            kind: alias.kind,
            forms: phrases.iter().map(|it| self.form(class, it)).collect(),
        })
    }

    fn form(&self, class: Class, phrase: &Phrase) -> Form {
        let digest = self.digest(class, &phrase.text);
        let first = self.spread.bits(phrase.first).to_be_bytes();
        let whole = self.spread.bits(phrase.whole).to_be_bytes();
        let [_, a, b, c] = first;
        let [_, d, e, f] = whole;
        Form {
            digest,
            hint: self.padded(&digest, [a, b, c, d, e, f, phrase.words]),
        }
    }

    /// The hint of a form, opened.
    pub(super) fn hint(&self, form: &Form) -> Hint {
        let [a, b, c, d, e, f, words] = self.padded(&form.digest, form.hint);
        Hint {
            first: u32::from_be_bytes([0, a, b, c]),
            whole: u32::from_be_bytes([0, d, e, f]),
            words,
        }
    }

    /// Seals a hint, or opens it: a pad that is used for this digest alone.
    fn padded(&self, digest: &[u8], hint: [u8; HINT_BYTES]) -> [u8; HINT_BYTES] {
        let pad = mac(&self.pads, &[digest]);
        let mut padded = hint;
        for (byte, pad) in padded.iter_mut().zip(pad) {
            *byte ^= pad;
        }
        padded
    }

    /// The digest of a phrase of one class.
    pub(super) fn digest(&self, class: Class, phrase: &str) -> [u8; DIGEST_BYTES] {
        let parts = [class.name().as_bytes(), b"\0", phrase.as_bytes()];
        first_bytes(&mac(&self.digests, &parts))
    }

    /// What turns words into hints.
    pub(super) fn spread(&self) -> Spread {
        self.spread
    }
}

/// A quick keyed function of a word. It is no digest: what it gives is in memory only, on disk it
/// is sealed. The key is there so that nobody writes posts that pass all hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    mask: u64,
    factor: u64,
}

impl Spread {
    /// 24 bits of a number.
    #[inline(always)]
    pub(super) fn bits(self, hash: u64) -> u32 {
        ((hash ^ self.mask).wrapping_mul(self.factor) >> 40) as u32
    }
}

/// HMAC with a secret of any length.
fn keyed(secret: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; BLOCK_BYTES];
    let hashed: [u8; MAC_BYTES];
    let key = match secret.len() <= BLOCK_BYTES {
        true => secret,
        false => {
            hashed = Sha256::digest(secret).into();
            &hashed
        }
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    Hmac::new(&block.into())
}

fn mac(keyed: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; MAC_BYTES] {
    let mut mac = keyed.clone();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

fn first_bytes(bytes: &[u8; MAC_BYTES]) -> [u8; DIGEST_BYTES] {
    bytes.first_chunk().copied().unwrap_or_default()
}

fn number<'b>(bytes: impl Iterator<Item = &'b u8>) -> u64 {
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, secret: &[u8]) -> Result<RegistryKey, WeakKey> {
        RegistryKey::new(&EvidenceKey {
            name: name.to_owned(),
            secret: secret.to_vec(),
        })
    }

    #[test]
    fn weak_secrets_are_refused() {
        assert_eq!(key("k", b"short").err(), Some(WeakKey));
        assert!(key("k", &[7; 16]).is_ok());
    }

    #[test]
    fn secrets_of_any_length_are_those_of_hmac() {
        for length in [16, 63, 64, 65, 200] {
            let secret = vec![7; length];
            let ours = mac(&keyed(&secret), &[b"x"]);
            let mut theirs = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
            theirs.update(b"x");
            assert_eq!(ours.as_slice(), theirs.finalize().into_bytes().as_slice());
        }
    }

    #[test]
    fn hints_are_opened_by_their_key_alone() {
        let (one, other) = (key("k", &[1; 16]).unwrap(), key("k", &[2; 16]).unwrap());
        let phrase = Phrase {
            text: "zoe imaginaire".to_owned(),
            first: 1,
            whole: 2,
            words: 2,
        };
        let form = one.form(Class::Name, &phrase);
        assert_eq!(one.hint(&form).words, 2);
        assert_ne!(one.hint(&form), other.hint(&form));
        assert_ne!(form.digest, other.digest(Class::Name, &phrase.text));
        assert_ne!(form.digest, one.digest(Class::Handle, &phrase.text));
        assert_ne!(one.check(), other.check());
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", key("k", &[b'q'; 16]).unwrap());
        assert_eq!(shown, "RegistryKey { name: \"k\", .. }");
    }
}
