//! Text in blocks of 64 bytes: what each byte is, as bits. The only place that knows of vectors.
//!
//! `fearless_simd` picks the widest vectors of the processor at run time and keeps it safe; every
//! function below is made once for each kind of processor.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x32, u8x64};

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

/// Bytes that lower case is all the folding of.
pub(super) const RUN: usize = 32;

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

/// Appends to `to`, in lower case, the bytes from the start of `text` that need no other folding:
/// printable ASCII but `&` and `%`, and `\n`. How many those are.
#[inline(always)]
pub(super) fn copy_lower_case<S: Simd>(simd: S, text: &[u8], to: &mut Vec<u8>) -> usize {
    let mut copied = 0;
    loop {
        let rest = text.get(copied..).unwrap_or_default();
        let mut padded = [0; RUN];
        let (block, bytes) = match rest.first_chunk::<RUN>() {
            Some(block) => (block, RUN),
            None => {
                copy_start(&mut padded, rest);
                (&padded, rest.len())
            }
        };
        let (lower, in_step) = lower_case(simd, block);
        let run = (in_step.trailing_ones() as usize).min(bytes);
        to.extend_from_slice(&lower);
        if run < RUN {
            to.truncate(to.len() - (RUN - run));
            return copied + run;
        }
        copied += RUN;
    }
}

/// A block in lower case, and which of its bytes need no other folding.
#[inline(always)]
fn lower_case<S: Simd>(simd: S, block: &[u8; RUN]) -> ([u8; RUN], u32) {
    let bytes = u8x32::from_slice(simd, block);
    let is = |byte: u8| bytes.simd_eq(u8x32::splat(simd, byte));
    let among = |first: u8, count: u8| {
        let from_first = bytes - u8x32::splat(simd, first);
        from_first.simd_lt(u8x32::splat(simd, count))
    };
    let printable = among(b' ', b'~' - b' ' + 1) | is(b'\n');
    let escapes = is(b'&') | is(b'%');
    let shift = among(b'A', 26).select(u8x32::splat(simd, 0x20), u8x32::splat(simd, 0));
    let mut lower = [0; RUN];
    (bytes | shift).store_slice(&mut lower);
    (lower, (printable & !escapes).to_bitmask() as u32)
}
