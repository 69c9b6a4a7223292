//! One post, and who of the registry stands in it.

use super::Registry;
use super::phrase::{Class, whole};
use super::table::Candidate;
use super::{addresses, phones, undisguised};
use crate::limits::{REGISTERED_GAP_BYTES_MAX, TARGETS_MAX};
use crate::text::{Key, Outline, Word};

/// Who was found so far.
pub(super) struct Search<'r> {
    pub(super) registry: &'r Registry,
    found: Vec<u32>,
    /// A phrase while it is put together.
    phrase: String,
}

impl<'r> Search<'r> {
    pub(super) fn new(registry: &'r Registry) -> Self {
        Self {
            registry,
            found: Vec::new(),
            phrase: String::new(),
        }
    }

    /// Looks through a folded text.
    pub(super) fn text(mut self, text: &str, outline: &Outline) -> Vec<u32> {
        let begun = self.names(text, outline);
        if !outline.numbers().is_empty() {
            if !self.registry.phones.is_empty() {
                phones::find(&mut self, text, outline.numbers());
            }
            if !self.registry.addresses.is_empty() {
                addresses::find(&mut self, text, outline);
            }
        }
        let registry = self.registry;
        if (!registry.names.is_empty() || !registry.addresses.is_empty())
            && let Some(undone) = undisguised::undisguised(text, outline)
        {
            let begins = begun || undone.words().any(|word| self.begins(word));
            let has_house = !registry.addresses.is_empty() && outline.numbers().len() > 1;
            if begins || has_house {
                self.undone(&undone.text, begins);
            }
        }
        self.found
    }

    /// The same, in a text with its disguises undone.
    #[cold]
    fn undone(&mut self, text: &str, has_names: bool) {
        let outline = Outline::of(text);
        if has_names {
            self.names(text, &outline);
        }
        if !self.registry.addresses.is_empty() {
            addresses::find(self, text, &outline);
        }
    }

    /// Looks for names. Whether one begins somewhere, as far as its first word tells.
    fn names(&mut self, text: &str, outline: &Outline) -> bool {
        let registry = self.registry;
        let mut begun = false;
        if registry.names.is_empty() {
            return begun;
        }
        for (at, key) in outline.keys().iter().enumerate() {
            let first = registry.spread.bits(key.hash());
            if registry.names.lets_through(first) {
                begun |= self.names_at(first, text, outline, at);
            }
        }
        begun
    }

    /// Whether a name begins with a word.
    fn begins(&self, word: &str) -> bool {
        let first = self.registry.spread.bits(Key::of(word).hash());
        !self.registry.names.candidates(first).is_empty()
    }

    /// Compares the words from `at` on to the names whose first word this may be. Whether there are
    /// any.
    #[cold]
    fn names_at(&mut self, first: u32, text: &str, outline: &Outline, at: usize) -> bool {
        let registry = self.registry;
        let candidates = registry.names.candidates(first);
        let (words, keys) = (outline.words(), outline.keys());
        for candidate in candidates {
            let end = at + usize::from(candidate.words);
            let Some((words, keys)) = words.get(at..end).zip(keys.get(at..end)) else {
                continue;
            };
            let together = whole(keys.iter().copied());
            let alike = |key: Key| registry.spread.bits(key.hash()) == candidate.whole;
            if !together.is_some_and(alike) || !are_close(words) || self.is_full() {
                continue;
            }
            let mut phrase = std::mem::take(&mut self.phrase);
            phrase.clear();
            for word in words {
                if !phrase.is_empty() {
                    phrase.push(' ');
                }
                phrase.push_str(
                    text.get(word.start as usize..word.end as usize)
                        .unwrap_or(""),
                );
            }
            self.confirm(Class::Name, candidate, &phrase);
            self.phrase = phrase;
        }
        !candidates.is_empty()
    }

    /// Adds a target if the phrase is really theirs.
    pub(super) fn confirm(&mut self, class: Class, candidate: &Candidate, phrase: &str) {
        if !self.is_full()
            && !self.found.contains(&candidate.target)
            && self.registry.key.digest(class, phrase) == candidate.digest
        {
            self.found.push(candidate.target);
        }
    }

    /// Whether as many were found as a decision can name.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= TARGETS_MAX
    }
}

/// Whether only little stands between neighbouring words.
fn are_close(words: &[Word]) -> bool {
    words.windows(2).all(
        |pair| matches!(pair, [a, b] if (b.start - a.end) as usize <= REGISTERED_GAP_BYTES_MAX),
    )
}
