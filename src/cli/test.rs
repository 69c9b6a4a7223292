//! `vigie test`

use super::terminal::{ASIDE, ERROR, GOOD, STRONG, action_style, count, say};
use super::{Ending, Failure, policies};
use crate::authoring::{
    ExampleResult, Failed, PairResult, PolicyResult, Report, RuleParity, Scope, StoryResult, Tries,
    report_json, report_junit, run, visible_line,
};
use crate::engine::Engine;
use crate::model::Language;
use crate::ruleset::Levels;
use anstyle::Style;
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::PathBuf;

/// Run the policies' own examples, disguises of every one that must hit, and the stories of ladders
///
/// Rules of every level count. Each example that must hit is tried again in capitals, without
/// accents, with look-alike letters, with invisible characters and so on, and must still hit; an
/// example with `evade: false` is tried as written only.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie test rules --filter dox.address --coverage")]
pub(super) struct Test {
    /// Policy files, or folders of them [default: the pack that comes with the program]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Policies that those of PATH refer to; their own tests aren't run. May be repeated
    #[arg(long, value_name = "DIR|FILE", requires = "paths")]
    policies: Vec<PathBuf>,
    /// Only examples of rules, and stories of ladders, whose name holds this text
    #[arg(long, value_name = "RULE")]
    filter: Option<String>,
    /// Only examples as they are written
    #[arg(long)]
    no_evasions: bool,
    /// How many percent of disguised words must be seen through, for each disguise. A word may be
    /// hidden too well (`sl*t`), so single misses are told and don't fail
    #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u8).range(0..=100))]
    floor: u8,
    /// Tell which signals, exceptions, rules and boosts no example ever showed to work
    #[arg(long)]
    coverage: bool,
    /// How to print
    #[arg(long, default_value = "text")]
    format: TestFormat,
}

/// Percentage points between the languages from which a rule is told: less is chance.
const GAP_TOLD_MIN: f64 = 5.0;

/// Rules that are told; programs get all.
const GAPS_TOLD_MAX: usize = 10;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TestFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For build servers: JUnit's XML
    Junit,
}

impl Test {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let tested = match self.policies.is_empty() {
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
            coverage: self.coverage,
        };
        let report = run(&Engine::new(pack, every_level), scope);
        match self.format {
            TestFormat::Text => print(&report, self.floor, out)?,
            TestFormat::Json => writeln!(out, "{}", report_json(&report))?,
            TestFormat::Junit => out.write_all(report_junit(&report).as_bytes())?,
        }
        out.flush()?;
        Ok(summary(&report, self.floor))
    }
}

fn print(report: &Report, floor: u8, out: &mut dyn Write) -> io::Result<()> {
    for policy in &report.policies {
        for example in &policy.examples {
            let (failed, missed) = (&example.failed, &example.missed);
            if !missed.is_empty() {
                print_texts(&policy.file, example, (ASIDE, "missed", missed), out)?;
            }
            if !failed.is_empty() {
                print_texts(&policy.file, example, (ERROR, "failed", failed), out)?;
            }
        }
        for pair in policy.pairs.iter().filter(|pair| !pair.is_alike()) {
            print_pair(&policy.file, pair, out)?;
        }
        for story in policy.stories.iter().filter(|it| !it.failed.is_empty()) {
            print_story(&policy.file, story, out)?;
        }
    }
    for policy in &report.policies {
        print_policy(policy, out)?;
    }
    let tried: Vec<_> = report
        .evasions
        .iter()
        .filter(|rate| rate.tried > 0)
        .collect();
    if !tried.is_empty() {
        writeln!(out, "\n{ASIDE}disguises seen through{ASIDE:#}")?;
    }
    for rate in tried {
        let style = if rate.is_below(floor) { ERROR } else { ASIDE };
        let (name, hit, tried) = (rate.name, rate.hit, rate.tried);
        writeln!(out, "  {style}{name:<16} {hit}/{tried}{style:#}")?;
    }
    print_parity(report, out)?;
    print_unproven(report, out)
}

/// The texts of an example that did not do as expected, under a heading of their own.
fn print_texts(
    file: &str,
    example: &ExampleResult,
    (style, heading, texts): (Style, &str, &[Failed]),
    out: &mut dyn Write,
) -> io::Result<()> {
    let (line, column, expected) = (example.line, example.column, &example.expected);
    writeln!(
        out,
        "{style}{heading}{style:#} {STRONG}{file}:{line}:{column}{STRONG:#} {expected}"
    )?;
    for failed in texts {
        let how = failed.evasion.unwrap_or("as written");
        let (text, happened) = (visible_line(&failed.text), &failed.happened);
        writeln!(out, "  {how:<16} {text} {ASIDE}→ {happened}{ASIDE:#}")?;
    }
    writeln!(out)
}

/// Two posts that say the same and lead to different actions.
fn print_pair(file: &str, pair: &PairResult, out: &mut dyn Write) -> io::Result<()> {
    let (line, column) = (pair.line, pair.column);
    let (en, fr) = (action_style(pair.en), action_style(pair.fr));
    writeln!(
        out,
        "{ERROR}failed{ERROR:#} {STRONG}{file}:{line}:{column}{STRONG:#} the same action in both languages\n  \
         en {en}{}{en:#}, fr {fr}{}{fr:#}\n",
        pair.en, pair.fr
    )
}

/// Rules that hit their examples, as written and disguised, more often in one language.
fn print_parity(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rules = report.policies.iter().flat_map(|policy| &policy.parity);
    let gap = |parity: &RuleParity| parity.gap().unwrap_or(0.0);
    let mut apart: Vec<&RuleParity> = rules.filter(|it| gap(it) >= GAP_TOLD_MIN).collect();
    if apart.is_empty() {
        return Ok(());
    }
    apart.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    writeln!(
        out,
        "\n{ASIDE}examples hit, disguises included, in one language more often{ASIDE:#}"
    )?;
    for parity in apart.iter().take(GAPS_TOLD_MAX) {
        let side = |tries: Tries| {
            let percent = tries.percent().unwrap_or(0.0);
            format!("{percent:3.0} % of {:<4}", tries.tried)
        };
        let (rule, en, fr) = (&parity.rule, side(parity.en), side(parity.fr));
        writeln!(out, "  {rule:<28} en {en}  fr {fr}")?;
    }
    if let Some(more) = apart.len().checked_sub(GAPS_TOLD_MAX + 1) {
        writeln!(out, "  {ASIDE}and {} more{ASIDE:#}", more + 1)?;
    }
    Ok(())
}

/// What of a story did not come as expected.
fn print_story(file: &str, story: &StoryResult, out: &mut dyn Write) -> io::Result<()> {
    let (line, column, name) = (story.line, story.column, visible_line(&story.name));
    writeln!(
        out,
        "{ERROR}failed{ERROR:#} {STRONG}{file}:{line}:{column}{STRONG:#} {name}"
    )?;
    for unmet in &story.failed {
        let (line, expected) = (unmet.line, visible_line(&unmet.expected));
        let happened = visible_line(&unmet.happened);
        writeln!(
            out,
            "  line {line:<11} {expected} {ASIDE}→ {happened}{ASIDE:#}"
        )?;
    }
    writeln!(out)
}

fn print_policy(result: &PolicyResult, out: &mut dyn Write) -> io::Result<()> {
    let (style, end) = match result.failures() {
        0 => (GOOD, "fine".to_owned()),
        failures => (ERROR, count(failures, "failure")),
    };
    let (examples, disguises) = (
        count(result.examples.len(), "example"),
        count(result.disguises(), "disguise"),
    );
    let policy = &result.policy;
    let languages = languages(std::slice::from_ref(result));
    write!(out, "{STRONG}{policy}{STRONG:#}: {style}{end}{style:#}")?;
    if result.stories.is_empty() || !result.examples.is_empty() {
        write!(out, ", {examples} ({languages}), {disguises}")?;
    }
    if !result.pairs.is_empty() {
        write!(out, ", {}", count(result.pairs.len(), "pair"))?;
    }
    if !result.stories.is_empty() {
        write!(out, ", {}", stories(result.stories.len()))?;
    }
    writeln!(out)
}

fn stories(how_many: usize) -> String {
    match how_many {
        1 => "1 story".to_owned(),
        many => format!("{many} stories"),
    }
}

/// `4 en, 4 fr`.
fn languages(results: &[PolicyResult]) -> String {
    let of = |language| -> usize { results.iter().map(|it| it.in_language(language)).sum() };
    let mut told: Vec<String> = Language::ALL
        .iter()
        .map(|language| format!("{} {}", of(Some(*language)), language.code()))
        .collect();
    if of(None) > 0 {
        told.push(format!("{} unfiled", of(None)));
    }
    told.join(", ")
}

fn print_unproven(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(unproven) = &report.unproven else {
        return Ok(());
    };
    let heading = match unproven.is_empty() {
        true => "every signal, exception, rule and boost is shown to work",
        false => "never shown to work",
    };
    writeln!(out, "\n{ASIDE}{heading}{ASIDE:#}")?;
    for it in unproven {
        let (part, policy, name) = (it.part.name(), &it.policy, &it.name);
        writeln!(out, "  {part:<10} {policy}: {name}")?;
    }
    Ok(())
}

fn summary(report: &Report, floor: u8) -> Ending {
    let sum = |of: fn(&PolicyResult) -> usize| report.policies.iter().map(of).sum::<usize>();
    let failures = sum(PolicyResult::failures);
    let (examples, disguises) = (
        count(sum(|policy| policy.examples.len()), "example"),
        count(sum(PolicyResult::disguises), "disguise"),
    );
    let languages = languages(&report.policies);
    let style = if failures == 0 { GOOD } else { ERROR };
    let failures_told = count(failures, "failure");
    let missed = sum(PolicyResult::missed);
    let told = match sum(|policy| policy.stories.len()) {
        0 => String::new(),
        many => format!("{}, ", stories(many)),
    };
    say(&format!(
        "{style}{failures_told}{style:#} in {told}{examples} ({languages}) and {disguises}, \
         {missed} of them not seen through"
    ));
    let below: Vec<&str> = report.below(floor).map(|rate| rate.name).collect();
    if !below.is_empty() {
        say(&format!(
            "{ERROR}below {floor} %{ERROR:#}: {}",
            below.join(", ")
        ));
    }
    match failures == 0 && below.is_empty() {
        true => Ending::Fine,
        false => Ending::Findings,
    }
}
