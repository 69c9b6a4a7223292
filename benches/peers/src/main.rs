//! Vigie's full evaluation beside its peers: the same rules, the same posts, one run.

mod adversarial;
mod engines;
mod generate;
mod measure;
mod memory;
mod options;
mod posts;
mod report;

use adversarial::Slow;
use clap::Parser;
use engines::{ALL, Contender, Input, LEFT_OUT};
use generate::policies::{View, policies};
use generate::vocabulary::Vocabulary;
use generate::writing::{self, Written};
use measure::{Contestant, Hits, Row};
use options::Options;
use posts::Text;
use std::process::ExitCode;

/// The size at which adversarial posts are tried.
const ADVERSARIAL_RULES: usize = 10_000;
const GENERATED_POSTS: usize = 20_000;
const READ_POSTS: usize = 40_000;

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("peers: engines disagree on posts of plain ASCII");
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::from(2)
        }
    }
}

/// Where posts come from.
struct Posts {
    vocabulary: Vocabulary,
    read: Option<Vec<Written>>,
}

/// All sizes; whether all engines agree.
fn run(options: &Options) -> Result<bool, String> {
    let wanted = wanted(&options.engines)?;
    let posts = posts(options)?;
    let mut rows = Vec::new();
    let mut slow = Vec::new();
    for rules in &options.rules {
        let rules = *rules as usize;
        let measured = size(options, &wanted, &posts, rules)?;
        for row in &measured.rows {
            if options.json {
                println!("{}", report::row_json(row, measured.hits));
            }
        }
        for slow in &measured.slow {
            if options.json {
                println!("{}", report::slow_json(slow));
            }
        }
        if !options.json {
            print!("{}", report::table(rules, &measured.rows, measured.hits));
        }
        rows.extend(measured.rows);
        slow.extend(measured.slow);
    }
    if !options.json {
        if !slow.is_empty() {
            print!("{}", report::slow_table(&slow));
        }
        print!("{}", report::ratios(&rows, &slow));
    }
    Ok(!rows.iter().any(Row::is_wrong))
}

/// The engines that were asked for, or all.
fn wanted(names: &[String]) -> Result<Vec<&'static Contender>, String> {
    for name in names {
        if LEFT_OUT.contains(&name.as_str()) {
            return Err(format!(
                "`{name}` was left out of this build: see `--features`"
            ));
        }
        if !ALL.iter().any(|contender| contender.name == name) {
            let known: Vec<&str> = ALL.iter().map(|contender| contender.name).collect();
            return Err(format!(
                "no engine `{name}`; there are {}",
                known.join(", ")
            ));
        }
    }
    let is_wanted = |c: &&Contender| names.is_empty() || names.iter().any(|name| name == c.name);
    Ok(ALL.iter().filter(is_wanted).collect())
}

fn posts(options: &Options) -> Result<Posts, String> {
    let Some(path) = &options.posts else {
        return Ok(Posts {
            vocabulary: Vocabulary::invented(options.seed),
            read: None,
        });
    };
    let count = options.count.unwrap_or(READ_POSTS);
    let read = posts::read(path, count, options.seed)?;
    let texts: Vec<String> = read.iter().map(|post| post.text.clone()).collect();
    Ok(Posts {
        vocabulary: Vocabulary::of_posts(&texts),
        read: Some(read),
    })
}

/// What was measured at one size.
struct Measured {
    rows: Vec<Row>,
    slow: Vec<Slow>,
    hits: Hits,
}

fn size(
    options: &Options,
    wanted: &[&'static Contender],
    posts: &Posts,
    rules: usize,
) -> Result<Measured, String> {
    let rules = generate::rules(&posts.vocabulary, rules, options.seed);
    let written = posts.read.clone().unwrap_or_else(|| {
        let count = options.count.unwrap_or(GENERATED_POSTS);
        writing::posts(&posts.vocabulary, &rules, count, options.seed)
    });
    let texts: Vec<Text> = written.into_iter().map(Text::new).collect();
    let input = Input {
        plain: policies(&rules, View::Plain),
        spelled: policies(&rules, View::Default),
        rules,
    };
    tell_posts(input.rules.len(), &texts);
    let (expected, hits) = measure::expected(&input, &texts)?;
    let mut entered: Vec<Result<Contestant, Box<Row>>> = wanted
        .iter()
        .map(|contender| enter(contender, options.patient, &input, &texts))
        .collect();
    for contestant in entered.iter_mut().flatten() {
        contestant.compare(&input, &texts, &expected);
    }
    for round in 1..=options.rounds {
        eprintln!("peers: round {round} of {}", options.rounds);
        for contestant in entered.iter_mut().flatten() {
            contestant.round(&texts);
        }
    }
    let mut measured = Measured {
        rows: Vec::new(),
        slow: Vec::new(),
        hits,
    };
    for entry in entered {
        match entry {
            Ok(mut contestant) => {
                let rows = contestant.rows();
                measured
                    .slow
                    .extend(slow(options, &input, &mut contestant, &rows));
                measured.rows.extend(rows);
            }
            Err(skipped) => measured.rows.push(*skipped),
        }
    }
    Ok(measured)
}

/// The engine, running; or a row that says why not.
fn enter(
    contender: &'static Contender,
    patient: bool,
    input: &Input,
    texts: &[Text],
) -> Result<Contestant, Box<Row>> {
    let (engine, rules) = (contender.name, input.rules.len());
    eprintln!("peers: compiling {engine}");
    let entered = match patient || rules <= contender.rules_max {
        true => measure::enter(contender, input, texts),
        false => Err(format!(
            "more than {} rules take it many minutes; --patient tries",
            contender.rules_max
        )),
    };
    entered.map_err(|why| {
        Box::new(Row {
            engine,
            rules,
            skipped: Some(why),
            ..Row::default()
        })
    })
}

/// What posts made against them take, for Vigie at one size.
fn slow(options: &Options, input: &Input, contestant: &mut Contestant, rows: &[Row]) -> Vec<Slow> {
    let sizes = options.rules.iter().map(|rules| *rules as usize);
    let tried = sizes.min_by_key(|rules| rules.abs_diff(ADVERSARIAL_RULES));
    match rows {
        [row] if tried == Some(row.rules) && row.engine.starts_with("vigie") => {
            let engine = &mut *contestant.engine;
            adversarial::measure(engine, row.engine, row.ns_per_byte, &input.rules)
        }
        _ => Vec::new(),
    }
}

fn tell_posts(rules: usize, texts: &[Text]) {
    let bytes: usize = texts.iter().map(|text| text.raw.len()).sum();
    let french = texts
        .iter()
        .filter(|text| text.language == generate::Language::French)
        .count();
    let count = texts.len();
    eprintln!(
        "peers: {rules} rules, {count} posts of {} bytes in the mean, {french} of them French",
        bytes / count.max(1)
    );
}
