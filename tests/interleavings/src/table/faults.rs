//! Code that panics, and threads that cannot start.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};

use machine::{thread, time};

use crate::callers::callers;
use crate::plan::{CLIENT, HOUR, LONG_BACKOFFS, Plan, SHORT_BACKOFFS};
use crate::site::{self, Behavior};
use crate::source::Source;

pub(super) fn a_panicking_transport_is_reported_to_all() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    site::set_behaviors([Behavior::Panic]);

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("ended without a result"), "{error}");
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_panicking_credentials_function_is_reported_to_all() {
    let source = Source::new(Plan::new(LONG_BACKOFFS).provided(|| broken()));

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("ended without a result"), "{error}");
    assert_eq!(site::requests(), 0);
}

pub(super) fn a_panic_in_the_second_credentials_call_reports_the_denial() {
    let source = Source::new(Plan::new(LONG_BACKOFFS).provided(breaks_at_call(2)));
    site::set_behaviors([Behavior::Denied]);

    let error = callers(6, &source, Source::token).one_error();

    assert!(error.contains("invalid_client"), "{error}");
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_missing_thread_is_reported_to_all() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    thread::fail(1);

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("ended without a result"), "{error}");
    assert_eq!(site::requests(), 0);
}

pub(super) fn a_source_recovers_from_panics_and_missing_threads() {
    let plan = Plan::new(SHORT_BACKOFFS).provided(breaks_at_call(1));
    let source = Source::new(plan.timeout(2 * HOUR));
    site::set_behaviors([Behavior::Panic]);
    thread::fail(1);
    time::passes(HOUR);

    callers(4, &source, Source::token).one_token();

    assert_eq!(site::requests(), 2);
}

/// Returns a function that returns the client, and panics at this call.
fn breaks_at_call(number: usize) -> impl Fn() -> &'static str + Send + Sync {
    let calls = AtomicUsize::new(0);
    move || {
        if calls.fetch_add(1, Ordering::Relaxed) + 1 == number {
            broken()
        } else {
            CLIENT
        }
    }
}

fn broken() -> ! {
    panic::resume_unwind(Box::new("the credentials function panics"))
}
