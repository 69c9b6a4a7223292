//! Instants and durations of events. Nothing here knows what time it is.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An instant: milliseconds since 1970 in UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant that can be told: the year 1 BC.
    pub const FIRST: Self = Self(-62_167_219_200_000);
    /// The last one: the end of the year 9999.
    pub const LAST: Self = Self(253_402_207_200_000);

    /// Reads RFC 3339: `2026-03-01T12:00:00Z`. What lies outside of [`Timestamp::FIRST`] and
    /// [`Timestamp::LAST`] is none.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let read: jiff::Timestamp = written.trim().parse().ok()?;
        Self::from_millis(read.as_millisecond())
    }

    /// From milliseconds since 1970.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        (Self::FIRST.0..=Self::LAST.0)
            .contains(&millis)
            .then_some(Self(millis))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So much later, or as late as can be told.
    #[must_use]
    pub fn after(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0).min(Self::LAST.0))
    }

    /// So much earlier, or as early as can be told.
    #[must_use]
    pub fn before(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0).max(Self::FIRST.0))
    }

    /// How long it is from an earlier instant to this one; nothing when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with a fraction only when there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

/// How long something takes: milliseconds, never fewer than none.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span(i64);

impl Span {
    /// From seconds, rounded; what isn't a number or is negative is nothing.
    #[must_use]
    pub fn from_seconds(seconds: f64) -> Self {
        // `as` takes what is too large for the largest there is.
        Self(((seconds * 1_000.0).round() as i64).max(0))
    }

    /// So many milliseconds.
    #[must_use]
    pub const fn of_millis(millis: u32) -> Self {
        Self(millis as i64)
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours as i64 * 3_600_000)
    }

    /// In milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Span {
    /// In the largest unit that is whole, as policies write it: `14d`, `72h`, `90s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(i64, &str); 4] = [
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "m"),
            (1_000, "s"),
        ];
        let is_whole = |(millis, _): &&(i64, &str)| self.0 % millis == 0;
        match UNITS.iter().find(is_whole) {
            Some((86_400_000, _)) if self.0 == 0 => f.write_str("0s"),
            Some((millis, unit)) => write!(f, "{}{unit}", self.0 / millis),
            None => write!(f, "{}ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Timestamp};

    #[test]
    fn instants_are_read_in_any_zone_and_written_in_utc() {
        let cases = [
            ("2026-03-01T12:00:00Z", Some("2026-03-01T12:00:00Z")),
            ("2026-03-01T12:00:00+01:00", Some("2026-03-01T11:00:00Z")),
            (" 2026-03-01 12:00:00.25Z", Some("2026-03-01T12:00:00.25Z")),
            ("2026-03-01", None),
            ("2026-03-01T12:00:00", None),
            ("yesterday", None),
            ("", None),
        ];
        for (written, read) in cases {
            let at = Timestamp::parse(written).map(|at| at.to_string());
            assert_eq!(at.as_deref(), read, "{written:?}");
        }
    }

    #[test]
    fn spans_are_written_as_policies_write_them() {
        let cases = [
            (Span::hours(72), "3d"),
            (Span::hours(36), "36h"),
            (Span::from_seconds(90.0), "90s"),
            (Span::from_seconds(0.5), "500ms"),
            (Span::from_seconds(f64::NAN), "0s"),
            (Span::from_seconds(-5.0), "0s"),
        ];
        for (span, written) in cases {
            assert_eq!(span.to_string(), written);
        }
    }
}
