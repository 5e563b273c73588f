//! Work for which the process has no thread.

use std::thread;

use crate::engine::tests::{PLACES_PER_HOST, engine, take_all_places_of, token, token_within};
use crate::engine::worker::Task;
use crate::engine::*;
use crate::testing::{Count, LONG_BACKOFFS, Site};
use crate::threads::Job;
use crate::trace::TraceContext;
use edx_auth_core::{AccessToken, Jitter, RenewalError, StoredToken, TokenType, WorkKind};

#[test]
fn callers_get_an_error_at_once_if_there_is_no_thread() {
    let site = Site::new();
    let engine = queued(&site);
    let polled = Arc::new(Count::default());
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (engine, polled) = (Arc::clone(&engine), Arc::clone(&polled));
            thread::spawn(move || {
                let mut acquire = acquire(Need::any(), None);
                engine.block_on(|agent, now| {
                    let progress = acquire(agent, now);
                    polled.add();
                    progress
                })
            })
        })
        .collect();
    polled.reaches(CALLERS * POLLS_BEFORE_A_WAIT);

    lose(&engine);

    for caller in callers {
        let error = caller.join().unwrap().unwrap_err();
        let cause = error.renewal_error();
        assert!(matches!(cause, Some(RenewalError::Abandoned)), "{error}");
        assert!(error.advice().contains("threads"));
        assert!(error.is_retryable() && error.retry_after().is_some());
    }
    assert_eq!(site.requests(), PLACES_PER_HOST);
}

#[test]
fn without_a_thread_the_cached_token_is_served() {
    let site = Site::new();
    let engine = queued(&site);
    engine.with(|agent, now| {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let born = now.wall.saturating_sub(Duration::from_secs(55 * 60));
        let stored = StoredToken::new(token, Duration::from_secs(60 * 60), born);
        agent.restore(stored, now, Jitter::NONE)
    });

    lose(&engine);

    assert_eq!(token(&engine).unwrap().authorization(), "JWT a.b.c");
    assert_eq!(site.requests(), PLACES_PER_HOST);
}

const CALLERS: usize = 8;

/// A caller polls once for itself, and once more under the lock that its wait begins with.
const POLLS_BEFORE_A_WAIT: usize = 2;

/// Creates an engine whose attempt waits for a place, and has no thread yet.
fn queued(site: &Site) -> Arc<Engine> {
    take_all_places_of(site);
    let engine = Arc::new(engine(site, LONG_BACKOFFS));
    token_within(&engine, Duration::ZERO).unwrap_err();
    engine
}

/// Reports the attempt as lost, as its lane does if the process cannot start a thread.
fn lose(engine: &Arc<Engine>) {
    let task = Task {
        engine: Arc::clone(engine),
        kind: WorkKind::Exchange,
        context: TraceContext::current(),
    };
    task.lost();
}
