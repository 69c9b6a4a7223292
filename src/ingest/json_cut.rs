//! Cuts JSON into records without parsing it: the elements of one large array, wherever it stands, or
//! one object after another. Only strings and brackets are followed; whether a record is sound JSON
//! is for its reader to say. No recursion, so depth costs nothing.

use super::cut::{Cutting, Scan, Step};
use super::{Input, Reader};
use memchr::memchr2;
use std::io;
use std::sync::Arc;

/// Where records stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Keys of the arrays whose elements are records.
    pub(super) arrays: &'static [&'static str],
    /// Keys of objects in which such arrays may stand.
    pub(super) inside: &'static [&'static str],
}

/// Bytes of a key that are kept: longer ones are none of ours.
const KEY_BYTES_MAX: usize = 64;
/// Objects that stand inside each other around an array of records.
const CONTAINERS_MAX: usize = 4;

/// Cuts JSON of this shape. A dump whose beginning shows none of its arrays is a sequence of records.
///
/// # Errors
/// The beginning can't be read.
pub(super) fn cut_json(
    mut input: Input,
    shape: Shape,
    reader: Arc<dyn Reader>,
) -> io::Result<Cutting<JsonScan>> {
    input.skip_mark()?;
    let looks = |head: &[u8]| JsonScan::of(shape, Arc::clone(&reader), false).holds_array(head);
    input.look_until(|head| looks(head).is_some())?;
    let is_sequence = looks(input.head()) != Some(true);
    Cutting::of(input, JsonScan::of(shape, reader, is_sequence))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between values of the uppermost level.
    Top,
    /// In an object around the records, before a key.
    Key,
    /// In such a key; `true`: behind a backslash.
    InKey(bool),
    /// Behind such a key.
    Colon,
    /// In the array, between records.
    Elements,
    /// In a value that is passed over, or in a record.
    Value,
}

/// Follows one value to its end.
#[derive(Debug, Default)]
struct Walk {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    is_scalar: bool,
}

/// Finds records in JSON.
pub(super) struct JsonScan {
    shape: Shape,
    reader: Arc<dyn Reader>,
    /// Whether objects of the uppermost level are records.
    is_sequence: bool,
    state: State,
    walk: Walk,
    is_record: bool,
    key: Vec<u8>,
    /// How many objects stand around.
    containers: usize,
    in_array: bool,
    found_array: bool,
    number: u64,
}

impl JsonScan {
    fn of(shape: Shape, reader: Arc<dyn Reader>, is_sequence: bool) -> Self {
        Self {
            shape,
            reader,
            is_sequence,
            state: State::Top,
            walk: Walk::default(),
            is_record: false,
            key: Vec::new(),
            containers: 0,
            in_array: false,
            found_array: false,
            number: 0,
        }
    }

    /// Whether a beginning leads to an array of records; None when it doesn't say yet.
    fn holds_array(mut self, head: &[u8]) -> Option<bool> {
        let mut at = 0;
        loop {
            match self.step(head, at) {
                _ if self.found_array => return Some(true),
                Step::More => return None,
                Step::Begin { .. } | Step::NewReader { .. } => return Some(false),
                Step::End { .. } if self.state == State::Top => return Some(false),
                Step::End { next, .. } => at = next,
            }
        }
    }

    /// A value begins with this byte. Records and values that are passed over go the same way.
    fn begin(&mut self, byte: u8, at: usize, is_record: bool) -> Option<Step> {
        self.state = State::Value;
        self.is_record = is_record;
        self.walk = Walk {
            depth: usize::from(matches!(byte, b'{' | b'[')),
            in_string: byte == b'"',
            is_escaped: false,
            is_scalar: !matches!(byte, b'{' | b'[' | b'"'),
        };
        is_record.then(|| {
            self.number += 1;
            Step::Begin {
                number: self.number,
                at,
                next: at + 1,
            }
        })
    }

    /// What a byte outside of values means.
    fn between(&mut self, byte: u8, at: usize) -> Option<Step> {
        match (self.state, byte) {
            (State::Top | State::Elements | State::Key | State::Colon, b) if is_blank(b) => None,
            (State::Top | State::Elements | State::Key, b',' | 0x1e) => None,
            (State::Top, b'[') => {
                self.enter_array();
                None
            }
            (State::Top, b'{') if !self.is_sequence => {
                (self.state, self.containers) = (State::Key, 1);
                None
            }
            (State::Elements, b']') => {
                self.in_array = false;
                self.state = self.outside();
                None
            }
            (State::Top | State::Elements, byte) => self.begin(byte, at, true),
            (State::Key, b'"') => {
                self.key.clear();
                self.state = State::InKey(false);
                None
            }
            (State::Key, b'}') => {
                self.containers = self.containers.saturating_sub(1);
                self.state = self.outside();
                // The end of the whole is worth telling to those who look for an array.
                (self.containers == 0).then_some(Step::End {
                    end: at,
                    next: at + 1,
                })
            }
            (State::Colon, b':') => None,
            (State::Colon, b'[') if self.is_key(self.shape.arrays) => {
                self.enter_array();
                None
            }
            (State::Colon, b'{')
                if self.is_key(self.shape.inside) && self.containers < CONTAINERS_MAX =>
            {
                self.containers += 1;
                self.state = State::Key;
                None
            }
            (State::Colon, byte) => self.begin(byte, at, false),
            (State::Key | State::InKey(_) | State::Value, _) => None,
        }
    }

    fn enter_array(&mut self) {
        self.state = State::Elements;
        (self.in_array, self.found_array) = (true, true);
    }

    /// Where one is behind a value.
    fn outside(&self) -> State {
        match (self.in_array, self.containers) {
            (true, _) => State::Elements,
            (false, 0) => State::Top,
            (false, _) => State::Key,
        }
    }

    fn is_key(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| key.as_bytes() == self.key)
    }

    /// One byte of a key.
    fn key_byte(&mut self, byte: u8, is_escaped: bool) {
        self.state = match (is_escaped, byte) {
            (false, b'"') => State::Colon,
            (false, b'\\') => State::InKey(true),
            _ => State::InKey(false),
        };
        if self.key.len() < KEY_BYTES_MAX {
            self.key.push(byte);
        }
        if self.state == State::Colon {
            self.key.pop_if(|byte| *byte == b'"');
        }
    }
}

impl Scan for JsonScan {
    fn step(&mut self, bytes: &[u8], mut at: usize) -> Step {
        while let Some(byte) = bytes.get(at).copied() {
            match self.state {
                State::Value => {
                    let Some(end) = self.walk.on(bytes, at) else {
                        return Step::More;
                    };
                    self.state = self.outside();
                    if self.is_record {
                        return Step::End { end, next: end };
                    }
                    at = end;
                }
                State::InKey(is_escaped) => {
                    self.key_byte(byte, is_escaped);
                    at += 1;
                }
                State::Top | State::Key | State::Colon | State::Elements => {
                    let step = self.between(byte, at);
                    // A bare word begins with a byte that its walk must see too.
                    at += 1;
                    if let Some(step) = step {
                        return step;
                    }
                }
            }
        }
        Step::More
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.reader)
    }

    fn end(&self) -> Option<&'static str> {
        let may_end_here = match self.state {
            State::Top => true,
            State::Value => self.walk.is_scalar && !self.in_array && self.containers == 0,
            State::Key | State::InKey(_) | State::Colon | State::Elements => false,
        };
        (!may_end_here).then_some("the dump ends in the middle of its JSON")
    }
}

impl Walk {
    /// Goes on from `at`. Returns where the value ends, when it ends here.
    fn on(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        if self.is_scalar {
            let rest = bytes.get(at..).unwrap_or_default();
            let ends = |byte: &u8| is_blank(*byte) || matches!(byte, b',' | b']' | b'}');
            return rest.iter().position(ends).map(|length| at + length);
        }
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.in_string {
                at += self.string(rest)?;
            } else {
                let is_sign = |byte: &u8| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']');
                let length = rest.iter().position(is_sign)?;
                match rest.get(length) {
                    Some(b'"') => self.in_string = true,
                    Some(b'{' | b'[') => self.depth += 1,
                    _ => self.depth = self.depth.saturating_sub(1),
                }
                at += length + 1;
            }
            if self.depth == 0 && !self.in_string {
                return Some(at);
            }
        }
        None
    }

    /// Goes on in a string: how many bytes of `rest` belong to it. None: all.
    fn string(&mut self, rest: &[u8]) -> Option<usize> {
        if self.is_escaped {
            self.is_escaped = false;
            return Some(1);
        }
        let length = memchr2(b'"', b'\\', rest)?;
        match rest.get(length) {
            Some(b'"') => self.in_string = false,
            _ => self.is_escaped = true,
        }
        Some(length + 1)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
