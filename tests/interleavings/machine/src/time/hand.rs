//! Moves the clock.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;

use super::timeline::{next, on_next_timer, set};

/// Lets time pass from now on, at any moment, from one timed wait to the next. A wait longer than
/// this never ends by time alone: if nothing else ends it, it hangs, and the scheduler reports that.
pub fn passes(longest_wait: Duration) {
    // Detached: time never ends.
    drop(shuttle::future::spawn(Hand { longest_wait }));
}

struct Hand {
    longest_wait: Duration,
}

impl Future for Hand {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            on_next_timer(context.waker().clone());
            match next(self.longest_wait) {
                Some(due) => set(due),
                None => return Poll::Pending,
            }
            // Other threads run before the next move, mostly more than once: work of which every step takes
            // a whole lease would never end.
            for _ in 0..thread_rng().gen_range(1..=MOST_TURNS) {
                thread::yield_now();
            }
        }
    }
}

const MOST_TURNS: usize = 16;
