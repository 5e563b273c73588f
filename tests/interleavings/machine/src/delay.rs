//! The timed wait of an async caller: `futures_timer::Delay`.

use std::cell::Cell;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::time::{Instant, Timer};

#[derive(Debug)]
pub struct Delay {
    set: Instant,
    wait: Duration,
    timer: Option<Timer>,
}

/// Makes the next polls of timers panic, as they do without a timer thread.
pub fn fail_timers(polls: usize) {
    FAILURES.set(polls);
}

impl Delay {
    #[must_use]
    pub fn new(wait: Duration) -> Self {
        Self {
            set: Instant::now(),
            wait,
            timer: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(left) = FAILURES.get().checked_sub(1) {
            FAILURES.set(left);
            // Without a message: ten thousand schedules would print ten thousand of them.
            panic::resume_unwind(Box::new("no thread for timers"));
        }
        let left = self.wait.saturating_sub(self.set.elapsed());
        if left.is_zero() {
            return Poll::Ready(());
        }
        self.timer = Some(Timer::after(left, context.waker().clone()));
        Poll::Pending
    }
}

thread_local! {
    static FAILURES: Cell<usize> = const { Cell::new(0) };
}
