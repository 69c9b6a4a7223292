//! The `plain` view: what typography and Unicode allow is undone, digits are kept.
//!
//! One pass. Runs of printable ASCII are copied in lower case; any other character costs one
//! look-up in a table. INVARIANTS:
//!
//! - ASCII text in lower case without `&` and `%` passes unchanged, byte for byte (tabs and other
//!   controls become spaces, `\n` stays).
//! - A character folds alike wherever it stands, in posts and in terms; both its cases alike, but
//!   where they look like two Latin letters: Greek `Μ` is m, and its small letter u.
//!   So a Russian word of a policy meets the Russian word of a post, although both are folded to a
//!   mixture of scripts: `вор` and `Вор` are both `bop`.
//! - What a character folds to folds to itself; nothing folds to more than 12 bytes.
//! - What has no folding stays itself: emoji, ideographs, Arabic letters, unassigned code points.

use super::escapes::escape;
use super::table::{Folding, folding};
use super::view::{Folded, Writer};

/// Folds a post into its `plain` view.
///
/// Case, compatibility forms, accents, look-alikes, typographic quotes and dashes are folded;
/// combining marks and characters that draw nothing are dropped; white space and controls become
/// single spaces, never collapsed, but for `\n`; HTML character references and %-escapes are
/// decoded once.
#[must_use]
pub fn fold(post: &str) -> Folded {
    fold_with(post, Escapes::Decoded)
}

/// Folds a term of a policy as posts are folded, but takes `&` and `%` as written.
#[must_use]
pub fn fold_term(term: &str) -> String {
    fold_with(term, Escapes::Literal).into_text()
}

/// What `&` and `%` mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    Decoded,
    Literal,
}

fn fold_with(post: &str, escapes: Escapes) -> Folded {
    let mut view = Writer::with_capacity(post.len());
    let mut rest = post;
    while let Some((run, behind)) = rest.split_at_checked(run_in_step(rest.as_bytes())) {
        view.copy_ascii_lowercase(run);
        let Some(next) = behind.chars().next() else {
            break;
        };
        let decoded = if escapes == Escapes::Decoded {
            escape(behind)
        } else {
            None
        };
        let (c, post_bytes) = decoded.unwrap_or((next, next.len_utf8()));
        write(&mut view, c, post_bytes);
        rest = behind.get(post_bytes..).unwrap_or_default();
    }
    view.finish()
}

/// Writes what one character folds to.
fn write(view: &mut Writer, c: char, post_bytes: usize) {
    if c.is_ascii() {
        let shown = if c.is_ascii_control() {
            ' '
        } else {
            c.to_ascii_lowercase()
        };
        return view.put(shown.encode_utf8(&mut [0; 4]), post_bytes);
    }
    match folding(c) {
        Folding::Same => view.put(c.encode_utf8(&mut [0; 4]), post_bytes),
        Folding::Dropped => view.skip(post_bytes),
        Folding::Mark => view.attach(post_bytes),
        Folding::Ascii(ascii) => {
            view.put(char::from(ascii).encode_utf8(&mut [0; 4]), post_bytes);
        }
        Folding::Piece(piece) => view.put(piece, post_bytes),
    }
}

/// How many bytes from the start only need lower case.
fn run_in_step(bytes: &[u8]) -> usize {
    // PERF: whole chunks without a branch inside, so that the compiler uses vectors.
    const CHUNK: usize = 32;
    let (chunks, _) = bytes.as_chunks::<CHUNK>();
    let in_step = |chunk: &&[u8; CHUNK]| chunk.iter().fold(true, |all, b| all & is_in_step(*b));
    let start = chunks.iter().take_while(in_step).count() * CHUNK;
    let tail = bytes.get(start..).unwrap_or_default();
    start
        + tail
            .iter()
            .position(|b| !is_in_step(*b))
            .unwrap_or(tail.len())
}

fn is_in_step(byte: u8) -> bool {
    let printable = (b' '..=b'~').contains(&byte) | (byte == b'\n');
    printable & (byte != b'&') & (byte != b'%')
}
