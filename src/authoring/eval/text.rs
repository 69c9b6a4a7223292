//! Figures as words, and the tables as Markdown.

use super::rate::Rate;
use super::results::Evaluation;
use super::tables::{Cell, lead, tables};
use std::fmt::Write as _;

/// A share in percent, with its interval and what was counted: `20.6 % [14.5, 28.5] 26/126`.
#[must_use]
pub fn percent(rate: Option<Rate>) -> String {
    scaled(rate, 100.0, " %")
}

fn scaled(rate: Option<Rate>, by: f64, unit: &str) -> String {
    padded(rate, by, unit, 0)
}

/// The same with each of its numbers so wide, so that they stand below each other.
fn padded(rate: Option<Rate>, by: f64, unit: &str, width: usize) -> String {
    let Some(rate) = rate else {
        return format!("{:>width$}", "–");
    };
    let digits = |number: f64| match number * by {
        many if many >= 1_000.0 => format!("{many:>width$.0}"),
        many => format!("{many:>width$.1}"),
    };
    let (share, low, high) = (digits(rate.share), digits(rate.low), digits(rate.high));
    let (found, of) = (rate.count.found, rate.count.of);
    format!("{share}{unit} [{low}, {high}] {found}/{of}")
}

impl Cell {
    /// The cell in words.
    #[must_use]
    pub fn said(&self) -> String {
        match self {
            Self::Name(words) | Self::Words(words) => words.clone(),
            Self::Number(number) => number.to_string(),
            Self::Share(rate) => percent(*rate),
            Self::Alarms(rate) => scaled(*rate, 10_000.0, ""),
            Self::Times(Some(times)) => format!("× {times:.2}"),
            Self::Times(None) => "–".to_owned(),
        }
    }
}

/// Digits of 100.0.
const NUMBER_WIDTH: usize = 5;

impl Cell {
    /// The cell in words of one width, where it is a share.
    #[must_use]
    pub fn said_in_column(&self) -> String {
        match self {
            Self::Share(rate) => padded(*rate, 100.0, " %", NUMBER_WIDTH),
            Self::Alarms(rate) => padded(*rate, 10_000.0, "", NUMBER_WIDTH),
            Self::Name(_) | Self::Words(_) | Self::Number(_) | Self::Times(_) => self.said(),
        }
    }
}

/// The tables as Markdown, for pages that are refreshed by command.
#[must_use]
pub fn evaluation_markdown(evaluation: &Evaluation, rows_max: usize) -> String {
    let mut page = format!("{}.\n", lead(evaluation));
    for table in tables(evaluation, rows_max) {
        let _ = writeln!(page, "\n### {}\n\n{}\n", table.title, table.about);
        line(&mut page, table.head.iter().map(|name| escaped(name)));
        let is_figure = |column: usize| {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            cells.into_iter().any(Cell::is_figure)
        };
        let rules = (0..table.head.len()).map(|column| match is_figure(column) {
            true => "--:".to_owned(),
            false => "---".to_owned(),
        });
        line(&mut page, rules);
        for row in &table.rows {
            line(&mut page, row.iter().map(cell));
        }
        if table.more > 0 {
            let _ = writeln!(page, "\nand {} more", table.more);
        }
    }
    page
}

fn line(page: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Name(name) => format!("`{}`", escaped(name).replace('`', "'")),
        Cell::Words(_) | Cell::Number(_) | Cell::Share(_) | Cell::Alarms(_) | Cell::Times(_) => {
            escaped(&cell.said())
        }
    }
}

/// Names come from strangers, and may break a table.
fn escaped(text: &str) -> String {
    crate::authoring::visible_line(text)
        .replace('|', "\\|")
        .replace('<', "&lt;")
}
