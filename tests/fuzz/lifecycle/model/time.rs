//! Time as plain whole numbers, and what is reckoned with it.

use std::time::Duration;

use crate::numbers::Length;

/// Nanoseconds.
pub(crate) type Time = i128;

/// What both clocks show.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clocks {
    pub(crate) monotonic: Time,
    pub(crate) wall: Time,
}

pub(crate) fn duration(time: Time) -> Duration {
    let (seconds, nanos) = (time / SECOND, time % SECOND);
    let seconds = u64::try_from(seconds).expect("a time that was clipped");
    Duration::new(seconds, u32::try_from(nanos).expect("below a second"))
}

pub(crate) fn time(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).expect("a time of this world")
}

/// The clock that counted more is believed; neither counts backwards.
pub(crate) fn since(then: Clocks, now: Clocks) -> Time {
    let [monotonic, wall] = [now.monotonic - then.monotonic, now.wall - then.wall];
    monotonic.max(wall).max(0)
}

/// A first length, doubled so many times, up to the longest.
pub(super) fn doubled([first, longest]: [Length; 2], times: u32) -> Time {
    (first.time() << times.min(64)).min(longest.time())
}

/// This share of it, in whole milliseconds.
pub(super) fn share(stretch: Time, jitter: u32) -> Time {
    stretch / MILLI * Time::from(jitter) / Time::from(u32::MAX) * MILLI
}

pub(super) const MILLI: Time = 1_000_000;
const SECOND: Time = 1_000 * MILLI;
