//! Words without their bounds: `k i l l y o u`, `iwillkillyou`.

use super::Reading;
use super::lexicon::{Found, Lexicon, Slot, letter_bit, walk};
use super::signs::{Sign, is_separator, sign};
use crate::limits::SPELLED_RUN_LETTERS_MAX;
use std::ops::Range;

/// A run of single letters with separators between them, from `start` on. Three or more.
pub(super) fn spelled_out(text: &str, start: usize) -> Option<Vec<Slot>> {
    let mut units: Vec<Slot> = Vec::new();
    let mut at = start;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let sign = sign(c);
        let (Sign::Letter(letters) | Sign::Digit(letters)) = sign else {
            break;
        };
        let shown = matches!(sign, Sign::Letter(_));
        let rest = text.get(at + 1..).unwrap_or_default();
        if rest.starts_with(char::is_alphanumeric) || units.len() == SPELLED_RUN_LETTERS_MAX {
            break;
        }
        units.push(Slot {
            letters,
            shown,
            span: at..at + 1,
            optional: false,
        });
        let width = separator_width(rest);
        if width == 0 {
            break;
        }
        at += 1 + width;
    }
    // Three letters are initials as soon as anything else stands between two of them: `U.S. E`.
    let is_word = match units.as_slice() {
        [a, b, c] => text.get(a.span.end..b.span.start) == text.get(b.span.end..c.span.start),
        more => more.len() > 3,
    };
    is_word.then_some(units)
}

/// How many bytes part a letter from the next one: signs and spaces, and among signs an apostrophe,
/// `l.e.t.'.s`. 0 where anything else follows.
fn separator_width(behind: &str) -> usize {
    const SEPARATOR_CHARACTERS_MAX: usize = 3;
    let between = behind
        .chars()
        .take(SEPARATOR_CHARACTERS_MAX)
        .take_while(|c| is_separator(*c) || *c == '\'');
    let width = between.map(char::len_utf8).sum();
    let between = behind.get(..width).unwrap_or_default();
    let signed = between.chars().any(|c| c != '\'' && c != ' ');
    if between.contains('\'') && !signed {
        return 0;
    }
    width
}

/// Reads a run of single letters.
pub(super) fn read_spelled_out(text: &str, units: &[Slot], lexicon: &Lexicon) -> Option<Reading> {
    match parted(text, units) {
        Some(words) => read_parted(text, units, &words, lexicon),
        None => read_unparted(text, units, lexicon),
    }
}

/// The words of a run in which signs part the letters, and spaces or apostrophes the words:
/// `k.i.l.l y.o.u`. `None` where spaces part letters.
fn parted(text: &str, units: &[Slot]) -> Option<Vec<Range<usize>>> {
    let all = 0..units.len();
    let mut words = vec![all];
    let mut tight = 0;
    for (pair, at) in units.windows(2).zip(1..) {
        let [before, behind] = pair else { return None };
        let between = text.get(before.span.end..behind.span.start)?;
        if between.contains('\'') || between.chars().all(|c| c == ' ') {
            words.last_mut()?.end = at;
            words.push(at..units.len());
        } else if between.contains(' ') {
            return None;
        } else {
            tight += 1;
        }
    }
    (words.len() <= tight).then_some(words)
}

/// Reads words whose bounds are told: each that is made of words of the lexicon. A third of the
/// letters must be read, among them a word of three or more.
fn read_parted(
    text: &str,
    units: &[Slot],
    words: &[Range<usize>],
    lexicon: &Lexicon,
) -> Option<Reading> {
    let mut pieces = Vec::new();
    let (mut read, mut longest) = (0, 0);
    for word in words {
        let found = segment(units.get(word.clone())?, lexicon, Coverage::Whole);
        let Some(found) = found else {
            let letters = word.clone().map(|at| at..at + 1);
            pieces.extend(letters.map(|slots| Piece { slots, word: None }));
            continue;
        };
        read += word.len();
        longest = longest.max(found.iter().map(Piece::letters).max().unwrap_or(0));
        pieces.extend(found.into_iter().map(|piece| Piece {
            slots: piece.slots.start + word.start..piece.slots.end + word.start,
            ..piece
        }));
    }
    (longest >= 3 && read * 3 >= units.len()).then(|| reading(text, units, &pieces))?
}

/// Reads a run whose words have no bounds: two thirds of the letters must make words of three
/// letters or more, of two where all of them make words.
fn read_unparted(text: &str, units: &[Slot], lexicon: &Lexicon) -> Option<Reading> {
    let mut pieces = segment(units, lexicon, Coverage::Some)?;
    let shortest = if pieces.iter().all(|p| p.word.is_some()) {
        2
    } else {
        3
    };
    let has_long = pieces.iter().any(|p| p.letters() >= 3);
    let read: usize = pieces
        .iter()
        .map(Piece::letters)
        .filter(|n| *n >= shortest)
        .sum();
    if !has_long || read * 3 < units.len() * 2 {
        return None;
    }
    if shortest == 3 {
        pieces = pieces.into_iter().flat_map(Piece::split_short).collect();
    }
    reading(text, units, &pieces)
}

/// Words of letters only that are written without spaces: this many letters at least.
pub(super) const JOINED_LETTERS_MIN: usize = 9;

/// Who begins three words that are read together; without them it takes four.
const WHO: &[&[u8]] = &[b"i", b"ils", b"je", b"on", b"they", b"tu", b"we", b"you"];

/// Letters of a word that tells something.
const LONG: usize = 4;

/// Letters that the last word has at least.
const LAST: usize = 3;

/// How far a word was cut: for so many pieces, and so many of them long (two and more are alike),
/// where the next piece may begin, as bits.
type Cuts = [[u64; 3]; PIECES_MAX + 1];

/// Pieces of the longest word that is looked at in bits.
const PIECES_MAX: usize = 22;

/// Whether a word may fall apart into several of the lexicon as [`read_joined`] wants them, at first
/// sight: it has room for so many, and ends as the last of them.
pub(super) fn looks_joined(word: &[u8], lexicon: &Lexicon) -> bool {
    has_room(word, fewest_pieces(word)) && lexicon.may_end(word)
}

/// Whether a word falls apart into several of the lexicon as [`read_joined`] wants them: its cheap
/// half, without saying into which. Linear but for the walks down the lexicon, which end with its
/// longest word.
pub(super) fn may_be_joined(word: &[u8], lexicon: &Lexicon) -> bool {
    let letters = word.len();
    if letters >= 63 {
        return true; // More than the bits below: rare, and read in full.
    }
    let fewest = fewest_pieces(word);
    // Three letters a piece, but for one of one letter at each end.
    let most = letters.div_ceil(3);
    let mut cuts: Cuts = [[0; 3]; PIECES_MAX + 1];
    if let Some([first, ..]) = cuts.first_mut() {
        *first = 1;
    }
    let mut starts = 1_u64;
    for start in 0..letters {
        if starts >> start & 1 == 0 {
            continue;
        }
        let rest = word.get(start..).unwrap_or_default();
        let mut ends = lexicon.ends(rest);
        if !matches!(rest.first(), Some(b'a' | b'i' | b'y')) {
            ends &= !0b10;
        }
        let last = letters - start;
        let ends_well = last >= LAST && ends >> last & 1 == 1;
        let inside = (ends & !(1 << last)) << start;
        let long = inside & !((1 << (start + LONG)) - 1);
        starts |= inside;
        for pieces in (0..most.min(PIECES_MAX)).rev() {
            let Some([none, one, more]) = cuts.get(pieces).copied() else {
                continue;
            };
            let here = |cuts: u64| cuts >> start & 1 == 1;
            let enough = here(more) || here(one) && last >= LONG;
            if ends_well && enough && pieces + 1 >= fewest {
                return true;
            }
            if let Some([none_next, one_next, more_next]) = cuts.get_mut(pieces + 1) {
                let short = inside & !long;
                *none_next |= if here(none) { short } else { 0 };
                *one_next |= if here(none) { long } else { 0 } | if here(one) { short } else { 0 };
                *more_next |=
                    if here(one) { long } else { 0 } | if here(more) { inside } else { 0 };
            }
        }
    }
    false
}

/// Pieces that a word must fall apart into, at least.
fn fewest_pieces(word: &[u8]) -> usize {
    // PERF: nearly all words begin with another letter.
    let may_begin = matches!(word.first(), Some(b'i' | b'j' | b'o' | b't' | b'w' | b'y'));
    match may_begin && WHO.iter().any(|who| word.starts_with(who)) {
        true => 3,
        false => 4,
    }
}

/// Whether a word is long enough for so many pieces, of three letters each but for those of one.
fn has_room(word: &[u8], pieces: usize) -> bool {
    let missing = (pieces * 3).saturating_sub(word.len());
    let alone = |letter: &&u8| matches!(letter, b'a' | b'i' | b'y');
    missing == 0 || word.iter().filter(alone).take(missing).count() == missing
}

/// Reads a token of letters as several words. Long ordinary words fall apart into shorter ones too,
/// `re con side rat i on`, so the words must be three or more (three begin with who does
/// something), of three letters on average, the last of them no shorter, and two of them long.
pub(super) fn read_joined(text: &str, slots: &[Slot], lexicon: &Lexicon) -> Option<Reading> {
    let pieces = segment(slots, lexicon, Coverage::Whole)?;
    let (first, last) = (pieces.first()?.word.as_deref()?, pieces.last()?);
    let long: usize = pieces
        .iter()
        .map(Piece::letters)
        .filter(|n| *n >= LONG)
        .count();
    let words_min = if WHO.contains(&first) { 3 } else { 4 };
    let one_letter = |p: &Piece| p.word.as_deref() == Some(b"i");
    let reads_well = pieces.len() >= words_min
        && slots.len() >= pieces.len() * 3 - pieces.iter().filter(|p| p.letters() == 1).count()
        && last.letters() >= LAST
        && long >= 2
        && !pieces.iter().skip(1).any(one_letter);
    if !reads_well {
        return None;
    }
    reading(text, slots, &pieces)
}

/// Letters of a token that is no word of any text, but a sentence without its spaces.
pub(super) const SENTENCE_LETTERS_MIN: usize = 18;

/// Reads a token that is too long for a word: a sentence without its spaces, in which not every word
/// is one that policies look for, `iwillcastrateyouandroastyourtesticles`. Four fifths of the letters
/// must make words, half of them words of three letters or more.
pub(super) fn read_sentence(text: &str, slots: &[Slot], lexicon: &Lexicon) -> Option<Reading> {
    reading(text, slots, &together(sentence(slots, lexicon)?))
}

/// Whether [`read_sentence`] reads a token of letters.
pub(super) fn is_sentence(token: &[u8], lexicon: &Lexicon) -> bool {
    // PERF: hardly any token is so long, and of those that are, words hardly ever cover enough.
    token.len() >= SENTENCE_LETTERS_MIN && may_be_covered(token, lexicon) && {
        let slots: Vec<Slot> = token.iter().copied().zip(0..).map(slot_of_letter).collect();
        sentence(&slots, lexicon).is_some()
    }
}

/// Whether words cover as much of a token as [`read_sentence`] wants, even if they may overlap.
/// `false` is sure.
fn may_be_covered(token: &[u8], lexicon: &Lexicon) -> bool {
    let letters = token.len();
    if letters >= 62 {
        return true; // More than the bits below: rare, and read in full.
    }
    let (mut covered, mut by_long) = (0_u64, 0_u64);
    for start in 0..letters {
        let rest = token.get(start..).unwrap_or_default();
        let ends = lexicon.ends(rest) & ((2 << rest.len()) - 1);
        let Some(longest) = ends.checked_ilog2() else {
            continue;
        };
        let word = ((1 << longest) - 1) << start;
        covered |= word;
        by_long |= if longest >= 3 { word } else { 0 };
    }
    let count = |bits: u64| bits.count_ones() as usize;
    count(covered) * 5 >= letters * 4 && count(by_long) * 2 >= letters
}

fn sentence(slots: &[Slot], lexicon: &Lexicon) -> Option<Vec<Piece>> {
    if !(SENTENCE_LETTERS_MIN..=SPELLED_RUN_LETTERS_MAX).contains(&slots.len()) {
        return None;
    }
    let pieces = segment(slots, lexicon, Coverage::Likely)?;
    let letters = |least: usize| -> usize {
        let words = pieces.iter().filter(|piece| piece.word.is_some());
        words.map(Piece::letters).filter(|n| *n >= least).sum()
    };
    (letters(1) * 5 >= slots.len() * 4 && letters(3) * 2 >= slots.len()).then_some(pieces)
}

/// The slot of a letter that is written as such.
pub(super) fn slot_of_letter((letter, at): (u8, usize)) -> Slot {
    Slot {
        letters: letter_bit(letter),
        shown: true,
        span: at..at + 1,
        optional: false,
    }
}

/// The pieces, those that belong to no word taken together: they are a word that nobody looks for.
fn together(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match all.last_mut() {
            Some(last) if last.word.is_none() && piece.word.is_none() => {
                last.slots.end = piece.slots.end;
            }
            _ => all.push(piece),
        }
    }
    all
}

/// How much of the letters must belong to words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coverage {
    Whole,
    Some,
    /// Some of them, and of all ways to cut the most likely one: words count by how common they are.
    Likely,
}

/// Slots that stand together: a word of the lexicon, or one that belongs to none.
#[derive(Clone, Debug)]
struct Piece {
    slots: Range<usize>,
    word: Option<Vec<u8>>,
}

impl Piece {
    fn letters(&self) -> usize {
        self.slots.len()
    }

    /// Itself, or its slots one by one where it is shorter than three.
    fn split_short(self) -> Vec<Piece> {
        match self.letters() {
            0..3 => self
                .slots
                .map(|at| Piece {
                    slots: at..at + 1,
                    word: None,
                })
                .collect(),
            _ => vec![self],
        }
    }
}

/// The best way to here.
#[derive(Clone, Debug)]
struct Step {
    score: i64,
    last: Option<Piece>,
}

/// Cuts the slots into words so that long words win. Linear: at each place the lexicon is walked
/// once, and only where a word can begin.
fn segment(slots: &[Slot], lexicon: &Lexicon, coverage: Coverage) -> Option<Vec<Piece>> {
    let mut ways: Vec<Option<Step>> = vec![None; slots.len() + 1];
    *ways.first_mut()? = Some(Step {
        score: 0,
        last: None,
    });
    for start in 0..slots.len() {
        let Some(score) = ways.get(start).and_then(|w| w.as_ref()).map(|w| w.score) else {
            continue;
        };
        let rest = slots.get(start..)?;
        if coverage != Coverage::Whole {
            let lost = if coverage == Coverage::Likely {
                LETTER_COST
            } else {
                2
            };
            improve(
                &mut ways,
                score - lost,
                Piece {
                    slots: start..start + 1,
                    word: None,
                },
            );
        }
        walk(lexicon, rest, &mut |found| {
            let value = match coverage {
                Coverage::Likely => likelihood(&found, lexicon),
                Coverage::Whole | Coverage::Some => value(&found, rest),
            };
            if let Some(value) = value {
                let word = Some(found.letters.iter().map(|(c, _)| *c).collect());
                improve(
                    &mut ways,
                    score + value,
                    Piece {
                        slots: start..start + found.slots,
                        word,
                    },
                );
            }
        });
    }
    let mut pieces = Vec::new();
    let mut end = slots.len();
    while let Some(piece) = ways.get_mut(end)?.take()?.last {
        end = piece.slots.start;
        pieces.push(piece);
    }
    pieces.reverse();
    (!pieces.is_empty()).then_some(pieces)
}

fn improve(ways: &mut [Option<Step>], score: i64, piece: Piece) {
    if let Some(way) = ways.get_mut(piece.slots.end)
        && way.as_ref().is_none_or(|known| known.score < score)
    {
        *way = Some(Step {
            score,
            last: Some(piece),
        });
    }
}

/// What a word is worth; `None` where it is made of digits, or a letter that elisions leave.
fn value(found: &Found<'_>, slots: &[Slot]) -> Option<i64> {
    let length = found.letters.len();
    // An ending costs a little, so that it takes no letters that make a word of their own.
    let ending = (length - found.known) as i64;
    let plain = slots.iter().take(found.slots).filter(|s| s.shown).count();
    match length {
        _ if plain * 2 < length || plain == 0 => None,
        1 if !matches!(found.letters, [(b'a' | b'i' | b'y', _)]) => None,
        1 => Some(-1),
        2 => Some(2),
        _ => Some((found.known * found.known) as i64 - ending),
    }
}

/// What a letter costs that belongs to no word, in hundredths: more than any word does.
const LETTER_COST: i64 = 1_600;

/// How likely a word is where words are cut apart, in hundredths of the natural logarithm. By Zipf's
/// law the word of rank `n` among `N` comes with a chance of `1 / (n ln N)`.
fn likelihood(found: &Found<'_>, lexicon: &Lexicon) -> Option<i64> {
    let length = found.letters.len();
    let ending = (length - found.known) as f64;
    let is_word = length > 1 || matches!(found.letters, [(b'a' | b'i' | b'u' | b'y', _)]);
    let rarity = (f64::from(found.rank) + 1.0) * (lexicon.words().max(2) as f64).ln();
    // An ending is a guess: each of its letters is as dear as a tenfold rarer word.
    let cost = rarity.ln() + ending * 10_f64.ln();
    is_word.then_some(-(cost * 100.0) as i64)
}

/// The pieces with one space between them. A space stands for what separates its neighbours.
fn reading(text: &str, slots: &[Slot], pieces: &[Piece]) -> Option<Reading> {
    let mut letters: Vec<(u8, Range<usize>)> = Vec::new();
    for piece in pieces {
        let of_piece = slots.get(piece.slots.clone())?;
        if let (Some((_, before)), Some(slot)) = (letters.last(), of_piece.first()) {
            letters.push((b' ', before.end..slot.span.start));
        }
        match &piece.word {
            Some(word) => letters.extend(word.iter().copied().zip(spans(of_piece))),
            None => {
                let shown = |slot: &Slot| text.as_bytes().get(slot.span.start).copied();
                letters.extend(of_piece.iter().filter_map(shown).zip(spans(of_piece)));
            }
        }
    }
    let span = letters.first()?.1.start..letters.last()?.1.end;
    Some(Reading::of(span, letters))
}

fn spans(slots: &[Slot]) -> impl Iterator<Item = Range<usize>> {
    slots.iter().map(|slot| slot.span.clone())
}
