//! Telephone numbers: what is compared is digits, however they are grouped.

use super::alias::AliasError;
use super::phrase::{Class, Phrase};
use super::search::Search;
use crate::detectors::phone_forms;
use crate::text::fold_term;

/// Digits at the end of a number that decide whether it is looked at closer: those that are the
/// same in all its forms.
const TAIL_DIGITS: u32 = 7;

/// 10 to the power of [`TAIL_DIGITS`].
const TAIL: u64 = 10_000_000;

/// Digits of the longest number: E.164 allows 15, the prefix to leave a country has up to three.
const DIGITS_MAX: usize = 18;

/// Groups of one number, when each digit stands alone.
const GROUPS_MAX: usize = DIGITS_MAX;

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
    let mut chain = Chain::default();
    for start in numbers {
        let start = *start as usize;
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > DIGITS_MAX {
            chain.end = None;
            continue;
        }
        if !chain.end.is_some_and(|end| joins(text, end, start)) {
            chain.begin();
        }
        chain.add(text, start, start + digits);
        if chain.digits >= u64::from(TAIL_DIGITS) {
            look_closer(search, text, &chain);
        }
        if search.is_full() {
            return;
        }
    }
}

/// Groups of digits that may be read as one number.
#[derive(Default)]
struct Chain {
    groups: Vec<(usize, usize)>,
    /// Digits since it began.
    digits: u64,
    /// Its last digits, as a number below [`TAIL`].
    tail: u64,
    end: Option<usize>,
}

impl Chain {
    fn begin(&mut self) {
        self.groups.clear();
        self.digits = 0;
        self.tail = 0;
    }

    fn add(&mut self, text: &str, start: usize, end: usize) {
        for byte in text.as_bytes().get(start..end).unwrap_or_default() {
            self.tail = (self.tail * 10 + u64::from(byte.wrapping_sub(b'0'))) % TAIL;
        }
        self.digits += (end - start) as u64;
        self.groups.push((start, end));
        self.end = Some(end);
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

/// Compares the numbers that end where the chain ends to those of the registry that end alike.
fn look_closer(search: &mut Search<'_>, text: &str, chain: &Chain) {
    let registry = search.registry;
    let candidates = registry.phones.candidates(registry.spread.bits(chain.tail));
    if candidates.is_empty() {
        return;
    }
    let mut digits = String::new();
    for (start, end) in chain.groups.iter().rev().take(GROUPS_MAX) {
        digits.insert_str(0, text.get(*start..*end).unwrap_or_default());
        if digits.len() > DIGITS_MAX {
            return;
        }
        for number in PREFIXES.iter().filter_map(|it| digits.strip_prefix(it)) {
            let whole = number
                .parse()
                .map_or(0, |value| registry.spread.bits(value));
            for candidate in candidates.iter().filter(|it| it.whole == whole) {
                search.confirm(Class::Phone, candidate, number);
            }
        }
    }
}
