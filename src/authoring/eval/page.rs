//! The measured as one page that needs nothing else.

use super::gate::GateResult;
use super::rate::Rate;
use super::results::Evaluation;
use super::tables::{Cell, Table, lead, tables};
use super::text::percent;
use crate::authoring::visible_line;
use askama::Template;

#[derive(Template)]
#[template(path = "evaluation.html")]
struct Page {
    lead: String,
    told: Vec<String>,
    gates: Vec<GateLine>,
    facts: Vec<(String, String)>,
    tables: Vec<PageTable>,
    digest: String,
    has_words: bool,
}

struct GateLine {
    is_met: bool,
    says: String,
}

struct PageTable {
    anchor: String,
    title: &'static str,
    about: &'static str,
    /// Each name, and whether numbers stand below it.
    head: Vec<(String, bool)>,
    rows: Vec<Vec<PageCell>>,
    more: usize,
}

struct PageCell {
    words: String,
    /// Interval and counts, below the words.
    below: String,
    is_name: bool,
    is_number: bool,
    bar: Option<Bar>,
}

/// An interval on a scale of 100, with a mark at the share.
struct Bar {
    from: String,
    width: String,
    mark: String,
}

/// The page. Lists are cut after so many lines; the JSON has all.
#[must_use]
pub fn evaluation_html(evaluation: &Evaluation, gates: &[GateResult], rows_max: usize) -> String {
    let tables = tables(evaluation, rows_max);
    let listed = |lists: [&[super::Listed]; 2]| lists.concat();
    let has_words = evaluation
        .classes
        .iter()
        .flat_map(|class| listed([&class.missed, &class.alarmed]))
        .any(|it| it.excerpt.is_some());
    let page = Page {
        lead: lead(evaluation),
        told: evaluation.told.clone(),
        gates: gates.iter().map(gate_line).collect(),
        facts: facts(evaluation),
        tables: (1..)
            .zip(&tables)
            .map(|(at, it)| page_table(at, it))
            .collect(),
        digest: evaluation.policy.to_string(),
        has_words,
    };
    // Every part of the page prints itself into memory, which can't fail.
    page.render().unwrap_or_default()
}

fn facts(evaluation: &Evaluation) -> Vec<(String, String)> {
    let mut facts = vec![
        (evaluation.posts.to_string(), "posts judged".to_owned()),
        (evaluation.labelled.to_string(), "with labels".to_owned()),
        (
            evaluation.rules.len().to_string(),
            "rules that fired".to_owned(),
        ),
    ];
    if evaluation.bad > 0 {
        facts.push((
            evaluation.bad.to_string(),
            "records that can't be read".to_owned(),
        ));
    }
    facts
}

fn gate_line(gate: &GateResult) -> GateLine {
    let (of, class, bound) = (
        gate.of.name().replace('_', " "),
        &gate.gate.class,
        gate.gate.bound,
    );
    GateLine {
        is_met: gate.is_met(),
        says: format!("{of} of {class}: {} (bound {bound})", percent(gate.rate)),
    }
}

fn page_table(at: usize, table: &Table) -> PageTable {
    let is_number = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.any(Cell::is_number)
    };
    let head = table.head.iter().enumerate();
    PageTable {
        anchor: format!("t{at}"),
        title: table.title,
        about: table.about,
        head: head
            .map(|(column, name)| (name.clone(), is_number(column)))
            .collect(),
        rows: table
            .rows
            .iter()
            .map(|row| row.iter().map(page_cell).collect())
            .collect(),
        more: table.more,
    }
}

fn page_cell(cell: &Cell) -> PageCell {
    let said = visible_line(&cell.said());
    let (words, below) = match (cell.rate(), said.split_once(" [")) {
        (Some(_), Some((share, rest))) => (share.to_owned(), format!("[{rest}")),
        _ => (said, String::new()),
    };
    PageCell {
        words,
        below,
        is_name: matches!(cell, Cell::Name(_)),
        is_number: cell.is_number(),
        bar: match cell {
            Cell::Share(Some(rate)) => Some(bar(*rate)),
            Cell::Share(None)
            | Cell::Alarms(_)
            | Cell::Name(_)
            | Cell::Words(_)
            | Cell::Number(_)
            | Cell::Times(_) => None,
        },
    }
}

fn bar(rate: Rate) -> Bar {
    let tenths = |share: f64| format!("{:.1}", 100.0 * share);
    Bar {
        from: tenths(rate.low),
        width: tenths((rate.high - rate.low).max(0.01)),
        mark: tenths(rate.share.clamp(0.01, 0.99)),
    }
}
