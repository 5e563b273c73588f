//! Async callers that are dropped at any of their awaits.

use machine::{fail_timers, thread, time};

use crate::plan::{HOUR, LONG_BACKOFFS, Plan, SHORT_BACKOFFS};
use crate::site::{self, Behavior};
use crate::source::Source;
use crate::tasks::{dropped, waiting};

pub(super) fn callers_on_tasks_share_one_token_request() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));

    waiting(8, &source).one_token();

    assert_eq!(site::requests(), 1);
}

pub(super) fn a_caller_dropped_at_any_await_harms_no_other() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));

    let gone = dropped(3, || source.token_async());
    waiting(3, &source).one_token();
    let _asked = gone.results();

    assert_eq!(site::requests(), 1);
}

pub(super) fn a_caller_dropped_during_a_backoff_harms_no_other() {
    let source = Source::new(Plan::new(SHORT_BACKOFFS).timeout(2 * HOUR));
    site::set_behaviors([Behavior::Unavailable, Behavior::Panic]);
    time::passes(HOUR);

    let gone = dropped(3, || source.token_async());
    waiting(2, &source).one_token();
    let _asked = gone.results();

    assert_eq!(site::requests(), 3);
}

pub(super) fn a_caller_dropped_during_a_renewal_harms_no_other() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap();
    time::advance(HOUR / 6);

    let gone = dropped(2, || {
        let (source, old) = (source.clone(), old.clone());
        async move {
            let _invalidation = source.invalidate(&old);
            source.token_newer_than_async(&old).await
        }
    });
    let newer = source.token_newer_than(&old).unwrap();
    let _asked = gone.results();

    assert!(newer.generation() > old.generation());
    assert_eq!(site::requests(), 2);
}

pub(super) fn callers_that_are_all_dropped_leave_a_token() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));

    let _asked = dropped(3, || source.token_async()).results();

    thread::join_all();
    source.token().unwrap();
    thread::join_all();
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_caller_without_a_timer_harms_no_other() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    fail_timers(2);

    let asked = waiting(6, &source).results();

    let without_timer = asked.iter().filter(|asked| asked.is_err());
    assert!(without_timer.count() <= 2);
    thread::join_all();
    source.token().unwrap();
    assert_eq!(site::requests(), 1);
}
