//! A timer in real time, for callers on every runtime and outside of one.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_timer::Delay;

/// The process has no thread left for the timer that all waits share.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("could not start a thread for timers")]
#[non_exhaustive]
pub struct TimerError;

/// A future that completes after some real time, even under a test's paused clock or without tokio's
/// timers.
///
/// It registers with the shared timer thread when it is first polled and not complete: callers that are
/// served at once never use that thread.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_driver::Timer;
///
/// # async fn example() -> Result<(), edx_auth_driver::TimerError> {
/// let work = async { 42 };
/// let result = Timer::after(Duration::from_secs(1)).limit(work).await?;
/// assert_eq!(result, Some(42)); // None if the timer had completed first
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Timer {
    set: Instant,
    wait: Duration,
    delay: Option<Delay>,
}

impl Timer {
    /// Creates a timer that completes after this long.
    #[must_use]
    pub fn after(wait: Duration) -> Self {
        Self {
            set: Instant::now(),
            wait,
            delay: None,
        }
    }

    /// Reports whether its time has passed, without waiting for it.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.set.elapsed() >= self.wait
    }

    /// Returns the result of the work, or `None` if the timer completes first.
    ///
    /// # Errors
    /// Returns an error if the process has no thread left for timers.
    pub async fn limit<T>(
        &mut self,
        work: impl Future<Output = T>,
    ) -> Result<Option<T>, TimerError> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Ok(Some(done))),
            Poll::Pending => Pin::new(&mut *self).poll(context).map_ok(|()| None),
        })
        .await
    }

    fn delay(&mut self) -> &mut Delay {
        let left = || self.wait.saturating_sub(self.set.elapsed());
        self.delay.get_or_insert_with(|| Delay::new(left()))
    }
}

impl Future for Timer {
    type Output = Result<(), TimerError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // `Delay` panics if its thread could not be started.
        let delay = AssertUnwindSafe(|| Pin::new(self.delay()).poll(context));
        match catch_unwind(delay) {
            Ok(completed) => completed.map(Ok),
            Err(_) => Poll::Ready(Err(TimerError)),
        }
    }
}

#[cfg(test)]
mod tests;
