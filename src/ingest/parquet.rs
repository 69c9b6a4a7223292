//! Parquet: tables by columns. Rows are read group by group and page by page, of the columns that are
//! used only.

use super::columns::{Columns, Field as Column, with_words};
use super::sniff::{Fit, Head};
use super::{BadRecord, Chunk, Format, Input, MaybePost, Numbers, Reader, Records};
use crate::limits::{CHUNK_BYTES, LINE_BYTES_MAX};
use crate::wire::post_from_json;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) static FORMAT: Format = Format {
    name: "parquet",
    summary: "a Parquet table; a plain file, not packed and not from a pipe",
    endings: &["parquet"],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(Rows::of(input)?)),
};

const MAGIC: &[u8] = b"PAR1";

fn sniff(head: &Head<'_>) -> Fit {
    match head.text() {
        text if text.starts_with(MAGIC) => Fit::Yes,
        text if MAGIC.starts_with(text) && !head.is_whole() => Fit::NeedsMore,
        _ => Fit::No,
    }
}

/// Rows, each turned into a line of JSON: what comes behind is the same as for NDJSON.
struct Rows {
    rows: RowIter<'static>,
    reader: Arc<dyn Reader>,
    /// The fields of the columns that are read.
    fields: Vec<Option<Column>>,
    number: u64,
    /// Bytes of the file for each row, to tell how far one is.
    bytes_per_row: f64,
    bytes_read: Arc<AtomicU64>,
}

impl Rows {
    fn of(input: Input) -> io::Result<Self> {
        let plain = input.into_file();
        let (file, bytes_read) = plain
            .and_then(|plain| Some((plain.file?, plain.bytes_read)))
            .ok_or_else(|| {
                let wrong = "Parquet is read from its end, so it must be a file, and not packed";
                io::Error::new(io::ErrorKind::InvalidInput, wrong)
            })?;
        let bytes = file.metadata()?.len();
        let (rows, columns, total) = guarded(|| open(file))?;
        Ok(Self {
            rows,
            fields: columns.fields.iter().flatten().copied().map(Some).collect(),
            reader: Arc::new(Lines { columns }),
            number: 0,
            bytes_per_row: bytes as f64 / total.max(1) as f64,
            bytes_read,
        })
    }

    /// The fields of a row, by the names of the contract.
    fn line(&self, row: &Row) -> Map<String, Value> {
        let mut line = Map::new();
        for ((_, value), column) in row.get_column_iter().zip(&self.fields) {
            let (Some(column), Some(value)) = (column, value_of(value)) else {
                continue;
            };
            let value = match (column, value) {
                (Column::At, Value::String(at)) => {
                    super::times::of_text(Cow::Owned(at)).into_owned().into()
                }
                (Column::Revision, Value::String(it)) => it.parse::<u64>().ok().into(),
                (Column::Targets, Value::String(one)) => vec![one].into(),
                (_, value) => value,
            };
            line.insert(column.name().to_owned(), value);
        }
        // A row without words is told by its reader.
        line.entry(Column::Text.name()).or_insert_with(|| "".into());
        line
    }
}

/// The rows of a file, as far as its columns are used; all its columns; how many rows there are.
fn open(file: std::fs::File) -> Result<(RowIter<'static>, Columns, i64), ParquetError> {
    let file = SerializedFileReader::new(file)?;
    let facts = file.metadata().file_metadata();
    let schema = facts.schema();
    let names: Vec<String> = schema
        .get_fields()
        .iter()
        .map(|it| it.name().to_owned())
        .collect();
    let columns = Columns::named(names.iter().map(String::as_str)).ok_or_else(|| {
        let wrong = "no column is known as a text (text, body, content, message …)";
        ParquetError::General(wrong.to_owned())
    })?;
    let used = schema.get_fields().iter().zip(&columns.fields);
    let used = used
        .filter(|(_, field)| field.is_some())
        .map(|(it, _)| Arc::clone(it));
    let wanted = Type::group_type_builder(schema.name())
        .with_fields(used.collect())
        .build()?;
    let rows = facts.num_rows();
    let iterator = RowIter::from_file_into(Box::new(file)).project(Some(wanted))?;
    Ok((iterator, columns, rows))
}

/// What the crate makes of a broken file may be a panic, which is an error like any other here.
fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> io::Result<T> {
    let broken = |wrong: String| io::Error::new(io::ErrorKind::InvalidData, wrong);
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(ParquetError::General(wrong))) if wrong.starts_with("no column") => {
            Err(broken(wrong))
        }
        // Its words may hold those of a post.
        Ok(Err(_)) | Err(_) => Err(broken("the Parquet file is broken".to_owned())),
    }
}

impl Records for Rows {
    fn next(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.clear_for(&self.reader);
        let mut line = Vec::new();
        while chunk.bytes().len() < CHUNK_BYTES {
            let Some(row) = guarded(|| self.rows.next().transpose())? else {
                break;
            };
            self.number += 1;
            line.clear();
            serde_json::to_writer(&mut line, &self.line(&row))?;
            if line.len() > LINE_BYTES_MAX {
                chunk.push_too_long(self.number);
                continue;
            }
            let start = chunk.bytes().len();
            chunk.append(&line);
            chunk.push(self.number, start..start + line.len());
        }
        let read = self.number as f64 * self.bytes_per_row;
        self.bytes_read.store(read as u64, Ordering::Relaxed);
        Ok(!chunk.is_empty())
    }

    fn told(&self) -> Option<String> {
        self.reader.told()
    }
}

/// Reads the lines that rows were made into.
#[derive(Debug)]
struct Lines {
    columns: Columns,
}

impl Reader for Lines {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        let post = post_from_json(record).map_err(BadRecord::NotAPost)?;
        Ok(with_words(post))
    }

    fn told(&self) -> Option<String> {
        Some(self.columns.told())
    }
}

/// A value as JSON; None when it is null or has no plain sense.
fn value_of(value: &Field) -> Option<Value> {
    let time = |time: Option<jiff::Timestamp>| Some(time?.to_string().into());
    match value {
        Field::Null | Field::Group(_) | Field::MapInternal(_) => None,
        Field::Str(text) => Some(text.as_str().into()),
        Field::Bytes(bytes) => Some(std::str::from_utf8(bytes.data()).ok()?.into()),
        Field::TimestampMillis(it) => time(jiff::Timestamp::from_millisecond(*it).ok()),
        Field::TimestampMicros(it) => time(jiff::Timestamp::from_microsecond(*it).ok()),
        Field::ListInternal(list) => {
            let elements = list.elements().iter().filter_map(value_of);
            Some(Value::Array(elements.collect()))
        }
        Field::Bool(_)
        | Field::Byte(_)
        | Field::Short(_)
        | Field::Int(_)
        | Field::Long(_)
        | Field::UByte(_)
        | Field::UShort(_)
        | Field::UInt(_)
        | Field::ULong(_)
        | Field::Float16(_)
        | Field::Float(_)
        | Field::Double(_)
        | Field::Decimal(_)
        | Field::Date(_)
        | Field::TimeMillis(_)
        | Field::TimeMicros(_) => Some(value.to_string().into()),
    }
}
