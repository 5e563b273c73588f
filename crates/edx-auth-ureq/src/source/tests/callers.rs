//! Callers that ask at the same time, and what they have in common afterwards.

use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

use edx_auth_core::{Generation, LiveToken, RenewalError};

use crate::{Error, TokenSource};

/// Callers on their way, each on a thread.
pub(super) struct Callers<T>(Vec<JoinHandle<T>>);

/// So many callers who all ask this at once.
pub(super) fn callers<T: Send + 'static>(
    count: usize,
    source: &TokenSource,
    ask: impl Fn(&TokenSource) -> T + Clone + Send + 'static,
) -> Callers<T> {
    let start = Arc::new(Barrier::new(count));
    let caller = |_| {
        let (source, start, ask) = (source.clone(), Arc::clone(&start), ask.clone());
        thread::spawn(move || {
            start.wait();
            ask(&source)
        })
    };
    Callers((0..count).map(caller).collect())
}

impl<T> Callers<T> {
    pub(super) fn results(self) -> Vec<T> {
        let result = |caller: JoinHandle<T>| caller.join().unwrap();
        self.0.into_iter().map(result).collect()
    }
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
