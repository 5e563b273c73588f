//! Waiting, in real time and whatever runtime the caller is on.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// One caller's place among those who wait for an attempt to settle.
pub(super) struct Waiter<'a>(Pin<Box<Notified<'a>>>);

impl<'a> Waiter<'a> {
    /// Takes a place. Take it *before* asking whether there is anything to wait for: what settles
    /// in between then rings for this caller too.
    pub(super) fn at(settled: &'a Notify) -> Self {
        let mut place = Box::pin(settled.notified());
        place.as_mut().enable();
        Self(place)
    }

    /// Waits until an attempt has settled, or for so long. The time is real time: under a test's
    /// paused clock, and without tokio's timers, it passes all the same.
    pub(super) async fn wait(mut self, longest: Duration) {
        let mut alarm = pin!(Delay::new(longest));
        poll_fn(|context| {
            let settled = self.0.as_mut().poll(context);
            match settled {
                Poll::Ready(()) => Poll::Ready(()),
                Poll::Pending => alarm.as_mut().poll(context),
            }
        })
        .await;
    }
}
