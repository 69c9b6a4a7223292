//! Posts that mean no harm, judged as they are and under every disguise: whoever reads disguises must
//! not take ordinary words for what they hide.

use super::evasions::{EVASIONS, Evasion, GARBLINGS, Reach};
use crate::engine::Engine;
use crate::model::{Action, Post};
use std::borrow::Cow;

/// How often a disguise may be flagged, for each time that posts as written are.
const TIMES_MAX: usize = 2;

/// How many posts that mean no harm were flagged: at [`Action::Note`] or above.
#[derive(Debug, Default)]
pub struct FalseAlarms {
    /// Posts judged.
    pub posts: usize,
    /// Of those, as written.
    pub as_written: usize,
    /// Of those, under each disguise, in the order of [`disguises`].
    disguised: Vec<usize>,
}

/// Every way in which benign posts are disguised.
pub fn disguises() -> impl Iterator<Item = &'static Evasion> {
    EVASIONS.iter().chain(GARBLINGS)
}

impl FalseAlarms {
    /// Judges one more post.
    pub fn judge(&mut self, engine: &Engine, post: &Post<'_>) {
        let flagged = |post: &Post<'_>| usize::from(engine.decide(post).action > Action::Allow);
        self.posts += 1;
        self.as_written += flagged(post);
        self.disguised.resize(disguises().count(), 0);
        let mut other = post.clone();
        for (disguise, alarms) in disguises().zip(&mut self.disguised) {
            other.text = Cow::Owned(disguised(&post.text, disguise));
            *alarms += flagged(&other);
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.posts += other.posts;
        self.as_written += other.as_written;
        self.disguised.resize(disguises().count(), 0);
        for (alarms, more) in self.disguised.iter_mut().zip(&other.disguised) {
            *alarms += more;
        }
    }

    /// Each disguise's name and how many posts were flagged under it.
    pub fn by_disguise(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let alarms = self.disguised.iter().copied();
        disguises().map(|disguise| disguise.name).zip(alarms)
    }

    /// Whether so many alarms under a disguise are more than twice those as written. One alarm never
    /// is, for nothing can be told from it.
    #[must_use]
    pub fn is_too_many(&self, alarms: usize) -> bool {
        alarms > 1 && alarms > TIMES_MAX * self.as_written
    }
}

/// The whole text disguised, word by word where the disguise is one of words.
fn disguised(text: &str, disguise: &Evasion) -> String {
    /// Letters of a word that people bother to disguise.
    const LETTERS_MIN: usize = 4;
    if disguise.reach == Reach::Text {
        return (disguise.disguise)(text);
    }
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric());
    words
        .map(|piece| {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            let behind = piece.strip_prefix(word).unwrap_or_default();
            match word.chars().count() >= LETTERS_MIN {
                true => format!("{}{behind}", (disguise.disguise)(word)),
                false => piece.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{FalseAlarms, disguised, disguises};

    #[test]
    fn long_words_are_disguised_one_by_one() {
        let by = |name: &str| {
            let found = disguises().find(|disguise| disguise.name == name);
            disguised("Ring the bell, would you?", found.unwrap())
        };
        assert_eq!(by("starred"), "R*ng the b*ll, w*uld you?");
        assert_eq!(by("letters-swapped"), "Rnig the blel, wuold you?");
        assert_eq!(by("spaces-dropped"), "Ringthebell,wouldyou?");
        assert_eq!(by("capitals"), "RING THE BELL, WOULD YOU?");
    }

    #[test]
    fn twice_as_many_are_allowed_and_one_tells_nothing() {
        let quiet = FalseAlarms::default();
        assert!(!quiet.is_too_many(1) && quiet.is_too_many(2));
        let loud = FalseAlarms {
            as_written: 3,
            ..FalseAlarms::default()
        };
        assert!(!loud.is_too_many(6) && loud.is_too_many(7));
    }
}
