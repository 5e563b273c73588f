//! Callers that ask at the same time, in both flavors, and what they have in common afterwards.

use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use edx_auth_core::{ApiCall, Generation, LiveToken, RenewalError};

use super::Count;
#[cfg(feature = "async")]
use crate::Async;
use crate::{Blocking, CallAction, Error, TokenSource};

pub(crate) type Got = Result<LiveToken, Error>;

/// What a caller asks a source for.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Token,
    Within(Duration),
    ValidFor(Duration),
    NewerThan(LiveToken),
    /// A newer token than this one, which an API has just rejected.
    Rejecting(LiveToken),
    RenewNow,
}

/// A way to wait for a token.
pub(crate) trait Flavor: Sized + 'static {
    /// How many callers ask at once where a test has a herd of them.
    const HERD: usize;

    /// Asks once, on this thread and outside every runtime.
    fn ask(source: &TokenSource<Self>, ask: Ask) -> Got;

    /// Takes an API call to its next action, on this thread and outside every runtime.
    fn next_action(source: &TokenSource<Self>, call: &mut ApiCall) -> Result<CallAction, Error>;

    /// Starts callers that all ask at once.
    fn start(count: usize, source: &TokenSource<Self>, ask: Ask) -> Callers;
}

/// Callers that were started.
pub(crate) struct Callers {
    threads: Vec<JoinHandle<Vec<Got>>>,
    asked: Arc<Count>,
    count: usize,
}

impl Callers {
    /// Waits until all of them ask: blocking ones are about to, async ones were polled.
    pub(crate) fn have_asked(&self) {
        self.asked.reaches(self.count);
    }

    pub(crate) fn results(self) -> Vec<Got> {
        let results = |thread: JoinHandle<Vec<Got>>| thread.join().unwrap();
        self.threads.into_iter().flat_map(results).collect()
    }
}

impl Flavor for Blocking {
    const HERD: usize = 256;

    fn ask(source: &TokenSource<Self>, ask: Ask) -> Got {
        match ask {
            Ask::Token => source.token(),
            Ask::Within(timeout) => source.token_within(timeout),
            Ask::ValidFor(validity) => source.token_valid_for(validity),
            Ask::NewerThan(token) => source.token_newer_than(&token),
            Ask::Rejecting(token) => {
                let _invalidation = source.invalidate(&token);
                source.token_newer_than(&token)
            }
            Ask::RenewNow => source.renew_now(),
        }
    }

    fn next_action(source: &TokenSource<Self>, call: &mut ApiCall) -> Result<CallAction, Error> {
        source.next_action(call)
    }

    /// Starts each caller on a thread.
    fn start(count: usize, source: &TokenSource<Self>, ask: Ask) -> Callers {
        let (asked, start) = (Arc::<Count>::default(), Arc::new(Barrier::new(count)));
        let caller = |_| {
            let (source, ask) = (source.clone(), ask.clone());
            let (asked, start) = (Arc::clone(&asked), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                asked.add();
                vec![Self::ask(&source, ask)]
            })
        };
        let threads = (0..count).map(caller).collect();
        Callers {
            threads,
            asked,
            count,
        }
    }
}

#[cfg(feature = "async")]
pub(crate) use asynchronous::{block_on, polled};

#[cfg(feature = "async")]
mod asynchronous {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::{Context, Poll, Wake, Waker};
    use std::thread::Thread;

    use tokio::runtime::Builder;
    use tokio::task::JoinSet;

    use super::*;

    impl Flavor for Async {
        const HERD: usize = 10_000;

        fn ask(source: &TokenSource<Self>, ask: Ask) -> Got {
            block_on(asking(source.clone(), ask))
        }

        fn next_action(
            source: &TokenSource<Self>,
            call: &mut ApiCall,
        ) -> Result<CallAction, Error> {
            block_on(source.next_action(call))
        }

        /// Starts each caller in a task of one runtime.
        fn start(count: usize, source: &TokenSource<Self>, ask: Ask) -> Callers {
            let asked = Arc::<Count>::default();
            let (source, polls) = (source.clone(), Arc::clone(&asked));
            let runtime = thread::spawn(move || {
                let caller = |_| once_polled(asking(source.clone(), ask.clone()), polls.clone());
                let runtime = Builder::new_multi_thread().worker_threads(2).build();
                let all = async {
                    (0..count)
                        .map(caller)
                        .collect::<JoinSet<_>>()
                        .join_all()
                        .await
                };
                runtime.unwrap().block_on(all)
            });
            Callers {
                threads: vec![runtime],
                asked,
                count,
            }
        }
    }

    async fn asking(source: TokenSource<Async>, ask: Ask) -> Got {
        match ask {
            Ask::Token => source.token().await,
            Ask::Within(timeout) => source.token_within(timeout).await,
            Ask::ValidFor(validity) => source.token_valid_for(validity).await,
            Ask::NewerThan(token) => source.token_newer_than(&token).await,
            Ask::Rejecting(token) => {
                let _invalidation = source.invalidate(&token);
                source.token_newer_than(&token).await
            }
            Ask::RenewNow => source.renew_now().await,
        }
    }

    /// Runs a future and counts its polls.
    pub(crate) async fn polled<F: Future>(future: F, polls: Arc<Count>) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            let state = future.as_mut().poll(context);
            polls.add();
            state
        })
        .await
    }

    /// Runs a future and counts its first poll.
    async fn once_polled<F: Future>(future: F, first: Arc<Count>) -> F::Output {
        let mut future = pin!(future);
        let mut first = Some(first);
        poll_fn(|context| {
            let state = future.as_mut().poll(context);
            if let Some(first) = first.take() {
                first.add();
            }
            state
        })
        .await
    }

    /// Drives a future on this thread, without any runtime.
    pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
        struct Unpark(Thread);
        impl Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(result) => return result,
                Poll::Pending => thread::park(),
            }
        }
    }
}

/// Makes two tests of each of these functions: blocking and async.
macro_rules! in_both_flavors {
    ($($test:ident),* $(,)?) => {
        mod blocking {
            $(#[test]
            fn $test() {
                super::$test::<crate::Blocking>();
            })*
        }

        #[cfg(feature = "async")]
        mod asynchronous {
            $(#[test]
            fn $test() {
                super::$test::<crate::Async>();
            })*
        }
    };
}
pub(crate) use in_both_flavors;

/// Checks that all callers got the same token, and returns its generation.
pub(crate) fn one_token(results: Vec<Got>) -> Generation {
    let generations = results.into_iter().map(|token| token.unwrap().generation());
    the_same(generations)
}

/// Checks that all callers got the same error, and returns it.
pub(crate) fn one_error(results: Vec<Got>) -> Error {
    let mut errors = results.into_iter().map(Result::unwrap_err);
    let first = errors.next().unwrap();
    errors.for_each(|error| assert_eq!(error.to_string(), first.to_string()));
    first
}

/// Returns why there is no token, where that is known.
pub(crate) fn cause(error: &Error) -> Option<&RenewalError> {
    match error {
        Error::Token(error) => error.renewal_error(),
        other => panic!("{other}"),
    }
}

fn the_same<T: PartialEq + std::fmt::Debug>(mut all: impl Iterator<Item = T>) -> T {
    let first = all.next().unwrap();
    all.for_each(|other| assert_eq!(other, first));
    first
}
