//! What time it is, and whom it will wake.

use std::cell::RefCell;
use std::task::Waker;
use std::time::Duration;

/// Of one run of a scenario: all its threads are one of the system's.
#[derive(Default)]
struct Timeline {
    now: Duration,
    set: u64,
    timers: Vec<(u64, Duration, Waker)>,
    hand: Option<Waker>,
}

/// Wakes somebody when its time has come, unless it has been dropped by then.
#[derive(Debug)]
pub(crate) struct Timer(u64);

impl Timer {
    pub(crate) fn after(wait: Duration, whom: Waker) -> Self {
        let (number, hand) = with(|timeline| {
            timeline.set += 1;
            let due = timeline.now.saturating_add(wait);
            timeline.timers.push((timeline.set, due, whom));
            (timeline.set, timeline.hand.take())
        });
        hand.inspect(Waker::wake_by_ref);
        Self(number)
    }

    pub(crate) fn has_rung(&self) -> bool {
        with(|timeline| timeline.timers.iter().all(|(number, ..)| *number != self.0))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        with(|timeline| timeline.timers.retain(|(number, ..)| *number != self.0));
    }
}

/// A new run begins: it is midnight, and nobody waits.
pub fn begin() {
    with(|timeline| *timeline = Timeline::default());
}

pub(super) fn now() -> Duration {
    with(|timeline| timeline.now)
}

/// Lets so much time pass at once.
pub fn pass(time: Duration) {
    be(now() + time);
}

/// It is so late now; whoever waits for that is woken.
pub(super) fn be(late: Duration) {
    let due = with(|timeline| {
        timeline.now = late.max(timeline.now);
        let now = timeline.now;
        let due = timeline.timers.extract_if(.., |(_, due, _)| *due <= now);
        due.collect::<Vec<_>>()
    });
    for (.., whom) in due {
        whom.wake();
    }
}

/// When the next of them is woken.
pub(super) fn next() -> Option<Duration> {
    with(|timeline| timeline.timers.iter().map(|(_, due, _)| *due).min())
}

/// Tells the hand of the next timer that is set.
pub(super) fn tell(hand: Waker) {
    with(|timeline| timeline.hand = Some(hand));
}

fn with<T>(work: impl FnOnce(&mut Timeline) -> T) -> T {
    TIMELINE.with(|timeline| work(&mut timeline.borrow_mut()))
}

thread_local! {
    static TIMELINE: RefCell<Timeline> = RefCell::default();
}
