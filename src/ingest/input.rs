//! The bytes of a dump, whose beginning may be looked at before it is read.

use super::source::PlainFile;
use crate::limits::SNIFF_BYTES_MAX;
use std::fmt;
use std::io::{self, Read};

/// Bytes that the first look at the beginning asks for: what a pipe has is enough.
const LOOK_BYTES: usize = 8 << 10;

/// The unpacked bytes of a dump, without a buffer: records are read into their chunk. What was looked
/// at beforehand is read again.
pub struct Input {
    head: Vec<u8>,
    /// How many bytes of the head were read.
    given: usize,
    rest: Box<dyn Read + Send>,
    is_whole: bool,
    file: Option<PlainFile>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").finish_non_exhaustive()
    }
}

impl Input {
    /// Bytes that are unpacked already.
    #[must_use]
    pub fn of(bytes: impl Read + Send + 'static) -> Self {
        Self {
            head: Vec::new(),
            given: 0,
            rest: Box::new(bytes),
            is_whole: false,
            file: None,
        }
    }

    /// The same bytes as a file.
    pub(super) fn with_file(mut self, file: PlainFile) -> Self {
        self.file = Some(file);
        self
    }

    /// The file, where it is plain and can be read anywhere.
    #[cfg(feature = "parquet")]
    pub(super) fn into_file(self) -> Option<PlainFile> {
        self.file.filter(|plain| plain.file.is_some())
    }

    /// What was looked at so far and is not read yet.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get(self.given..).unwrap_or_default()
    }

    /// Whether the head is all there is.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Waits for some more of the beginning. `false`: there is no more, or it is long enough.
    pub(super) fn look_further(&mut self) -> io::Result<bool> {
        if self.is_whole || self.head().len() >= SNIFF_BYTES_MAX {
            return Ok(false);
        }
        let before = self.head.len();
        // Each look is as long as all before: those who look begin anew each time.
        self.head.resize(before + before.max(LOOK_BYTES), 0);
        let room = self.head.get_mut(before..).unwrap_or_default();
        let read = loop {
            match self.rest.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.head.truncate(before + *read.as_ref().unwrap_or(&0));
        self.is_whole = read? == 0;
        Ok(!self.is_whole)
    }

    /// Looks on until `enough` says so, or there is no more to look at.
    pub(super) fn look_until(&mut self, enough: impl Fn(&[u8]) -> bool) -> io::Result<()> {
        while !enough(self.head()) && self.look_further()? {}
        Ok(())
    }

    /// Passes over bytes of the head.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.given = (self.given + bytes).min(self.head.len());
    }

    /// Passes over the byte order mark.
    pub(super) fn skip_mark(&mut self) -> io::Result<()> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        self.look_until(|head| !MARK.starts_with(head) || head.len() >= MARK.len())?;
        if self.head().starts_with(MARK) {
            self.skip(MARK.len());
        }
        Ok(())
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut head = self.head.get(self.given..).unwrap_or_default();
        if head.is_empty() {
            return self.rest.read(buffer);
        }
        let read = head.read(buffer)?;
        self.given += read;
        if self.given == self.head.len() {
            (self.head, self.given) = (Vec::new(), 0);
        }
        Ok(read)
    }
}
