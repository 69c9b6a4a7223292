//! The measured as tables: what text, Markdown and the page print alike.

use super::rate::{Count, Rate};
use super::results::{Evaluation, RuleResult};
use super::tally::{ClassCounts, Listed};
use crate::model::Action;
use crate::policy::Mode;

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it shows.
    pub title: &'static str,
    /// How to read it.
    pub about: &'static str,
    /// The names of its columns.
    pub head: Vec<String>,
    /// Its lines, worst first.
    pub rows: Vec<Vec<Cell>>,
    /// Lines that were left out.
    pub more: usize,
}

/// What stands in a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A name: of a rule, a label, a post.
    Name(String),
    /// Words.
    Words(String),
    /// How many.
    Number(u64),
    /// A share, better when high.
    Share(Option<Rate>),
    /// A share, better when low, shown per 10,000.
    Alarms(Option<Rate>),
    /// So many times another figure.
    Times(Option<f64>),
}

impl Cell {
    /// Whether it is read as a figure.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        !matches!(self, Self::Name(_) | Self::Words(_))
    }

    /// Whether it is a number without an interval, which stands to the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Times(_))
    }

    /// The share, when it is one.
    #[must_use]
    pub fn rate(&self) -> Option<Rate> {
        match self {
            Self::Share(rate) | Self::Alarms(rate) => *rate,
            Self::Name(_) | Self::Words(_) | Self::Number(_) | Self::Times(_) => None,
        }
    }
}

fn name(name: &str) -> Cell {
    Cell::Name(name.to_owned())
}

fn share(count: Count) -> Cell {
    Cell::Share(count.rate())
}

fn alarms(count: Count) -> Cell {
    Cell::Alarms(count.rate())
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// All tables that have something to show, each with at most so many lines.
#[must_use]
pub fn tables(evaluation: &Evaluation, rows_max: usize) -> Vec<Table> {
    let mut tables = vec![
        classes(evaluation),
        languages(evaluation),
        disguises(evaluation),
        evasions(evaluation),
        pairs(evaluation),
        rules(evaluation),
        alone(evaluation),
        overlaps(evaluation),
        confusion(evaluation),
        groups(evaluation),
        spans(evaluation),
        signals(evaluation),
        listed(evaluation),
    ];
    tables.retain(|table| !table.rows.is_empty());
    for table in &mut tables {
        table.more = table.rows.len().saturating_sub(rows_max);
        table.rows.truncate(rows_max);
    }
    tables
}

/// Worst first: by the share in this column; what was not measured comes last.
fn worst_first(rows: &mut [Vec<Cell>], column: usize) {
    let key = |row: &Vec<Cell>| {
        let rate = row.get(column).and_then(Cell::rate);
        rate.map_or(f64::INFINITY, |rate| rate.share)
    };
    rows.sort_by(|a, b| key(a).total_cmp(&key(b)));
}

fn classes(evaluation: &Evaluation) -> Table {
    let rows = evaluation.classes.iter().map(|class| {
        let mut row = vec![name(&class.name)];
        row.extend(found(&class.counts));
        row
    });
    let mut rows: Vec<_> = rows.collect();
    worst_first(&mut rows, 1);
    Table {
        title: "What is found",
        about: "Recall: of the posts where it must be found. Precision: of the posts where it was \
                found, labelled as something; it depends on how many posts of each kind there are. \
                False alarms: per 10,000 clean posts. On others: posts labelled as something else.",
        head: head(&[
            "expected",
            "recall",
            "precision",
            "false alarms",
            "on others",
        ]),
        rows,
        more: 0,
    }
}

/// Recall, precision, false alarms, and how often others are taken for it.
fn found(counts: &ClassCounts) -> [Cell; 4] {
    [
        share(counts.expected),
        share(counts.precision()),
        alarms(counts.clean),
        share(counts.other),
    ]
}

fn languages(evaluation: &Evaluation) -> Table {
    let classes = evaluation.classes.iter();
    let mut rows: Vec<_> = classes
        .flat_map(|class| class.languages.iter().map(move |it| (class, it)))
        .map(|(class, (language, counts))| {
            let mut row = vec![name(&class.name), Cell::Words(language.clone())];
            row.extend(found(counts));
            row
        })
        .collect();
    let languages: std::collections::BTreeSet<&String> = evaluation
        .classes
        .iter()
        .flat_map(|class| class.languages.keys())
        .collect();
    if languages.len() < 2 {
        rows.clear();
    }
    worst_first(&mut rows, 2);
    Table {
        title: "By language",
        about: "As the posts say it.",
        head: head(&[
            "expected",
            "language",
            "recall",
            "precision",
            "false alarms",
            "on others",
        ]),
        rows,
        more: 0,
    }
}

fn disguises(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    for class in &evaluation.classes {
        for (disguise, (counts, beside)) in &class.disguises {
            if counts.all().of == 0 {
                continue;
            }
            rows.push(vec![
                name(&class.name),
                name(disguise),
                share(counts.expected),
                Cell::Share(beside.and_then(|it| it.twin.rate())),
                Cell::Times(beside.and_then(|it| it.ratio())),
                alarms(counts.clean),
            ]);
        }
    }
    worst_first(&mut rows, 2);
    Table {
        title: "By disguise",
        about: "As the posts say it. Twins: the same posts undisguised, where they are there too.",
        head: head(&[
            "expected",
            "disguise",
            "recall",
            "of twins",
            "kept",
            "false alarms",
        ]),
        rows,
        more: 0,
    }
}

fn evasions(evaluation: &Evaluation) -> Table {
    let times = |now: Count, before: Count| {
        (before.found > 0).then(|| now.found as f64 / before.found as f64)
    };
    let mut rows: Vec<_> = evaluation
        .evasions
        .iter()
        .map(|it| {
            let (plain, now) = (&it.plain, &it.disguised);
            vec![
                name(&it.class),
                name(it.name),
                share(plain.expected),
                share(now.expected),
                Cell::Times(times(now.expected, plain.expected)),
                alarms(plain.clean),
                alarms(now.clean),
                Cell::Times(times(now.clean, plain.clean)),
            ]
        })
        .collect();
    worst_first(&mut rows, 3);
    Table {
        title: "Every post disguised",
        about: "The posts that the disguise changes, as written and disguised.",
        head: head(&[
            "expected",
            "disguise",
            "recall",
            "disguised",
            "kept",
            "false alarms",
            "disguised",
            "times",
        ]),
        rows,
        more: 0,
    }
}

/// A table of names, each with one share.
fn one_share<'n>(
    (title, about): (&'static str, &'static str),
    columns: [&str; 2],
    shares: impl Iterator<Item = (&'n String, Count)>,
) -> Table {
    let mut rows: Vec<_> = shares
        .map(|(of, count)| vec![name(of), share(count)])
        .collect();
    worst_first(&mut rows, 1);
    Table {
        title,
        about,
        head: head(&columns),
        rows,
        more: 0,
    }
}

fn pairs(evaluation: &Evaluation) -> Table {
    let classes = evaluation.classes.iter().filter(|it| it.pairs.of > 0);
    let about = "Twins of which one must be found and the other must not: both are right.";
    one_share(
        ("Pairs", about),
        ["expected", "both right"],
        classes.map(|it| (&it.name, it.pairs)),
    )
}

fn mode(rule: &RuleResult) -> Cell {
    Cell::Words(match rule.mode {
        Mode::Live => format!("live {}", rule.level),
        Mode::Shadow => format!("shadow {}", rule.level),
    })
}

fn rules(evaluation: &Evaluation) -> Table {
    let rows = evaluation.rules.iter().map(|it| {
        vec![
            name(&it.rule),
            mode(it),
            Cell::Number(it.counts.fired),
            Cell::Number(it.counts.sides.expected.found),
            Cell::Number(it.counts.sides.clean.found),
            Cell::Number(it.counts.sides.other.found),
            share(it.counts.sides.precision()),
            share(it.counts.sides.expected),
        ]
    });
    Table {
        title: "Rules, the most costly first",
        about: "On how many posts each rule fired, with points or without; and of those where the \
                action counts, whether its category must be found. A rule in shadow counts as if it \
                were live.",
        head: head(&[
            "rule",
            "mode",
            "fired",
            "right",
            "clean",
            "others",
            "precision",
            "share of the expected",
        ]),
        rows: rows.collect(),
        more: 0,
    }
}

fn alone(evaluation: &Evaluation) -> Table {
    let counts = |it: &&RuleResult| it.counts.alone_right + it.counts.alone_wrong > 0;
    let mut rules: Vec<&RuleResult> = evaluation.rules.iter().filter(counts).collect();
    rules.sort_by_key(|it| std::cmp::Reverse((it.counts.alone_wrong, it.counts.alone_right)));
    let rows = rules.iter().map(|it| {
        vec![
            name(&it.rule),
            Cell::Number(it.counts.alone_right),
            Cell::Number(it.counts.alone_wrong),
        ]
    });
    Table {
        title: "What each rule alone is the cause of",
        about: "Without the rule, so many posts would be missed, and so many would not be found \
                wrongly.",
        head: head(&["rule", "only it finds", "only it is wrong on"]),
        rows: rows.collect(),
        more: 0,
    }
}

fn overlaps(evaluation: &Evaluation) -> Table {
    let rows = evaluation.overlaps.iter().map(|it| {
        let [first, second] = &it.rules;
        vec![
            name(first),
            name(second),
            Cell::Number(it.counts.posts),
            Cell::Number(it.counts.expected),
        ]
    });
    Table {
        title: "Rules that fire together",
        about: "Right: where the first one's category must be found.",
        head: head(&["rule", "with", "posts", "right"]),
        rows: rows.collect(),
        more: 0,
    }
}

fn confusion(evaluation: &Evaluation) -> Table {
    let mut confused = evaluation.confusion.clone();
    confused.sort_by(|a, b| a.0.cmp(&b.0).then(b.2.cmp(&a.2)));
    let rows = confused.into_iter().map(|(expected, found, posts)| {
        let found = match found {
            Some(category) => name(&category),
            None => Cell::Words("nothing".to_owned()),
        };
        vec![Cell::Name(expected), found, Cell::Number(posts)]
    });
    Table {
        title: "What is found instead",
        about: "A post counts once for each of its categories.",
        head: head(&["expected", "found", "posts"]),
        rows: rows.collect(),
        more: 0,
    }
}

fn groups(evaluation: &Evaluation) -> Table {
    let mut names = vec!["label".to_owned()];
    names.extend(evaluation.classes.iter().map(|class| class.name.clone()));
    let rows = evaluation.groups.iter().map(|group| {
        let mut row = vec![name(&group.label)];
        row.extend(group.classes.iter().map(|counts| share(counts.all())));
        row
    });
    Table {
        title: "By label",
        about: "Of the posts of each label, those where something was found, rightly or not.",
        head: names,
        rows: rows.collect(),
        more: 0,
    }
}

fn spans(evaluation: &Evaluation) -> Table {
    let mut rows: Vec<_> = evaluation
        .spans
        .iter()
        .map(|(kind, it)| vec![name(kind), share(it.recall), share(it.precision)])
        .collect();
    worst_first(&mut rows, 1);
    Table {
        title: "What detectors see",
        about: "Recall: of what stands in the posts, by half of its length at least. Precision: of \
                what was seen.",
        head: head(&["type", "recall", "precision"]),
        rows,
        more: 0,
    }
}

fn signals(evaluation: &Evaluation) -> Table {
    one_share(
        ("Posts where a detector must see something", "By label."),
        ["label", "seen"],
        evaluation
            .signals
            .iter()
            .map(|(label, count)| (label, *count)),
    )
}

fn listed(evaluation: &Evaluation) -> Table {
    let mut rows = Vec::new();
    let mut add = |what: &str, of: &str, list: &[Listed]| {
        rows.extend(list.iter().map(|it| {
            let excerpt = it.excerpt.clone().unwrap_or_default();
            vec![
                Cell::Words(what.to_owned()),
                name(of),
                name(&it.post),
                Cell::Words(excerpt),
            ]
        }));
    };
    for class in &evaluation.classes {
        add("missed", &class.name, &class.missed);
        add("false alarm", &class.name, &class.alarmed);
    }
    for rule in &evaluation.rules {
        add("wrong", &rule.rule, &rule.counts.wrong);
    }
    Table {
        title: "Posts to look at",
        about: "The first of each kind, by id.",
        head: head(&["", "of", "post", "begins"]),
        rows,
        more: 0,
    }
}

/// The head of a report in one sentence.
#[must_use]
pub fn lead(evaluation: &Evaluation) -> String {
    let (posts, labelled) = (evaluation.posts, evaluation.labelled);
    let at: Action = evaluation.at;
    format!(
        "{posts} posts, {labelled} with labels that say what is expected; found: where at least {at} is advised"
    )
}
