//! The only clock of the sidecar.
#![expect(
    clippy::disallowed_methods,
    reason = "the shell looks at the clock; all below is told"
)]

use crate::model::Timestamp;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What time it is.
pub(super) fn wall() -> Timestamp {
    let millis = i64::try_from(since_1970().as_millis()).ok();
    millis.and_then(Timestamp::from_millis).unwrap_or_default()
}

/// How long ago 1970 began.
pub(super) fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}

/// What durations are measured from.
pub(super) fn ticks() -> Instant {
    Instant::now()
}
