//! The shapes of expressions that moderators write.

use super::{Kind, Language, Maker, Rule};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

fn rule(kind: Kind, pattern: String, required: Vec<String>, example: String) -> Rule {
    Rule {
        kind,
        written: pattern.clone(),
        pattern,
        required,
        example,
    }
}

/// The longest of some texts of which all are required.
fn longest(words: &[&String]) -> Vec<String> {
    let longest = words.iter().max_by_key(|word| word.len());
    longest.into_iter().map(|word| (*word).clone()).collect()
}

/// Any word with this beginning.
pub(super) fn beginning(random: &mut ChaCha8Rng, word: String) -> Rule {
    let example = format!("{word}{}", ["", "s", "ment"].choose(random).unwrap_or(&""));
    rule(
        Kind::Expression,
        format!(r"\b{word}\w{{0,8}}\b"),
        vec![word],
        example,
    )
}

/// An expression with words in it.
pub(super) fn expression(maker: &mut Maker<'_>, language: Language) -> Rule {
    let first = maker.telling_folded(language);
    let second = maker.telling_folded(language);
    let kind = Kind::Expression;
    match maker.random.random_range(0..6) {
        0 if language == Language::English => rule(
            kind,
            format!(r"\b{first}(?:s|ed|ing)?\s+(?:your|his|her|their)\s+{second}\b"),
            longest(&[&first, &second]),
            format!("{first}ing her {second}"),
        ),
        0 => rule(
            kind,
            format!(r"\b{first}(?:e|es|er|ez)?\s+(?:ton|ta|tes|sa|son|ses)\s+{second}\b"),
            longest(&[&first, &second]),
            format!("{first}er sa {second}"),
        ),
        1 => rule(
            kind,
            format!(r"\b{first}\W{{1,3}}{second}\w*"),
            longest(&[&first, &second]),
            format!("{first}, {second}s"),
        ),
        2 => {
            let number = maker.random.random_range(1..10_000);
            rule(
                kind,
                format!(r"\b{first}\s+\d{{1,4}}\b"),
                vec![first.clone()],
                format!("{first} {number}"),
            )
        }
        3 => alternatives(maker, language, first, second),
        4 => {
            let (written, example) = match language {
                Language::English => (r"(?:on|in|at)\s+(?:the|his|her)", "at the"),
                Language::French => (r"(?:dans|sur|chez)\s+(?:le|la|sa|son)", "chez sa"),
            };
            rule(
                kind,
                format!(r"\b{first}\s+{written}\s+{second}\b"),
                longest(&[&first, &second]),
                format!("{first} {example} {second}"),
            )
        }
        _ => street(maker, language, first),
    }
}

fn alternatives(maker: &mut Maker<'_>, language: Language, first: String, second: String) -> Rule {
    let third = maker.telling_folded(language);
    let glue = match language {
        Language::English => "(?:the|this|that|my)",
        Language::French => "(?:le|la|ce|cette)",
    };
    let example = match language {
        Language::English => format!("{second} this {third}"),
        Language::French => format!("{second} cette {third}"),
    };
    // Either one text that all matches hold, or one of two.
    let shorter = first.len().min(second.len());
    let required = match third.len() >= shorter {
        true => vec![third.clone()],
        false => vec![first.clone(), second.clone()],
    };
    rule(
        Kind::Expression,
        format!(r"\b(?:{first}|{second})\s+{glue}\s+{third}\b"),
        required,
        example,
    )
}

fn street(maker: &mut Maker<'_>, language: Language, noun: String) -> Rule {
    let number = maker.random.random_range(1..300);
    let (pattern, example) = match language {
        Language::English => (
            format!(r"\b\d{{1,4}}\s+{noun}\s+(?:street|road|avenue|lane)\b"),
            format!("{number} {noun} street"),
        ),
        Language::French => (
            format!(r"\b\d{{1,4}},?\s+(?:rue|avenue|place)\s+de\s+la\s+{noun}\b"),
            format!("{number}, rue de la {noun}"),
        ),
    };
    rule(Kind::Expression, pattern, vec![noun], example)
}

/// The shape of a number: a telephone, a plate, a licence, a price. Their required texts are
/// written out as far as that helps a search for literals.
pub(super) fn numeric(random: &mut ChaCha8Rng) -> Rule {
    let kind = Kind::Numeric;
    let letters = letters(random);
    let two = random.random_range(10..100);
    match random.random_range(0..8) {
        0 => {
            let (a, b) = *[(3, 4), (2, 5), (4, 3), (3, 3)]
                .choose(random)
                .unwrap_or(&(3, 4));
            rule(
                kind,
                format!(r"\b\d{{{a}}}-\d{{{b}}}-{letters}\b"),
                vec![format!("-{letters}")],
                format!("{}-{}-{letters}", digits(random, a), digits(random, b)),
            )
        }
        1 => {
            let more = random.random_range(10..100);
            rule(
                kind,
                format!(r"\b0[1-9]{two}[ .-]?{more}(?:[ .-]?\d{{2}}){{2}}\b"),
                (1..10).map(|d| format!("0{d}{two}")).collect(),
                format!("06{two} {more} {} {}", digits(random, 2), digits(random, 2)),
            )
        }
        2 => rule(
            kind,
            format!(r"\b[a-z]{{2}}-?\d{{3}}-?{letters}\b"),
            (0..10)
                .flat_map(|d| [format!("{d}{letters}"), format!("{d}-{letters}")])
                .collect(),
            format!("ab-{}-{letters}", digits(random, 3)),
        ),
        3 => {
            let first = random.random_range(1..100);
            rule(
                kind,
                format!(r"\b{first}\d[.,]{two}\s?(?:eur|euros|dollars)\b"),
                vec![format!(".{two}"), format!(",{two}")],
                format!("{first}5,{two} euros"),
            )
        }
        4 => {
            let last = random.random_range(100..1_000);
            rule(
                kind,
                format!(r"\b[12]\d{{2}}(?:0[1-9]|1[0-2]){two}\d{{3}}{last}\b"),
                (1..=12).map(|month| format!("{month:02}{two}")).collect(),
                format!("1{}07{two}{}{last}", digits(random, 2), digits(random, 3)),
            )
        }
        5 => rule(
            kind,
            format!(r"\b\d{{2}}{letters}\d{{4}}-{two}\b"),
            (0..10).map(|d| format!("{d}-{two}")).collect(),
            format!("{}{letters}{}-{two}", digits(random, 2), digits(random, 4)),
        ),
        6 => {
            let line = random.random_range(100..1_000);
            rule(
                kind,
                format!(r"\b(?:\d{{3}}[ .-]?)?{line}[ .-]?{two}\d{{2}}\s?x\d{{1,4}}\b"),
                vec![line.to_string()],
                format!("{line}-{two}{} x{}", digits(random, 2), digits(random, 2)),
            )
        }
        _ => classes(random),
    }
}

/// A shape without any fixed text.
fn classes(random: &mut ChaCha8Rng) -> Rule {
    let mut class = || {
        let low = random.random_range(0..7);
        let high = low + random.random_range(1..=2);
        (low, format!("[{low}-{high}]"))
    };
    let [(a, first), (b, second), (c, third)] = [class(), class(), class()];
    rule(
        Kind::Numeric,
        format!(r"\b{first}\d{second}-?\d{{2}}{third}/\d{{2}}\b"),
        Vec::new(),
        format!("{a}4{b}-55{c}/61"),
    )
}

fn letters(random: &mut impl Rng) -> String {
    let mut letter = || char::from(b'a' + random.random_range(0..26));
    [letter(), letter()].iter().collect()
}

fn digits(random: &mut impl Rng, count: usize) -> String {
    (0..count)
        .map(|_| char::from(b'0' + random.random_range(0..10)))
        .collect()
}
