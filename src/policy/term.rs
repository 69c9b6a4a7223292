//! Terms: the words and phrases of a signal, from what an author writes to what is looked for.

use crate::limits::{TERM_EXPANSION_MAX, TERM_GAPS_MAX};
use crate::text::{Key, fold_term, is_skin_tone, words};

/// What a term looks for: slots in order, with nothing but soft separators between what stands in
/// them. Shared by a pack and what is compiled from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it stands only where a phrase begins: `^shoot`.
    pub opens: bool,
    /// The slots: at least one; not all may be empty at once.
    pub slots: Box<[Slot]>,
}

/// One place of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What may stand here, each option once: one for what is written outright, several for
    /// alternatives. An option without pieces: nothing need stand here.
    pub options: Box<[Box<[Piece]>]>,
}

/// One piece of a term.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// This word.
    Word(Wanted),
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

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wanted {
    key: Key,
    text: Box<str>,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let key = Key::of(text);
        let text = text.into();
        Self { key, text }
    }

    /// The word as a number.
    #[must_use]
    pub fn key(&self) -> Key {
        self.key
    }

    /// Whether this is the word that has this key.
    #[must_use]
    pub fn is(&self, key: Key, word: &str) -> bool {
        self.key == key && (key.is_exact() || *self.text == *word)
    }
}

impl std::ops::Deref for Wanted {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Piece {
    /// The letters it asks for, if any.
    #[must_use]
    pub fn letters(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Prefix(text) | Self::Suffix(text) | Self::Infix(text) => Some(text),
            Self::AnyWord | Self::Gap => None,
        }
    }

    /// The key of the word, or of the beginning, that it asks for, if that is known.
    fn beginning(&self) -> Option<Key> {
        match self {
            Self::Word(word) => Some(word.key),
            Self::Prefix(text) => Some(Key::of(text)),
            Self::Suffix(_) | Self::Infix(_) | Self::AnyWord | Self::Gap => None,
        }
    }

    /// Whether a word of a text, given with its key, is what the piece asks for.
    #[must_use]
    pub fn accepts(&self, key: Key, word: &str) -> bool {
        match self {
            Self::Word(wanted) => wanted.is(key, word),
            Self::Prefix(text) => word.starts_with(&**text),
            Self::Suffix(text) => word.ends_with(&**text),
            Self::Infix(text) => word.contains(&**text),
            Self::AnyWord => true,
            Self::Gap => false,
        }
    }

    /// Itself as a number: the same for the same piece.
    fn number(&self) -> u64 {
        let (kind, letters) = match self {
            Self::Word(wanted) => return wanted.key.hash(),
            Self::Prefix(text) => (1, &**text),
            Self::Suffix(text) => (2, &**text),
            Self::Infix(text) => (3, &**text),
            Self::AnyWord => (4, ""),
            Self::Gap => (5, ""),
        };
        Key::of(letters).hash() ^ kind
    }
}

impl Slot {
    fn is_optional(&self) -> bool {
        self.options.iter().any(|option| option.is_empty())
    }
}

impl Term {
    /// How many readings it has: combinations of its alternatives.
    #[must_use]
    pub fn readings(&self) -> usize {
        self.slots.iter().map(|slot| slot.options.len()).product()
    }

    /// Calls `see` with a number for each reading: the same for the same pieces.
    pub(super) fn each_reading(&self, see: &mut impl FnMut(u64)) {
        numbers(&self.slots, u64::from(self.opens), see);
    }

    /// Calls `see` with every two words that follow one another in a reading, some of them twice.
    pub fn each_pair(&self, see: &mut dyn FnMut(Key, Key)) {
        let mut before: Vec<Key> = Vec::new();
        for slot in &self.slots {
            let filled = || slot.options.iter().filter(|option| !option.is_empty());
            for first in filled().filter_map(|option| option.first()?.beginning()) {
                before.iter().for_each(|one| see(*one, first));
            }
            for (one, next) in filled().flat_map(|option| option.iter().zip(option.iter().skip(1)))
            {
                if let (Some(one), Some(next)) = (one.beginning(), next.beginning()) {
                    see(one, next);
                }
            }
            if !slot.is_optional() {
                before.clear();
            }
            before.extend(filled().filter_map(|option| option.last()?.beginning()));
        }
    }

    /// Every piece of every option.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        let options = self.slots.iter().flat_map(|slot| slot.options.iter());
        options.flat_map(|option| option.iter())
    }
}

fn numbers(slots: &[Slot], so_far: u64, see: &mut impl FnMut(u64)) {
    let Some((slot, rest)) = slots.split_first() else {
        return see(so_far);
    };
    for option in &slot.options {
        let mix = |so_far: u64, piece: &Piece| {
            (so_far.rotate_left(5) ^ piece.number()).wrapping_mul(0x517c_c1b7_2722_0a95)
        };
        numbers(rest, option.iter().fold(so_far, mix), see);
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
/// spaces, apostrophes, hyphens, quotes, the marks that chat programs use for emphasis and the skin
/// tones of emoji do; punctuation that ends a thought does not.
#[must_use]
pub fn is_soft_separator(character: char) -> bool {
    match character {
        '\'' | '"' | '-' | '_' | '*' | '~' | '`' | '/' | '&' | '+' | '#' | '@' | '^' | '°' => true,
        other => other.is_whitespace() || is_skin_tone(other),
    }
}

fn malformed(why: impl Into<String>, help: &'static str) -> TermMistake {
    let why = why.into();
    TermMistake::Malformed { why, help }
}

/// Reads a term.
pub(super) fn parse(written: &str) -> Result<Term, TermMistake> {
    let behind_caret = written.trim_start().strip_prefix('^');
    let folded = fold_term(behind_caret.unwrap_or(written));
    let mut reader = Reader::default();
    for segment in segments(&folded)? {
        reader.segment(&segment)?;
    }
    let slots = reader.finish()?;
    let opens = behind_caret.is_some();
    Ok(Term { opens, slots })
}

/// What stands between two spaces outside of brackets: texts, each of which may be read in several
/// ways.
type Segment<'t> = Vec<Vec<&'t str>>;

/// Cuts a term at the spaces outside of its brackets.
fn segments(term: &str) -> Result<Vec<Segment<'_>>, TermMistake> {
    let mut segments: Vec<Segment<'_>> = vec![Vec::new()];
    let mut count = 1;
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
        outside_brackets(before, &mut segments)?;
        let options: Vec<&str> = group.split('|').collect();
        count *= options.len();
        if count > TERM_EXPANSION_MAX {
            return Err(TermMistake::TooManyAlternatives(count));
        }
        if let Some(segment) = segments.last_mut() {
            segment.push(options);
        }
        rest = behind;
    }
    outside_brackets(rest, &mut segments)?;
    Ok(segments)
}

fn outside_brackets<'t>(text: &'t str, segments: &mut Vec<Segment<'t>>) -> Result<(), TermMistake> {
    if text.contains([')', '|']) {
        return Err(malformed(
            "`|` and `)` stand outside of brackets",
            "alternatives are written `(a|b)`; two terms are two items of the list",
        ));
    }
    for (at, part) in text.split(char::is_whitespace).enumerate() {
        if at > 0 {
            segments.push(Vec::new());
        }
        if let Some(segment) = segments.last_mut().filter(|_| !part.is_empty()) {
            segment.push(vec![part]);
        }
    }
    Ok(())
}

/// Makes slots of segments, from left to right.
#[derive(Default)]
struct Reader {
    slots: Vec<Vec<Vec<Piece>>>,
    /// A mark behind the last word, of any reading, that never stands inside a phrase.
    mark: Option<char>,
}

impl Reader {
    fn segment(&mut self, segment: &Segment<'_>) -> Result<(), TermMistake> {
        let mut readings = vec![String::new()];
        for texts in segment {
            let longer = |reading: &String| {
                let reading = reading.clone();
                texts.iter().map(move |text| format!("{reading}{text}"))
            };
            readings = readings.iter().flat_map(longer).collect();
        }
        let has_begun = self.slots.iter().flatten().any(|option| !option.is_empty());
        let mut options = Vec::with_capacity(readings.len());
        let mut mark = None;
        for reading in &readings {
            let (option, behind) = option(reading, has_begun, self.mark)?;
            options.push(option);
            mark = mark.or(behind);
        }
        self.mark = mark;
        options.sort_unstable();
        options.dedup();
        match (
            self.slots.last_mut().map(Vec::as_mut_slice),
            options.as_mut_slice(),
        ) {
            // Nothing but punctuation.
            (_, [only]) if only.is_empty() => {}
            // What is written outright stays together.
            (Some([before]), [only]) => before.append(only),
            _ => self.slots.push(options),
        }
        Ok(())
    }

    fn finish(self) -> Result<Box<[Slot]>, TermMistake> {
        let slot = |options: Vec<Vec<Piece>>| Slot {
            options: options.into_iter().map(Vec::into).collect(),
        };
        let slots: Box<[Slot]> = self.slots.into_iter().map(slot).collect();
        let silent = |option: &[Piece]| option.iter().all(|piece| piece.letters().is_none());
        if slots
            .iter()
            .all(|slot| slot.options.iter().any(|option| silent(option)))
        {
            return Err(TermMistake::WithoutWords);
        }
        if has_open_end(slots.iter(), <[Piece]>::first)
            || has_open_end(slots.iter().rev(), <[Piece]>::last)
        {
            return Err(malformed(
                "a gap or any word stands at its end",
                "`...` and a lone `*` stand between two words; `kill*` is any continuation of one",
            ));
        }
        let is_gap = |piece: &&Piece| **piece == Piece::Gap;
        let most = |slot: &Slot| {
            let options = slot.options.iter();
            let gaps = options.map(|option| option.iter().filter(is_gap).count());
            gaps.max().unwrap_or(0)
        };
        if slots.iter().map(most).sum::<usize>() > TERM_GAPS_MAX {
            return Err(malformed(
                format!("it has more than {TERM_GAPS_MAX} gaps"),
                "use `near` over several short signals",
            ));
        }
        Ok(slots)
    }
}

/// Whether a reading of the slots begins (or ends, as `edge` says) with a gap or any word.
fn has_open_end<'s>(
    slots: impl Iterator<Item = &'s Slot>,
    edge: fn(&[Piece]) -> Option<&Piece>,
) -> bool {
    for slot in slots {
        let open = |option: &[Piece]| matches!(edge(option), Some(Piece::Gap | Piece::AnyWord));
        if slot.options.iter().any(|option| open(option)) {
            return true;
        }
        if !slot.is_optional() {
            return false;
        }
    }
    false
}

/// The pieces of one option, and the mark behind its last word.
fn option(
    text: &str,
    has_begun: bool,
    mut mark: Option<char>,
) -> Result<(Vec<Piece>, Option<char>), TermMistake> {
    let mut pieces = Vec::new();
    for part in text.split_whitespace() {
        match part {
            "..." | "…" => pieces.push(Piece::Gap),
            "*" => pieces.push(Piece::AnyWord),
            _ => {
                mark = word_pieces(part, has_begun, mark, &mut pieces)?;
                continue;
            }
        }
        mark = None;
    }
    Ok((pieces, mark))
}

/// The pieces of a part without spaces: `l'adresse` is two words, `kill*` a prefix. Takes and
/// returns the mark that stands before and after it, if that could not stand inside a phrase.
fn word_pieces(
    part: &str,
    has_begun: bool,
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
        if let Some(mark) = mark.take().filter(|_| has_begun || !pieces.is_empty()) {
            return Err(malformed(
                format!("`{mark}` never stands inside a phrase"),
                "a phrase ends where a thought does: use `near`, or a `regex`",
            ));
        }
        let (opened, continued) = (between.ends_with('*'), rest.starts_with('*'));
        if (opened || continued) && text.chars().count() < 2 {
            return Err(malformed(
                "`*` needs two letters beside it",
                "one letter and anything would hit nearly every post",
            ));
        }
        pieces.push(match (opened, continued) {
            (false, false) => Piece::Word(Wanted::new(text)),
            (false, true) => Piece::Prefix(text.into()),
            (true, false) => Piece::Suffix(text.into()),
            (true, true) => Piece::Infix(text.into()),
        });
        end_of_last = end + usize::from(continued);
    }
    Ok(mark.or_else(|| part.get(end_of_last..).and_then(hard)))
}
