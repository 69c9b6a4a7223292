//! Hyperscan (or Vectorscan), through the few functions of its C interface that are needed.

use super::{Built, Engine, Input, Memory, Text};
use crate::generate::Kind;
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_ulonglong, c_void};
use std::ptr::{self, NonNull};

const FLAG_DOTALL: c_uint = 2;
const FLAG_SINGLEMATCH: c_uint = 8;
const MODE_BLOCK: c_uint = 1;
const SUCCESS: c_int = 0;

#[repr(C)]
struct Database {
    _opaque: [u8; 0],
}

#[repr(C)]
struct Scratch {
    _opaque: [u8; 0],
}

#[repr(C)]
struct CompileError {
    message: *mut c_char,
    expression: c_int,
}

type OnMatch = unsafe extern "C" fn(c_uint, c_ulonglong, c_ulonglong, c_uint, *mut c_void) -> c_int;

unsafe extern "C" {
    fn hs_compile_multi(
        expressions: *const *const c_char,
        flags: *const c_uint,
        ids: *const c_uint,
        elements: c_uint,
        mode: c_uint,
        platform: *const c_void,
        database: *mut *mut Database,
        error: *mut *mut CompileError,
    ) -> c_int;
    fn hs_free_compile_error(error: *mut CompileError) -> c_int;
    fn hs_free_database(database: *mut Database) -> c_int;
    fn hs_database_size(database: *const Database, size: *mut usize) -> c_int;
    fn hs_alloc_scratch(database: *const Database, scratch: *mut *mut Scratch) -> c_int;
    fn hs_scratch_size(scratch: *const Scratch, size: *mut usize) -> c_int;
    fn hs_free_scratch(scratch: *mut Scratch) -> c_int;
    fn hs_scan(
        database: *const Database,
        data: *const c_char,
        length: c_uint,
        flags: c_uint,
        scratch: *mut Scratch,
        on_match: OnMatch,
        context: *mut c_void,
    ) -> c_int;
}

/// A database with the memory that scanning by it takes. Both are freed once.
struct Hyperscan {
    database: NonNull<Database>,
    scratch: NonNull<Scratch>,
    failed: Option<c_int>,
}

/// All rules.
pub(super) fn all(input: &Input) -> Result<Built, String> {
    build(input, |_| true)
}

/// The rules with words: Hyperscan is spared the shapes of numbers.
pub(super) fn text(input: &Input) -> Result<Built, String> {
    build(input, |kind| kind != Kind::Numeric)
}

fn build(input: &Input, wanted: fn(Kind) -> bool) -> Result<Built, String> {
    let mut patterns = Vec::new();
    let mut ids = Vec::new();
    for (at, rule) in input.rules.iter().enumerate() {
        if wanted(rule.kind) {
            patterns.push(CString::new(rule.pattern.as_str()).map_err(super::in_words)?);
            ids.push(at as c_uint);
        }
    }
    let engine = Hyperscan::new(database(&patterns, &ids)?)?;
    let bytes = engine.bytes();
    Ok(Built {
        engine: Box::new(engine),
        memory: Memory::Own(bytes),
    })
}

fn database(patterns: &[CString], ids: &[c_uint]) -> Result<NonNull<Database>, String> {
    let pointers: Vec<*const c_char> = patterns.iter().map(|pattern| pattern.as_ptr()).collect();
    let flags = vec![FLAG_DOTALL | FLAG_SINGLEMATCH; pointers.len()];
    let mut database = ptr::null_mut();
    let mut error = ptr::null_mut();
    // SAFETY: the three lists have as many elements as is told and outlive the call, every pattern
    // ends with a zero byte, and the two results are written to places of this frame.
    let code = unsafe {
        hs_compile_multi(
            pointers.as_ptr(),
            flags.as_ptr(),
            ids.as_ptr(),
            pointers.len() as c_uint,
            MODE_BLOCK,
            ptr::null(),
            &mut database,
            &mut error,
        )
    };
    if let (SUCCESS, Some(database)) = (code, NonNull::new(database)) {
        return Ok(database);
    }
    // SAFETY: when compiling fails, `error` is null or points to a message that is ours to free,
    // once, after it was copied.
    let message = unsafe {
        let told = error.as_ref();
        let message =
            told.map(|error| CStr::from_ptr(error.message).to_string_lossy().into_owned());
        hs_free_compile_error(error);
        message
    };
    Err(message.unwrap_or_else(|| format!("hs_compile_multi: {code}")))
}

impl Hyperscan {
    fn new(database: NonNull<Database>) -> Result<Self, String> {
        let mut scratch = ptr::null_mut();
        // SAFETY: the database was just made, and the result is written to a place of this frame.
        let code = unsafe { hs_alloc_scratch(database.as_ptr(), &mut scratch) };
        match NonNull::new(scratch) {
            Some(scratch) if code == SUCCESS => Ok(Self {
                database,
                scratch,
                failed: None,
            }),
            _ => {
                // SAFETY: nobody else holds the database.
                unsafe { hs_free_database(database.as_ptr()) };
                Err(format!("hs_alloc_scratch: {code}"))
            }
        }
    }

    fn bytes(&self) -> u64 {
        let (mut database, mut scratch) = (0, 0);
        // SAFETY: both live as long as `self`, and the sizes are written to places of this frame.
        unsafe {
            hs_database_size(self.database.as_ptr(), &mut database);
            hs_scratch_size(self.scratch.as_ptr(), &mut scratch);
        }
        (database + scratch) as u64
    }
}

/// Notes a rule.
///
/// # Safety
/// `context` is the `Vec<u32>` that was handed to `hs_scan`.
unsafe extern "C" fn note(
    rule: c_uint,
    _from: c_ulonglong,
    _to: c_ulonglong,
    _flags: c_uint,
    context: *mut c_void,
) -> c_int {
    // SAFETY: by the contract above; nothing else uses the list during the scan.
    let hits = unsafe { &mut *context.cast::<Vec<u32>>() };
    hits.push(rule);
    0
}

impl Engine for Hyperscan {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let text = text.folded.as_bytes();
        // SAFETY: database and scratch live as long as `self` and no other scan uses them; the text
        // is as long as is told; the context is the list that `note` expects.
        let code = unsafe {
            hs_scan(
                self.database.as_ptr(),
                text.as_ptr().cast(),
                text.len() as c_uint,
                0,
                self.scratch.as_ptr(),
                note,
                ptr::from_mut(hits).cast(),
            )
        };
        if code != SUCCESS {
            self.failed = Some(code);
        }
    }

    fn trouble(&self) -> Option<String> {
        self.failed.map(|code| format!("hs_scan: {code}"))
    }
}

impl Drop for Hyperscan {
    fn drop(&mut self) {
        // SAFETY: both were made for `self` and are freed here only.
        unsafe {
            hs_free_scratch(self.scratch.as_ptr());
            hs_free_database(self.database.as_ptr());
        }
    }
}
