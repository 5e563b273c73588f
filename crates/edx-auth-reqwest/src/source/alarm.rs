//! Waiting, in real time and whatever runtime the caller is on.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

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
    pub(super) async fn wait(self, longest: Duration) {
        let mut settled = pin!(self.0);
        let mut alarm = pin!(Delay::new(longest));
        poll_fn(|context| match settled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => alarm.as_mut().poll(context),
        })
        .await;
    }
}
