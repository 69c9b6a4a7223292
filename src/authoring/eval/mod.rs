//! Policies measured on labelled posts: what is found of what must be found, what is found that isn't
//! there, and which rule is the cause.
//!
//! ```text
//! records ─ row: labels, twin, disguise, spans ─┐
//!         └ posts ─ decision ───────────────────┴─► seen ─ tally ─► Evaluation ─► tables ─► text,
//!                                                                                markdown, HTML
//!                                                                            └──► JSON
//! ```

mod classes;
mod disguise;
mod gate;
mod json;
mod page;
mod rate;
mod results;
mod row;
mod seen;
mod spans;
mod tables;
mod tally;
mod text;
mod twins;

pub use classes::covers;
pub use gate::{Gate, GateResult, Measured};
pub use json::evaluation_json;
pub use page::evaluation_html;
pub use rate::{Count, Rate};
pub use results::{ClassResult, Evaluation, EvasionResult, GroupResult, OverlapResult, RuleResult};
pub use spans::SpanCount;
pub use tables::{Cell, Table, lead, tables};
pub use tally::{ClassCounts, Listed, Overlap, RuleCounts};
pub use text::{evaluation_markdown, percent};
pub use twins::BesideTwin;

use crate::engine::Engine;
use crate::ingest::{BadRecord, Chunk, Dump, in_order};
use crate::model::{Action, Decision};
use crate::policy::{Labels, Mode};
use classes::{Classes, Set};
use row::Row;
use seen::{Seen, Side, Verdict};
use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use tally::Tally;

/// What is measured, and how.
#[derive(Debug)]
pub struct Plan<'a> {
    engine: &'a Engine,
    labels: Labels,
    at: Action,
    worst: usize,
    excerpts: bool,
    disguised: bool,
    classes: Classes,
    rules: Vec<PlannedRule>,
    /// Whether a file says what labels stand for.
    is_mapped: bool,
}

/// A rule that is measured.
#[derive(Debug)]
struct PlannedRule {
    id: Arc<str>,
    category: Arc<str>,
    mode: Mode,
    level: u8,
    /// The narrowest class that its category belongs to.
    class: Option<usize>,
}

impl<'a> Plan<'a> {
    /// Measures what an engine finds from an action on. Without labels of one's own, a label that is a
    /// category expects it.
    #[must_use]
    pub fn new(engine: &'a Engine, labels: Option<Labels>, at: Action) -> Self {
        let policies = || engine.ruleset().pack().policies.iter();
        let categories = policies().filter_map(|policy| policy.category.as_deref());
        let is_mapped = labels.is_some();
        let labels = labels.unwrap_or_else(|| Labels::of_categories(categories));
        let classes = Classes::of(&labels);
        let rules = policies().flat_map(|policy| {
            let category = policy.category.iter();
            category.flat_map(|category| policy.rules.iter().map(move |rule| (category, rule)))
        });
        let rules = rules.map(|(category, rule)| PlannedRule {
            id: Arc::clone(&rule.id),
            category: Arc::clone(category),
            mode: rule.mode,
            level: rule.level,
            class: classes.narrowest(category),
        });
        Self {
            rules: rules.collect(),
            classes,
            engine,
            labels,
            at,
            worst: 0,
            excerpts: false,
            disguised: false,
            is_mapped,
        }
    }

    /// Names so many misses and false alarms of each kind, with the beginning of the post or without.
    #[must_use]
    pub fn listing(mut self, worst: usize, excerpts: bool) -> Self {
        (self.worst, self.excerpts) = (worst, excerpts);
        self
    }

    /// Judges every post under every evasion too.
    #[must_use]
    pub fn disguising(mut self, disguised: bool) -> Self {
        self.disguised = disguised;
        self
    }

    /// What labels expect and no policy can find.
    #[must_use]
    pub fn unknown(&self) -> Vec<&str> {
        let policies = || self.engine.ruleset().pack().policies.iter();
        let is_known = |name: &&String| {
            let mut categories = policies().filter_map(|policy| policy.category.as_deref());
            categories.any(|category| covers(name, category))
        };
        let names = self.classes.names().iter();
        names
            .filter(|name| !is_known(name))
            .map(String::as_str)
            .collect()
    }

    /// The classes that a decision finds.
    fn found(&self, decision: &Decision) -> Set {
        self.found_in(decision.action, decision.categories.keys())
    }

    fn found_in<'c>(&self, action: Action, categories: impl Iterator<Item = &'c Arc<str>>) -> Set {
        match action >= self.at {
            true => categories.fold(0, |set, it| set | self.classes.covering(it)),
            false => 0,
        }
    }

    fn place_of(&self, rule: &Arc<str>) -> Option<usize> {
        self.rules.iter().position(|planned| planned.id == *rule)
    }

    fn side_of_rule(&self, rule: &PlannedRule, verdict: Verdict) -> Side {
        match rule.class {
            Some(class) => verdict.side(class),
            None if verdict.is_clean => Side::Clean,
            None if verdict.expected != 0 => Side::Other,
            None => Side::Unlabelled,
        }
    }

    fn is_group(&self, label: &str) -> bool {
        match &self.labels.groups {
            Some(beginnings) => beginnings.iter().any(|it| label.starts_with(it)),
            None => true,
        }
    }
}

/// What is told while posts are judged.
#[derive(Debug)]
pub enum Told<'t> {
    /// So many posts were judged so far.
    Posts(u64),
    /// A record can't be read.
    Skipped(u64, &'t BadRecord),
}

/// Measures dump after dump.
#[derive(Debug)]
pub struct Evaluator<'a> {
    plan: &'a Plan<'a>,
    tally: Tally,
    bad: u64,
}

/// What came of one chunk.
#[derive(Debug, Default)]
struct Judged {
    seen: Vec<Seen>,
    bad: Vec<(u64, BadRecord)>,
}

impl<'a> Evaluator<'a> {
    /// Begins.
    #[must_use]
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self {
            plan,
            tally: Tally::default(),
            bad: 0,
        }
    }

    /// Measures one dump, on so many threads. Posts without an id are known by `name` and number.
    ///
    /// # Errors
    /// It can't be read; what stood before is counted.
    pub fn dump(
        &mut self,
        dump: &mut Dump,
        name: &str,
        threads: usize,
        mut tell: impl FnMut(Told<'_>),
    ) -> io::Result<()> {
        let plan = self.plan;
        let work = |chunk: &Chunk, judged: &mut Judged| judge(plan, name, chunk, judged);
        let take = |judged: &mut Judged| -> io::Result<()> {
            for seen in judged.seen.drain(..) {
                self.tally.add(plan, &seen);
            }
            for (number, wrong) in judged.bad.drain(..) {
                self.bad += 1;
                tell(Told::Skipped(number, &wrong));
            }
            tell(Told::Posts(self.tally.posts));
            Ok(())
        };
        in_order(&mut *dump.records, threads, work, take)?
    }

    /// What was measured.
    #[must_use]
    pub fn finish(self) -> Evaluation {
        Evaluation::of(self.plan, self.tally, self.bad)
    }
}

fn judge(plan: &Plan<'_>, name: &str, chunk: &Chunk, judged: &mut Judged) {
    let texts = chunk.records().map(|(_, text)| text);
    for ((number, post), text) in chunk.posts().zip(texts) {
        match post {
            Ok(Some(mut post)) => {
                if post.id.is_empty() {
                    post.id = Cow::Owned(format!("{name}:{number}"));
                }
                let row = Row::read(text.unwrap_or_default(), &plan.labels);
                judged.seen.push(Seen::of(plan, &post, row));
            }
            Ok(None) => {}
            Err(wrong) => judged.bad.push((number, wrong)),
        }
    }
}
