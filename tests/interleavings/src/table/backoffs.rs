//! Backoffs: the pauses in which a source sends no request to a site that fails.

use std::time::Duration;

use machine::{thread, time};

use crate::callers::callers;
use crate::plan::{FOREVER, HOUR, LONG_BACKOFFS, Plan, SHORT_BACKOFFS};
use crate::site::{self, Behavior};
use crate::source::Source;

pub(super) fn a_failing_site_gets_one_request_per_backoff() {
    let source = Source::new(Plan::new(SHORT_BACKOFFS).timeout(2 * HOUR));
    site::set_behaviors([Behavior::Unavailable, Behavior::Unreachable]);
    time::passes(HOUR);

    callers(4, &source, Source::token).one_token();

    assert_eq!(site::requests(), 3);
}

/// The clock jumps past the backoff at any moment of the only caller, whose next poll may find work that it
/// has to start.
pub(super) fn a_backoff_that_ends_between_two_polls_is_noticed() {
    let source = Source::new(Plan::new(SHORT_BACKOFFS).timeout(FOREVER));
    site::set_behaviors([Behavior::Unavailable]);

    let caller = callers(1, &source, Source::token);
    while site::requests() == 0 {
        thread::yield_now();
    }
    thread::join_all();
    time::advance(Duration::from_secs(4));
    // For a caller whose wait had begun, but whose timer had not.
    time::passes(HOUR);

    caller.one_token();
    assert_eq!(site::requests(), 2);
}

pub(super) fn a_backoff_beyond_the_timeout_is_reported_to_all() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    site::set_behaviors([Behavior::Unavailable]);

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("503"), "{error}");
    assert_eq!(site::requests(), 1);
}
