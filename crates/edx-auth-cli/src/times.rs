//! Points in time, in UTC, in the user's time zone and relative to now.

use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// A point in time.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Time {
    at: Timestamp,
    epoch: i64,
}

/// Returns the time this long after the Unix epoch; `None` beyond the year 9999.
pub(crate) fn at(since_epoch: Duration) -> Option<Time> {
    let epoch = i64::try_from(since_epoch.as_secs()).ok()?;
    let at = Timestamp::from_second(epoch).ok()?;
    Some(Time { at, epoch })
}

/// Returns the time after this long from now.
pub(crate) fn after(wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    let end = Timestamp::now().saturating_add(wait);
    let end = end.unwrap_or(Timestamp::MAX).as_second();
    Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
}

/// The time in UTC and in the user's time zone, and how far it is from now.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.at.to_zoned(TimeZone::system());
        let local = local.strftime("%Y-%m-%d %H:%M:%S %:z");
        let now = Timestamp::now().as_second();
        write!(f, "{} ({local}), {}", self.at, relative(self.epoch - now))
    }
}

fn relative(seconds: i64) -> String {
    let length = SignedDuration::from_secs(seconds.saturating_abs());
    if seconds < 0 {
        format!("{length:#} ago")
    } else {
        format!("in {length:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_before_or_after_now() {
        assert_eq!(relative(3661), "in 1h 1m 1s");
        assert_eq!(relative(-60), "1m ago");
        assert_eq!(relative(0), "in 0s");
    }

    #[test]
    fn a_time_beyond_the_calendar_is_none() {
        assert!(at(Duration::MAX).is_none());
        assert!(at(Duration::from_secs(0)).is_some());
    }
}
