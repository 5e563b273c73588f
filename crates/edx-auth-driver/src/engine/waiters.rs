//! The async callers that wait for the agent. They register under its lock, after they polled it:
//! a report in between is never lost.
//!
//! A waker may run any code when it is cloned, woken or dropped. None of it happens under the lock.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::MutexGuard;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::{Engine, State};
use crate::guarded::guarded;
use crate::timer::{Timer, TimerError};

/// The wakers of all waiting callers, by the number of the caller.
#[derive(Default)]
pub(super) struct Waiters {
    wakers: BTreeMap<u64, Waker>,
    last: u64,
}

impl Waiters {
    fn next_number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

#[cfg(test)]
impl Waiters {
    pub(super) fn len(&self) -> usize {
        self.wakers.len()
    }
}

impl Engine {
    /// Wakes all async callers. Those that are not done register again.
    pub(super) fn wake_waiters(&self) {
        let wakers = std::mem::take(&mut self.lock().waiters.wakers);
        for waker in wakers.into_values() {
            guarded(|| waker.wake());
        }
    }
}

/// One async caller. Dropping it ends its wait.
pub(super) struct Waiter<'a> {
    engine: &'a Engine,
    /// `None` until it waits for the first time.
    number: Option<u64>,
    timer: Option<Timer>,
}

impl<'a> Waiter<'a> {
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            number: None,
            timer: None,
        }
    }

    /// Waits until something is reported to the agent, or for this long.
    pub(super) fn wait(
        &mut self,
        mut state: MutexGuard<'_, State>,
        wait: Duration,
        waker: Waker,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), TimerError>> {
        let waiters = &mut state.waiters;
        let number = *self.number.get_or_insert_with(|| waiters.next_number());
        let earlier = waiters.wakers.insert(number, waker);
        drop(state);
        drop(earlier);
        let timer = self.timer.insert(Timer::after(wait));
        Pin::new(timer).poll(context)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let waker = self.engine.lock().waiters.wakers.remove(&number);
            drop(waker);
        }
    }
}
