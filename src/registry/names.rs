//! Names and accounts.

use super::alias::AliasError;
use super::phrase::Phrase;
use crate::limits::{REGISTERED_LETTERS_MIN, REGISTERED_WORDS_MAX};
use crate::text::{Key, fold_term, is_everyday_word, words};

/// First names that everybody knows somebody of, folded.
static FIRST_NAMES: &str = include_str!("first_names.txt");

/// Words of a name up to which its family name may come first.
const TURNED_WORDS_MAX: usize = 3;

/// Bytes of the names of accounts that are looked up without taking memory: nearly all.
const PLAIN_ACCOUNT_BYTES_MAX: usize = 32;

/// Letters of a name from which it is also found written as one word.
const JOINED_LETTERS_MIN: usize = 8;

/// The ways of writing a name: as it is; with its words turned, for the family name may come first;
/// and each of them in one word, as hashtags are.
pub(super) fn phrases(written: &str) -> Result<Vec<Phrase>, AliasError> {
    let folded = fold_term(written);
    let mut words: Vec<&str> = words(&folded)
        .iter()
        .filter_map(|word| folded.get(word.start as usize..word.end as usize))
        .collect();
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    match words.as_slice() {
        [] => return Err(AliasError::Empty),
        _ if words.len() > REGISTERED_WORDS_MAX => return Err(AliasError::TooLong),
        _ if letters < REGISTERED_LETTERS_MIN => return Err(AliasError::TooShort),
        [word] if is_everyday_word(word) || is_first_name(word) => {
            return Err(AliasError::TooCommon);
        }
        _ => {}
    }
    let turns = match words.len() {
        2..=TURNED_WORDS_MAX => words.len(),
        _ => 1,
    };
    let joined = turns > 1 && letters >= JOINED_LETTERS_MIN;
    let mut phrases: Vec<Phrase> = Vec::new();
    for _ in 0..turns {
        let spaced = Phrase::of_words(&words);
        let joined = joined.then(|| Phrase::of_piece(&words.concat()));
        for phrase in spaced.into_iter().chain(joined) {
            if phrases.iter().all(|known| known.text != phrase.text) {
                phrases.push(phrase);
            }
        }
        words.rotate_right(1);
    }
    Ok(phrases)
}

/// An account, with or without its `@`.
pub(super) fn account(written: &str) -> Result<Phrase, AliasError> {
    let account = account_name(written);
    match account.is_empty() {
        true => Err(AliasError::Empty),
        false => Ok(Phrase::of_piece(&account)),
    }
}

/// The name of an account as it is looked up.
pub(super) fn account_name(written: &str) -> String {
    fold_term(written.trim().trim_start_matches('@'))
}

/// The key of an account's name as it is looked up, for those that are folded by lower case alone.
pub(super) fn plain_account(written: &str) -> Option<Key> {
    let written = written.trim_start_matches('@').as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut folded = [0; PLAIN_ACCOUNT_BYTES_MAX];
    let folded = folded.get_mut(..written.len())?;
    if !written.iter().all(is_plain) {
        return None;
    }
    folded.copy_from_slice(written);
    folded.make_ascii_lowercase();
    std::str::from_utf8(folded).ok().map(Key::of)
}

fn is_first_name(word: &str) -> bool {
    FIRST_NAMES.split_whitespace().any(|name| name == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(written: &str) -> Result<Vec<String>, AliasError> {
        Ok(phrases(written)?.into_iter().map(|it| it.text).collect())
    }

    #[test]
    fn names_are_found_in_either_order_and_in_one_word() {
        let cases: &[(&str, &[&str])] = &[
            (
                "Zoé Imaginaire",
                &[
                    "zoe imaginaire",
                    "zoeimaginaire",
                    "imaginaire zoe",
                    "imaginairezoe",
                ],
            ),
            ("Li Mo", &["li mo", "mo li"]),
            ("Imaginaire", &["imaginaire"]),
            ("Zoé d'Imagine-Ville", &["zoe d imagine ville"]),
        ];
        for (written, ways) in cases {
            assert_eq!(texts(written).unwrap(), *ways, "{written}");
        }
        assert_eq!(texts("Jean-Pierre Imaginaire").map(|it| it.len()), Ok(6));
    }

    #[test]
    fn names_that_half_of_all_posts_hold_are_refused() {
        let cases = [
            ("Camille", AliasError::TooCommon),
            ("zoé", AliasError::TooShort),
            ("Président", AliasError::TooCommon),
            ("Li", AliasError::TooShort),
            ("--", AliasError::Empty),
            ("", AliasError::Empty),
            ("a b c d e f g h i j k l m", AliasError::TooLong),
        ];
        for (written, wrong) in cases {
            assert_eq!(texts(written), Err(wrong), "{written}");
        }
    }

    #[test]
    fn plain_accounts_are_looked_up_as_all_others_are() {
        for written in [
            "", "@Zoe_I", "old.zoe", "u9", "A-b.C_d", "x..y", "@@u1", "a--b", "_", "10.0",
        ] {
            let folded = Key::of(&account_name(written)).hash();
            assert_eq!(
                plain_account(written).map(Key::hash),
                Some(folded),
                "{written}"
            );
        }
        let long = "u".repeat(33);
        for written in ["zoé", " u9", "u 9", "a&amp;b", "%75", long.as_str()] {
            assert!(plain_account(written).is_none(), "{written}");
        }
    }

    #[test]
    fn accounts_are_taken_with_and_without_their_sign() {
        let text = |written| account(written).map(|it| it.text);
        assert_eq!(text(" @Zoé_I "), Ok("zoe_i".to_owned()));
        assert_eq!(text("zoe_i"), Ok("zoe_i".to_owned()));
        assert_eq!(text("@"), Err(AliasError::Empty));
    }
}
