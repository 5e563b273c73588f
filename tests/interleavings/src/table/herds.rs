//! Many callers, and one token request.

use std::time::Duration;

use crate::callers::callers;
use crate::plan::{LONG_BACKOFFS, Plan};
use crate::site::{self, Behavior};
use crate::source::{Source, no_token};
use crate::tasks;

pub(super) fn cold_callers_share_one_token_request() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));

    callers(8, &source, Source::token).one_token();

    assert_eq!(site::requests(), 1);
}

pub(super) fn blocking_and_async_callers_share_one_token_request() {
    let source = Source::mixed(Plan::new(LONG_BACKOFFS).provided(|| "acme-api"));

    let (threads, tasks) = (
        callers(3, &source, Source::token),
        tasks::waiting(3, &source),
    );

    assert_eq!(threads.one_token(), tasks.one_token());
    assert_eq!(site::requests(), 1);
}

pub(super) fn denied_callers_share_one_error() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    site::set_behaviors([Behavior::Denied]);

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("invalid_client"), "{error}");
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_caller_without_time_leaves_its_request_for_the_others() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));

    let hasty = callers(2, &source, |source| source.token_within(Duration::ZERO));
    let waiting = callers(3, &source, Source::token);

    for asked in hasty.results() {
        assert!(asked.is_ok() || no_token(asked).renewal_error().is_none());
    }
    waiting.one_token();
    assert_eq!(site::requests(), 1);
}
