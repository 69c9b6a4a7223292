//! `vigie diff`

use super::audit::Watching;
use super::dumps::DumpFormat;
use super::judging::Rules;
use super::options::Format;
use super::policies::{demand, load};
use super::terminal::{ASIDE, STRONG, WARNING, action_style, count, grouped, say};
use super::{Ending, Failure};
use crate::audit::{CaseChange, Comparison, Job, PostChange, Standing, compare};
use crate::engine::Engine;
use crate::limits::AUDIT_CHECKPOINT_RECORDS;
use crate::model::Language;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

/// What a change of policies would change: posts, actions, targets, rungs
///
/// Replays dumps with both versions, as `vigie audit` does. Never shows words of posts. The exit code
/// is 1 when anything changes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie diff shipped policies/ --on posts.ndjson.zst")]
pub(super) struct Diff {
    /// The policies as they were: a file, a folder, or `shipped` for those of the program
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The policies as they would be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Dumps of posts
    #[arg(long, value_name = "DUMP", required = true, num_args = 1..)]
    on: Vec<PathBuf>,
    /// Posts and cases to list, each
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    rules: Rules,
    /// Threads that judge [default: one for each processor]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    dumps: DumpFormat,
}

impl Diff {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let (old, new) = (self.engine(&self.old)?, self.engine(&self.new)?);
        let room = tempfile::tempdir().map_err(|source| Failure::File {
            what: "write",
            path: std::env::temp_dir(),
            source,
        })?;
        let (before, after) = (room.path().join("old"), room.path().join("new"));
        let watch = Watching::new();
        let job = |engine, out| self.job(engine, out, &watch);
        let comparison = compare(&job(&old, &before), &job(&new, &after), self.limit)?;
        watch.bar.finish_and_clear();
        match self.format {
            Format::Json => writeln!(out, "{:#}", to_json(&comparison, &old, &new))?,
            Format::Text => to_text(&comparison, out)?,
        }
        if comparison.bad > 0 {
            let bad = count(shown(comparison.bad), "record");
            say(&format!("{WARNING}{bad} skipped{WARNING:#}"));
        }
        Ok(match comparison.is_empty() {
            true => Ending::Fine,
            false => Ending::Findings,
        })
    }

    fn engine(&self, policies: &Path) -> Result<Engine, Failure> {
        let paths = match policies.as_os_str() == "shipped" {
            true => Vec::new(),
            false => vec![policies.to_owned()],
        };
        Ok(self.rules.engine(demand(load(&paths)?.0)?)?.0)
    }

    fn job<'a>(&'a self, engine: &'a Engine, out: &'a Path, watch: &'a Watching) -> Job<'a> {
        let threads = self.threads.or(available_parallelism().ok());
        Job {
            engine,
            key: None,
            registry: None,
            dumps: &self.on,
            format: self.dumps.wanted,
            out,
            all: false,
            excerpts: false,
            language: Language::En,
            threads: threads.map_or(1, NonZeroUsize::get),
            checkpoint_posts: AUDIT_CHECKPOINT_RECORDS,
            now: None,
            watch,
        }
    }
}

fn shown(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn to_text(comparison: &Comparison, out: &mut dyn Write) -> Result<(), Failure> {
    let judged = count(shown(comparison.judged), "post");
    if comparison.is_empty() {
        writeln!(out, "{judged}: nothing changes")?;
        return shadow_to_text(comparison, out);
    }
    let changed = comparison.posts_changed();
    let other = grouped(shown(changed));
    let points = grouped(shown(comparison.points));
    writeln!(
        out,
        "{STRONG}{judged}{STRONG:#}: {other} with another action, {points} with other points"
    )?;
    for ((old, new), number) in &comparison.actions {
        let (before, after) = (action_style(*old), action_style(*new));
        let number = grouped(shown(*number));
        writeln!(
            out,
            "  {before}{old:6}{before:#} → {after}{new:6}{after:#} {number}"
        )?;
    }
    for change in &comparison.posts {
        post_to_text(change, out)?;
    }
    more(changed, comparison.posts.len(), out)?;
    let cases = count(shown(comparison.cases), "case");
    let targets = count(shown(comparison.targets), "target");
    writeln!(
        out,
        "{STRONG}{cases}{STRONG:#} of {targets} and others end otherwise"
    )?;
    for change in &comparison.subjects {
        let CaseChange {
            subject, ladder, ..
        } = change;
        let (old, new) = (standing(&change.old), standing(&change.new));
        writeln!(out, "  {subject} {ASIDE}{ladder}{ASIDE:#} {old} → {new}")?;
    }
    more(comparison.cases, comparison.subjects.len(), out)?;
    shadow_to_text(comparison, out)
}

/// Rules in shadow change nothing; how often they fire is why one has them.
fn shadow_to_text(comparison: &Comparison, out: &mut dyn Write) -> Result<(), Failure> {
    if comparison.shadow.is_empty() {
        return Ok(());
    }
    writeln!(out, "{STRONG}in shadow{STRONG:#}, changing nothing: posts")?;
    for (rule, (old, new)) in &comparison.shadow {
        let (old, new) = (grouped(shown(*old)), grouped(shown(*new)));
        writeln!(out, "  {rule} {old} → {new}")?;
    }
    Ok(())
}

fn post_to_text(change: &PostChange, out: &mut dyn Write) -> Result<(), Failure> {
    let (old, new) = (action_style(change.old), action_style(change.new));
    let categories = match change.new >= change.old {
        true => &change.new_categories,
        false => &change.old_categories,
    };
    let categories = categories.join(", ");
    // Ids come from strangers, and may steer a terminal.
    let post = change.post.escape_debug();
    writeln!(
        out,
        "  {post} {old}{}{old:#} → {new}{}{new:#} {ASIDE}{categories}{ASIDE:#}",
        change.old, change.new
    )?;
    Ok(())
}

fn more(all: u64, listed: usize, out: &mut dyn Write) -> Result<(), Failure> {
    let more = shown(all).saturating_sub(listed);
    if more > 0 {
        writeln!(out, "  {ASIDE}and {} more{ASIDE:#}", grouped(more))?;
    }
    Ok(())
}

/// `danger`, or `none (campaign before)`.
fn standing(standing: &Standing) -> String {
    let at_end = standing.at_end.as_deref();
    let before = standing.reached.last().map(AsRef::as_ref);
    match (at_end, before) {
        (None, Some(before)) => format!("none ({before} before)"),
        (at_end, _) => at_end.unwrap_or("none").to_owned(),
    }
}

fn to_json(comparison: &Comparison, old: &Engine, new: &Engine) -> Value {
    let actions = comparison
        .actions
        .iter()
        .map(|((old, new), posts)| json!({"old": old.name(), "new": new.name(), "posts": posts}));
    let posts = comparison.posts.iter().map(|it| {
        json!({
            "post": it.post,
            "old": {"action": it.old.name(), "categories": it.old_categories},
            "new": {"action": it.new.name(), "categories": it.new_categories},
        })
    });
    let side = |it: &Standing| {
        let reached: Vec<&str> = it.reached.iter().map(AsRef::as_ref).collect();
        json!({"rung": it.at_end.as_deref(), "reached": reached})
    };
    let cases = comparison.subjects.iter().map(|it| {
        json!({
            "subject": {"kind": it.subject.kind.name(), "id": &*it.subject.id},
            "ladder": &*it.ladder,
            "old": side(&it.old),
            "new": side(&it.new),
        })
    });
    let shadow = comparison.shadow.iter();
    let shadow = shadow.map(|(rule, (old, new))| json!({"rule": &**rule, "old": old, "new": new}));
    json!({
        "policies": {"old": &**old.ruleset().digest(), "new": &**new.ruleset().digest()},
        "posts": {
            "judged": comparison.judged,
            "bad": comparison.bad,
            "action_changed": comparison.posts_changed(),
            "points_changed": comparison.points,
            "actions": actions.collect::<Vec<_>>(),
            "listed": posts.collect::<Vec<_>>(),
        },
        "cases": {
            "changed": comparison.cases,
            "targets": comparison.targets,
            "listed": cases.collect::<Vec<_>>(),
        },
        "shadow": shadow.collect::<Vec<_>>(),
    })
}
