//! `vigie eval`
#![expect(clippy::disallowed_methods, reason = "reads and writes files")]

use super::dumps::DumpFormat;
use super::options::{Policies, RuleLevels};
use super::progress::Progress;
use super::terminal::{ASIDE, ERROR, GOOD, STRONG, WARNING, count, say};
use super::{Ending, Failure, policies};
use crate::authoring::eval::{
    Cell, Evaluation, Evaluator, Gate, GateResult, Measured, Plan, Table, Told, evaluation_html,
    evaluation_json, evaluation_markdown, lead, percent, tables,
};
use crate::authoring::visible_line;
use crate::diagnostics::to_text;
use crate::engine::Engine;
use crate::ingest::{Dump, Source, open};
use crate::limits::{BAD_RECORDS_SHOWN_MAX, POLICY_BYTES_MAX};
use crate::model::Action;
use crate::policy::{Labels, RawFile};
use clap::{Args, ValueEnum};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

/// Measure policies on labelled posts: precision and recall, which rule costs which false alarm
///
/// Posts are JSON, with `labels`: a list of texts. A label that is a category, or the beginning of
/// one, expects it; `clean` and `benign` expect nothing; a file given by --labels says otherwise.
/// Never shows words of posts unless --with-excerpts. The exit code is 1 when a bound is not met.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  vigie eval posts.ndjson --policies rules --labels labels.yaml \
                        --min-recall violence.threats=0.9"
)]
pub(super) struct Eval {
    /// Labelled posts
    #[arg(value_name = "LABELLED", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    policies: Policies,
    #[command(flatten)]
    levels: RuleLevels,
    /// What the labels stand for, in YAML
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// From which action on something counts as found
    #[arg(long, value_name = "ACTION", default_value = "note",
          value_parser = ["note", "review", "hold", "remove"])]
    at: String,
    /// Judge every post under every disguise too, and tell what that changes
    #[arg(long)]
    disguised: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Printed,
    /// Write to this file instead
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Name so many misses, so many false alarms, and so many wrong posts of each rule
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    worst: usize,
    /// Show how the named posts begin
    #[arg(long, requires = "worst")]
    with_excerpts: bool,
    /// Lines of each table; JSON has all
    #[arg(long, value_name = "NUMBER", default_value_t = 40)]
    rows: usize,
    /// At least this recall, from 0 to 1; may be repeated
    #[arg(long, value_name = "CATEGORY=SHARE")]
    min_recall: Vec<Gate>,
    /// At least this precision; may be repeated
    #[arg(long, value_name = "CATEGORY=SHARE")]
    min_precision: Vec<Gate>,
    /// At most this share of clean posts; may be repeated
    #[arg(long, value_name = "CATEGORY=SHARE")]
    max_false_alarms: Vec<Gate>,
    /// Threads that judge [default: one for each processor]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    dumps: DumpFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Printed {
    /// For people
    Text,
    /// For programs
    Json,
    /// A page
    Html,
    /// For documents that are refreshed by command
    Markdown,
}

impl Eval {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let engine = Engine::new(policies::pack(&self.policies)?, self.levels.levels());
        let labels = self.labels.as_deref().map(labels).transpose()?;
        let at = Action::named(&self.at).unwrap_or(Action::Note);
        let plan = Plan::new(&engine, labels, at)
            .listing(self.worst, self.with_excerpts)
            .disguising(self.disguised);
        for name in plan.unknown() {
            let name = visible_line(name);
            say(&format!(
                "{WARNING}note:{WARNING:#} no policy finds `{name}`, which labels expect"
            ));
        }
        let evaluation = self.evaluate(&plan)?;
        let gates = self.gates(&evaluation);
        match &self.out {
            None => self.print(&evaluation, &gates, out)?,
            Some(path) => {
                let mut page = Vec::new();
                self.print(&evaluation, &gates, &mut page)?;
                let page = anstream::adapter::strip_bytes(&page).into_vec();
                fs::write(path, page).map_err(|source| failure("write", path, source))?;
            }
        }
        Ok(summary(&evaluation, &gates))
    }

    fn evaluate(&self, plan: &Plan<'_>) -> Result<Evaluation, Failure> {
        let open = |path: &PathBuf| open(path).map_err(|source| failure("read", path, source));
        let sources: Vec<Source> = self.files.iter().map(open).collect::<Result<_, _>>()?;
        let progress = Progress::over(&sources);
        let threads = self.threads.or(available_parallelism().ok());
        let threads = threads.map_or(1, NonZeroUsize::get);
        let mut evaluator = Evaluator::new(plan);
        let mut bad_shown = 0;
        for (source, path) in sources.into_iter().zip(&self.files) {
            let name = source.name.clone();
            let broken = |source| failure("read", path, source);
            let mut dump = Dump::read(source, self.dumps.wanted).map_err(broken)?;
            dump.told.iter().for_each(|words| progress.say(words));
            let format = dump.format;
            let tell = |told: Told<'_>| match told {
                Told::Posts(posts) => progress.posts(usize::try_from(posts).unwrap_or(usize::MAX)),
                Told::Skipped(number, wrong) => {
                    bad_shown += 1;
                    if bad_shown <= BAD_RECORDS_SHOWN_MAX {
                        let place = format.place(&name, number);
                        progress.say(&format!("{WARNING}skipped{WARNING:#} {place}: {wrong}"));
                    }
                }
            };
            evaluator
                .dump(&mut dump, &name, threads, tell)
                .map_err(broken)?;
        }
        progress.end();
        Ok(evaluator.finish())
    }

    fn gates(&self, evaluation: &Evaluation) -> Vec<GateResult> {
        let bounds = [
            (Measured::Recall, &self.min_recall),
            (Measured::Precision, &self.min_precision),
            (Measured::FalseAlarms, &self.max_false_alarms),
        ];
        let of = |(of, gates): (Measured, &Vec<Gate>)| -> Vec<GateResult> {
            let gates = gates.iter();
            gates
                .map(|gate| GateResult::new(evaluation, of, gate))
                .collect()
        };
        bounds.into_iter().flat_map(of).collect()
    }

    fn print(
        &self,
        evaluation: &Evaluation,
        gates: &[GateResult],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self.format {
            Printed::Text => to_text_tables(evaluation, self.rows, out),
            Printed::Json => writeln!(out, "{:#}", evaluation_json(evaluation, gates)),
            Printed::Html => {
                out.write_all(evaluation_html(evaluation, gates, self.rows).as_bytes())
            }
            Printed::Markdown => {
                out.write_all(evaluation_markdown(evaluation, self.rows).as_bytes())
            }
        }
    }
}

fn failure(what: &'static str, path: &Path, source: io::Error) -> Failure {
    let path = path.to_owned();
    Failure::File { what, path, source }
}

/// Reads what labels stand for. Its mistakes are told on stderr.
fn labels(path: &Path) -> Result<Labels, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| {
            file.take(POLICY_BYTES_MAX as u64 + 1)
                .read_to_end(&mut bytes)
        })
        .map_err(|source| failure("read", path, source))?;
    let name = path.display().to_string();
    Labels::read(RawFile { name, bytes }).map_err(|mistakes| {
        for mistake in &mistakes {
            say(&format!("{}\n", to_text(mistake, true)));
        }
        let mistakes = count(mistakes.len(), "mistake");
        Failure::Usage(format!(
            "the labels file has {mistakes}, so nothing was judged"
        ))
    })
}

fn to_text_tables(evaluation: &Evaluation, rows: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", lead(evaluation))?;
    for table in tables(evaluation, rows) {
        to_text_table(&table, out)?;
    }
    Ok(())
}

fn to_text_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{STRONG}{}{STRONG:#}", table.title)?;
    let said = |cell: &Cell| visible_line(&cell.said_in_column());
    let cells = |column: usize| table.rows.iter().filter_map(move |row| row.get(column));
    let widths: Vec<(usize, bool)> = table
        .head
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let widths = cells(column).map(|cell| said(cell).chars().count());
            let widest = widths.chain([name.chars().count()]).max().unwrap_or(0);
            // Shares are of one width but for what was counted, which stands last.
            let is_right = cells(column).any(Cell::is_number);
            (widest, is_right)
        })
        .collect();
    let line = |words: &[String]| {
        let padded = words
            .iter()
            .zip(&widths)
            .map(|(words, (width, is_right))| match is_right {
                true => format!("{words:>width$}"),
                false => format!("{words:<width$}"),
            });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{ASIDE}{}{ASIDE:#}", line(&table.head))?;
    for row in &table.rows {
        let words: Vec<String> = row.iter().map(said).collect();
        writeln!(out, "{}", line(&words))?;
    }
    match table.more {
        0 => Ok(()),
        more => writeln!(out, "{ASIDE}and {more} more{ASIDE:#}"),
    }
}

fn summary(evaluation: &Evaluation, gates: &[GateResult]) -> Ending {
    for words in &evaluation.told {
        say(&format!("{WARNING}note:{WARNING:#} {words}"));
    }
    if evaluation.bad > 0 {
        let bad = usize::try_from(evaluation.bad).unwrap_or(usize::MAX);
        say(&format!(
            "{WARNING}{} skipped{WARNING:#}",
            count(bad, "record")
        ));
    }
    for gate in gates {
        let (style, word) = match gate.is_met() {
            true => (GOOD, "met"),
            false => (ERROR, "not met"),
        };
        let (of, class, bound) = (gate.of.name(), &gate.gate.class, gate.gate.bound);
        let rate = percent(gate.rate);
        say(&format!(
            "{style}{word}{style:#} {of} of {class}: {rate}, bound {bound}"
        ));
    }
    match gates.iter().all(GateResult::is_met) {
        true => Ending::Fine,
        false => Ending::Findings,
    }
}
