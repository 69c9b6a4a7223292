//! Two neighbours swapped inside a word: `klil`, `poeple`.

use super::Reading;
use super::lexicon::Lexicon;
use crate::text::key::Key;
use std::ops::Range;

/// Words of so many letters may have swapped ones.
pub(super) const SWAPPED_LETTERS_MIN: usize = 4;

/// Reads a word that isn't in the lexicon as one that is, by swapping two neighbours. First and
/// last letter stay; a word of four letters must begin as no word does. Linear but for the walks
/// that go on behind a swap, which end with the lexicon's longest word.
pub(super) fn read_swapped(text: &str, span: Range<usize>, lexicon: &Lexicon) -> Option<Reading> {
    let word = text.get(span.clone())?.as_bytes();
    let ordinary = word.len() == SWAPPED_LETTERS_MIN && begins_as_words_do(word);
    if word.len() > lexicon.longest() || ordinary {
        return None;
    }
    let mut node = 0;
    for (at, pair) in word.windows(2).enumerate().take(word.len() - 2) {
        let &[first, second] = pair else { return None };
        if at > 0
            && first != second
            && let Some(found) = lexicon
                .child(node, second)
                .and_then(|n| lexicon.child(n, first))
        {
            let rest = word.get(at + 2..)?;
            let end = rest
                .iter()
                .try_fold(found, |node, c| lexicon.child(node, *c));
            if end.is_some_and(|node| lexicon.rank(node).is_some()) {
                let mut letters = word.to_vec();
                letters.swap(at, at + 1);
                if TWINS.binary_search(&text.get(span.clone())?).is_ok() {
                    return None;
                }
                let spans = span.clone().map(|at| at..at + 1);
                return Some(Reading {
                    letters: letters.into_iter().zip(spans).collect(),
                    span,
                });
            }
        }
        node = lexicon.child(node, first)?;
    }
    None
}

/// The keys of what [`read_swapped`] reads as this word.
pub(super) fn swaps(word: &str) -> impl Iterator<Item = Key> {
    let letters = word.as_bytes();
    let last = letters.len().saturating_sub(2);
    let swapped = (1..last).filter_map(move |at| {
        let mut swapped = letters.to_vec();
        swapped.swap(at, at + 1);
        let changed = swapped != letters;
        let ordinary = letters.len() == SWAPPED_LETTERS_MIN && begins_as_words_do(&swapped);
        (changed && !ordinary).then(|| Key::at(&swapped, 0, swapped.len()))
    });
    swapped.filter(move |_| letters.len() >= SWAPPED_LETTERS_MIN)
}

/// Whether words of English or French begin with the first two letters.
fn begins_as_words_do(word: &[u8]) -> bool {
    let [first @ b'a'..=b'z', second, ..] = word else {
        return false;
    };
    let seconds = BEGINNINGS.get(usize::from(first - b'a'));
    seconds.is_some_and(|seconds| seconds.as_bytes().contains(second))
}

/// For each first letter the second letters that words of English and French have.
const BEGINNINGS: [&str; 26] = [
    "bcdfgilmnprstuvw",
    "aeiloru",
    "aehiloru",
    "aeioru",
    "acdflmnpqrstuvx",
    "aeiloru",
    "aeiloru",
    "aehiouy",
    "dlmnrst",
    "aeou",
    "aein",
    "aeiou",
    "aceiouy",
    "aeiou",
    "bcfnprsuv",
    "aehiloru",
    "u",
    "aeiou",
    "acehiklmnoptuwy",
    "aehioruwy",
    "nprst",
    "aeio",
    "aehior",
    "",
    "eo",
    "",
];

/// Words that would become another word: no typing mistakes. Sorted.
static TWINS: &[&str] = &[
    "angels",
    "angles",
    "barely",
    "barley",
    "beats",
    "betas",
    "brain",
    "brian",
    "brunt",
    "burnt",
    "calme",
    "calmer",
    "carte",
    "cartes",
    "carve",
    "carved",
    "casual",
    "casually",
    "causal",
    "causally",
    "centers",
    "centres",
    "cirer",
    "clame",
    "clamer",
    "compiled",
    "complied",
    "corps",
    "crate",
    "crates",
    "crave",
    "craved",
    "crier",
    "crops",
    "crues",
    "cruse",
    "cures",
    "curse",
    "dairies",
    "dairy",
    "diaries",
    "diary",
    "eagle",
    "egale",
    "enterprise",
    "entreprise",
    "falcon",
    "farmers",
    "farming",
    "fibers",
    "fibres",
    "field",
    "filed",
    "filer",
    "files",
    "fires",
    "flacon",
    "flier",
    "flies",
    "framers",
    "framing",
    "fries",
    "garde",
    "garder",
    "gardes",
    "gilde",
    "glide",
    "grade",
    "grader",
    "grades",
    "infarction",
    "infraction",
    "intermediaires",
    "intermediaries",
    "lairs",
    "letters",
    "lettres",
    "liars",
    "liens",
    "lines",
    "lions",
    "loins",
    "macro",
    "magna",
    "maire",
    "maires",
    "manga",
    "marco",
    "marie",
    "maries",
    "marital",
    "martial",
    "members",
    "membres",
    "memoires",
    "memories",
    "meters",
    "metres",
    "orders",
    "ordres",
    "pairs",
    "paris",
    "parite",
    "parites",
    "partie",
    "parties",
    "perfect",
    "perte",
    "pertes",
    "piler",
    "plier",
    "prefect",
    "prete",
    "pretes",
    "preuve",
    "prevue",
    "reins",
    "riens",
    "sacre",
    "sacred",
    "salve",
    "salves",
    "satin",
    "sauve",
    "sauves",
    "savior",
    "savoir",
    "scare",
    "scared",
    "signe",
    "signes",
    "signing",
    "signs",
    "silver",
    "singe",
    "singes",
    "singing",
    "sings",
    "slave",
    "slaves",
    "sliver",
    "spilt",
    "split",
    "stain",
    "suave",
    "suaves",
    "tarder",
    "territoires",
    "territories",
    "there",
    "three",
    "tilted",
    "tirage",
    "tired",
    "tirent",
    "tirer",
    "tires",
    "tirez",
    "tirons",
    "titled",
    "trader",
    "trail",
    "trails",
    "triage",
    "trial",
    "trials",
    "tried",
    "trient",
    "trier",
    "tries",
    "triez",
    "trions",
    "trucs",
    "truques",
    "turcs",
    "turques",
    "unite",
    "united",
    "unites",
    "untie",
    "untied",
    "unties",
    "varie",
    "viola",
    "viole",
    "violent",
    "violer",
    "violes",
    "voila",
    "voile",
    "voilent",
    "voiler",
    "voiles",
    "vraie",
];

#[cfg(test)]
mod tests {
    #[test]
    fn twins_are_sorted() {
        assert!(super::TWINS.is_sorted());
    }
}
