//! Tables with a header row: CSV, with commas, semicolons or tabs. Columns are known by their names.

use super::columns::{Columns, Field, with_words};
use super::cut::{Cutting, Scan, Step};
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, Input, MaybePost, Numbers, Reader, Records};
use crate::limits::COLUMNS_MAX;
use crate::model::Post;
use memchr::{memchr, memchr2};
use std::borrow::Cow;
use std::io;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "csv",
    summary: "a table with a header row, between commas, semicolons or tabs",
    endings: &["csv", "tsv", "tab"],
    numbers: Numbers::Lines,
    sniff,
    records,
};

/// What may stand between fields. The one that gives most columns with a known name is taken.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

fn sniff(head: &Head<'_>) -> Fit {
    if matches!(head.text().first(), Some(b'{' | b'[')) {
        return Fit::No;
    }
    let end = match Header::end(head.text()) {
        Some(end) => end,
        None if head.is_whole() => head.text().len(),
        None => return Fit::NeedsMore,
    };
    let header = head.text().get(..end).unwrap_or_default();
    match Header::of(header) {
        Some(header) if header.columns.fields.len() > 1 => Fit::Yes,
        Some(_) => Fit::Perhaps,
        None => Fit::No,
    }
}

fn records(mut input: Input) -> io::Result<Box<dyn Records>> {
    input.skip_mark()?;
    input.look_until(|head| Header::end(head).is_some())?;
    let end = Header::end(input.head()).unwrap_or(input.head().len());
    if end == 0 && input.is_whole() {
        return Ok(Box::new(Cutting::of(input, Rows::default())?));
    }
    let header = input.head().get(..end).unwrap_or_default();
    let lines = header.iter().filter(|byte| **byte == b'\n').count();
    let header = Header::of(header).ok_or_else(|| {
        let wrong = "the first row names no column that is known as a text \
                     (text, body, content, message …)";
        io::Error::new(io::ErrorKind::InvalidData, wrong)
    })?;
    input.skip(end);
    let rows = Rows {
        delimiter: header.delimiter,
        line: lines as u64,
        reader: Arc::new(header),
        ..Rows::default()
    };
    Ok(Box::new(Cutting::of(input, rows)?))
}

/// The columns of a table, and what stands between them.
#[derive(Debug)]
struct Header {
    delimiter: u8,
    columns: Columns,
}

impl Header {
    /// The header in a row. None when no column holds a text.
    fn of(row: &[u8]) -> Option<Self> {
        let row = std::str::from_utf8(row).ok()?;
        let columns = |delimiter| {
            let names: Vec<Cow<'_, str>> = fields(row, delimiter).take(COLUMNS_MAX).collect();
            let columns = Columns::named(names.iter().map(|name| &**name))?;
            Some(Self { delimiter, columns })
        };
        let known = |header: &Self| header.columns.fields.iter().flatten().count();
        let found = DELIMITERS.into_iter().rev().filter_map(columns);
        found.max_by_key(known)
    }

    /// Where the header ends, line feed included. Blank lines before it belong to it.
    fn end(head: &[u8]) -> Option<usize> {
        let blank = head
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let mut quotes = Quotes::default();
        let mut at = blank;
        while let Some(byte) = head.get(at) {
            // Any of the delimiters may be the one.
            if quotes.byte(*byte, |byte| DELIMITERS.contains(&byte)) {
                return Some(at + 1);
            }
            at += 1;
        }
        None
    }
}

/// Where one is with respect to quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Quotes {
    /// At the beginning of a field, where a quote opens.
    #[default]
    FieldBegins,
    /// In a field without quotes, or behind the closing one.
    Plain,
    /// Between quotes.
    Open,
    /// Behind a quote that closes, unless another follows.
    MayHaveClosed,
}

impl Quotes {
    /// Takes one byte; `true`: it ends the row.
    fn byte(&mut self, byte: u8, is_delimiter: impl Fn(u8) -> bool) -> bool {
        *self = match (*self, byte) {
            (Self::Open, b'"') => Self::MayHaveClosed,
            (Self::Open, _) => Self::Open,
            (Self::FieldBegins | Self::MayHaveClosed, b'"') => Self::Open,
            (_, b'\n') => {
                *self = Self::FieldBegins;
                return true;
            }
            (_, byte) if is_delimiter(byte) => Self::FieldBegins,
            _ => Self::Plain,
        };
        false
    }
}

/// Finds rows: line feeds between quotes end none.
struct Rows {
    reader: Arc<dyn Reader>,
    delimiter: u8,
    quotes: Quotes,
    /// Lines before the one that is looked at.
    line: u64,
    is_in_row: bool,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            reader: Arc::new(super::ndjson::Contract),
            delimiter: b',',
            quotes: Quotes::default(),
            line: 0,
            is_in_row: false,
        }
    }
}

impl Scan for Rows {
    fn step(&mut self, bytes: &[u8], mut at: usize) -> Step {
        while let Some(byte) = bytes.get(at).copied() {
            if !self.is_in_row {
                if matches!(byte, b'\n' | b'\r') {
                    self.line += u64::from(byte == b'\n');
                    at += 1;
                    continue;
                }
                self.is_in_row = true;
                return Step::Begin {
                    number: self.line + 1,
                    at,
                    next: at,
                };
            }
            at = self.skip_plain(bytes, at);
            let Some(byte) = bytes.get(at).copied() else {
                return Step::More;
            };
            self.line += u64::from(byte == b'\n');
            let delimiter = self.delimiter;
            at += 1;
            if self.quotes.byte(byte, |byte| byte == delimiter) {
                self.is_in_row = false;
                return Step::End {
                    end: at - 1,
                    next: at,
                };
            }
        }
        Step::More
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.reader)
    }
}

impl Rows {
    /// Passes over bytes that mean nothing where one is.
    fn skip_plain(&self, bytes: &[u8], at: usize) -> usize {
        let rest = bytes.get(at..).unwrap_or_default();
        let next = match self.quotes {
            // Line feeds are counted, so they are stopped at too.
            Quotes::Open => memchr2(b'"', b'\n', rest),
            Quotes::Plain => memchr2(self.delimiter, b'\n', rest),
            Quotes::FieldBegins | Quotes::MayHaveClosed => Some(0),
        };
        at + next.unwrap_or(rest.len())
    }
}

impl Reader for Header {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let mut post = Post::default();
        let mut found = 0;
        for (value, field) in fields(record, self.delimiter).zip(&self.columns.fields) {
            found += 1;
            if let Some(field) = field {
                field.fill(&mut post, value);
            }
        }
        let text = self
            .columns
            .fields
            .iter()
            .position(|it| *it == Some(Field::Text));
        if text.is_none_or(|text| found <= text) {
            return Err(BadRecord::Malformed("fewer fields than the header says"));
        }
        if is_open(record, self.delimiter) {
            return Err(BadRecord::Malformed(
                "a quote is opened here and never closed",
            ));
        }
        Ok(with_words(post))
    }

    fn told(&self) -> Option<String> {
        Some(self.columns.told())
    }
}

/// Whether a row ends between quotes: then it is the last, and swallowed all that follows.
fn is_open(row: &str, delimiter: u8) -> bool {
    let rows = Rows {
        delimiter,
        is_in_row: true,
        ..Rows::default()
    };
    let (mut rows, mut at) = (rows, 0);
    while let Step::End { next, .. } = rows.step(row.as_bytes(), at) {
        at = next;
    }
    rows.quotes == Quotes::Open
}

/// The fields of a row, borrowed where they stand without doubled quotes.
fn fields(row: &str, delimiter: u8) -> impl Iterator<Item = Cow<'_, str>> {
    let row = row.trim_matches(['\r', '\n']);
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let (field, behind) = first_field(rest?, delimiter);
        rest = behind;
        Some(field)
    })
}

/// The first field, and what stands behind its delimiter.
fn first_field(row: &str, delimiter: u8) -> (Cow<'_, str>, Option<&str>) {
    let Some(quoted) = row.strip_prefix('"') else {
        return match memchr(delimiter, row.as_bytes()).and_then(|at| row.split_at_checked(at)) {
            Some((field, behind)) => (field.into(), behind.get(1..)),
            None => (row.into(), None),
        };
    };
    let (mut field, mut rest) = (Cow::Borrowed(""), quoted);
    loop {
        let (part, behind) = rest.split_once('"').unwrap_or((rest, ""));
        append(&mut field, part);
        let Some(doubled) = behind.strip_prefix('"') else {
            // What stands between a closing quote and the delimiter belongs to the field.
            let (part, behind) = match memchr(delimiter, behind.as_bytes())
                .and_then(|at| behind.split_at_checked(at))
            {
                Some((part, behind)) => (part, behind.get(1..)),
                None => (behind, None),
            };
            append(&mut field, part);
            return (field, behind);
        };
        append(&mut field, "\"");
        rest = doubled;
    }
}

fn append<'a>(field: &mut Cow<'a, str>, part: &'a str) {
    match field.is_empty() {
        true => *field = Cow::Borrowed(part),
        false if part.is_empty() => {}
        false => field.to_mut().push_str(part),
    }
}
