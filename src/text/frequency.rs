//! How common words are, so that of a phrase the rarest word is looked up.

use std::sync::LazyLock;

static TABLE: &str = include_str!("frequency.txt");

/// Of a million words of ordinary text, so many are a word that the table doesn't know …
const UNKNOWN: u64 = 8;

/// … and so many if it is short, or a number: there are fewer of those to choose from.
const UNKNOWN_SHORT: u64 = 60;

/// Words of so many letters are short.
const SHORT: usize = 3;

/// The words of the table, sorted, with how many of a million words are each.
static WORDS: LazyLock<Vec<(&str, u64)>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let of_line = |line: &'static str| {
        let (count, words) = line.split_once(' ').unwrap_or_default();
        let count = count.parse().unwrap_or(UNKNOWN);
        words.split(' ').map(move |word| (word, count))
    };
    let mut words: Vec<_> = lines.flat_map(of_line).collect();
    words.sort_unstable();
    words
});

/// How many of a million words of ordinary text, half English and half French, are this one. An
/// order of magnitude.
#[must_use]
pub fn word_frequency(word: &str) -> u64 {
    match WORDS.binary_search_by_key(&word, |(known, _)| known) {
        Ok(at) => WORDS.get(at).map_or(UNKNOWN, |(_, count)| *count),
        Err(_) => unknown(word),
    }
}

/// Whether a word is one of the few thousand that ordinary text is mostly made of.
#[must_use]
pub fn is_everyday_word(word: &str) -> bool {
    WORDS
        .binary_search_by_key(&word, |(known, _)| known)
        .is_ok()
}

/// How many of a million words of ordinary text begin so.
#[must_use]
pub fn words_that_begin_frequency(beginning: &str) -> u64 {
    let first = WORDS.partition_point(|(word, _)| *word < beginning);
    let known = WORDS.get(first..).unwrap_or_default().iter();
    let known = known.take_while(|(word, _)| word.starts_with(beginning));
    let known: u64 = known.map(|(_, count)| count).sum();
    known + 8 * unknown(beginning)
}

fn unknown(word: &str) -> u64 {
    let number = word.bytes().any(|byte| byte.is_ascii_digit());
    match word.len() <= SHORT || number {
        true => UNKNOWN_SHORT,
        false => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_common() {
        for (common, rare) in [("the", "street"), ("de", "rue"), ("you", "address")] {
            assert!(
                word_frequency(common) > 4 * word_frequency(rare),
                "{common}"
            );
        }
        assert!(word_frequency("xylophonist") <= UNKNOWN);
        assert!(words_that_begin_frequency("the") > word_frequency("the"));
        assert!(
            WORDS
                .iter()
                .all(|(word, count)| *count >= UNKNOWN && !word.is_empty())
        );
    }
}
