//! What holds of every detector on every text: spans are sound, and hostile texts cost no more per
//! byte than others.

use cpu_time::ThreadTime;
use proptest::prelude::*;
use std::ops::Range;
use std::time::Duration;
use vigie::detectors::{Arguments, DETECTORS, Detector, Input};
use vigie::text::{Outline, fold};

fn find(detector: &Detector, post: &str) -> Vec<Range<usize>> {
    let plain = fold(post);
    let mut found = Vec::new();
    (detector.build)(&Arguments::default()).find(
        Input {
            post,
            plain: &plain,
        },
        &mut found,
    );
    found
}

/// Spans are in order, apart, not empty, and on character boundaries of the folded text; and a
/// detector whose trigger is missing finds nothing.
fn check(post: &str) -> Result<(), TestCaseError> {
    let plain = fold(post);
    let text = plain.text();
    for detector in DETECTORS {
        let found = find(detector, post);
        for span in &found {
            prop_assert!(span.start < span.end, "{}: empty {span:?}", detector.name);
            prop_assert!(
                text.get(span.clone()).is_some(),
                "{}: cuts {span:?}",
                detector.name
            );
            prop_assert!(
                post.get(plain.in_post(span.clone())).is_some(),
                "{}",
                detector.name
            );
        }
        let apart = found
            .iter()
            .zip(found.iter().skip(1))
            .all(|(a, b)| a.end <= b.start);
        prop_assert!(apart, "{}: overlap in {found:?}", detector.name);
        let triggered =
            found.is_empty() || detector.trigger.holds(text, Outline::of(text).numbers());
        prop_assert!(triggered, "{}: found without its trigger", detector.name);
    }
    Ok(())
}

/// Pieces of every detector's examples in any order, glued with what stands between things.
fn shuffled_examples() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = DETECTORS
        .iter()
        .flat_map(|detector| detector.examples)
        .flat_map(|example| example.finds.iter().chain([&example.text]).copied())
        .collect();
    let joints = prop::sample::select(vec![
        "", " ", ".", ",", "-", "/", "é", "\u{200b}", "🙂", "\n", "(", "+",
    ]);
    let piece = prop::sample::select(pieces).prop_flat_map(move |piece| {
        (0..=piece.chars().count(), joints.clone())
            .prop_map(move |(kept, joint)| piece.chars().take(kept).collect::<String>() + joint)
    });
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text(post in any::<String>()) {
        check(&post)?;
    }

    #[test]
    fn digits_and_punctuation(post in r##"[0-9 .,:;/()\[\]@+°'"#%xe-]{0,160}"##) {
        check(&post)?;
    }

    #[test]
    fn letters_digits_and_other_scripts(post in r"[a-fA-F0-9 .:@é字٣/-]{0,120}") {
        check(&post)?;
    }

    #[test]
    fn examples_cut_and_glued(post in shuffled_examples()) {
        check(&post)?;
    }
}

/// What a hostile post repeats.
const HOSTILE: &[&str] = &[
    "1",
    "0",
    "1 ",
    "12 ",
    "1-",
    "1.",
    "1.1.1.",
    "(1)",
    "+",
    "+1",
    "01 ",
    "0639981234 ",
    "06 39 98 12 ",
    "514 555 ",
    "call 1234567 ",
    "4111 ",
    "4111111111111111 ",
    "123-45-",
    "fr76 3000 ",
    "ab12",
    "AB-1",
    "plate 12 ",
    "a@",
    "@",
    "@a ",
    "@a@",
    "a@b.",
    "(at)",
    "x at y dot ",
    " at ",
    "a dot ",
    "[dot]",
    "[.]",
    "a.",
    "a-",
    "http://",
    "http://[",
    "http://a@",
    "www.",
    "https://a.fr/(",
    "::",
    ":",
    "1:",
    "a::",
    "48.8566 ",
    "48.8566,",
    "1°2'",
    "°",
    "2345+",
    "é1",
    "é@",
    "\u{200b}",
];

/// The shortest of three runs, in time of the processor, over `bytes` bytes of `unit` again and again.
fn time(detector: &Detector, unit: &str, bytes: usize) -> Duration {
    let post = unit.repeat(bytes / unit.len());
    let plain = fold(&post);
    let finder = (detector.build)(&Arguments::default());
    let run = || {
        let start = ThreadTime::now();
        finder.find(
            Input {
                post: &post,
                plain: &plain,
            },
            &mut Vec::new(),
        );
        start.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap_or_default()
}

/// Four times the text may take four times as long. Sixteen times is what a nested scan takes;
/// ten leaves room for a busy machine, and so do the further attempts.
#[test]
fn hostile_posts_cost_linear_time() {
    const BYTES: usize = 20_000;
    let mut slow = Vec::new();
    for detector in DETECTORS {
        for unit in HOSTILE {
            let is_linear = || {
                let (short, long) = (time(detector, unit, BYTES), time(detector, unit, 4 * BYTES));
                long < short * 10
            };
            if !(0..16).any(|_| is_linear()) {
                slow.push(format!("{} on {unit:?}", detector.name));
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
