//! A decision with all that led to it, for people and for programs.

use super::highlight::marked;
use super::terminal::{ASIDE, STRONG, action_style, is_coloured};
use crate::authoring::visible_line;
use crate::engine::Engine;
use crate::evaluate::{Change, Trace, trace, with_one_more, without_one};
use crate::model::{Action, Decision, Entry, Language, LedgerLine, Post};
use crate::policy::{Pack, Threshold};
use crate::wire::write_decision;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::Arc;

/// Changes shown to people; programs get all.
const CHANGES_SHOWN_MAX: usize = 8;

/// A decision with all that led to it.
pub(super) struct Explained<'e> {
    post: &'e Post<'e>,
    pack: &'e Pack,
    decision: Decision,
    /// Places that exceptions lowered or dropped.
    excepted: Vec<Trace>,
    without: Vec<Change>,
    with: Vec<Change>,
}

/// Between which thresholds the points of a category stand.
struct Distance {
    category: Arc<str>,
    points: u32,
    /// The lowest threshold above.
    next: Option<Threshold>,
    /// The threshold that is reached.
    reached: Option<Threshold>,
}

impl<'e> Explained<'e> {
    pub(super) fn new(engine: &'e Engine, post: &'e Post<'e>) -> Self {
        let decision = engine.decide(post);
        let ruleset = engine.ruleset();
        let changes = |mut changes: Vec<Change>| {
            changes.retain(|change| change.action != decision.action);
            changes
        };
        let mut excepted = trace(ruleset, &post.text);
        excepted.retain(|place| place.kept < 100);
        Self {
            post,
            pack: ruleset.pack(),
            excepted,
            without: changes(without_one(ruleset, &decision)),
            with: changes(with_one_more(ruleset, &decision)),
            decision,
        }
    }

    /// The decision's JSON, with `would_change` and `excepted`.
    pub(super) fn json(&self) -> serde_json::Result<Value> {
        let mut written = Vec::new();
        write_decision(&self.decision, &mut written);
        let mut json: Value = serde_json::from_slice(&written)?;
        let change = |change: &Change| {
            let categories: serde_json::Map<String, Value> = change
                .categories
                .iter()
                .map(|(category, points)| (category.to_string(), json!(points)))
                .collect();
            json!({
                "rule": &*change.rule,
                "boost": change.boost.as_deref(),
                "action": change.action.name(),
                "categories": categories,
            })
        };
        let step =
            |threshold: &Threshold| json!({"at": threshold.at, "do": threshold.action.name()});
        let distance = |distance: &Distance| {
            json!({
                "category": &*distance.category,
                "points": distance.points,
                "reached": distance.reached.as_ref().map(step),
                "next": distance.next.as_ref().map(step),
            })
        };
        let excepted = |place: &Trace| {
            json!({
                "signal": self.signal(place),
                "span": [place.span.start, place.span.end],
                "kept": place.kept,
            })
        };
        if let Value::Object(fields) = &mut json {
            let would_change = json!({
                "thresholds": self.distances().iter().map(distance).collect::<Value>(),
                "without": self.without.iter().map(change).collect::<Value>(),
                "with": self.with.iter().map(change).collect::<Value>(),
            });
            fields.insert("would_change".to_owned(), would_change);
            let excepted = self.excepted.iter().map(excepted).collect();
            fields.insert("excepted".to_owned(), excepted);
        }
        Ok(json)
    }

    pub(super) fn print(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        let action = self.decision.action;
        let style = action_style(action);
        write!(out, "{style}{action}{style:#}")?;
        for (category, points) in &self.decision.categories {
            write!(out, "  {category} {STRONG}{points}{STRONG:#}")?;
        }
        writeln!(out, "\n")?;
        let text = marked(&self.post.text, &self.decision.evidence, is_coloured());
        for line in text.lines() {
            writeln!(out, "  {line}")?;
        }
        self.print_reasons(language, out)?;
        self.print_ledger(out)?;
        self.print_distances(out)?;
        self.print_changes(out)?;
        self.print_aside(out)
    }

    fn print_reasons(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        if self.decision.reasons.is_empty() {
            return writeln!(out, "\nno rule fires");
        }
        heading("because", out)?;
        for reason in &self.decision.reasons {
            let (rule, because) = (&reason.rule, reason.because.in_language(language));
            writeln!(out, "  {STRONG}{rule}{STRONG:#}  {because}")?;
        }
        if !self.decision.targets.is_empty() {
            let targets = self.decision.targets.join(", ");
            writeln!(out, "  aimed at {}", visible_line(&targets))?;
        }
        Ok(())
    }

    fn print_ledger(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.decision.ledger.is_empty() {
            return Ok(());
        }
        heading("points", out)?;
        let labels = self.decision.ledger.iter().map(label);
        let categories = self.decision.categories.keys().map(ToString::to_string);
        let widths = labels.chain(categories).map(|label| label.chars().count());
        let widest = widths.max().unwrap_or(0);
        for (category, sum) in &self.decision.categories {
            let of = |line: &&LedgerLine| line.category == *category;
            for line in self.decision.ledger.iter().filter(of) {
                writeln!(out, "  {:<widest$}  {:>4}", label(line), line.points)?;
            }
            writeln!(out, "  {ASIDE}{}{ASIDE:#}", "─".repeat(widest + 6))?;
            writeln!(out, "  {STRONG}{category:<widest$}  {sum:>4}{STRONG:#}")?;
        }
        Ok(())
    }

    fn print_distances(&self, out: &mut dyn Write) -> io::Result<()> {
        let distances = self.distances();
        if distances.is_empty() {
            return Ok(());
        }
        heading("thresholds", out)?;
        for Distance {
            category,
            points,
            next,
            reached,
        } in distances
        {
            let above = match reached {
                Some(Threshold { at, action }) => match points - at {
                    0 => format!("just at {action} ({at})"),
                    over => format!("{over} above {action} ({at})"),
                },
                None => "below every action".to_owned(),
            };
            let below = match next {
                Some(Threshold { at, action }) => {
                    format!("{} short of {action} ({at})", at - points)
                }
                None => "nothing above".to_owned(),
            };
            writeln!(out, "  {category}: {above}, {below}")?;
        }
        Ok(())
    }

    fn print_changes(&self, out: &mut dyn Write) -> io::Result<()> {
        let sides = [("without", &self.without), ("with", &self.with)];
        if sides.iter().all(|(_, changes)| changes.is_empty()) {
            return Ok(());
        }
        heading("would change it", out)?;
        for (side, changes) in sides {
            for change in changes.iter().take(CHANGES_SHOWN_MAX) {
                let what = match &change.boost {
                    Some(boost) => format!("the boost {boost} of {}", change.rule),
                    None => change.rule.to_string(),
                };
                let (action, style) = (change.action, action_style(change.action));
                writeln!(out, "  {side:<7} {what}: {style}{action}{style:#}")?;
            }
            if let Some(more) = changes.len().checked_sub(CHANGES_SHOWN_MAX + 1) {
                writeln!(out, "  {ASIDE}and {} more{ASIDE:#}", more + 1)?;
            }
        }
        Ok(())
    }

    /// What did not count.
    fn print_aside(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.excepted.is_empty() {
            heading("exceptions", out)?;
        }
        for place in &self.excepted {
            let words = self.post.text.get(place.span.clone()).unwrap_or_default();
            let (signal, words) = (self.signal(place), visible_line(words));
            let left = match place.kept {
                0 => "doesn't count".to_owned(),
                kept => format!("counts for {kept}%"),
            };
            writeln!(out, "  {signal} {ASIDE}“{words}”{ASIDE:#} {left}")?;
        }
        if !self.decision.observed.is_empty() {
            heading("observed, without points", out)?;
            for rule in &self.decision.observed {
                writeln!(out, "  {rule}")?;
            }
        }
        if !self.decision.shadow.is_empty() {
            heading("in shadow, changing nothing", out)?;
            for it in &self.decision.shadow {
                let (rule, points, action) = (&it.rule, it.points, it.action);
                let style = action_style(action);
                writeln!(
                    out,
                    "  {rule}  {ASIDE}would give {points}, and{ASIDE:#} {style}{action}{style:#}"
                )?;
            }
        }
        if let Some(bytes) = self.decision.judged_bytes {
            writeln!(out, "\nonly the first {bytes} bytes were judged")?;
        }
        Ok(())
    }

    /// The signal's name, its policy before it.
    fn signal(&self, place: &Trace) -> String {
        let signal = self.pack.signals.get(place.signal.0);
        signal.map_or_else(String::new, |it| format!("{}/{}", it.policy, it.name))
    }

    /// Where each category stands among the thresholds of the policies that spoke.
    fn distances(&self) -> Vec<Distance> {
        let spoke = |rule: &Arc<str>| self.decision.reasons.iter().any(|it| it.rule == *rule);
        let of = |(category, points): (&Arc<str>, &u32)| {
            let thresholds: Vec<Threshold> = self
                .pack
                .policies
                .iter()
                .filter(|policy| policy.category.as_ref() == Some(category))
                .filter(|policy| policy.rules.iter().any(|rule| spoke(&rule.id)))
                .flat_map(|policy| policy.decide.iter().copied())
                .collect();
            let reached = thresholds.iter().filter(|it| it.at <= *points);
            let reached = reached.max_by_key(|it| (it.action, it.at)).copied();
            let action = reached.map_or(Action::Allow, |it| it.action);
            let next = thresholds
                .iter()
                .filter(|it| it.at > *points && it.action > action);
            Distance {
                category: Arc::clone(category),
                points: *points,
                next: next.min_by_key(|it| it.at).copied(),
                reached,
            }
        };
        self.decision.categories.iter().map(of).collect()
    }
}

fn heading(words: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{ASIDE}{words}{ASIDE:#}")
}

/// What a line of the ledger is for.
fn label(line: &LedgerLine) -> String {
    let rule = line.rule.as_deref().unwrap_or_default();
    match &line.entry {
        Entry::Base => rule.to_owned(),
        Entry::Boost(name) => format!("  + {name}"),
        Entry::Kept(percent) => format!("  exceptions keep {percent}%"),
        Entry::Cap => match line.rule {
            Some(_) => "  at most 100".to_owned(),
            None => "at most 100".to_owned(),
        },
    }
}
