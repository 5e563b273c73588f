//! Waiting, in real time and whatever runtime the caller is on.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_timer::Delay;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// There is no thread left in the process to wake those who wait.
#[derive(Debug, thiserror::Error)]
#[error("no thread could be had to wake the callers that wait")]
pub(crate) struct NoClock;

/// Rings after a stretch of real time: under a test's paused clock, and without tokio's timers, it
/// passes all the same.
///
/// The clock that all waits share hears of it when somebody really waits: whoever is served at once
/// wakes nobody.
#[derive(Debug)]
pub(crate) struct Alarm {
    set: Instant,
    wait: Duration,
    delay: Option<Delay>,
}

impl Alarm {
    pub(crate) fn after(wait: Duration) -> Self {
        Self {
            set: Instant::now(),
            wait,
            delay: None,
        }
    }

    /// Whether its time is over, without waiting for it.
    pub(crate) fn is_over(&self) -> bool {
        self.set.elapsed() >= self.wait
    }

    fn delay(&mut self) -> &mut Delay {
        let left = || self.wait.saturating_sub(self.set.elapsed());
        self.delay.get_or_insert_with(|| Delay::new(left()))
    }

    /// What the work comes to, unless the alarm rings first.
    ///
    /// # Errors
    /// Where the process has no thread left for the clock that all waits share.
    pub(crate) async fn limit<T>(
        mut self,
        work: impl Future<Output = T>,
    ) -> Result<Option<T>, NoClock> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Ok(Some(done))),
            Poll::Pending => Pin::new(&mut self).poll(context).map_ok(|()| None),
        })
        .await
    }
}

impl Future for Alarm {
    type Output = Result<(), NoClock>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // `Delay` panics where its thread could not be started.
        let delay = AssertUnwindSafe(|| Pin::new(self.delay()).poll(context));
        match catch_unwind(delay) {
            Ok(rung) => rung.map(Ok),
            Err(_) => Poll::Ready(Err(NoClock)),
        }
    }
}

/// One caller's place among those who wait for an attempt to settle.
pub(crate) struct Waiter<'a>(Notified<'a>);

impl<'a> Waiter<'a> {
    /// Takes a place. Take it *before* asking whether there is anything to wait for: what settles
    /// in between then rings for this caller too, for `notify_waiters` reaches every place there is.
    pub(crate) fn at(settled: &'a Notify) -> Self {
        Self(settled.notified())
    }

    /// Waits until an attempt has settled, or for so long.
    ///
    /// # Errors
    /// Where the process has no thread left for the clock that all waits share.
    pub(crate) async fn wait(self, longest: Duration) -> Result<(), NoClock> {
        // Whoever was woken, and whoever was not: both ask again.
        let _woken = Alarm::after(longest).limit(self.0).await?;
        Ok(())
    }
}
