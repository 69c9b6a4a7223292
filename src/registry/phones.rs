//! Telephone numbers: what is compared is digits, however they are grouped.

use super::alias::AliasError;
use super::phrase::{Class, Phrase};
use super::search::Search;
use super::table::Candidate;
use crate::detectors::phone_forms;
use crate::text::fold_term;
use std::ops::Range;

/// Digits at the end of a number that decide whether it is looked at closer: those that are the
/// same in all its forms.
const TAIL_DIGITS: usize = 7;

/// 10 to the power of [`TAIL_DIGITS`].
const TAIL: u64 = 10_000_000;

/// Digits of the longest number: E.164 allows 15, the prefix to leave a country has up to three.
const DIGITS_MAX: usize = 18;

/// Bytes between two groups of one number.
const JOINT_BYTES_MAX: usize = 3;

/// What leaves a country: the forms are kept without it.
const PREFIXES: [&str; 3] = ["", "00", "011"];

/// The ways of writing a number.
pub(super) fn phrases(written: &str, country: Option<&str>) -> Result<Vec<Phrase>, AliasError> {
    let forms = phone_forms(&fold_term(written), country)?;
    let phrase = |digits: String| {
        let value: u64 = digits.parse().ok()?;
        Some(Phrase {
            first: tail(value),
            whole: value,
            text: digits,
            words: 1,
        })
    };
    Ok(forms.into_iter().filter_map(phrase).collect())
}

fn tail(value: u64) -> u64 {
    value % TAIL
}

/// Looks for numbers in a text, in which runs of digits begin at `numbers`.
pub(super) fn find(search: &mut Search<'_>, text: &str, numbers: &[u32]) {
    let registry = search.registry;
    let mut chain = Chain::default();
    for (at, start) in numbers.iter().enumerate() {
        let group = group(text, *start);
        if !joins(text, chain.end, group.start) || group.len() > DIGITS_MAX {
            chain = Chain {
                first: at,
                ..Chain::default()
            };
        }
        chain.add(text, &group);
        if chain.digits >= TAIL_DIGITS {
            let candidates = registry.phones.candidates(registry.spread.bits(chain.tail));
            let groups = numbers.get(chain.first..=at).unwrap_or_default();
            look_closer(search, text, groups, candidates);
        }
        if search.is_full() {
            return;
        }
    }
}

/// The run of digits that begins at a byte.
fn group(text: &str, start: u32) -> Range<usize> {
    let start = start as usize;
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
    start..start + digits.count()
}

/// Groups of digits that may be read as one number.
#[derive(Default)]
struct Chain {
    /// The number of its first group.
    first: usize,
    /// How many digits.
    digits: usize,
    /// Its last digits, as a number below [`TAIL`].
    tail: u64,
    /// Where its last group ends.
    end: usize,
}

impl Chain {
    fn add(&mut self, text: &str, group: &Range<usize>) {
        let digits = text.as_bytes().get(group.clone()).unwrap_or_default();
        self.tail = digits.iter().fold(self.tail, |tail, byte| {
            (tail * 10 + u64::from(byte.wrapping_sub(b'0'))) % TAIL
        });
        self.digits += digits.len();
        self.end = group.end;
    }
}

/// Whether nothing but what groups digits stands between two groups.
fn joins(text: &str, end: usize, start: usize) -> bool {
    let between = text.as_bytes().get(end..start).unwrap_or_default();
    between.len() <= JOINT_BYTES_MAX
        && between.iter().all(|byte| {
            matches!(
                byte,
                b' ' | b'-' | b'.' | b'/' | b'_' | b'*' | b'~' | b'(' | b')'
            )
        })
}

/// Compares the numbers that end with the last of some groups to those of the registry that end
/// alike.
fn look_closer(search: &mut Search<'_>, text: &str, groups: &[u32], candidates: &[Candidate]) {
    if candidates.is_empty() {
        return;
    }
    let spread = search.registry.spread;
    let mut digits = String::new();
    for start in groups.iter().rev() {
        digits.insert_str(0, text.get(group(text, *start)).unwrap_or_default());
        if digits.len() > DIGITS_MAX {
            return;
        }
        for number in PREFIXES.iter().filter_map(|it| digits.strip_prefix(it)) {
            let whole = number.parse().map_or(0, |value| spread.bits(value));
            for candidate in candidates.iter().filter(|it| it.whole == whole) {
                search.confirm(Class::Phone, candidate, number);
            }
        }
    }
}
