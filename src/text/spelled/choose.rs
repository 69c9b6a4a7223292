//! Which of the words that a token may hide is meant: the one that goes with the words beside it.
//!
//! `ho*e` is home or hope, `di*` die, did or dig. Of several words that fit, those win that follow
//! one another in the phrases that policies look for, `hope you die`; of equals, the commoner ones.

use super::Reading;
use super::lexicon::Lexicon;
use std::cmp::Reverse;
use std::ops::Range;

/// Chooses among the words of each reading, in time linear in the readings.
pub(super) fn choose(text: &str, readings: &mut [Reading], lexicon: &Lexicon) {
    let mut from = 0;
    while from < readings.len() {
        let rest = readings.get(from..).unwrap_or_default();
        let pairs = rest.iter().zip(rest.iter().skip(1));
        let tied = pairs.take_while(|(one, next)| beside(text, one.span.end..next.span.start));
        let end = from + 1 + tied.count();
        if let Some(row) = readings.get_mut(from..end)
            && row.iter().any(|reading| !reading.others.is_empty())
        {
            choose_in_row(text, row, lexicon);
        }
        from = end;
    }
}

/// How good a way through a row is so far: what words say that follow one another, then common words.
type Merit = (u32, Reverse<usize>);

/// The best way to one option of a reading, and the option before it on that way.
#[derive(Clone, Copy)]
struct Way {
    merit: Merit,
    before: usize,
}

/// Chooses among the readings of a row, in which each stands beside the next.
fn choose_in_row(text: &str, row: &mut [Reading], lexicon: &Lexicon) {
    let (Some(first), Some(last)) = (row.first(), row.last()) else {
        return;
    };
    let (left, right) = (
        word_before(text, &first.span),
        word_behind(text, &last.span),
    );
    let mut ways: Vec<Vec<Way>> = Vec::with_capacity(row.len());
    for (at, reading) in row.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| row.get(at))
            .zip(ways.last());
        let options = 0..=reading.others.len();
        let step = options.map(|option| {
            let word = reading.option(option);
            let right = if at + 1 == row.len() { right } else { &[] };
            let own = (lexicon.follows(&word, right), option);
            match before {
                None => arrive(own, lexicon.follows(left, &word), None, 0),
                Some((reading, ways)) => best_way(reading, ways, &word, own, lexicon),
            }
        });
        let step = step.collect();
        ways.push(step);
    }
    let last = ways.last().into_iter().flatten();
    let mut option = best_of(last.copied()).map_or(0, |(option, _)| option);
    for (reading, ways) in row.iter_mut().zip(&ways).rev() {
        let before = ways.get(option).map_or(0, |way| way.before);
        reading.take(option);
        option = before;
    }
}

/// The best way to a word over the options of the reading before it.
fn best_way(
    reading: &Reading,
    ways: &[Way],
    word: &[u8],
    own: (u32, usize),
    lexicon: &Lexicon,
) -> Way {
    let ways = ways.iter().enumerate().map(|(before, way)| {
        let follows = lexicon.follows(&reading.option(before), word);
        arrive(own, follows, Some(way), before)
    });
    best_of(ways).map_or_else(|| arrive(own, 0, None, 0), |(_, way)| way)
}

fn arrive((pairs, option): (u32, usize), follows: u32, on: Option<&Way>, before: usize) -> Way {
    let (pairs_before, Reverse(rarity)) = on.map_or((0, Reverse(0)), |way| way.merit);
    Way {
        merit: (pairs_before + pairs + follows, Reverse(rarity + option)),
        before,
    }
}

/// The first of the best ways, and its number.
fn best_of(ways: impl Iterator<Item = Way>) -> Option<(usize, Way)> {
    ways.enumerate().reduce(|best, way| {
        if way.1.merit > best.1.merit {
            way
        } else {
            best
        }
    })
}

/// Whether nothing but blanks and apostrophes stands between two words.
fn beside(text: &str, between: Range<usize>) -> bool {
    let between = text.get(between).unwrap_or(".");
    between.bytes().all(|byte| matches!(byte, b' ' | b'\''))
}

fn word_before<'a>(text: &'a str, span: &Range<usize>) -> &'a [u8] {
    let before = text.get(..span.start).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\'']).as_bytes();
    let letters = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_lowercase());
    before
        .get(before.len() - letters.count()..)
        .unwrap_or_default()
}

fn word_behind<'a>(text: &'a str, span: &Range<usize>) -> &'a [u8] {
    let behind = text.get(span.end..).unwrap_or_default();
    let behind = behind.trim_start_matches([' ', '\'']).as_bytes();
    let letters = behind.iter().take_while(|byte| byte.is_ascii_lowercase());
    behind.get(..letters.count()).unwrap_or_default()
}
