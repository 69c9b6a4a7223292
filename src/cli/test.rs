//! `vigie test`

use super::terminal::{ASIDE, ERROR, GOOD, STRONG, count, say};
use super::{Ending, Failure, policies};
use crate::authoring::{Failed, PolicyResult, Report, Scope, run};
use crate::engine::Engine;
use crate::ruleset::Levels;
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// Run the policies' own examples, and disguises of every one that must hit
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie test rules --filter dox.address")]
pub(super) struct Test {
    /// Policy files, or folders of them [default: the pack that comes with the program]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Policies that those of PATH refer to; their own tests aren't run. May be repeated
    #[arg(long, value_name = "DIR|FILE")]
    policies: Vec<PathBuf>,
    /// Only examples of rules whose id holds this text
    #[arg(long, value_name = "RULE")]
    filter: Option<String>,
    /// Only examples as they are written
    #[arg(long)]
    no_evasions: bool,
}

impl Test {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let tested = match self.policies.is_empty() || self.paths.is_empty() {
            true => None,
            false => Some(policies::names(&self.paths)?),
        };
        let paths: Vec<PathBuf> = self.paths.iter().chain(&self.policies).cloned().collect();
        let pack = policies::demand(policies::load(&paths)?.0)?;
        let every_level = Levels {
            enforce: 4,
            observe: 4,
        };
        let scope = Scope {
            rule: self.filter.as_deref(),
            files: tested.as_deref(),
            no_evasions: self.no_evasions,
        };
        let report = run(&Engine::new(pack, every_level), &scope);
        print(&report, out)?;
        out.flush()?;
        Ok(summary(&report))
    }
}

fn print(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for result in &report.policies {
        for failed in &result.failed {
            print_failed(result, failed, out)?;
        }
    }
    for result in &report.policies {
        let style = if result.failed.is_empty() {
            GOOD
        } else {
            ERROR
        };
        let failures = count(result.failed.len(), "failure");
        let (policy, examples) = (&result.policy, count(result.examples, "example"));
        let disguises = count(result.disguises, "disguise");
        writeln!(
            out,
            "{style}{policy}{style:#}: {examples}, {disguises}, {failures}"
        )?;
    }
    for rate in report.evasions.iter().filter(|rate| rate.tried > 0) {
        let style = if rate.hit == rate.tried { ASIDE } else { ERROR };
        let (name, hit, tried) = (rate.name, rate.hit, rate.tried);
        writeln!(out, "{style}  {name:<16} {hit}/{tried}{style:#}")?;
    }
    Ok(())
}

fn print_failed(result: &PolicyResult, failed: &Failed, out: &mut dyn Write) -> io::Result<()> {
    let (file, line, column) = (&result.file, failed.line, failed.column);
    let (expected, happened) = (&failed.expected, &failed.happened);
    let evasion = failed
        .evasion
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    writeln!(
        out,
        "{ERROR}failed{ERROR:#} {STRONG}{file}:{line}:{column}{STRONG:#}{evasion}"
    )?;
    writeln!(out, "  example:  {}", failed.text)?;
    writeln!(out, "  expected: {expected}")?;
    writeln!(out, "  happened: {happened}\n")
}

fn summary(report: &Report) -> Ending {
    let sum = |of: fn(&PolicyResult) -> usize| report.policies.iter().map(of).sum::<usize>();
    let failures = sum(|result| result.failed.len());
    let style = if failures == 0 { GOOD } else { ERROR };
    let (examples, disguises) = (
        count(sum(|result| result.examples), "example"),
        count(sum(|result| result.disguises), "disguise"),
    );
    let failures_counted = count(failures, "failure");
    say(&format!(
        "{style}{failures_counted}{style:#} in {examples} and {disguises}"
    ));
    match failures {
        0 => Ending::Fine,
        _ => Ending::Findings,
    }
}
