//! Times as integers.

use std::time::Duration;

use crate::numbers::Length;

/// Nanoseconds.
pub(crate) type Time = i128;

/// The readings of both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Time,
    pub(crate) wall: Time,
}

pub(crate) fn duration(time: Time) -> Duration {
    let (seconds, nanos) = (time / SECOND, time % SECOND);
    let seconds = u64::try_from(seconds).expect("a positive time");
    Duration::new(seconds, u32::try_from(nanos).expect("below a second"))
}

pub(crate) fn time(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).expect("a time in range")
}

/// Returns the time that has passed by the clock that counted more; zero if both went back.
pub(crate) fn since(then: Clocks, now: Clocks) -> Time {
    let [monotonic, wall] = [now.monotonic - then.monotonic, now.wall - then.wall];
    monotonic.max(wall).max(0)
}

/// Returns the first length doubled this many times, at most the longest.
pub(super) fn doubled([first, longest]: [Length; 2], times: u32) -> Time {
    (first.time() << times.min(64)).min(longest.time())
}

/// Returns a share of the stretch in whole milliseconds: all of it if `jitter` is `u32::MAX`.
pub(super) fn share(stretch: Time, jitter: u32) -> Time {
    stretch / MILLI * Time::from(jitter) / Time::from(u32::MAX) * MILLI
}

pub(super) const MILLI: Time = 1_000_000;
const SECOND: Time = 1_000 * MILLI;
