//! Text in blocks of 64 bytes: what each byte is, as bits. The only place that knows of vectors.
//!
//! `fearless_simd` picks the widest vectors of the processor at run time and keeps it safe; every
//! function below is made once for each kind of processor.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u8x64};

/// Does work that is inlined here (`#[inline(always)]`) with all that the processor can do: even
/// without vectors, shifting and counting bits is twice as quick.
#[inline(always)]
pub fn on_this_processor<T>(work: impl FnOnce() -> T) -> T {
    dispatch!(Level::new(), _ => work())
}

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// What each byte of a block is; bit 0 is the first one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Classes {
    /// `a` to `z`, of either case.
    pub(super) letter: u64,
    /// `0` to `9`.
    pub(super) digit: u64,
    /// `_`.
    pub(super) low_line: u64,
    /// Part of a character beyond ASCII.
    pub(super) high: u64,
    /// What may hide, part or stand for letters: `! # $ * + - . @ |`.
    pub(super) sign: u64,
    /// Those of them that are drawn like a letter wherever they touch a word: `$ + @ |`.
    pub(super) drawn: u64,
    /// `!`, drawn like a letter only before a word.
    pub(super) bang: u64,
    /// `*`, which hides letters.
    pub(super) star: u64,
    /// The next byte is the same.
    pub(super) doubled: u64,
}

/// Calls `see` with what each block of `text` holds, in order. INVARIANT: `see` is inlined, so that
/// it too is made for the processor.
#[inline(always)]
pub(super) fn classify<S: Simd>(simd: S, text: &[u8], mut see: impl FnMut(Classes)) {
    let mut rest = text;
    while let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
        match rest.get(1..).and_then(|shifted| shifted.first_chunk()) {
            Some(next) => see(classes(simd, block, next)),
            None => {
                let mut next = [0; BLOCK];
                copy_start(&mut next, rest.get(1..).unwrap_or_default());
                see(classes(simd, block, &next));
            }
        }
        rest = behind;
    }
    if !rest.is_empty() {
        let (mut block, mut next) = ([0; BLOCK], [0; BLOCK]);
        copy_start(&mut block, rest);
        copy_start(&mut next, rest.get(1..).unwrap_or_default());
        see(classes(simd, &block, &next));
    }
}

#[inline(always)]
fn copy_start(block: &mut [u8], from: &[u8]) {
    if let Some((start, _)) = block.split_at_mut_checked(from.len()) {
        start.copy_from_slice(from);
    }
}

#[inline(always)]
fn classes<S: Simd>(simd: S, block: &[u8; BLOCK], next: &[u8; BLOCK]) -> Classes {
    let bytes = u8x64::from_slice(simd, block);
    let next = u8x64::from_slice(simd, next);
    let is = |byte: u8| bytes.simd_eq(u8x64::splat(simd, byte));
    let among = |first: u8, count: u8| {
        let from_first = bytes - u8x64::splat(simd, first);
        from_first.simd_lt(u8x64::splat(simd, count))
    };
    let lower = bytes | u8x64::splat(simd, 0x20);
    let from_a = lower - u8x64::splat(simd, b'a');
    let drawn = is(b'$') | is(b'+') | is(b'@') | is(b'|');
    let bang = is(b'!');
    let star = is(b'*');
    let sign = drawn | bang | star | is(b'#') | among(b'-', 2);
    Classes {
        letter: from_a.simd_lt(u8x64::splat(simd, 26)).to_bitmask(),
        digit: among(b'0', 10).to_bitmask(),
        low_line: is(b'_').to_bitmask(),
        high: bytes.simd_ge(u8x64::splat(simd, 0x80)).to_bitmask(),
        sign: sign.to_bitmask(),
        drawn: drawn.to_bitmask(),
        bang: bang.to_bitmask(),
        star: star.to_bitmask(),
        doubled: bytes.simd_eq(next).to_bitmask(),
    }
}

/// Calls `see` with the place of each byte that lower case is not all the folding of, in order:
/// `&`, `%`, controls but `\n`, and all that is not ASCII. INVARIANT: `see` is inlined, so that it too is
/// made for the processor.
#[inline(always)]
pub(super) fn unlike_lower_case<S: Simd>(simd: S, text: &[u8], mut see: impl FnMut(usize)) {
    let mut base = 0;
    let mut rest = text;
    while let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
        each_bit(unlike(simd, block), |bit| see(base + bit));
        base += BLOCK;
        rest = behind;
    }
    let mut block = [b' '; BLOCK];
    copy_start(&mut block, rest);
    each_bit(unlike(simd, &block), |bit| see(base + bit));
}

#[inline(always)]
fn unlike<S: Simd>(simd: S, block: &[u8; BLOCK]) -> u64 {
    let bytes = u8x64::from_slice(simd, block);
    let is = |byte: u8| bytes.simd_eq(u8x64::splat(simd, byte));
    let from_space = bytes - u8x64::splat(simd, b' ');
    let printable = from_space.simd_lt(u8x64::splat(simd, b'~' - b' ' + 1));
    let plain = (printable & !(is(b'&') | is(b'%'))) | is(b'\n');
    !plain.to_bitmask()
}

/// Calls `see` with the place of each bit that is set, in order.
#[inline(always)]
pub fn each_bit(mut bits: u64, mut see: impl FnMut(usize)) {
    while bits != 0 {
        see(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}
