//! The scenario's time, and the wakers that wait for a later time.

use std::cell::RefCell;
use std::task::Waker;
use std::time::Duration;

/// The timeline of one schedule, whose threads all run on one system thread.
#[derive(Default)]
struct Timeline {
    now: Duration,
    last: u64,
    timers: Vec<Entry>,
    hand: Option<Waker>,
}

struct Entry {
    number: u64,
    wait: Duration,
    due: Duration,
    waker: Waker,
}

/// Wakes a waker when its time has come, unless the timer is dropped before.
#[derive(Debug)]
pub(crate) struct Timer(u64);

impl Timer {
    pub(crate) fn after(wait: Duration, waker: Waker) -> Self {
        let (number, hand) = with(|timeline| {
            timeline.last += 1;
            timeline.timers.push(Entry {
                number: timeline.last,
                wait,
                due: timeline.now.saturating_add(wait),
                waker,
            });
            (timeline.last, timeline.hand.take())
        });
        hand.inspect(Waker::wake_by_ref);
        Self(number)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        with(|timeline| timeline.timers.retain(|entry| entry.number != self.0));
    }
}

/// Resets the timeline for the next schedule: to time zero, without timers.
pub(crate) fn reset() {
    // Dropped outside of the borrow: a waker may own a timer.
    let _before = with(std::mem::take);
}

pub(super) fn now() -> Duration {
    with(|timeline| timeline.now)
}

/// Lets this much time pass at once.
pub fn advance(time: Duration) {
    set(now() + time);
}

/// Sets the clock, and wakes the wakers that wait for this time.
pub(super) fn set(now: Duration) {
    let due = with(|timeline| {
        timeline.now = now.max(timeline.now);
        let now = timeline.now;
        let due = timeline.timers.extract_if(.., |entry| entry.due <= now);
        due.collect::<Vec<_>>()
    });
    for entry in due {
        entry.waker.wake();
    }
}

/// Returns when the next timer fires, of those with a wait of at most `longest_wait`.
pub(super) fn next(longest_wait: Duration) -> Option<Duration> {
    with(|timeline| {
        let entries = timeline.timers.iter();
        let near = entries.filter(|entry| entry.wait <= longest_wait);
        near.map(|entry| entry.due).min()
    })
}

/// Makes the next timer that is set wake the hand of the clock.
pub(super) fn on_next_timer(hand: Waker) {
    with(|timeline| timeline.hand = Some(hand));
}

fn with<T>(work: impl FnOnce(&mut Timeline) -> T) -> T {
    TIMELINE.with(|timeline| work(&mut timeline.borrow_mut()))
}

thread_local! {
    static TIMELINE: RefCell<Timeline> = RefCell::default();
}
