//! Token requests to which a site responds without a token, and the backoffs after them.

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, cause, in_both_flavors, one_error,
    one_token,
};
use crate::{Error, RenewalError};

in_both_flavors!(
    a_long_backoff_gives_all_callers_the_same_error,
    short_backoffs_are_waited_out_with_one_request_each,
    a_denial_reaches_all_callers_at_once,
    denied_credentials_are_not_tried_again_within_the_backoff,
);

fn a_long_backoff_gives_all_callers_the_same_error<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    site.receives(1);
    site.respond([Behavior::Unavailable]);

    let error = one_error(callers.results());
    assert_eq!(status(&error), Some(503));
    assert!(error.is_retryable() && error.retry_after().is_some());
    assert_eq!(site.requests(), 1);
}

fn short_backoffs_are_waited_out_with_one_request_each<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(SHORT_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    site.respond([
        Behavior::Unavailable,
        Behavior::NoConnection,
        Behavior::Unavailable,
    ]);
    site.respond([Behavior::Token]);

    one_token(callers.results());
    assert_eq!(site.requests(), 4);
}

fn a_denial_reaches_all_callers_at_once<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(SHORT_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    site.receives(1);
    site.respond([Behavior::Denied]);

    let error = one_error(callers.results());
    assert_eq!(status(&error), Some(401));
    assert!(!error.is_retryable());
    assert_eq!(site.requests(), 1);
}

fn denied_credentials_are_not_tried_again_within_the_backoff<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(SHORT_BACKOFFS);
    site.respond([Behavior::Denied]);
    let denied = W::ask(&source, Ask::Token).unwrap_err();

    let later = W::start(20, &source, Ask::Token);

    let error = one_error(later.results());
    assert_eq!(error.to_string(), denied.to_string());
    assert_eq!(site.requests(), 1);
}

fn status(error: &Error) -> Option<u16> {
    match cause(error) {
        Some(RenewalError::Exchange(error)) => error.status().map(|status| status.as_u16()),
        other => panic!("{other:?}"),
    }
}
