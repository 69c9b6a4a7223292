//! Dumps, and their formats, for the commands that read them.

use crate::ingest::{Dump, FORMATS, Format, Source, format};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::io;

/// How dumps are read.
#[derive(Debug, Args)]
pub(super) struct Dumps {
    /// The format of all files [default: known by the content of each]
    #[arg(long, value_name = "NAME", value_parser = Self::formats())]
    format: Option<&'static Format>,
}

/// The format of dumps, under another name, for commands whose `--format` is that of the output.
#[derive(Debug, Args)]
pub(super) struct DumpFormat {
    /// The format of all dumps [default: known by the content of each]
    #[arg(long = "dump-format", value_name = "NAME", value_parser = Dumps::formats())]
    pub(super) wanted: Option<&'static Format>,
}

impl Dumps {
    /// Reads the name of a format.
    pub(super) fn formats() -> impl TypedValueParser<Value = &'static Format> {
        let names = FORMATS
            .iter()
            .map(|it| PossibleValue::new(it.name).help(it.summary));
        PossibleValuesParser::new(names)
            .try_map(|name| format(&name).ok_or_else(|| format!("no format is called {name}")))
    }

    /// The format that was asked for.
    pub(super) fn format(&self) -> Option<&'static Format> {
        self.format
    }

    /// Begins to read a dump.
    pub(super) fn read(&self, source: Source) -> io::Result<Dump> {
        Dump::read(source, self.format)
    }
}
