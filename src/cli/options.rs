//! Options that several commands take.

use crate::model::Language;
use crate::ruleset::Levels;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On terminals, unless `NO_COLOR` is set; `CLICOLOR_FORCE` colours pipes too
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorWhen {
    /// Makes it the choice of the whole program.
    pub(super) fn set(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A language that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportLanguage {
    /// English
    En,
    /// French
    Fr,
}

impl ReportLanguage {
    pub(super) fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::Fr => Language::Fr,
        }
    }
}

/// Which policies judge.
#[derive(Debug, Args)]
pub(super) struct Policies {
    /// Judge by these policies: a file, or a folder of `.yaml` files; may be repeated [default: the
    /// pack that comes with the program]
    #[arg(long, value_name = "DIR|FILE")]
    pub(super) policies: Vec<PathBuf>,
}

/// Which rules count.
#[derive(Debug, Args)]
pub(super) struct RuleLevels {
    /// Rules up to this level give points (1: few false alarms … 4: catch everything)
    #[arg(long, value_name = "1..4", default_value = "2",
          value_parser = clap::value_parser!(u8).range(1..=4))]
    enforce_level: u8,
    /// Rules up to this level are reported, without points [default: the enforce level]
    #[arg(long, value_name = "1..4", value_parser = clap::value_parser!(u8).range(1..=4))]
    observe_level: Option<u8>,
}

impl RuleLevels {
    pub(super) fn levels(&self) -> Levels {
        Levels {
            enforce: self.enforce_level,
            observe: self.observe_level.unwrap_or(self.enforce_level),
        }
    }
}
