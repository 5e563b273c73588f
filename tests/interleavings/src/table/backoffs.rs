//! A site in trouble.

use machine::time;

use crate::callers::callers;
use crate::plan::{HOUR, LONG_BACKOFFS, Plan, SHORT_BACKOFFS};
use crate::site::{self, Answer};
use crate::source::Source;

pub(super) fn a_site_in_trouble_gets_one_request_per_backoff() {
    let source = Source::new(Plan::new(SHORT_BACKOFFS).timeout(2 * HOUR));
    site::answer([Answer::Unavailable, Answer::Unreachable]);
    time::passes(HOUR);

    callers(4, &source, Source::token).one_token();

    assert_eq!(site::requests(), 3);
}

pub(super) fn a_backoff_beyond_the_timeout_is_reported_to_all() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    site::answer([Answer::Unavailable]);

    let error = callers(8, &source, Source::token).one_error();

    assert!(error.contains("503"), "{error}");
    assert_eq!(site::requests(), 1);
}
