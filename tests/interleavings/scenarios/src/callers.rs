//! Callers that ask in any order, and what they have in common afterwards.

use edx_auth_core::{Generation, TokenError};
use machine::thread::{self, JoinHandle};

use crate::{Asked, Error, Source};

/// Callers on their way, each on a thread.
pub struct Callers(Vec<JoinHandle<Asked>>);

/// So many callers who all ask this.
pub fn callers<S: Source>(
    count: usize,
    source: &S,
    ask: impl Fn(&S) -> Asked + Clone + Send + 'static,
) -> Callers {
    let caller = |_| {
        let (source, ask) = (source.clone(), ask.clone());
        thread::spawn(move || ask(&source))
    };
    Callers((0..count).map(caller).collect())
}

impl Callers {
    #[must_use]
    pub fn results(self) -> Vec<Asked> {
        let result = |caller: JoinHandle<Asked>| caller.join().unwrap();
        self.0.into_iter().map(result).collect()
    }

    /// What all of them have.
    #[must_use]
    pub fn tokens(self) -> Vec<Generation> {
        let tokens = self.results().into_iter();
        tokens.map(|token| token.unwrap().generation()).collect()
    }

    /// The token that all of them have.
    pub fn one_token(self) -> Generation {
        the_same(self.tokens())
    }

    /// The error that all of them have.
    #[must_use]
    pub fn one_error(self) -> String {
        let errors = self.results().into_iter();
        the_same(errors.map(|asked| no_token(asked).to_string()).collect())
    }
}

/// Why there is no token.
#[must_use]
pub fn no_token(asked: Asked) -> TokenError {
    match asked {
        Err(Error::Token(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn the_same<T: PartialEq + std::fmt::Debug>(all: Vec<T>) -> T {
    let mut all = all.into_iter();
    let first = all.next().unwrap();
    all.for_each(|other| assert_eq!(other, first));
    first
}
