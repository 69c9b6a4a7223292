//! Every detector's own examples: what the reference page promises.

use vigie::detectors::{Arguments, DETECTORS, Detector, Input, Takes};
use vigie::text::fold;

/// `parameter=word,word` as the checked arguments of a policy.
fn arguments(detector: &Detector, with: &str) -> Arguments {
    let mut arguments = Arguments::default();
    for part in with.split_whitespace() {
        let (name, value) = part.split_once('=').unwrap();
        let parameter = detector.parameters.iter().find(|p| p.name == name).unwrap();
        match parameter.takes {
            Takes::SomeOf(words) => arguments.some_of.push((
                parameter.name,
                value
                    .split(',')
                    .map(|v| *words.iter().find(|w| **w == v).unwrap())
                    .collect(),
            )),
            Takes::Flag(_) => arguments.flags.push((parameter.name, value == "true")),
        }
    }
    arguments
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for detector in DETECTORS {
        for example in detector.examples {
            let plain = fold(example.text);
            let mut found = Vec::new();
            let input = Input {
                post: example.text,
                plain: &plain,
            };
            (detector.build)(&arguments(detector, example.with)).find(input, &mut found);
            let found: Vec<&str> = found
                .into_iter()
                .map(|span| &example.text[plain.in_post(span)])
                .collect();
            if found != example.finds {
                wrong.push(format!(
                    "{}: {:?}\n  expected {:?}\n  found    {found:?}",
                    detector.name, example.text, example.finds
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_detector_shows_both_sides_and_the_list_is_sorted() {
    for detector in DETECTORS {
        assert!(
            detector.examples.iter().any(|e| !e.finds.is_empty()),
            "{}",
            detector.name
        );
        assert!(
            detector.examples.iter().any(|e| e.finds.is_empty()),
            "{}",
            detector.name
        );
    }
    assert!(DETECTORS.is_sorted_by_key(|d| d.name));
}
