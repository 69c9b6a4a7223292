//! A dump on its way into records.

use super::{Format, Records, Source, format, sniff};
use std::fmt;
use std::io;

/// A dump that is being read.
pub struct Dump {
    /// Its format.
    pub format: &'static Format,
    /// What cuts it into records.
    pub records: Box<dyn Records>,
    /// What people should know of how it is read.
    pub told: Vec<String>,
}

impl fmt::Debug for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dump")
            .field("format", &self.format.name)
            .field("told", &self.told)
            .finish_non_exhaustive()
    }
}

impl Dump {
    /// Begins to read a dump, in a format or in that which its content shows. One of no known format
    /// is read as NDJSON, so that its lines are told.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read(source: Source, wanted: Option<&'static Format>) -> io::Result<Self> {
        let name = source.name.clone();
        let mut input = source.input()?;
        let sniffed = match wanted {
            Some(format) => Some(format),
            None => sniff(&mut input, &name)?,
        };
        let ndjson = || format("ndjson").ok_or(io::ErrorKind::Unsupported);
        let format = sniffed.map_or_else(ndjson, Ok)?;
        let records = (format.records)(input)?;
        let mut told = Vec::new();
        if wanted.is_none() && format.name != "ndjson" {
            told.push(format!("{name}: read as {}", format.name));
        }
        told.extend(records.told().map(|words| format!("{name}: {words}")));
        Ok(Self {
            format,
            records,
            told,
        })
    }
}
