//! The hand that moves the clock.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use shuttle::thread;

use super::timeline::{be, next, tell};

/// Lets time pass from now on, at any moment and from one timed wait to the next. A wait longer than
/// this never comes to its end: whoever is not woken from it otherwise hangs.
pub fn passes(longest_wait: Duration) {
    // Detached: nobody waits for the end of time.
    drop(shuttle::future::spawn(Hand { longest_wait }));
}

struct Hand {
    longest_wait: Duration,
}

impl Future for Hand {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            tell(context.waker().clone());
            match next(self.longest_wait) {
                Some(due) => be(due),
                None => return Poll::Pending,
            }
            // Not ever again before somebody else has had a turn.
            thread::yield_now();
        }
    }
}
