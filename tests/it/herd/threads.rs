//! Threads over every driver.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use edx_auth_core::{LiveToken, TokenError};
use edx_auth_testkit::{Behavior, BehaviorHandle, MockEdx, MockResponse};
use edx_auth_tests::drivers::{DRIVERS, Driver, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::{LONG_PAUSES, setup};

#[test]
fn threads_without_a_token_share_one_request() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let response = edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::until_released(Behavior::pass_through()),
        );
        let source = (stack.new_source)(setup(&edx));

        let herd = herd(
            256,
            source,
            |source| source.token(),
            released_once_all_wait(response),
        );

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
            MockResponse::html(503, "<h1>Be right back</h1>"),
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
        let response = edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::until_released(Behavior::pass_through()),
        );

        let herd = herd(
            50,
            source,
            |source| source.renew_now(),
            released_once_all_wait(response),
        );

        let is_newer = |token: &LiveToken| token.generation() > old.generation();
        let newer = herd.iter().flatten().filter(|token| is_newer(token));
        assert_eq!(newer.count(), 50, "{}", stack.name);
        assert_eq!(edx.token_requests(), 2, "{}", stack.name);
    }
}

type Asked = Result<LiveToken, TokenError>;

/// Starts this many threads that ask at the same time, and calls `meanwhile` once each of them asks. Returns
/// the results.
fn herd(
    threads: usize,
    source: Arc<dyn Driver>,
    ask: fn(&dyn Driver) -> Asked,
    meanwhile: impl FnOnce() + Send + 'static,
) -> Vec<Asked> {
    within_timeout(move || {
        let (start, started) = (Barrier::new(threads), AtomicUsize::new(0));
        let asking = || {
            start.wait();
            started.fetch_add(1, Ordering::Relaxed);
            ask(&*source)
        };
        thread::scope(|scope| {
            let herd: Vec<_> = (0..threads).map(|_| scope.spawn(asking)).collect();
            while started.load(Ordering::Relaxed) < threads {
                thread::sleep(Duration::from_millis(1));
            }
            meanwhile();
            herd.into_iter().map(|one| one.join().unwrap()).collect()
        })
    })
}

/// Releases the response once all threads wait.
///
/// A waiting thread cannot be distinguished from one that is about to wait, so the threads get far
/// more time than the few instructions between.
fn released_once_all_wait(response: BehaviorHandle) -> impl FnOnce() + Send {
    move || {
        thread::sleep(Duration::from_secs(2));
        response.release();
    }
}
