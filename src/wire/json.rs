//! Writes JSON piece by piece, straight into bytes. A tree of values, or a serializer that scans
//! every key again, would cost more than most decisions take to be made.

use std::fmt::Display;
use std::io::Write;

/// JSON being written. Writing to memory can't fail, so nothing here does.
pub(crate) struct Json<'o>(pub(crate) &'o mut Vec<u8>);

impl Json<'_> {
    /// JSON as it stands: punctuation and keys.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// A text between quotes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        match needs_escapes(text) {
            false => {
                self.raw("\"").raw(text).raw("\"");
            }
            true => {
                let _ = serde_json::to_writer(&mut *self.0, text);
            }
        }
        self
    }

    /// A number.
    pub(crate) fn number(&mut self, number: impl Display) -> &mut Self {
        let _ = write!(self.0, "{number}");
        self
    }

    /// Each item, with commas between them.
    pub(crate) fn each<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) -> &mut Self {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.raw(",");
            }
            write(self, item);
        }
        self
    }
}

/// Looks at every byte instead of stopping at the first, which lets the compiler look at many at
/// once; hardly any text has one.
fn needs_escapes(text: &str) -> bool {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    text.bytes()
        .fold(false, |found, byte| found | is_escaped(byte))
}
