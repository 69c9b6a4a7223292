//! The command line.

use clap::Parser;
use std::path::PathBuf;

/// Measures Vigie's full evaluation beside its peers, on the same policies and the same posts.
///
/// Exits with 1 when an engine finds other rules than the others on posts of plain ASCII.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Options {
    /// How many rules; several sizes with commas
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "100,1000,10000,100000",
        value_parser = clap::value_parser!(u32).range(20..=150_000))]
    pub rules: Vec<u32>,
    /// Posts of a file (NDJSON with `text`, or one a line) instead of generated ones
    #[arg(long, value_name = "FILE")]
    pub posts: Option<PathBuf>,
    /// How many posts, at most [default: 20000, of a file 40000]
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
    /// Only these engines; those that a size is too large for are left out with a note
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub engines: Vec<String>,
    /// How often each engine is timed, in turn with the others; medians are told
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: u16,
    /// Leave no engine out for its slowness: some take many minutes to compile large sizes
    #[arg(long)]
    pub patient: bool,
    /// Another seed, other rules and posts
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// One JSON object a line on stdout, and nothing else
    #[arg(long)]
    pub json: bool,
}
