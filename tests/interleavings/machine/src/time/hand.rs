//! Moves the clock.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;

use super::timeline::{next, on_next_timer, set};

/// Lets time pass from now on: at moments that the schedule decides, the clock jumps to the end of the next
/// timed wait. A wait longer than `longest_wait` never ends by time alone: if nothing else ends it, it hangs,
/// and the scheduler reports that.
pub fn passes(longest_wait: Duration) {
    // Detached: the task never ends.
    drop(shuttle::future::spawn(Hand { longest_wait }));
}

/// The hand of the clock: a task that moves the time.
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
