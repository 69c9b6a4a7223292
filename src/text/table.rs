//! What a non-ASCII character folds to: one look-up in a two-level table made by `build.rs`.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/fold_table.rs"));
}
use generated::{CELLS, PAGES, PIECE_ENDS, PIECES};

const PAGE_BITS: u32 = 7;
const DROPPED: u16 = 1;
const MARK: u16 = 2;
const FIRST_PIECE: u16 = 128;

/// What becomes of one character. INVARIANT: what it becomes folds to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folding {
    /// It stays itself.
    Same,
    /// It leaves nothing, and what it stood for is nothing: a zero-width or a control of direction.
    Dropped,
    /// It leaves nothing, and belongs to the letter before it.
    Mark,
    /// One ASCII character.
    Ascii(u8),
    /// Several bytes, at most 12.
    Piece(&'static str),
}

/// What a character that is not ASCII becomes.
#[inline]
pub(super) fn folding(c: char) -> Folding {
    let code_point = u32::from(c);
    let page = PAGES
        .get((code_point >> PAGE_BITS) as usize)
        .copied()
        .unwrap_or(0);
    let within = code_point & ((1 << PAGE_BITS) - 1);
    let at = (u32::from(page) << PAGE_BITS) | within;
    match CELLS.get(at as usize).copied().unwrap_or(0) {
        0 => Folding::Same,
        DROPPED => Folding::Dropped,
        MARK => Folding::Mark,
        piece @ FIRST_PIECE.. => {
            let number = usize::from(piece - FIRST_PIECE);
            let end_of = |n: usize| PIECE_ENDS.get(n).copied().map_or(0, usize::from);
            let start = number.checked_sub(1).map_or(0, end_of);
            PIECES
                .get(start..end_of(number))
                .map_or(Folding::Same, Folding::Piece)
        }
        ascii => Folding::Ascii(ascii as u8),
    }
}
