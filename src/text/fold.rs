//! The `plain` view: what typography and Unicode allow is undone, digits are kept.
//!
//! One pass. Runs of printable ASCII are copied as they are, and all of it put in lower case at the
//! end; any other character costs one look-up in a table. INVARIANTS:
//!
//! - ASCII text in lower case without `&` and `%` passes unchanged, byte for byte (tabs and other
//!   controls become spaces, `\n` stays).
//! - A character folds alike wherever it stands, in posts and in terms; both its cases alike, but
//!   where they look like two Latin letters: Greek `Μ` is m, and its small letter u.
//!   So a Russian word of a policy meets the Russian word of a post, although both are folded to a
//!   mixture of scripts: `вор` and `Вор` are both `bop`.
//! - What a character folds to folds to itself; nothing folds to more than 12 bytes.
//! - What has no folding stays itself: emoji, ideographs, Arabic letters, unassigned code points.

use super::blocks::unlike_lower_case;
use super::escapes::escape;
use super::table::{Folding, folding};
use super::view::{Folded, Writer};
use fearless_simd::{Level, Simd, dispatch};

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

impl Folded {
    /// Becomes the `plain` view of another post, as [`fold`] makes it, in the memory it has.
    pub fn fold(&mut self, post: &str) {
        fold_into(post, Escapes::Decoded, self);
    }
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
    let mut view = Folded::default();
    fold_into(post, escapes, &mut view);
    view
}

/// Folds into a view that was used before: its memory is taken over.
fn fold_into(post: &str, escapes: Escapes, view: &mut Folded) {
    let mut writer = Writer::reusing(view, post.len());
    dispatch!(Level::new(), simd => fold_runs(simd, post, escapes, &mut writer));
    *view = writer.finish();
}

/// Copies what lower case is all the folding of, and folds one by one the characters between.
#[inline(always)]
fn fold_runs<S: Simd>(simd: S, post: &str, escapes: Escapes, view: &mut Writer) {
    let mut folded = 0;
    unlike_lower_case(
        simd,
        post.as_bytes(),
        #[inline(always)]
        |at| {
            // The other bytes of a character or of an escape went with the first one.
            if at >= folded {
                view.copy(post, folded..at);
                folded = at + fold_one(post, at, escapes, view);
            }
        },
    );
    view.copy(post, folded..post.len());
    view.lower_case();
}

/// Folds the character, or the escape, at a place of the post: how many bytes it takes.
fn fold_one(post: &str, at: usize, escapes: Escapes, view: &mut Writer) -> usize {
    let rest = post.get(at..).unwrap_or_default();
    let Some(next) = rest.chars().next() else {
        return 1;
    };
    let decoded = match (escapes, next) {
        (Escapes::Decoded, '&' | '%') => escape(rest),
        _ => None,
    };
    let (c, post_bytes) = decoded.unwrap_or((next, next.len_utf8()));
    write(view, c, post_bytes);
    post_bytes
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
        Folding::Ascii(ascii) => view.put_ascii(ascii, post_bytes),
        Folding::Piece(piece) => view.put(piece, post_bytes),
    }
}
