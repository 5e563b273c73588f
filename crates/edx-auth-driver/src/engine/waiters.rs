//! The async callers that wait for the agent. They register under its lock, after they polled it:
//! a report in between is never lost.

#[cfg(feature = "async")]
use std::future::poll_fn;
#[cfg(feature = "async")]
use std::pin::Pin;
use std::task::Waker;
#[cfg(feature = "async")]
use std::task::{Context, Poll, ready};

#[cfg(feature = "async")]
use edx_auth_core::{Moment, TokenAgent};

#[cfg(feature = "async")]
use super::{Engine, Progress};
#[cfg(feature = "async")]
use crate::timer::{Timer, TimerError};

/// The wakers of all that wait, by the number of each.
#[derive(Default)]
pub(super) struct Waiters {
    wakers: Vec<(u64, Waker)>,
    #[cfg(feature = "async")]
    last: u64,
}

impl Waiters {
    /// Takes all of them, to be woken. Those that are not done register again.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Waker> + use<> {
        let wakers = std::mem::take(&mut self.wakers);
        wakers.into_iter().map(|(_, waker)| waker)
    }

    #[cfg(feature = "async")]
    fn register(&mut self, number: u64, waker: &Waker) {
        self.remove(number);
        self.wakers.push((number, waker.clone()));
    }

    #[cfg(feature = "async")]
    fn remove(&mut self, number: u64) {
        self.wakers.retain(|(other, _)| *other != number);
    }
}

/// One async caller. Dropped, it waits no more.
#[cfg(feature = "async")]
pub(super) struct Waiter<'a> {
    engine: &'a Engine,
    number: u64,
}

#[cfg(feature = "async")]
impl<'a> Waiter<'a> {
    pub(super) fn new(engine: &'a Engine) -> Self {
        let waiters = &mut engine.lock().waiters;
        waiters.last += 1;
        Self {
            engine,
            number: waiters.last,
        }
    }

    /// Waits until something was reported to the agent or its own time is over. Returns the result
    /// if there is one already.
    pub(super) async fn wait<T>(
        &mut self,
        poll: &mut impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
    ) -> Result<Option<T>, TimerError> {
        let mut timer = None;
        poll_fn(|context| match &mut timer {
            None => self.start(poll, &mut timer, context),
            // Woken by a report, or by the timer: either way the agent is asked again.
            Some(_) => Poll::Ready(Ok(None)),
        })
        .await
    }

    fn start<T>(
        &self,
        poll: &mut impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
        timer: &mut Option<Timer>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<T>, TimerError>> {
        let now = self.engine.clock.now();
        let mut state = self.engine.lock();
        let wait = match poll(&mut state.agent, now) {
            Progress::Done(result) => return Poll::Ready(Ok(Some(result))),
            Progress::Wait(_) if state.has_work(now) => return Poll::Ready(Ok(None)),
            Progress::Wait(wait) => wait,
        };
        state.waiters.register(self.number, context.waker());
        drop(state);
        let timer = timer.insert(Timer::after(wait));
        ready!(Pin::new(timer).poll(context))?;
        Poll::Ready(Ok(None))
    }
}

#[cfg(feature = "async")]
impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.engine.lock().waiters.remove(self.number);
    }
}
