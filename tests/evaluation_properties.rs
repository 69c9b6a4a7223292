//! What holds for every post.

use crate::evaluation::{engine, policy};
use proptest::prelude::*;
use std::sync::LazyLock;
use vigie::engine::Engine;
use vigie::model::Post;
use vigie::policy::{check, shipped};
use vigie::ruleset::Levels;

pub(crate) static SHIPPED: LazyLock<Engine> = LazyLock::new(|| {
    let pack = check(shipped())
        .pack
        .expect("the shipped pack holds no error");
    Engine::new(
        pack,
        Levels {
            enforce: 4,
            observe: 4,
        },
    )
});

/// Words of policies, glue, disguises and anything else, so that rules do fire.
pub(crate) fn posts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "she",
            "lives at",
            "I will",
            "kill",
            "you",
            "tonight",
            "je vais",
            "te",
            "tuer",
            "27 rue des Lilas",
            "192.0.2.44",
            "k1ll",
            "y0u",
            "\"",
            "«",
            "»",
            ".",
            "\n",
            "habite au",
            "send pizzas",
            "@ana",
            "she said",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        "[a-z0-9 .,!?'\\-]{0,12}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_of_a_category_sums_to_its_points(text in posts()) {
        let decision = SHIPPED.decide(&Post::of_text(text));
        for (category, points) in &decision.categories {
            let lines = decision.ledger.iter().filter(|line| line.category == *category);
            prop_assert_eq!(lines.map(|line| i64::from(line.points)).sum::<i64>(), i64::from(*points));
            prop_assert!((1..=100).contains(points));
        }
        prop_assert!(decision.ledger.iter().all(|line| decision.categories.contains_key(&line.category)));
    }

    #[test]
    fn spans_stand_on_characters_of_the_post(text in posts()) {
        let decision = SHIPPED.decide_with_signals(&Post::of_text(text.as_str()));
        let seen = decision.signals.iter().flatten().map(|signal| &signal.span);
        for span in decision.evidence.iter().map(|piece| &piece.span).chain(seen) {
            prop_assert!(text.get(span.clone()).is_some_and(|words| !words.is_empty()), "{:?}", span);
        }
    }

    #[test]
    fn the_same_post_gives_the_same_decision(text in posts()) {
        let post = Post::of_text(text);
        prop_assert_eq!(SHIPPED.decide(&post), SHIPPED.decide(&post));
    }

    #[test]
    fn padding_hides_nothing(pad in "[a-z ]{0,400}") {
        let engine = &*PADDED;
        let text = format!("{pad}. {} zebra crossing", "zebra ".repeat(200));
        prop_assert_eq!(engine.decide(&Post::of_text(text)).categories.len(), 1);
    }
}

static PADDED: LazyLock<Engine> = LazyLock::new(|| {
    let signals = "a: {terms: {any: [zebra]}}\nb: {terms: {any: [crossing]}}\ns: {near: {of: [a, b], within: 0, ordered: true}}";
    let rule = "- {id: r, when: {all: [s]}, points: 50, because: {en: e, fr: f}}";
    engine(&[&policy(signals, rule)], Levels::default())
});
