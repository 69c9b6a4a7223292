//! Which format a dump has, by its beginning: names of files lie, but may break a tie.

use super::{FORMATS, Format, Input};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// How well the beginning of a dump fits a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is none of this format.
    No,
    /// It may be one, when nothing fits better.
    Perhaps,
    /// More bytes will tell.
    NeedsMore,
    /// It is one.
    Yes,
}

/// The beginning of a dump.
#[derive(Debug)]
pub struct Head<'a> {
    bytes: &'a [u8],
    is_whole: bool,
    json: OnceCell<JsonHead>,
}

impl<'a> Head<'a> {
    fn of(bytes: &'a [u8], is_whole: bool) -> Self {
        Self {
            bytes,
            is_whole,
            json: OnceCell::new(),
        }
    }

    /// The bytes, from the first that is not blank.
    pub(super) fn text(&self) -> &'a [u8] {
        self.bytes.trim_ascii_start()
    }

    /// Whether nothing follows that may be looked at.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// What the beginning says as JSON.
    pub(super) fn json(&self) -> &JsonHead {
        self.json
            .get_or_init(|| JsonHead::of(self.text(), self.is_whole))
    }
}

/// What the beginning of a dump says, read as JSON.
#[derive(Debug, Default)]
pub(super) struct JsonHead {
    /// Whether it begins with an object or an array.
    pub(super) is_json: bool,
    /// Whether the first object has ended, so that all its keys were seen.
    pub(super) is_known: bool,
    /// Whether each line holds an object of its own. None: the first line has not ended yet.
    pub(super) is_by_line: Option<bool>,
    /// With how deep they stand.
    keys: BTreeSet<(usize, Vec<u8>)>,
}

/// Keys of objects further inside say nothing of the format.
const KEY_DEPTH_MAX: usize = 4;
/// Keys that are kept: posts have some dozens.
const KEYS_MAX: usize = 1_024;

impl JsonHead {
    /// Whether this is a key near the beginning.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(_, it)| it == key.as_bytes())
    }

    /// Whether the objects of the uppermost level have this key.
    pub(super) fn has_at_top(&self, key: &str) -> bool {
        self.keys.contains(&(1, key.as_bytes().to_vec()))
    }

    fn of(text: &[u8], is_whole: bool) -> Self {
        let begins_object = text.starts_with(b"{");
        let mut head = Self {
            is_json: begins_object || text.starts_with(b"["),
            is_by_line: (!begins_object).then_some(false),
            ..Self::default()
        };
        if head.is_json {
            head.read(text);
        }
        if is_whole {
            head.is_known = true;
            head.is_by_line = head.is_by_line.or(Some(true));
        }
        head
    }

    /// Reads up to the end of the first line that holds whole objects, or to the end of the first
    /// object.
    fn read(&mut self, text: &[u8]) {
        let (mut depth, mut at) = (0_usize, 0);
        let mut last_string = None;
        let mut may_end = false;
        while let Some(byte) = text.get(at) {
            match byte {
                b'"' => {
                    let end = end_of_string(text, at + 1);
                    if text.get(at..end).is_some_and(|it| it.contains(&b'\n')) {
                        // Texts hold no raw line feeds: a line is broken, and the next begins anew.
                        (self.is_by_line, self.is_known) = (Some(true), true);
                        return;
                    }
                    last_string = Some((at + 1, end));
                    at = end;
                }
                b':' => self.key(text, last_string.take(), depth),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    may_end |= depth == 0;
                    self.is_known |= depth == 0 || depth == 1 && text.starts_with(b"[");
                }
                b'\n' if self.is_by_line.is_none() => self.is_by_line = Some(may_end && depth == 0),
                _ => {}
            }
            if self.is_known && self.is_by_line.is_some() {
                return;
            }
            at += 1;
        }
    }

    fn key(&mut self, text: &[u8], place: Option<(usize, usize)>, depth: usize) {
        let key = place.and_then(|(start, end)| text.get(start..end));
        if depth <= KEY_DEPTH_MAX && self.keys.len() < KEYS_MAX {
            self.keys.extend(key.map(|key| (depth, key.to_vec())));
        }
    }
}

/// Where the quote stands that closes a string, or where the text ends.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// The format of a dump by its beginning, or None when no format fits. What was looked at is not
/// lost; a pipe is not waited for longer than until its first record has arrived. `name` is that of
/// the file.
///
/// # Errors
/// The beginning can't be read, or is text that is not UTF-8 by its own mark.
pub fn sniff(input: &mut Input, name: &str) -> io::Result<Option<&'static Format>> {
    input.look_further()?;
    input.skip_mark()?;
    input.look_until(|head| !matches!(head, [0xff | 0xfe]))?;
    if matches!(input.head(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        let wrong = "the text is UTF-16; dumps are UTF-8";
        return Err(io::Error::new(io::ErrorKind::InvalidData, wrong));
    }
    loop {
        let is_whole = input.is_whole();
        let head = Head::of(input.head(), is_whole);
        let fits: Vec<(&'static Format, Fit)> = FORMATS
            .iter()
            .map(|format| (*format, (format.sniff)(&head)))
            .collect();
        let with = |wanted: Fit| {
            let found = fits.iter().filter(move |(_, fit)| *fit == wanted);
            found.map(|(format, _)| *format)
        };
        // One that needs more may stand before one that fits.
        let decided = fits
            .iter()
            .find(|(_, fit)| matches!(fit, Fit::Yes | Fit::NeedsMore));
        if let Some((format, Fit::Yes)) = decided {
            return Ok(Some(*format));
        }
        let is_doubtful = with(Fit::NeedsMore).next().is_some();
        if is_doubtful && input.look_further()? || is_doubtful && !is_whole && input.is_whole() {
            continue;
        }
        if let Some(format) = with(Fit::Yes).next() {
            return Ok(Some(format));
        }
        let by_name = with(Fit::Perhaps).find(|format| is_named_so(name, format));
        return Ok(by_name.or_else(|| with(Fit::Perhaps).next()));
    }
}

/// Whether a file's name ends as the names of a format do, packed or not.
fn is_named_so(name: &str, format: &Format) -> bool {
    let mut path = Path::new(name);
    let ending = |path: &Path| {
        let ending = path
            .extension()
            .map(|it| it.to_string_lossy().to_lowercase());
        ending.unwrap_or_default()
    };
    if matches!(ending(path).as_str(), "gz" | "zst") {
        path = Path::new(path.file_stem().unwrap_or_default());
    }
    format.endings.contains(&ending(path).as_str())
}
