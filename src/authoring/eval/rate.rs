//! So many of so many, and how sure that is.

/// How many there are, and on how many of them something was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Those on which it was found.
    pub found: u64,
    /// All.
    pub of: u64,
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// What is counted.
    pub count: Count,
    /// The share, 0 to 1.
    pub share: f64,
    /// Where the true share probably lies: from.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// Standard deviations within which 95 % of a normal distribution lie.
const Z: f64 = 1.96;

impl Count {
    /// Counts one more.
    pub(super) fn add(&mut self, is_found: bool) {
        self.of += 1;
        self.found += u64::from(is_found);
    }

    /// Counts what another counted.
    pub(super) fn join(&mut self, other: Self) {
        self.of += other.of;
        self.found += other.found;
    }

    /// The share and its interval, by Wilson's score: right for few posts and for shares near 0 and 1
    /// too. None of none.
    #[must_use]
    pub fn rate(self) -> Option<Rate> {
        if self.of == 0 {
            return None;
        }
        let (found, of) = (self.found as f64, self.of as f64);
        let share = found / of;
        let spread = 1.0 + Z * Z / of;
        let middle = (share + Z * Z / (2.0 * of)) / spread;
        let half = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt() / spread;
        Some(Rate {
            count: self,
            share,
            low: (middle - half).max(0.0),
            high: (middle + half).min(1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Count;
    use proptest::prelude::*;

    #[test]
    fn intervals_are_those_of_the_books() {
        for (found, of, low, high) in [
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (26, 126, 0.1451, 0.2851),
            (180, 200, 0.8506, 0.9343),
        ] {
            let rate = Count { found, of }.rate().unwrap();
            assert!((rate.low - low).abs() < 5e-4, "{found}/{of}: {}", rate.low);
            assert!(
                (rate.high - high).abs() < 5e-4,
                "{found}/{of}: {}",
                rate.high
            );
        }
        assert!(Count::default().rate().is_none());
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share(of in 1_u64..100_000, part in 0.0..=1.0_f64) {
            let found = (of as f64 * part) as u64;
            let rate = Count { found, of }.rate().unwrap();
            prop_assert!((0.0..=1.0).contains(&rate.low) && (0.0..=1.0).contains(&rate.high));
            prop_assert!(rate.low <= rate.share + 1e-9 && rate.share <= rate.high + 1e-9);
        }
    }
}
