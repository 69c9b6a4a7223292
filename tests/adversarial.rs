//! Posts made to be slow: twice the length costs about twice the time, whatever is repeated.

use cpu_time::ThreadTime;
use std::time::Duration;
use vigie::engine::Engine;
use vigie::model::Post;
use vigie::policy::{RawFile, check, shipped};
use vigie::ruleset::Levels;

const RULES: &str = r#"
policy: {id: made, version: 1.0.0, category: harm.made, title: {en: Made, fr: Fait}}
signals:
  terms: {terms: {any: ["kill you", "kill ... you ... now", "strang*", "(we|they) (will|shall) (come|visit)", "poeple"]}}
  words: {regex: ['\bplace\s+de\s+la\s+\w+', '\bvisit(?:s|ed)?\W{1,3}you\w*', '(?:kill|burn).{0,20}house']}
  numbers: {regex: ['\b\d{3}-\d{4}\b', '\b[a-z]{2}-?\d{3}\b', '\b(?:\d{3}[ .-]?)?\d{4}\b']}
rules:
  - {id: terms, level: 1, when: {all: [terms]}, points: 10, because: {en: T., fr: T.}}
  - {id: words, level: 1, when: {all: [words]}, points: 10, because: {en: W., fr: W.}}
  - {id: numbers, level: 1, when: {all: [numbers]}, points: 10, because: {en: N., fr: N.}}
decide: [{at: 5, do: note}]
tests:
  - {hit: terms, examples: ["kill you"]}
  - {hit: words, examples: ["place de la paix"]}
  - {hit: numbers, examples: ["555-0100"]}
  - {miss: "*", examples: ["thank you"]}
"#;

/// What is repeated, and what it is made to slow down.
const REPEATED: &[(&str, &str)] = &[
    ("kill ", "beginnings of phrases"),
    ("kill a b c d e ", "gaps that never close"),
    ("kill a you b ", "gaps that almost close"),
    ("place de la ", "what expressions require"),
    ("visit ", "windows beside windows"),
    ("7", "one number"),
    ("7 ", "numbers everywhere"),
    ("555-01 ", "numbers that almost match"),
    ("k i l l ", "letters spelled out"),
    ("k1ll ", "disguises"),
    ("well-known-", "words tied together"),
    ("iwillvisityou", "words joined"),
    ("a@a@", "addresses that never end"),
    ("ｋｉｌｌ ", "full width"),
    ("e\u{301}", "marks"),
    ("&amp;%41", "escapes"),
    ("strang", "one word of a megabyte"),
    ("🔪", "pictographs"),
    ("(\"", "brackets and quotes"),
];

fn engine(files: Vec<RawFile>) -> Engine {
    let checked = check(files);
    let pack = checked
        .pack
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    Engine::new(pack, Levels::default())
}

/// The quickest of some tries, in time of the processor: what else runs on the machine only adds.
fn time(engine: &Engine, text: &str) -> Duration {
    let once = || {
        let begin = ThreadTime::now();
        let _ = engine.decide(&Post::of_text(text));
        begin.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn twice_the_length_takes_about_twice_the_time() {
    const BYTES: usize = 60_000;
    const RATIO_MAX: f64 = 3.0;
    const ATTEMPTS: usize = 12;
    let made = RawFile {
        name: "made.yaml".to_owned(),
        bytes: RULES.as_bytes().to_vec(),
    };
    for engine in [engine(vec![made]), engine(shipped())] {
        for (piece, why) in REPEATED {
            let half = piece.repeat(BYTES / piece.len());
            let whole = half.repeat(2);
            let ratio = || time(&engine, &whole).as_secs_f64() / time(&engine, &half).as_secs_f64();
            let best = (0..ATTEMPTS)
                .map(|_| ratio())
                .find(|ratio| *ratio < RATIO_MAX);
            assert!(best.is_some(), "{why}: {piece:?} is not linear");
        }
    }
}
