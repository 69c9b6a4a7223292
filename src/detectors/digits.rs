//! Numbers as people write them: groups of digits joined by single separators, and the check
//! digits that tell an identifier from any other number.

use std::ops::Range;

/// Digits that a `u64` holds whatever they are.
const DIGITS_MAX: u32 = 19;

/// A maximal run of ASCII digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Group {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// Every group of digits of `text`, in order.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        match (start, byte.is_ascii_digit()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(Group {
                    start: from,
                    end: at,
                });
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found
}

/// Consecutive groups read as one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'g> {
    pub(super) value: u64,
    /// How many digits, leading zeroes included.
    pub(super) digits: u32,
    pub(super) groups: &'g [Group],
}

impl Number<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        let start = self.groups.first().map_or(0, |g| g.start);
        start..self.groups.last().map_or(start, |g| g.end)
    }

    /// The first `count` digits.
    pub(super) fn head(&self, count: u32) -> u64 {
        self.value / 10_u64.pow(self.digits.saturating_sub(count))
    }

    /// `count` digits after the first `skip`.
    pub(super) fn part(&self, skip: u32, count: u32) -> u64 {
        self.head(skip + count) % 10_u64.pow(count)
    }

    /// Whether the groups have exactly these lengths.
    pub(super) fn is_grouped(&self, lengths: &[usize]) -> bool {
        self.groups
            .iter()
            .map(|g| g.len())
            .eq(lengths.iter().copied())
    }

    /// The byte between the groups, when there are several and it is always the same.
    pub(super) fn joint(&self, text: &str) -> Option<u8> {
        let mut joints = self
            .groups
            .iter()
            .rev()
            .skip(1)
            .map(|g| super::around::byte_at(text, g.end));
        let first = joints.next()?;
        joints.all(|joint| joint == first).then_some(first)
    }
}

/// The readings of `groups` from the first one on: it alone, it and the next, and so on while
/// single bytes of `joints` join them and at most `digits_max` digits are read.
pub(super) fn readings<'g>(
    text: &str,
    groups: &'g [Group],
    joints: &[u8],
    digits_max: u32,
) -> impl Iterator<Item = Number<'g>> {
    let mut value = 0;
    let mut digits = 0;
    let mut last: Option<Group> = None;
    groups.iter().enumerate().map_while(move |(index, group)| {
        if let Some(last) = last {
            let joined = group.start == last.end + 1
                && joints.contains(&super::around::byte_at(text, last.end));
            joined.then_some(())?;
        }
        last = Some(*group);
        digits += u32::try_from(group.len()).ok()?;
        (digits <= digits_max.min(DIGITS_MAX)).then_some(())?;
        let read: u64 = text.get(group.start..group.end)?.parse().ok()?;
        value = value * 10_u64.pow(u32::try_from(group.len()).ok()?) + read;
        Some(Number {
            value,
            digits,
            groups: groups.get(..=index)?,
        })
    })
}

/// The check of ISO/IEC 7812: payment cards, Canada's SIN.
pub(super) fn luhn(mut value: u64) -> bool {
    let mut sum = 0;
    let mut doubled = false;
    while value > 0 {
        let digit = value % 10 * if doubled { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        value /= 10;
        doubled = !doubled;
    }
    sum % 10 == 0
}

/// The check of EAN-13.
pub(super) fn ean13(mut value: u64) -> bool {
    let mut sum = 0;
    let mut weight = 1;
    while value > 0 {
        sum += value % 10 * weight;
        value /= 10;
        weight = 4 - weight;
    }
    sum % 10 == 0
}
