//! One line of the decision log, and the chain that all of them make.
//!
//! ```text
//! {"n":17,"begins":true,"chain":"<hex>","salt":"<hex>","payload":{…}}     whole
//! {"n":17,"begins":true,"chain":"<hex>","digest":"<hex>","payload":{…}}   erased: what may be kept
//! ```
//!
//! `digest` is the SHA-256 of salt and payload, `chain` that of the line before, the number and the
//! digest. What is erased takes its salt along, so that nobody can find out by guessing what it was.

use super::chance;
use crate::limits::LOG_SALT_BYTES;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// A SHA-256 in hexadecimal.
pub(super) type Hex = [u8; 64];

/// What the first line of all follows upon.
pub(super) const BEGINNING: Hex = [b'0'; 64];

/// How far the chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Which line comes next.
    pub(super) next: u64,
    /// The chain up to there.
    pub(super) chain: Hex,
}

impl Link {
    pub(super) const FIRST: Self = Self {
        next: 1,
        chain: BEGINNING,
    };

    /// The next one, with one more line.
    fn with(&self, digest: &Hex) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.chain);
        hash.update(b":");
        hash.update(Decimal::of(self.next).as_bytes());
        hash.update(b":");
        hash.update(digest);
        Self {
            next: self.next + 1,
            chain: hex(&hash.finalize()),
        }
    }
}

/// A number in decimal, without a detour through a text.
struct Decimal {
    digits: [u8; 20],
    begin: usize,
}

impl Decimal {
    fn of(mut number: u64) -> Self {
        let mut digits = [b'0'; 20];
        let mut begin = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
            begin = at;
            if number == 0 {
                break;
            }
        }
        Self { digits, begin }
    }

    fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.begin..).unwrap_or_default()
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex<const N: usize>(bytes: &[u8]) -> [u8; N] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |of: u8| DIGITS.get(usize::from(of & 15)).copied().unwrap_or(b'0');
    let mut written = [b'0'; N];
    for (pair, byte) in written.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(*byte)]);
    }
    written
}

/// Salts from the system's own source of chance, many at once.
pub(super) struct Salts {
    room: [u8; 256 * LOG_SALT_BYTES],
    used: usize,
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Salts").finish_non_exhaustive()
    }
}

impl Salts {
    pub(super) fn new() -> Self {
        let room = [0; 256 * LOG_SALT_BYTES];
        let used = room.len();
        Self { room, used }
    }

    fn next(&mut self) -> io::Result<[u8; 2 * LOG_SALT_BYTES]> {
        if self.used >= self.room.len() {
            chance::fill(&mut self.room)?;
            self.used = 0;
        }
        let end = self.used + LOG_SALT_BYTES;
        let salt = hex(self.room.get(self.used..end).unwrap_or_default());
        self.used = end;
        Ok(salt)
    }
}

/// Puts one more line behind the others, and moves the chain on. `begins`: what was acknowledged
/// before reached the disk before this line was written.
pub(super) fn write_line(
    out: &mut Vec<u8>,
    link: &mut Link,
    begins: bool,
    salts: &mut Salts,
    payload: &[u8],
) -> io::Result<()> {
    let salt = salts.next()?;
    let digest = digest(&salt, payload);
    let next = link.with(&digest);
    out.extend_from_slice(br#"{"n":"#);
    out.extend_from_slice(Decimal::of(link.next).as_bytes());
    out.extend_from_slice(match begins {
        true => br#","begins":true,"chain":""#,
        false => br#","chain":""#,
    });
    out.extend_from_slice(&next.chain);
    out.extend_from_slice(br#"","salt":""#);
    out.extend_from_slice(&salt);
    end_line(out, payload);
    *link = next;
    Ok(())
}

fn end_line(out: &mut Vec<u8>, payload: &[u8]) {
    out.extend_from_slice(br#"","payload":"#);
    out.extend_from_slice(payload);
    out.extend_from_slice(b"}\n");
}

fn digest(salt: &[u8], payload: &[u8]) -> Hex {
    let mut hash = Sha256::new_with_prefix(salt);
    hash.update(payload);
    hex(&hash.finalize())
}

/// A line as it was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'b> {
    pub(super) n: u64,
    pub(super) begins: bool,
    pub(super) chain: &'b [u8],
    proof: Proof<'b>,
    pub(super) payload: &'b [u8],
}

/// What the chain is proven with.
#[derive(Clone, Copy, Debug)]
enum Proof<'b> {
    Salt(&'b [u8]),
    /// The payload is another one than was digested.
    Digest(&'b [u8]),
}

impl<'b> Line<'b> {
    /// Reads a line, without its line feed.
    pub(super) fn read(line: &'b [u8]) -> Option<Self> {
        let rest = line.strip_prefix(br#"{"n":"#)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (n, rest) = rest.split_at_checked(digits)?;
        let n = std::str::from_utf8(n).ok()?.parse().ok()?;
        let begun = rest.strip_prefix(br#","begins":true"#);
        let (begins, rest) = (begun.is_some(), begun.unwrap_or(rest));
        let (chain, rest) = quoted(rest.strip_prefix(br#","chain":"#)?, 64)?;
        let (proof, rest) = match rest.strip_prefix(br#","salt":"#) {
            Some(rest) => {
                let (salt, rest) = quoted(rest, 2 * LOG_SALT_BYTES)?;
                (Proof::Salt(salt), rest)
            }
            None => {
                let (digest, rest) = quoted(rest.strip_prefix(br#","digest":"#)?, 64)?;
                (Proof::Digest(digest), rest)
            }
        };
        let payload = rest.strip_prefix(br#","payload":"#)?.strip_suffix(b"}")?;
        let is_object = payload.starts_with(b"{") && payload.ends_with(b"}");
        is_object.then_some(Self {
            n,
            begins,
            chain,
            proof,
            payload,
        })
    }

    pub(super) fn is_erased(&self) -> bool {
        matches!(self.proof, Proof::Digest(_))
    }

    /// The chain with this line, if it is the next one.
    pub(super) fn follow(&self, link: &Link) -> Option<Link> {
        let digest = match self.proof {
            Proof::Salt(salt) => digest(salt, self.payload),
            Proof::Digest(digest) => digest.try_into().ok()?,
        };
        let next = link.with(&digest);
        (self.n == link.next && self.chain == next.chain).then_some(next)
    }

    /// Puts the line behind others with another payload: what it was can't be told any more.
    pub(super) fn write_erased(&self, payload: &[u8], out: &mut Vec<u8>) {
        let digest = match self.proof {
            Proof::Salt(salt) => digest(salt, self.payload),
            Proof::Digest(digest) => digest.try_into().unwrap_or(BEGINNING),
        };
        // Writing to memory can't fail.
        let _ = write!(out, r#"{{"n":{}"#, self.n);
        if self.begins {
            out.extend_from_slice(br#","begins":true"#);
        }
        out.extend_from_slice(br#","chain":""#);
        out.extend_from_slice(self.chain);
        out.extend_from_slice(br#"","digest":""#);
        out.extend_from_slice(&digest);
        end_line(out, payload);
    }
}

/// So many hexadecimal digits between quotes, and what follows.
fn quoted(written: &[u8], digits: usize) -> Option<(&[u8], &[u8])> {
    let (quoted, rest) = written.strip_prefix(b"\"")?.split_at_checked(digits)?;
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let rest = rest.strip_prefix(b"\"")?;
    quoted.iter().all(is_hex).then_some((quoted, rest))
}
