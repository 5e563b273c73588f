//! Callers on tasks, some of which are dropped on their way.

use std::pin::Pin;
use std::task::{Context, Poll};

use concurrent::TokenSource;
use edx_auth_core::Generation;
use scenarios::Asked;
use shuttle::future::{JoinHandle, block_on, spawn};
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;

/// Callers on their way.
pub(crate) struct Tasks<T>(Vec<JoinHandle<T>>);

/// So many callers who all ask for a token.
pub(crate) fn patient(count: usize, source: &TokenSource) -> Tasks<Asked> {
    let caller = |_| {
        let source = source.clone();
        spawn(async move { source.token().await })
    };
    Tasks((0..count).map(caller).collect())
}

/// So many callers who all ask this, and are dropped after one poll, or two, and so on: the
/// scheduler says after which.
pub(crate) fn dropped<F: Future<Output = Asked> + Send + 'static>(
    count: usize,
    ask: impl Fn() -> F,
) -> Tasks<Option<Asked>> {
    let caller = |_| {
        spawn(Dropped {
            work: Box::pin(ask()),
            polls: thread_rng().gen_range(0..MOST_POLLS),
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
    /// The token that all of them have.
    pub(crate) fn one_token(self) -> Generation {
        let tokens = self.results().into_iter();
        let mut tokens = tokens.map(|token| token.unwrap().generation());
        let first = tokens.next().unwrap();
        tokens.for_each(|other| assert_eq!(other, first));
        first
    }
}

/// Some work that is given up when it waits for the n-th time, at once or after a while.
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

const MOST_POLLS: usize = 5;
