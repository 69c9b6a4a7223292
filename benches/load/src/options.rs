//! The command line.

use crate::http::Address;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The sidecar under load, beside an echo of the same bodies.
#[derive(Debug, Parser)]
pub struct Options {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub measuring: Measuring,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answers every body with itself (what this program starts to compare with).
    #[command(hide = true)]
    Echo { listen: Address },
}

#[derive(Debug, Args)]
pub struct Measuring {
    /// What to measure; all but `overload` and `kill` when nothing is named.
    #[arg(value_enum)]
    pub scenarios: Vec<Scenario>,
    /// The `vigie` to measure.
    #[arg(long, default_value = "target/release/vigie")]
    pub vigie: PathBuf,
    /// How often each thing is measured, in turn; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub rounds: u32,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub seconds: u64,
    /// Rules of the generated policies.
    #[arg(long, default_value_t = 10_000)]
    pub rules: usize,
    /// Connections of the ordinary load.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub connections: u32,
    /// Seconds at twice what the sidecar can take.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(5..=3600))]
    pub overload_seconds: u64,
    /// How often the sidecar is killed.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub kills: u32,
    /// Other rules, other posts.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// One JSON object a line on stdout, nothing else.
    #[arg(long)]
    pub json: bool,
}

/// One thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Processor time of one post a request, against an echo.
    Single,
    /// Posts a second in batches of 64, against the echo's requests a second.
    Batch,
    /// The single-post load over a Unix socket, against TCP.
    Unix,
    /// The slowest hundredth at half of the highest rate, against the echo's.
    Latency,
    /// New policies each second, under load.
    Reload,
    /// Long at twice what it can take.
    Overload,
    /// SIGKILL at random instants, under load.
    Kill,
}

impl Measuring {
    /// What is to be measured.
    pub fn wanted(&self) -> Vec<Scenario> {
        if !self.scenarios.is_empty() {
            return self.scenarios.clone();
        }
        vec![
            Scenario::Single,
            Scenario::Batch,
            Scenario::Unix,
            Scenario::Latency,
            Scenario::Reload,
        ]
    }
}
