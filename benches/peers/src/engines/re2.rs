//! RE2's set of expressions, through the shim in `native/re2_set.cc`.

use super::{Built, Engine, Input, Memory, Text};
use std::ffi::{c_char, c_int};
use std::ptr::{self, NonNull};

/// What the set's automaton may hold.
const BYTES_MAX: i64 = 2 << 30;

#[repr(C)]
struct Set {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn re2_set_new(memory_max: i64) -> *mut Set;
    fn re2_set_free(set: *mut Set);
    fn re2_set_add(set: *mut Set, pattern: *const c_char, length: usize) -> c_int;
    fn re2_set_compile(set: *mut Set) -> bool;
    fn re2_set_match(
        set: *mut Set,
        text: *const c_char,
        length: usize,
        hits: *mut *const c_int,
    ) -> isize;
}

/// A compiled set, freed once.
struct Re2 {
    set: NonNull<Set>,
    /// Texts for which the memory did not suffice: their hits are unknown.
    failed: u32,
}

pub(super) fn build(input: &Input) -> Result<Built, String> {
    // SAFETY: takes a number; what it returns is ours to free.
    let set = NonNull::new(unsafe { re2_set_new(BYTES_MAX) }).ok_or("no set")?;
    let engine = Re2 { set, failed: 0 };
    for (at, rule) in input.rules.iter().enumerate() {
        let pattern = &rule.pattern;
        // SAFETY: the set was made above, and the pattern is as long as is told.
        let number = unsafe { re2_set_add(set.as_ptr(), pattern.as_ptr().cast(), pattern.len()) };
        if usize::try_from(number) != Ok(at) {
            return Err(format!("rule {at} can't be added"));
        }
    }
    // SAFETY: the set was made above and has not been compiled yet.
    if !unsafe { re2_set_compile(set.as_ptr()) } {
        return Err("the set can't be compiled".to_owned());
    }
    Ok(Built {
        engine: Box::new(engine),
        memory: Memory::Malloc,
    })
}

impl Engine for Re2 {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let text = text.folded.as_bytes();
        let mut found = ptr::null();
        // SAFETY: the set is compiled, the text is as long as is told, and the result is written to
        // a place of this frame.
        let count = unsafe {
            let set = self.set.as_ptr();
            re2_set_match(set, text.as_ptr().cast(), text.len(), &mut found)
        };
        match usize::try_from(count) {
            Ok(0) => {}
            // SAFETY: so many numbers stand there until the next call.
            Ok(count) => hits.extend(
                unsafe { std::slice::from_raw_parts(found, count) }
                    .iter()
                    .map(|at| *at as u32),
            ),
            Err(_) => self.failed += 1,
        }
    }

    fn trouble(&self) -> Option<String> {
        let failed = self.failed;
        (failed > 0).then(|| format!("memory did not suffice for {failed} texts"))
    }
}

impl Drop for Re2 {
    fn drop(&mut self) {
        // SAFETY: it was made for `self` and is freed here only.
        unsafe { re2_set_free(self.set.as_ptr()) }
    }
}
