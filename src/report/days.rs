//! What was found over time: small pictures of one scale of time, one for each category.

use super::words::{Speech, civil};
use super::{Audit, Day};
use crate::limits::{REPORT_BARS_MAX, REPORT_CATEGORIES_MAX};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Quiet days shown before the first find and after the last.
const MARGIN: i64 = 3;

/// Units of a picture's height.
const HEIGHT: u64 = 100;

/// What was found over time.
#[derive(Debug)]
pub(super) struct Days {
    /// One row for each category, after one for all posts.
    pub(super) rows: Vec<Row>,
    /// Dates below the pictures: first, middle, last.
    pub(super) dates: Vec<String>,
    /// How long a bar lasts.
    pub(super) unit: String,
    /// Categories left out.
    pub(super) more: usize,
    /// Width of the pictures, in their own units.
    pub(super) width: usize,
    /// The same in numbers: the heads of the columns.
    pub(super) heads: Vec<String>,
    /// And its lines: a date, and a number for each column.
    pub(super) lines: Vec<(String, Vec<String>)>,
}

/// One picture.
#[derive(Debug)]
pub(super) struct Row {
    /// What is counted.
    pub(super) title: String,
    /// How many in all.
    pub(super) total: String,
    /// The picture in words.
    pub(super) described: String,
    /// Its bars.
    pub(super) bars: Vec<Bar>,
    /// Whether it counts all posts.
    pub(super) is_all: bool,
}

/// One bar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: u64,
    pub(super) height: u64,
}

/// How long a bar lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// Where the bar begins that a day stands in.
    fn begin(self, day: Day) -> Day {
        let date = civil(day.begins()).date();
        match self {
            Self::Day => day,
            // The first of January 1970 was a Thursday; weeks begin on Mondays.
            Self::Week => Day(day.0 - (day.0 + 3).rem_euclid(7)),
            Self::Month => day_of(date.first_of_month()),
            Self::Year => day_of(date.first_of_year()),
        }
    }

    /// Where the next bar begins.
    fn next(self, begin: Day) -> Day {
        let date = civil(begin.begins()).date();
        match self {
            Self::Day => Day(begin.0 + 1),
            Self::Week => Day(begin.0 + 7),
            Self::Month => day_of(date.saturating_add(1.month())),
            Self::Year => day_of(date.saturating_add(1.year())),
        }
    }

    /// The beginnings of all bars from one day to another, or more of them than a picture holds.
    fn bars(self, first: Day, last: Day) -> Vec<Day> {
        let mut bars = vec![self.begin(first)];
        while let Some(bar) = bars.last().copied() {
            let next = self.next(bar);
            if next > last || next <= bar || bars.len() > REPORT_BARS_MAX {
                break;
            }
            bars.push(next);
        }
        bars
    }

    fn label(self, begin: Day, speech: Speech) -> String {
        match self {
            Self::Day | Self::Week => speech.day(begin),
            Self::Month => speech.month_and_year(begin),
            Self::Year => speech.year(begin),
        }
    }

    fn said(self, speech: Speech) -> String {
        match self {
            Self::Day => speech.say("a day", "un jour"),
            Self::Week => speech.say("a week", "une semaine"),
            Self::Month => speech.say("a month", "un mois"),
            Self::Year => speech.say("a year", "une année"),
        }
    }
}

fn day_of(date: Date) -> Day {
    let since = date.since(Date::constant(1970, 1, 1));
    Day(since.map_or(0, |since| i64::from(since.get_days())))
}

/// The pictures; none when no post tells its time.
pub(super) fn days(audit: &Audit<'_>, speech: Speech) -> Option<Days> {
    let (first, last) = range(audit)?;
    let (unit, bars) = scale(first, last);
    let of = |count: &dyn Fn(Day) -> u64| -> BTreeMap<Day, u64> {
        let mut counted: BTreeMap<Day, u64> = bars.iter().map(|bar| (*bar, 0)).collect();
        for day in audit.posts_per_day.range(first..=last).map(|(day, _)| *day) {
            if let Some(number) = counted.get_mut(&unit.begin(day)) {
                *number += count(day);
            }
        }
        counted
    };
    let all = of(&|day| audit.posts_per_day.get(&day).copied().unwrap_or_default());
    let mut rows = vec![row(
        speech.say("All posts", "Tous les messages"),
        &all,
        unit,
        speech,
        true,
    )];
    let mut columns = vec![all];
    let mut categories: BTreeMap<&str, BTreeMap<Day, u64>> = BTreeMap::new();
    for ((day, category), number) in &audit.found_per_day {
        *categories
            .entry(category)
            .or_default()
            .entry(unit.begin(*day))
            .or_default() += number;
    }
    let mut categories: Vec<_> = categories.into_iter().collect();
    categories.sort_by_key(|(name, counted)| (u64::MAX - counted.values().sum::<u64>(), *name));
    let more = categories.len().saturating_sub(REPORT_CATEGORIES_MAX);
    for (category, found) in categories.into_iter().take(REPORT_CATEGORIES_MAX) {
        let counted = bars
            .iter()
            .map(|bar| (*bar, found.get(bar).copied().unwrap_or_default()));
        let counted: BTreeMap<Day, u64> = counted.collect();
        rows.push(row(
            speech.category(category),
            &counted,
            unit,
            speech,
            false,
        ));
        columns.push(counted);
    }
    let lines = bars.iter().map(|bar| {
        let numbers = columns
            .iter()
            .map(|column| column.get(bar).copied().unwrap_or_default());
        (
            unit.label(*bar, speech),
            numbers.map(|number| speech.number(number)).collect(),
        )
    });
    Some(Days {
        heads: rows.iter().map(|row| row.title.clone()).collect(),
        lines: lines.collect(),
        rows,
        dates: dates(&bars, unit, speech),
        unit: unit.said(speech),
        more,
        width: bars.len() * 10,
    })
}

/// From the first day with a find to the last, and a little around: one stray date of another year
/// must not make a dot of everything.
fn range(audit: &Audit<'_>) -> Option<(Day, Day)> {
    let (first, _) = audit.posts_per_day.first_key_value()?;
    let (last, _) = audit.posts_per_day.last_key_value()?;
    let found = audit
        .found_per_day
        .first_key_value()
        .zip(audit.found_per_day.last_key_value());
    Some(match found {
        Some((((begin, _), _), ((end, _), _))) => {
            let (begin, end) = (Day(begin.0 - MARGIN), Day(end.0 + MARGIN));
            (begin.max(*first), end.min(*last).max(begin))
        }
        None => (*first, *last),
    })
}

/// The shortest bars that are not too many; of years, the last ones.
fn scale(first: Day, last: Day) -> (Unit, Vec<Day>) {
    let fits = |unit: &Unit| unit.bars(first, last).len() <= REPORT_BARS_MAX;
    match Unit::ALL.into_iter().find(fits) {
        Some(unit) => (unit, unit.bars(first, last)),
        None => {
            let years = i64::try_from(REPORT_BARS_MAX).unwrap_or_default() - 1;
            let first = Day(last.0 - years * 365);
            (Unit::Year, Unit::Year.bars(first, last))
        }
    }
}

fn row(
    title: String,
    counted: &BTreeMap<Day, u64>,
    unit: Unit,
    speech: Speech,
    is_all: bool,
) -> Row {
    let total: u64 = counted.values().sum();
    let peak = counted
        .iter()
        .max_by_key(|(day, number)| (**number, -day.0));
    let (peak_day, peak) = peak.map_or((Day(0), 0), |(day, number)| (*day, *number));
    let (posts, most) = (speech.posts(total), speech.number(peak));
    let (label, each) = (unit.label(peak_day, speech), unit.said(speech));
    let described = match (total, unit) {
        (0, _) => speech.say("None.", "Aucun."),
        (_, Unit::Day) => speech.say(
            &format!("{posts}; most on {label}: {most}."),
            &format!("{posts} ; maximum le {label} : {most}."),
        ),
        _ => speech.say(
            &format!("{posts}; most in {each} that begins on {label}: {most}."),
            &format!("{posts} ; maximum dans {each} débutant le {label} : {most}."),
        ),
    };
    Row {
        title,
        total: speech.number(total),
        described,
        bars: drawn(counted, peak),
        is_all,
    }
}

fn drawn(counted: &BTreeMap<Day, u64>, peak: u64) -> Vec<Bar> {
    let numbers = counted.values().enumerate();
    let seen = numbers.filter(|(_, number)| **number > 0);
    let bar = |(at, number): (usize, &u64)| {
        // What is there is seen, however little.
        let share = u128::from(*number) * u128::from(HEIGHT) / u128::from(peak.max(1));
        let height = u64::try_from(share).unwrap_or(HEIGHT).max(4);
        Bar {
            x: at * 10 + 1,
            y: HEIGHT - height,
            height,
        }
    };
    seen.map(bar).collect()
}

fn dates(bars: &[Day], unit: Unit, speech: Speech) -> Vec<String> {
    let at = [0, bars.len() / 2, bars.len().saturating_sub(1)];
    let mut at: Vec<usize> = match bars.len() {
        0..=4 => vec![0, bars.len().saturating_sub(1)],
        _ => at.to_vec(),
    };
    at.dedup();
    at.into_iter()
        .filter_map(|at| bars.get(at))
        .map(|bar| unit.label(*bar, speech))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Day, Unit, scale};
    use crate::limits::REPORT_BARS_MAX;

    #[test]
    fn bars_are_never_too_many() {
        let cases = [
            (1, Unit::Day),
            (119, Unit::Day),
            (120, Unit::Week),
            (1_000, Unit::Month),
            (20_000, Unit::Year),
            (3_000_000, Unit::Year),
        ];
        for (days, unit) in cases {
            let (chosen, bars) = scale(Day(-700_000), Day(days - 700_000));
            assert_eq!(chosen, unit, "{days}");
            assert!(bars.len() <= REPORT_BARS_MAX, "{days}: {}", bars.len());
        }
    }

    #[test]
    fn bars_begin_where_calendars_say() {
        // 11 March 2026, a Wednesday.
        let day = Day(20_523);
        let begins = [20_523, 20_521, 20_513, 20_454];
        for (unit, begin) in Unit::ALL.into_iter().zip(begins) {
            assert_eq!(unit.begin(day), Day(begin), "{unit:?}");
        }
        assert_eq!(Unit::Month.next(Day(20_513)), Day(20_544));
    }
}
