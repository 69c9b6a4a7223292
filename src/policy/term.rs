//! Terms: the words and phrases of a signal, from what an author writes to what is looked for.

use crate::limits::{TERM_EXPANSION_MAX, TERM_GAPS_MAX};
use crate::text::{fold_term, words};

/// One phrase to look for: pieces in order, with nothing but soft separators between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase(pub Vec<Piece>);

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
    /// Its brackets or wildcards can't be read.
    Malformed(String),
}

/// Whether a character between two words of a post lets them stand together as one phrase:
/// spaces, apostrophes, hyphens, quotes and the marks that chat programs use for emphasis do;
/// punctuation that ends a thought does not.
#[must_use]
pub fn is_soft_separator(character: char) -> bool {
    match character {
        '\'' | '"' | '-' | '_' | '*' | '~' | '`' | '/' | '&' | '+' | '#' | '@' | '^' => true,
        other => other.is_whitespace(),
    }
}

/// The phrases that a term stands for.
pub(super) fn parse(written: &str) -> Result<Vec<Phrase>, TermMistake> {
    let folded = fold_term(written);
    let mut phrases = Vec::new();
    for text in expand(&folded)? {
        let phrase = phrase(&text)?;
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    Ok(phrases)
}

/// Every reading of the term's alternatives.
fn expand(term: &str) -> Result<Vec<String>, TermMistake> {
    let mut readings = vec![String::new()];
    let mut rest = term;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((group, behind)) = after.split_once(')') else {
            return Err(TermMistake::Malformed("a bracket is not closed".to_owned()));
        };
        if before.contains([')', '|']) || group.contains('(') {
            return Err(TermMistake::Malformed(
                "brackets can't be nested".to_owned(),
            ));
        }
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
    if rest.contains([')', '|']) {
        return Err(TermMistake::Malformed(
            "`|` and `)` belong into brackets".to_owned(),
        ));
    }
    readings
        .iter_mut()
        .for_each(|reading| reading.push_str(rest));
    Ok(readings)
}

fn phrase(text: &str) -> Result<Phrase, TermMistake> {
    let mut pieces = Vec::new();
    for part in text.split_whitespace() {
        match part {
            "..." => pieces.push(Piece::Gap),
            "*" => pieces.push(Piece::AnyWord),
            _ => word_pieces(part, &mut pieces)?,
        }
    }
    let open = |piece: Option<&Piece>| matches!(piece, Some(Piece::Gap | Piece::AnyWord));
    if open(pieces.first()) || open(pieces.last()) {
        let why = "a gap stands between words, not at an end".to_owned();
        return Err(TermMistake::Malformed(why));
    }
    if pieces.iter().filter(|piece| **piece == Piece::Gap).count() > TERM_GAPS_MAX {
        let why = format!("it has more than {TERM_GAPS_MAX} gaps; use `near`");
        return Err(TermMistake::Malformed(why));
    }
    let letters = pieces.iter().filter_map(Piece::letters).count();
    if letters == 0 {
        return Err(TermMistake::WithoutWords);
    }
    Ok(Phrase(pieces))
}

/// The pieces of a part without spaces: `l'adresse` is two words, `kill*` a prefix.
fn word_pieces(part: &str, pieces: &mut Vec<Piece>) -> Result<(), TermMistake> {
    let mut end_of_last = 0;
    for word in words(part) {
        let (start, end) = (word.start as usize, word.end as usize);
        let between = part.get(end_of_last..start).unwrap_or_default();
        let opened = between.ends_with('*');
        let text = part.get(start..end).unwrap_or_default();
        let rest = part.get(end..).unwrap_or_default();
        let continued = rest.starts_with('*');
        let hard = between.chars().find(|c| !is_soft_separator(*c));
        if let Some(mark) = hard.filter(|_| end_of_last > 0) {
            return Err(TermMistake::Malformed(format!(
                "`{mark}` never stands inside a phrase"
            )));
        }
        let letters: Box<str> = text.into();
        if (opened || continued) && letters.chars().count() < 2 {
            return Err(TermMistake::Malformed(
                "`*` needs two letters beside it".to_owned(),
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
    Ok(())
}
