//! The hand that moves the clock.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::timeline::{be, next, tell};

/// Lets time pass from now on, at any moment and from one timed wait to the next, up to the end:
/// waits that last longer never come to theirs, so whoever is not woken otherwise hangs.
pub fn passes_until(end: Duration) {
    // Detached: nobody waits for the end of time.
    drop(shuttle::future::spawn(Hand { end }));
}

struct Hand {
    end: Duration,
}

impl Future for Hand {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            tell(context.waker().clone());
            match next() {
                Some(due) if due <= self.end => be(due),
                _ => return Poll::Pending,
            }
            crate::pause();
        }
    }
}
