//! What time it is, and whom it will wake.

use std::cell::RefCell;
use std::task::Waker;
use std::time::Duration;

/// Of one run of a scenario: all its threads are one of the system's.
#[derive(Default)]
struct Timeline {
    now: Duration,
    set: u64,
    timers: Vec<Set>,
    hand: Option<Waker>,
}

struct Set {
    number: u64,
    wait: Duration,
    due: Duration,
    whom: Waker,
}

/// Wakes somebody when its time has come, unless it has been dropped by then.
#[derive(Debug)]
pub(crate) struct Timer(u64);

impl Timer {
    pub(crate) fn after(wait: Duration, whom: Waker) -> Self {
        let (number, hand) = with(|timeline| {
            timeline.set += 1;
            timeline.timers.push(Set {
                number: timeline.set,
                wait,
                due: timeline.now.saturating_add(wait),
                whom,
            });
            (timeline.set, timeline.hand.take())
        });
        hand.inspect(Waker::wake_by_ref);
        Self(number)
    }

    pub(crate) fn has_rung(&self) -> bool {
        with(|timeline| timeline.timers.iter().all(|set| set.number != self.0))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        with(|timeline| timeline.timers.retain(|set| set.number != self.0));
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
        let due = timeline.timers.extract_if(.., |set| set.due <= now);
        due.collect::<Vec<_>>()
    });
    for set in due {
        set.whom.wake();
    }
}

/// When the next of them is woken who wait for so long at most.
pub(super) fn next(longest_wait: Duration) -> Option<Duration> {
    with(|timeline| {
        let sets = timeline.timers.iter();
        let near = sets.filter(|set| set.wait <= longest_wait);
        near.map(|set| set.due).min()
    })
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
