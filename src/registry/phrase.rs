//! What aliases are reduced to, and posts with them: words that one way of writing gives.

use crate::text::Key;

/// What kind of phrase: phrases of two classes never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Words of a name.
    Name,
    /// An account.
    Handle,
    /// Digits of a telephone number.
    Phone,
    /// A house number and the words of a street.
    Address,
}

impl Class {
    /// What is digested with a phrase.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Handle => "handle",
            Self::Phone => "phone",
            Self::Address => "address",
        }
    }
}

/// One way of writing an alias, reduced. It holds what must stay secret, so it can't be shown.
pub(super) struct Phrase {
    /// What is digested.
    pub(super) text: String,
    /// Of its first word.
    pub(super) first: u64,
    /// Of all of it.
    pub(super) whole: u64,
    /// How many words.
    pub(super) words: u8,
}

impl Phrase {
    /// A phrase of words, joined by one space each.
    pub(super) fn of_words(words: &[&str]) -> Option<Self> {
        let first = Key::of(words.first()?);
        Some(Self {
            text: words.join(" "),
            first: first.hash(),
            whole: whole(words.iter().map(|word| Key::of(word)))?.hash(),
            words: u8::try_from(words.len()).ok()?,
        })
    }

    /// A phrase of one piece.
    pub(super) fn of_piece(text: &str) -> Self {
        let hash = Key::of(text).hash();
        Self {
            text: text.to_owned(),
            first: hash,
            whole: hash,
            words: 1,
        }
    }
}

/// The key of words in a row.
#[inline]
pub(super) fn whole(mut keys: impl Iterator<Item = Key>) -> Option<Key> {
    let first = keys.next()?;
    Some(keys.fold(first, Key::with))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hints are kept on disk: when these numbers change, older registries would silently find
    /// nobody, so the version of the file must change too.
    #[test]
    fn words_have_the_numbers_that_files_were_made_with() {
        let phrase = Phrase::of_words(&["camille", "imaginaire"]).unwrap();
        let numbers = (phrase.first, phrase.whole);
        assert_eq!(
            numbers,
            (3_590_020_289_918_968_177, 536_222_586_872_080_282)
        );
        assert_eq!(phrase.words, 2);
    }
}
