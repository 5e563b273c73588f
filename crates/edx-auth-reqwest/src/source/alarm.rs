//! Waiting, in real time and whatever runtime the caller is on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// There is no thread left in the process to wake those who wait.
#[derive(Debug, thiserror::Error)]
#[error("no thread could be had to wake the callers that wait")]
pub(super) struct NoClock;

/// One caller's place among those who wait for an attempt to settle.
pub(super) struct Waiter<'a>(Notified<'a>);

impl<'a> Waiter<'a> {
    /// Takes a place. Take it *before* asking whether there is anything to wait for: what settles
    /// in between then rings for this caller too, for `notify_waiters` reaches every place there is.
    pub(super) fn at(settled: &'a Notify) -> Self {
        Self(settled.notified())
    }

    /// Waits until an attempt has settled, or for so long. The time is real time: under a test's
    /// paused clock, and without tokio's timers, it passes all the same.
    ///
    /// # Errors
    /// Where the process has no thread left for the clock that all waits share.
    pub(super) async fn wait(self, longest: Duration) -> Result<(), NoClock> {
        let mut settled = pin!(self.0);
        let mut alarm = pin!(Delay::new(longest));
        poll_fn(|context| match settled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Ok(())),
            // `Delay` panics where its thread could not be started.
            Poll::Pending => {
                match catch_unwind(AssertUnwindSafe(|| alarm.as_mut().poll(context))) {
                    Ok(rung) => rung.map(Ok),
                    Err(_) => Poll::Ready(Err(NoClock)),
                }
            }
        })
        .await
    }
}
