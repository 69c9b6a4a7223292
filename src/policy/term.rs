//! Terms: the words and phrases of a signal, from what an author writes to what is looked for.

use crate::limits::{TERM_EXPANSION_MAX, TERM_GAPS_MAX};
use crate::text::{fold_term, words};
use std::sync::Arc;

/// One phrase to look for: pieces in order, with nothing but soft separators between them. Shared:
/// a pack holds hundreds of thousands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase(pub Arc<[Piece]>);

/// One piece of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// This word.
    Word(Box<str>),
    /// A word that begins so: `kill*`.
    Prefix(Box<str>),
    /// A word that ends so: `*phobe`.
    Suffix(Box<str>),
    /// A word that holds this: `*nazi*`.
    Infix(Box<str>),
    /// Any one word: `*`.
    AnyWord,
    /// A gap of a few words: `...`.
    Gap,
}

impl Piece {
    /// The letters it asks for, if any.
    #[must_use]
    pub fn letters(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Prefix(text) | Self::Suffix(text) | Self::Infix(text) => {
                Some(text)
            }
            Self::AnyWord | Self::Gap => None,
        }
    }

    /// Whether a word of a text is what the piece asks for.
    #[must_use]
    pub fn accepts(&self, word: &str) -> bool {
        match self {
            Self::Word(text) => word == &**text,
            Self::Prefix(text) => word.starts_with(&**text),
            Self::Suffix(text) => word.ends_with(&**text),
            Self::Infix(text) => word.contains(&**text),
            Self::AnyWord => true,
            Self::Gap => false,
        }
    }
}

/// Why a term can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TermMistake {
    /// Nothing to look for.
    WithoutWords,
    /// It stands for too many phrases.
    TooManyAlternatives(usize),
    /// Its brackets or wildcards can't be read: why, and what to do.
    Malformed { why: String, help: &'static str },
}

/// Whether a character between two words of a post lets them stand together as one phrase:
/// spaces, apostrophes, hyphens, quotes and the marks that chat programs use for emphasis do;
/// punctuation that ends a thought does not.
#[must_use]
pub fn is_soft_separator(character: char) -> bool {
    match character {
        '\'' | '"' | '-' | '_' | '*' | '~' | '`' | '/' | '&' | '+' | '#' | '@' | '^' | '°' => true,
        other => other.is_whitespace(),
    }
}

fn malformed(why: impl Into<String>, help: &'static str) -> TermMistake {
    let why = why.into();
    TermMistake::Malformed { why, help }
}

/// The phrases that a term stands for.
pub(super) fn parse(written: &str) -> Result<Vec<Phrase>, TermMistake> {
    let folded = fold_term(written);
    let readings = expand(&folded)?;
    let mut phrases = readings
        .iter()
        .map(|text| phrase(text))
        .collect::<Result<Vec<_>, _>>()?;
    phrases.sort_unstable();
    phrases.dedup();
    Ok(phrases)
}

/// Every reading of the term's alternatives.
fn expand(term: &str) -> Result<Vec<String>, TermMistake> {
    let mut readings = vec![String::new()];
    let mut rest = term;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((group, behind)) = after.split_once(')') else {
            let help = "alternatives are written `(a|b)`";
            return Err(malformed("a bracket is not closed", help));
        };
        if group.contains('(') {
            let help = "write the alternatives out, or use several terms";
            return Err(malformed("brackets can't be nested", help));
        }
        outside_brackets(before)?;
        let options: Vec<&str> = group.split('|').collect();
        let count = readings.len() * options.len();
        if count > TERM_EXPANSION_MAX {
            return Err(TermMistake::TooManyAlternatives(count));
        }
        readings = readings
            .iter()
            .flat_map(|reading| options.iter().map(move |o| format!("{reading}{before}{o}")))
            .collect();
        rest = behind;
    }
    outside_brackets(rest)?;
    readings
        .iter_mut()
        .for_each(|reading| reading.push_str(rest));
    Ok(readings)
}

fn outside_brackets(text: &str) -> Result<(), TermMistake> {
    match text.find([')', '|']) {
        Some(_) => Err(malformed(
            "`|` and `)` stand outside of brackets",
            "alternatives are written `(a|b)`; two terms are two items of the list",
        )),
        None => Ok(()),
    }
}

fn phrase(text: &str) -> Result<Phrase, TermMistake> {
    let mut pieces = Vec::new();
    // A mark after the last word that never stands inside a phrase.
    let mut mark = None;
    for part in text.split_whitespace() {
        match part {
            "..." | "…" => pieces.push(Piece::Gap),
            "*" => pieces.push(Piece::AnyWord),
            _ => {
                mark = word_pieces(part, mark, &mut pieces)?;
                continue;
            }
        }
        mark = None;
    }
    if pieces.iter().filter_map(Piece::letters).count() == 0 {
        return Err(TermMistake::WithoutWords);
    }
    let open = |piece: Option<&Piece>| matches!(piece, Some(Piece::Gap | Piece::AnyWord));
    if open(pieces.first()) || open(pieces.last()) {
        return Err(malformed(
            "a gap or any word stands at its end",
            "`...` and a lone `*` stand between two words; `kill*` is any continuation of one",
        ));
    }
    if pieces.iter().filter(|piece| **piece == Piece::Gap).count() > TERM_GAPS_MAX {
        return Err(malformed(
            format!("it has more than {TERM_GAPS_MAX} gaps"),
            "use `near` over several short signals",
        ));
    }
    Ok(Phrase(pieces.into()))
}

/// The pieces of a part without spaces: `l'adresse` is two words, `kill*` a prefix. Takes and
/// returns the mark that stands before and after it, if that could not stand inside a phrase.
fn word_pieces(
    part: &str,
    mut mark: Option<char>,
    pieces: &mut Vec<Piece>,
) -> Result<Option<char>, TermMistake> {
    let hard = |text: &str| text.chars().find(|c| !is_soft_separator(*c));
    let mut end_of_last = 0;
    for word in words(part) {
        let (start, end) = (word.start as usize, word.end as usize);
        let between = part.get(end_of_last..start).unwrap_or_default();
        let text = part.get(start..end).unwrap_or_default();
        let rest = part.get(end..).unwrap_or_default();
        mark = mark.or_else(|| hard(between));
        if let Some(mark) = mark.take().filter(|_| !pieces.is_empty()) {
            return Err(malformed(
                format!("`{mark}` never stands inside a phrase"),
                "a phrase ends where a thought does: use `near`, or a `regex`",
            ));
        }
        let (opened, continued) = (between.ends_with('*'), rest.starts_with('*'));
        let letters: Box<str> = text.into();
        if (opened || continued) && letters.chars().count() < 2 {
            return Err(malformed(
                "`*` needs two letters beside it",
                "one letter and anything would hit nearly every post",
            ));
        }
        pieces.push(match (opened, continued) {
            (false, false) => Piece::Word(letters),
            (false, true) => Piece::Prefix(letters),
            (true, false) => Piece::Suffix(letters),
            (true, true) => Piece::Infix(letters),
        });
        end_of_last = end + usize::from(continued);
    }
    Ok(mark.or_else(|| part.get(end_of_last..).and_then(hard)))
}
