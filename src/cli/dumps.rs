//! Dumps, and their formats, for the commands that read them.

use crate::ingest::{FORMATS, Format, Records, Source, format, sniff};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::io;

/// How dumps are read.
#[derive(Debug, Args)]
pub(super) struct Dumps {
    /// The format of all files [default: known by the content of each]
    #[arg(long, value_name = "NAME", value_parser = formats())]
    format: Option<&'static Format>,
}

fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let names = FORMATS
        .iter()
        .map(|it| PossibleValue::new(it.name).help(it.summary));
    PossibleValuesParser::new(names)
        .try_map(|name| format(&name).ok_or_else(|| format!("no format is called {name}")))
}

/// A dump on its way into records.
pub(super) struct Dump {
    /// Its format.
    pub(super) format: &'static Format,
    pub(super) records: Box<dyn Records>,
    /// What people should know of how it is read.
    pub(super) told: Vec<String>,
}

impl Dumps {
    /// Begins to read a dump. One of no known format is read as NDJSON, so that its lines are told.
    pub(super) fn read(&self, source: Source) -> io::Result<Dump> {
        let name = source.name.clone();
        let mut input = source.input()?;
        let sniffed = match self.format {
            Some(format) => Some(format),
            None => sniff(&mut input, &name)?,
        };
        let ndjson = || format("ndjson").ok_or(io::ErrorKind::Unsupported);
        let format = sniffed.map_or_else(ndjson, Ok)?;
        let records = (format.records)(input)?;
        let mut told = Vec::new();
        if self.format.is_none() && format.name != "ndjson" {
            told.push(format!("{name}: read as {}", format.name));
        }
        told.extend(records.told().map(|words| format!("{name}: {words}")));
        Ok(Dump {
            format,
            records,
            told,
        })
    }
}
