//! Callers that ask in any order, and their common results.

use std::thread::{self, JoinHandle};

use edx_auth_core::Generation;

use crate::source::{Asked, Source, no_token};

/// Callers that wait, each on a thread.
pub(crate) struct Callers(Vec<JoinHandle<Asked>>);

/// Starts `count` callers that each call `ask`.
pub(crate) fn callers(
    count: usize,
    source: &Source,
    ask: impl Fn(&Source) -> Asked + Clone + Send + 'static,
) -> Callers {
    let caller = |_| {
        let (source, ask) = (source.clone(), ask.clone());
        thread::spawn(move || ask(&source))
    };
    Callers((0..count).map(caller).collect())
}

impl Callers {
    pub(crate) fn results(self) -> Vec<Asked> {
        let result = |caller: JoinHandle<Asked>| caller.join().unwrap();
        self.0.into_iter().map(result).collect()
    }

    /// Checks that each caller got a token, and returns the generations of the tokens.
    pub(crate) fn tokens(self) -> Vec<Generation> {
        tokens(self.results())
    }

    /// Checks that all callers got the same token, and returns its generation.
    pub(crate) fn one_token(self) -> Generation {
        the_same(self.tokens())
    }

    /// Checks that all callers got the same error, and returns its text.
    pub(crate) fn one_error(self) -> String {
        let errors = self.results().into_iter();
        the_same(errors.map(|asked| no_token(asked).to_string()))
    }
}

/// Checks that each of these results is a token, and returns the generations of the tokens.
pub(crate) fn tokens(results: Vec<Asked>) -> Vec<Generation> {
    let tokens = results.into_iter();
    tokens.map(|token| token.unwrap().generation()).collect()
}

/// Checks that all values are equal, and returns the value.
pub(crate) fn the_same<T: PartialEq + std::fmt::Debug>(all: impl IntoIterator<Item = T>) -> T {
    let mut all = all.into_iter();
    let first = all.next().unwrap();
    all.for_each(|other| assert_eq!(other, first));
    first
}
