//! Which dates of a dump are believed. One record that is dated years ahead would let everything that
//! happened look long past: such records are judged and counted, but move no ladder.

use crate::limits::{
    DATES_AHEAD_HOURS_MAX, MISDATED_GAP_DAYS_MIN, MISDATED_IN_A_THOUSAND_MAX,
    MISDATED_SHARE_INVERSE_MIN,
};
use crate::model::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const DAY_MILLIS: i64 = 86_400_000;

/// When records are dated: posts and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Dates {
    /// By days since 1970, in UTC: how many, and the last of them in milliseconds.
    days: BTreeMap<i64, (u64, i64)>,
}

impl Dates {
    pub(super) fn add(&mut self, at: Timestamp) {
        let millis = at.millis();
        self.put(millis.div_euclid(DAY_MILLIS), (1, millis));
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (day, records) in &other.days {
            self.put(*day, *records);
        }
    }

    fn put(&mut self, day: i64, (more, last): (u64, i64)) {
        let known = self.days.entry(day).or_insert((0, i64::MIN));
        *known = (known.0 + more, known.1.max(last));
    }

    /// Until when dates are believed. With `now`, when the dumps were made: until the end of the day
    /// after. Else, going by the dumps alone: up to a gap of a year or more behind which hardly any
    /// record stands. Everything is believed where there is no such gap.
    pub(super) fn believed_until(&self, now: Option<Timestamp>) -> Timestamp {
        if let Some(now) = now {
            let day = now.after(Span::hours(DATES_AHEAD_HOURS_MAX)).millis() / DAY_MILLIS;
            return Timestamp::from_millis((day + 1) * DAY_MILLIS - 1).unwrap_or(Timestamp::LAST);
        }
        let all: u64 = self.days.values().map(|(records, _)| records).sum();
        let mut until = Timestamp::LAST;
        let mut behind = 0;
        let days = self.days.iter().rev();
        for ((next, (records, _)), (day, (_, last))) in days.clone().zip(days.skip(1)) {
            behind += records;
            let are_few = behind <= 1 + all * MISDATED_IN_A_THOUSAND_MAX / 1_000
                && behind * MISDATED_SHARE_INVERSE_MIN <= all;
            if !are_few {
                break;
            }
            if next - day > MISDATED_GAP_DAYS_MIN {
                until = Timestamp::from_millis(*last).unwrap_or(until);
            }
        }
        until
    }
}

#[cfg(test)]
mod tests {
    use super::Dates;
    use crate::model::Timestamp;

    fn dates(of: &[(&str, usize)]) -> Dates {
        let mut dates = Dates::default();
        for (at, records) in of {
            for _ in 0..*records {
                dates.add(Timestamp::parse(at).unwrap());
            }
        }
        dates
    }

    #[test]
    fn a_few_records_far_ahead_of_all_others_are_not_believed() {
        let spring = ("2026-03-01T12:00:00Z", 900);
        let summer = ("2026-07-01T12:00:00Z", 99);
        let summer_alone = Timestamp::parse(summer.0).unwrap();
        // (what is dated when, until when that is believed)
        let cases: &[(&[(&str, usize)], Timestamp)] = &[
            (&[], Timestamp::LAST),
            (&[spring, summer], Timestamp::LAST),
            (&[spring, summer, ("2099-01-01T00:00:00Z", 1)], summer_alone),
            (
                &[
                    spring,
                    summer,
                    ("2028-01-01T00:00:00Z", 1),
                    ("9999-01-01T00:00:00Z", 1),
                ],
                summer_alone,
            ),
            // A board that woke up after two years, and a story of two posts.
            (
                &[spring, summer, ("2028-09-01T00:00:00Z", 20)],
                Timestamp::LAST,
            ),
            (
                &[("2026-03-01T12:00:00Z", 1), ("2028-09-01T00:00:00Z", 1)],
                Timestamp::LAST,
            ),
        ];
        for (of, until) in cases {
            assert_eq!(dates(of).believed_until(None), *until, "{of:?}");
        }
    }

    #[test]
    fn who_says_when_the_dump_was_made_decides() {
        let dates = dates(&[("2026-03-01T12:00:00Z", 50), ("2026-03-09T12:00:00Z", 50)]);
        let now = Timestamp::parse("2026-03-02T00:00:00Z").unwrap();
        let until = Timestamp::parse("2026-03-03T23:59:59.999Z").unwrap();
        assert_eq!(dates.believed_until(Some(now)), until);
    }
}
