//! Async callers on tasks, some of which are dropped while they wait.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use edx_auth_core::Generation;
use shuttle::future::{JoinHandle, block_on, spawn};
use shuttle::rand::{Rng, thread_rng};

use crate::callers::{the_same, tokens};
use crate::source::{Asked, Source};

/// Callers that wait, each on a task.
pub(crate) struct Tasks<T>(Vec<JoinHandle<T>>);

/// Starts callers that all wait for a token.
pub(crate) fn waiting(count: usize, source: &Source) -> Tasks<Asked> {
    let caller = |_| spawn(source.token_async());
    Tasks((0..count).map(caller).collect())
}

/// Starts callers that are dropped after at most four polls, as the schedule decides.
pub(crate) fn dropped<F: Future<Output = Asked> + Send + 'static>(
    count: usize,
    ask: impl Fn() -> F,
) -> Tasks<Option<Asked>> {
    let caller = |_| {
        spawn(Dropped {
            work: Box::pin(ask()),
            polls: thread_rng().gen_range(0..=MOST_POLLS),
        })
    };
    Tasks((0..count).map(caller).collect())
}

impl<T> Tasks<T> {
    pub(crate) fn results(self) -> Vec<T> {
        let tasks = self.0.into_iter();
        tasks.map(|task| block_on(task).unwrap()).collect()
    }
}

impl Tasks<Asked> {
    /// Checks that all callers got the same token, and returns its generation.
    pub(crate) fn one_token(self) -> Generation {
        the_same(tokens(self.results()))
    }
}

/// Work that is dropped after this many polls, at once or after a while, unless it is done before.
struct Dropped<F> {
    work: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Dropped<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(left) = self.polls.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.polls = left;
        let done = self.work.as_mut().poll(context).map(Some);
        if done.is_pending() && left == 0 {
            for _ in 0..thread_rng().gen_range(0..4) {
                thread::yield_now();
            }
            return Poll::Ready(None);
        }
        done
    }
}

const MOST_POLLS: usize = 4;
