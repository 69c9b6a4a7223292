//! Posts made to be slow, each after one thing that a matcher may do too often.

use crate::engines::Engine;
use crate::generate::{Language, Rule, writing::Written};
use crate::measure::median;
use crate::posts::Text;
use std::time::{Duration, Instant};

/// Bytes of most of them.
const BYTES: usize = 4 << 10;
/// Bytes of the long ones: the longest post that is judged whole.
const LONG_BYTES: usize = 1 << 20;

/// What one of them takes.
#[derive(Clone, Debug)]
pub struct Slow {
    pub engine: &'static str,
    pub name: &'static str,
    pub bytes: usize,
    pub ns_per_byte: f64,
    /// Times as long as ordinary text, byte for byte.
    pub ratio: f64,
}

/// The posts. `rules` are what they are made against.
pub fn corpus(rules: &[Rule]) -> Vec<(&'static str, String)> {
    let examples = || rules.iter().map(|rule| rule.example.as_str());
    let required = || rules.iter().filter_map(|rule| rule.required.first());
    let anchor = most_common(required().map(String::as_str));
    let phrases = || {
        let written = rules.iter().map(|rule| rule.written.as_str());
        written.filter(|text| text.contains(' ') && !text.contains('\\'))
    };
    let beginnings = phrases().filter_map(|text| Some(text.rsplit_once(' ')?.0));
    let nearly = phrases().filter_map(|text| {
        let (before, last) = text.rsplit_once(' ')?;
        Some(format!("{before} , {last}"))
    });
    let words = || {
        rules
            .iter()
            .filter(|rule| !rule.written.contains([' ', '\\']))
    };
    let spaced = words().map(|rule| interleaved(&rule.written, " "));
    let dotted = words().map(|rule| interleaved(&rule.written, "."));
    let swapped = words().map(|rule| swapped(&rule.written));
    let leet = words().map(|rule| leet(&rule.written));
    let repeat = |text: &str| text.repeat(BYTES / text.len() + 1);
    vec![
        ("all rule texts in a row", cut(joined(examples()), BYTES)),
        (
            "all rule texts in a row, 1 MB",
            cut(joined(examples().cycle()), LONG_BYTES),
        ),
        ("one common anchor word", repeat(&format!("{anchor} "))),
        ("phrases that never close", cut(joined(beginnings), BYTES)),
        ("gaps that almost close", cut(joined(nearly), BYTES)),
        ("digits", repeat("1234567890")),
        ("single digits", repeat("1 ")),
        ("telephone-like", repeat("06-12.34 56 78 0")),
        ("a@a@", repeat("a@")),
        ("confusables", repeat("кіІӏ ｋｉｌｌ ꓗꓲꓡꓡ ")),
        ("full width", repeat("ｔｈｉｓ　ｉｓ　ｗｉｄｅ　")),
        ("combining marks", repeat("e\u{301}\u{302}\u{303}\u{304}")),
        ("emoji", repeat("😀🔪👩\u{200d}👩\u{200d}👧❤\u{fe0f}")),
        ("ideographs", repeat("漢字仮名交じり文")),
        ("one word, 1 MB", "a".repeat(LONG_BYTES)),
        ("letters spaced out", cut(joined(spaced), BYTES)),
        ("letters with dots", cut(joined(dotted), BYTES)),
        ("leet", cut(joined(leet), BYTES)),
        ("character references", repeat("&amp;&#107;")),
        ("percent escapes", repeat("%41%6b")),
        ("brackets", repeat("(")),
        ("swapped letters", cut(joined(swapped), BYTES)),
        (
            "invisible characters",
            repeat("k\u{200b}i\u{200b}l\u{200b}l "),
        ),
        ("stars in words", repeat("k*ll f**k s***e ")),
    ]
}

fn joined(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut all = String::new();
    for text in texts {
        all.push_str(text.as_ref());
        all.push(' ');
        if all.len() > LONG_BYTES {
            break;
        }
    }
    all
}

fn cut(mut text: String, bytes: usize) -> String {
    text.truncate(text.floor_char_boundary(bytes));
    text
}

fn interleaved(word: &str, between: &str) -> String {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    letters.join(between)
}

/// The word with two letters in the middle swapped.
fn swapped(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    if middle > 0 {
        letters.swap(middle - 1, middle);
    }
    letters.into_iter().collect()
}

fn leet(word: &str) -> String {
    let as_written = |c| match c {
        'a' => '4',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        's' => '$',
        't' => '7',
        other => other,
    };
    word.chars().map(as_written).collect()
}

fn most_common<'t>(texts: impl Iterator<Item = &'t str>) -> &'t str {
    let mut sorted: Vec<&str> = texts.collect();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b);
    let longest = runs.max_by_key(|run| run.len());
    longest
        .and_then(|run| run.first())
        .copied()
        .unwrap_or("word")
}

/// Times every one of them, against what ordinary text takes.
pub fn measure(
    engine: &mut dyn Engine,
    name: &'static str,
    ordinary_ns_per_byte: f64,
    rules: &[Rule],
) -> Vec<Slow> {
    corpus(rules)
        .into_iter()
        .map(|(slow, text)| {
            let text = Text::new(Written {
                text,
                language: Language::English,
            });
            let bytes = text.raw.len();
            let ns_per_byte = nanoseconds(engine, &text) / bytes as f64;
            Slow {
                engine: name,
                name: slow,
                bytes,
                ns_per_byte,
                ratio: ns_per_byte / ordinary_ns_per_byte,
            }
        })
        .collect()
}

/// The median of several runs, after one to warm up.
fn nanoseconds(engine: &mut dyn Engine, text: &Text) -> f64 {
    const RUNS: std::ops::RangeInclusive<usize> = 5..=500;
    const TIME: Duration = Duration::from_millis(60);
    let mut hits = Vec::new();
    engine.judge(text, &mut hits);
    let begun = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < *RUNS.start() || (runs.len() < *RUNS.end() && begun.elapsed() < TIME) {
        let start = Instant::now();
        engine.judge(text, &mut hits);
        runs.push(start.elapsed().as_nanos() as f64);
    }
    median(&mut runs)
}
