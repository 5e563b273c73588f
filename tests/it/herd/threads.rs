//! Threads, over every driver.

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use edx_auth_core::{LiveToken, TokenError};
use edx_auth_testkit::{Behavior, BehaviorHandle, MockEdx, Reply};
use edx_auth_tests::drivers::{DRIVERS, Driver, Setup};
use edx_auth_tests::patience::within_patience;

use super::{LONG_PAUSES, setup};

#[test]
fn threads_without_a_token_share_one_request() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let reply = edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::until_released(Behavior::pass_through()),
        );
        let source = (stack.new_source)(setup(&edx));

        let herd = herd(256, source, |source| source.token(), lined_up(reply));

        assert!(herd.iter().all(Result::is_ok), "{}", stack.name);
        assert_eq!(edx.token_requests(), 1, "{}", stack.name);
    }
}

#[test]
fn fifty_threads_at_a_failing_site_get_the_same_error() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        edx.next_request(
            MockEdx::TOKEN_PATH,
            Reply::html(503, "<h1>Be right back</h1>"),
        );
        let policy = LONG_PAUSES;
        let source = (stack.new_source)(Setup {
            policy,
            ..setup(&edx)
        });

        let herd = herd(50, source, |source| source.token(), || {});

        let told = herd.into_iter().map(|told| told.unwrap_err().to_string());
        assert_eq!(told.collect::<BTreeSet<_>>().len(), 1, "{}", stack.name);
        assert_eq!(edx.token_requests(), 1, "{}", stack.name);
    }
}

#[test]
fn fifty_concurrent_forced_renewals_are_one_request() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let source = (stack.new_source)(setup(&edx));
        let old = source.token().unwrap();
        let reply = edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::until_released(Behavior::pass_through()),
        );

        let herd = herd(50, source, |source| source.renew_now(), lined_up(reply));

        let is_newer = |token: &LiveToken| token.generation() > old.generation();
        let newer = herd.iter().flatten().filter(|token| is_newer(token));
        assert_eq!(newer.count(), 50, "{}", stack.name);
        assert_eq!(edx.token_requests(), 2, "{}", stack.name);
    }
}

type Asked = Result<LiveToken, TokenError>;

/// So many threads that ask at one moment, and something to be done right after it; what they got.
fn herd(
    threads: usize,
    source: Arc<dyn Driver>,
    ask: fn(&dyn Driver) -> Asked,
    afterwards: impl FnOnce() + Send + 'static,
) -> Vec<Asked> {
    within_patience(move || {
        let start = Barrier::new(threads + 1);
        let asking = || {
            start.wait();
            ask(&*source)
        };
        thread::scope(|scope| {
            let herd: Vec<_> = (0..threads).map(|_| scope.spawn(asking)).collect();
            start.wait();
            afterwards();
            herd.into_iter().map(|one| one.join().unwrap()).collect()
        })
    })
}

/// Lets the reply come when all are in line.
///
/// A thread that waits for a token cannot be told from one that is about to, so they are given far
/// more time than that takes; nothing is asserted of it.
fn lined_up(reply: BehaviorHandle) -> impl FnOnce() + Send {
    move || {
        thread::sleep(Duration::from_secs(1));
        reply.release();
    }
}
