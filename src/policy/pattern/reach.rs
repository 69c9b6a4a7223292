//! Where an expression can match at all: the words, beginnings of words, parts or numbers without
//! which it matches nothing. Nobody runs an expression elsewhere.
//!
//! The idea is that of RE2's `FilteredRE2` (`re2/prefilter.h`), with whole words instead of
//! substrings wherever the expression bounds them.

mod edge;
mod received;

use edge::{Edge, is_word_byte, parts_words};
pub(super) use received::plain_words;

use crate::text::{Key, word_frequency, words_that_begin_frequency};
use regex_syntax::hir::literal::{Extractor, Literal, Seq};
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::ops::RangeInclusive;

/// Where an expression can match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every match holds one of these words or beginnings of words, and of the other words too, if
    /// there are any.
    Words {
        /// By which matches are looked for.
        found_by: Vec<Required>,
        /// Whole words, of which one must stand in the text as well.
        also: Vec<Key>,
    },
    /// The first digit of every match stands so many bytes behind its start, and begins a number.
    Number(RangeInclusive<usize>),
    /// Every match holds one of these texts.
    Parts(Vec<Vec<u8>>),
    /// Nothing is required: it is tried everywhere.
    Anywhere,
}

/// A word of folded texts that an expression requires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Required {
    /// Its letters and digits.
    pub letters: String,
    /// Whether the word may go on behind them.
    pub goes_on: bool,
    /// Whether every match that holds it begins with it.
    pub at_start: bool,
}

impl Required {
    /// The word as a number; that of a beginning says nothing.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::of(&self.letters)
    }
}

/// Strings that a run of parts may stand for at most.
const STRINGS_MAX: usize = 256;

/// Members of a class that are told one by one.
const CLASS_MAX: usize = 16;

/// Words that are looked for beside those that matches are found by.
const ALSO_MAX: usize = 6;

/// Letters without which a beginning is in every other word.
const BEGINNING_MIN: usize = 2;

/// Bytes before the first digit of a number.
const BEFORE_DIGIT_MAX: usize = 8;

/// Bytes of the longest match that is looked for at every number.
const NUMBER_BYTES_MAX: usize = 128;

/// How much dearer it is to look for the start of a match than to know it.
const SEARCH_COST: u64 = 8;

/// Words per million from which looking at every number is cheaper than looking at these words.
const COMMON: u64 = 6_000;

/// The reach of an expression that reads folded texts.
pub(super) fn of_folded(hir: &Hir) -> Reach {
    let whole = Bounds {
        left: false,
        right: false,
        start: true,
    };
    let words = words(hir, whole);
    let number = number(hir);
    match (words, number) {
        (Some(words), Some(offsets)) if words.cost > COMMON => Reach::Number(offsets),
        (Some(words), _) => Reach::Words {
            also: also(hir, &words),
            found_by: words.required,
        },
        (None, Some(offsets)) => Reach::Number(offsets),
        (None, None) => of_raw(hir),
    }
}

/// Words beside those that matches are found by: the rarest set of whole words.
fn also(hir: &Hir, found_by: &Words) -> Vec<Key> {
    let HirKind::Concat(parts) = hir.kind() else {
        return Vec::new();
    };
    let mut sets = Vec::new();
    words_of_parts(parts, Bounds::default(), &mut |words| {
        sets.push(words.clone())
    });
    let is_whole = |words: &&Words| {
        let others = |one: &Required| !found_by.required.iter().any(|f| f.letters == one.letters);
        let whole = |one: &Required| !one.goes_on && others(one);
        words.required.len() <= ALSO_MAX && words.required.iter().all(whole)
    };
    let rarest = sets.iter().filter(is_whole).min_by_key(|words| words.cost);
    let keys = rarest.map(|words| words.required.iter().map(Required::key));
    keys.into_iter().flatten().collect()
}

/// The reach of an expression that reads posts as received.
pub(super) fn of_raw(hir: &Hir) -> Reach {
    match required_literals(hir) {
        none if none.is_empty() => Reach::Anywhere,
        parts => Reach::Parts(parts),
    }
}

// ---------------------------------------------------------------------------------------------
// Words

/// Whether what stands before and behind a part can't belong to the same word.
#[derive(Clone, Copy, Debug, Default)]
struct Bounds {
    left: bool,
    right: bool,
    /// Whether nothing of the match stands before.
    start: bool,
}

/// Words of which every match holds one, and how many of a million words of ordinary text are one.
#[derive(Clone, Debug)]
struct Words {
    required: Vec<Required>,
    cost: u64,
}

fn cheaper(one: Option<Words>, other: Option<Words>) -> Option<Words> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.cost < one.cost { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// The rarest words that every match of a part holds.
fn words(hir: &Hir, bounds: Bounds) -> Option<Words> {
    let whole = finite(hir).and_then(|strings| words_of_strings(&strings, bounds));
    let inside = match hir.kind() {
        HirKind::Capture(capture) => words(&capture.sub, bounds),
        HirKind::Alternation(parts) => {
            let mut all = Words {
                required: Vec::new(),
                cost: 0,
            };
            let each = parts.iter().try_for_each(|part| {
                let words = words(part, bounds)?;
                all.required.extend(words.required);
                all.cost += words.cost;
                Some(())
            });
            each.map(|()| all)
        }
        HirKind::Concat(parts) => words_of_parts(parts, bounds, &mut |_| ()),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            words(&repetition.sub, Bounds::default())
        }
        HirKind::Repetition(_)
        | HirKind::Empty
        | HirKind::Literal(_)
        | HirKind::Class(_)
        | HirKind::Look(_) => None,
    };
    let mut words = cheaper(whole, inside)?;
    words.required.sort_unstable();
    words.required.dedup();
    Some(words)
}

/// The rarest words of a run of neighbouring parts, or of one part; `see` sees all such sets.
fn words_of_parts(parts: &[Hir], bounds: Bounds, see: &mut dyn FnMut(&Words)) -> Option<Words> {
    let mut best = None;
    let mut consider = |words: Option<Words>| {
        words.iter().for_each(&mut *see);
        best = cheaper(best.take(), words);
    };
    let mut run: Vec<Vec<u8>> = vec![Vec::new()];
    let mut left = bounds.left;
    let mut start = bounds.start;
    let strings: Vec<_> = parts.iter().map(finite).collect();
    for (at, (part, own)) in parts.iter().zip(&strings).enumerate() {
        let next = strings.get(at + 1).and_then(Option::as_ref);
        let behind = parts.get(at + 1..).unwrap_or_default();
        let right = parts_words(behind.iter(), Edge::First, bounds.right);
        let longer = own.as_ref().and_then(|strings| product(&run, strings));
        if let Some(longer) = longer {
            run = longer;
            if right || next.is_none_or(|next| !is_few(&run, next)) {
                let bounds = Bounds { left, right, start };
                consider(words_of_strings(&run, bounds));
            }
            continue;
        }
        let before = match run.as_slice() {
            [only] if only.is_empty() => left,
            strings => ends_apart(strings),
        };
        let begins = start && run.iter().all(Vec::is_empty);
        let alone = Bounds {
            left: before,
            right,
            start: begins,
        };
        consider(words(part, alone));
        left = parts_words([part].into_iter(), Edge::Last, before);
        start = begins && matches!(part.kind(), HirKind::Look(_));
        run = vec![Vec::new()];
        if let Some(strings) = own {
            // It is finite, but too much together with what stands before.
            left = before;
            start = begins;
            run.clone_from(strings);
        }
    }
    best
}

/// Whether nothing that the strings end with can be part of a word.
fn ends_apart(strings: &[Vec<u8>]) -> bool {
    let apart = |string: &Vec<u8>| string.last().is_some_and(|byte| !is_word_byte(*byte));
    strings.iter().all(apart)
}

/// Of each string the rarest word, if each has one.
fn words_of_strings(strings: &[Vec<u8>], bounds: Bounds) -> Option<Words> {
    let mut words = Words {
        required: Vec::new(),
        cost: 0,
    };
    for string in strings {
        // No folded text holds capitals.
        if string.iter().any(u8::is_ascii_uppercase) {
            continue;
        }
        let (cost, required) = rarest(string, bounds)?;
        words.cost += cost;
        words.required.push(required);
    }
    (!words.required.is_empty()).then_some(words)
}

fn rarest(string: &[u8], bounds: Bounds) -> Option<(u64, Required)> {
    let mut best: Option<(u64, Required)> = None;
    let mut at = 0;
    for word in string.split(|byte| !is_word_byte(*byte)) {
        let (start, end) = (at, at + word.len());
        at = end + 1;
        let whole = end < string.len() || bounds.right;
        let letters = match std::str::from_utf8(word) {
            Ok(letters) if word.is_ascii() && (start > 0 || bounds.left) => letters,
            _ => continue,
        };
        let count = match whole {
            true if letters.is_empty() => continue,
            true => word_frequency(letters),
            false if letters.len() < BEGINNING_MIN => continue,
            false => words_that_begin_frequency(letters),
        };
        let at_start = bounds.start && start == 0;
        let cost = if at_start { count } else { count * SEARCH_COST };
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            let letters = letters.to_owned();
            let goes_on = !whole;
            let required = Required {
                letters,
                goes_on,
                at_start,
            };
            best = Some((cost, required));
        }
    }
    best
}

/// Every string that a part stands for, where those are few.
fn finite(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Class(Class::Bytes(class)) => {
            let count: usize = class.iter().map(|range| range.len()).sum();
            let bytes = class.iter().flat_map(|range| range.start()..=range.end());
            (count <= CLASS_MAX).then(|| bytes.map(|byte| vec![byte]).collect())
        }
        HirKind::Class(Class::Unicode(_)) | HirKind::Look(_) => None,
        HirKind::Capture(capture) => finite(&capture.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(vec![Vec::new()], |run, part| product(&run, &finite(part)?)),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<_>> = parts.iter().map(finite).collect();
            let all: Vec<_> = all?.into_iter().flatten().collect();
            (all.len() <= STRINGS_MAX).then_some(all)
        }
        HirKind::Repetition(repetition) => {
            let strings = finite(&repetition.sub)?;
            let mut all = Vec::new();
            let mut power = vec![Vec::new()];
            for times in 0..=repetition.max? {
                if times >= repetition.min {
                    all.extend(power.iter().cloned());
                }
                if times < repetition.max? {
                    power = product(&power, &strings)?;
                }
            }
            (all.len() <= STRINGS_MAX).then_some(all)
        }
    }
}

/// Whether strings that stand side by side are few together.
fn is_few(run: &[Vec<u8>], strings: &[Vec<u8>]) -> bool {
    run.len() * strings.len() <= STRINGS_MAX
}

fn product(run: &[Vec<u8>], strings: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    if !is_few(run, strings) {
        return None;
    }
    let longer = |before: &Vec<u8>| {
        let before = before.clone();
        strings
            .iter()
            .map(move |string| [before.as_slice(), string].concat())
    };
    Some(run.iter().flat_map(longer).collect())
}

// ---------------------------------------------------------------------------------------------
// Numbers

/// Where the first digit of a part may stand, and how long the part may be without any. Both in
/// bytes, least and most.
#[derive(Clone, Copy, Debug)]
struct First {
    digit: Option<(usize, usize)>,
    without: Option<(usize, usize)>,
}

/// How far from the start of every match its first digit stands, if that digit begins a number.
fn number(hir: &Hir) -> Option<RangeInclusive<usize>> {
    let longest = hir.properties().maximum_len()?;
    let First {
        digit: Some((least, most)),
        without: None,
    } = first(hir)?
    else {
        return None;
    };
    // A digit right at the start might follow another one, if nothing forbids.
    let bounded = least > 0 || begins_a_word(hir);
    let fits = bounded && most <= BEFORE_DIGIT_MAX && longest <= NUMBER_BYTES_MAX;
    fits.then_some(least..=most)
}

fn begins_a_word(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(look) => matches!(look, Look::WordAscii | Look::WordStartAscii | Look::Start),
        HirKind::Concat(parts) => parts.first().is_some_and(begins_a_word),
        HirKind::Capture(capture) => begins_a_word(&capture.sub),
        HirKind::Alternation(parts) => parts.iter().all(begins_a_word),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Repetition(_) => false,
    }
}

fn first(hir: &Hir) -> Option<First> {
    const NOTHING: First = First {
        digit: None,
        without: Some((0, 0)),
    };
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => NOTHING,
        HirKind::Literal(literal) => match literal.0.iter().position(u8::is_ascii_digit) {
            Some(at) => First {
                digit: Some((at, at)),
                without: None,
            },
            None => First {
                digit: None,
                without: Some((literal.0.len(), literal.0.len())),
            },
        },
        HirKind::Class(Class::Bytes(class)) => {
            let bytes = || class.iter().flat_map(|range| range.start()..=range.end());
            First {
                digit: bytes().any(|byte| byte.is_ascii_digit()).then_some((0, 0)),
                without: bytes().any(|byte| !byte.is_ascii_digit()).then_some((1, 1)),
            }
        }
        HirKind::Class(Class::Unicode(_)) => return None,
        HirKind::Capture(capture) => first(&capture.sub)?,
        HirKind::Alternation(parts) => {
            let each: Option<Vec<First>> = parts.iter().map(first).collect();
            let each = each?;
            First {
                digit: each.iter().filter_map(|first| first.digit).reduce(either),
                without: each.iter().filter_map(|first| first.without).reduce(either),
            }
        }
        HirKind::Concat(parts) => parts.iter().try_fold(NOTHING, then)?,
        HirKind::Repetition(repetition) => {
            let of_one = first(&repetition.sub)?;
            let mut all = NOTHING;
            for time in 0..repetition.max? {
                let without = all.without;
                all = join(all, of_one);
                if time >= repetition.min {
                    all.without = [all.without, without].into_iter().flatten().reduce(either);
                }
                if all.without.is_none_or(|(_, most)| most > BEFORE_DIGIT_MAX) {
                    break;
                }
            }
            all
        }
    })
}

fn then(before: First, part: &Hir) -> Option<First> {
    match before.without {
        None => Some(before),
        Some(_) => Some(join(before, first(part)?)),
    }
}

/// What stands behind a part that may be without a digit.
fn join(before: First, behind: First) -> First {
    let Some((least, most)) = before.without else {
        return before;
    };
    let moved = |(first, last): (usize, usize)| (least + first, most + last);
    let digits = [before.digit, behind.digit.map(moved)];
    First {
        digit: digits.into_iter().flatten().reduce(either),
        without: behind.without.map(moved),
    }
}

fn either(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0.min(other.0), one.1.max(other.1))
}

// ---------------------------------------------------------------------------------------------
// Parts

/// Whether looking for a literal first gains anything: a lone letter, digit or space is in nearly
/// every post, a quote mark isn't.
fn is_selective(literal: &[u8]) -> bool {
    match literal {
        [] => false,
        [byte] => byte.is_ascii_punctuation(),
        _ => true,
    }
}

/// A set of literals of which every match holds one: the best that any part of a concatenation
/// requires. Longer and fewer is better.
fn required_literals(hir: &Hir) -> Vec<Vec<u8>> {
    let mut best: Vec<Vec<u8>> = Vec::new();
    consider(&mut best, prefixes(hir));
    if let HirKind::Concat(parts) = hir.kind() {
        // Runs of neighbouring parts that stand for finitely many texts.
        for part in parts {
            consider(&mut best, prefixes(part));
            if let HirKind::Repetition(repetition) = part.kind()
                && repetition.min > 0
            {
                consider(&mut best, Some(required_literals(&repetition.sub)));
            }
            if let HirKind::Capture(_) | HirKind::Alternation(_) = part.kind() {
                consider(&mut best, Some(required_literals(part)));
            }
        }
    }
    if let HirKind::Capture(capture) = hir.kind() {
        consider(&mut best, Some(required_literals(&capture.sub)));
    }
    if let HirKind::Alternation(parts) = hir.kind() {
        let each: Vec<_> = parts.iter().map(required_literals).collect();
        if each.iter().all(|literals| !literals.is_empty()) {
            consider(&mut best, Some(each.into_iter().flatten().collect()));
        }
    }
    best
}

fn consider(best: &mut Vec<Vec<u8>>, literals: Option<Vec<Vec<u8>>>) {
    let shortest = |set: &[Vec<u8>]| set.iter().map(Vec::len).min().unwrap_or(0);
    let Some(literals) = literals else { return };
    let usable = !literals.is_empty() && literals.iter().all(|literal| is_selective(literal));
    if usable && (best.is_empty() || shortest(&literals) > shortest(best)) {
        *best = literals;
    }
}

/// The prefixes of a part, as texts that every match of it begins with.
fn prefixes(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut extractor = Extractor::new();
    extractor.limit_total(64).limit_class(8).limit_repeat(4);
    let prefixes: Seq = extractor.extract(hir);
    let literals = prefixes.literals()?;
    Some(
        literals
            .iter()
            .map(Literal::as_bytes)
            .map(<[u8]>::to_vec)
            .collect(),
    )
}
