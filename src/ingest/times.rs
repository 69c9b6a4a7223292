//! Times as dumps write them, into RFC 3339.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// Whole seconds beyond this are milliseconds: as seconds, they lie after the year 5000.
const SECONDS_MAX: i64 = 100_000_000_000;

/// A Unix time, in seconds or milliseconds, as RFC 3339 in UTC.
pub(super) fn of_unix(time: i64) -> Option<String> {
    let time = match time.abs() <= SECONDS_MAX {
        true => Timestamp::from_second(time),
        false => Timestamp::from_millisecond(time),
    };
    time.ok().map(|time| time.to_string())
}

/// A time as written: RFC 3339 stays as it is, Unix times and `2026-03-01 12:00:00` become it, where
/// no zone is told in UTC. What is none of these stays too.
pub(super) fn of_text(written: Cow<'_, str>) -> Cow<'_, str> {
    let trimmed = written.trim();
    if is_rfc_3339(trimmed) {
        return written;
    }
    let whole = trimmed.strip_suffix(".0").unwrap_or(trimmed);
    let known = match whole.parse::<i64>() {
        Ok(unix) => of_unix(unix),
        Err(_) => civil(trimmed),
    };
    known.map_or(written, Cow::Owned)
}

/// `2026-03-01T…Z` or with an offset.
fn is_rfc_3339(written: &str) -> bool {
    written.as_bytes().get(10).is_some_and(|byte| *byte == b'T')
        && written.parse::<Timestamp>().is_ok()
}

fn civil(written: &str) -> Option<String> {
    let utc = written
        .strip_suffix("UTC")
        .or_else(|| written.strip_suffix("GMT"))
        .map_or(written, str::trim_end);
    if let Ok(time) = utc.parse::<Timestamp>() {
        return Some(time.to_string());
    }
    let time = match utc.parse::<DateTime>() {
        Ok(time) => time,
        Err(_) => utc.parse::<Date>().ok()?.into(),
    };
    let time = time.to_zoned(TimeZone::UTC).ok()?;
    Some(time.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn times_become_rfc_3339() {
        for (written, expected) in [
            ("1772366400", "2026-03-01T12:00:00Z"),
            ("1772366400.0", "2026-03-01T12:00:00Z"),
            ("1772366400123", "2026-03-01T12:00:00.123Z"),
            ("-1", "1969-12-31T23:59:59Z"),
            ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"),
            ("2026-03-01T12:00:00+01:00", "2026-03-01T12:00:00+01:00"),
            ("2026-03-01 12:00:00", "2026-03-01T12:00:00Z"),
            ("2026-03-01 12:00:00 UTC", "2026-03-01T12:00:00Z"),
            ("2026-03-01 12:00:00.5+01:00", "2026-03-01T11:00:00.5Z"),
            ("2026-03-01T12:00:00", "2026-03-01T12:00:00Z"),
            ("2026-03-01", "2026-03-01T00:00:00Z"),
            ("1er mars 2026", "1er mars 2026"),
            ("999999999999999999999", "999999999999999999999"),
            ("9223372036854775807", "9223372036854775807"),
            ("é", "é"),
            ("", ""),
        ] {
            assert_eq!(of_text(written.into()), expected, "{written}");
        }
    }
}
