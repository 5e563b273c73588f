//! Callers that ask at the same time, and what they have in common afterwards.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use edx_auth_core::{Generation, LiveToken, RenewalError};
use tokio::task::JoinSet;

use super::count::Count;
use crate::{Error, TokenSource};

/// Callers on their way, each in a task.
pub(super) struct Callers<T> {
    tasks: JoinSet<T>,
    polls: Vec<Arc<Count>>,
}

/// So many callers who all ask this at once.
pub(super) fn callers<F>(
    count: usize,
    source: &TokenSource,
    ask: impl Fn(TokenSource) -> F,
) -> Callers<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let polls: Vec<_> = (0..count).map(|_| Arc::default()).collect();
    let caller = |polls: &Arc<Count>| polled(ask(source.clone()), Arc::clone(polls));
    Callers {
        tasks: polls.iter().map(caller).collect(),
        polls,
    }
}

impl<T: 'static> Callers<T> {
    /// Waits until all of them wait, or have what they asked for.
    pub(super) fn are_waiting(&self) {
        self.polls.iter().for_each(|polls| polls.reaches(1));
    }

    pub(super) async fn results(self) -> Vec<T> {
        self.tasks.join_all().await
    }
}

/// The same future, with its polls counted.
pub(super) async fn polled<F: Future>(future: F, polls: Arc<Count>) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let state = future.as_mut().poll(context);
        polls.add();
        state
    })
    .await
}

pub(super) async fn token(source: TokenSource) -> Result<LiveToken, Error> {
    source.token().await
}

pub(super) async fn renew_now(source: TokenSource) -> Result<LiveToken, Error> {
    source.renew_now().await
}

/// The token that all of them have.
pub(super) fn one_token(results: Vec<Result<LiveToken, Error>>) -> Generation {
    let generations = results.into_iter().map(|token| token.unwrap().generation());
    the_same(generations)
}

/// The error that all of them have.
pub(super) fn one_error(results: Vec<Result<LiveToken, Error>>) -> Error {
    let errors: Vec<_> = results.into_iter().map(Result::unwrap_err).collect();
    the_same(errors.iter().map(ToString::to_string));
    errors[0].clone()
}

/// Why there is no token, where that is known.
pub(super) fn cause(error: &Error) -> Option<&RenewalError> {
    match error {
        Error::Token(error) => error.cause(),
        other => panic!("{other}"),
    }
}

fn the_same<T: PartialEq + std::fmt::Debug>(mut all: impl Iterator<Item = T>) -> T {
    let first = all.next().unwrap();
    all.for_each(|other| assert_eq!(other, first));
    first
}
