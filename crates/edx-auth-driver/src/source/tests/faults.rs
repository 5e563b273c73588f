//! Transports and callers that panic.

use std::thread;
use std::time::Duration;

use edx_auth_core::RenewalError;

use crate::TokenSource;
use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, cause, hold_due, in_both_flavors,
    one_error, one_token,
};

in_both_flavors!(
    a_panicking_transport_is_asked_again,
    a_panicking_transport_is_an_abandoned_attempt,
    a_caller_that_panics_leaves_its_token_request_to_the_others,
    a_caller_that_panics_leaves_its_renewal_to_the_others,
);

fn a_panicking_transport_is_asked_again<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(SHORT_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Panic, Behavior::Panic, Behavior::Token]);

    one_token(callers.results());
    assert_eq!(site.requests(), 3);
}

fn a_panicking_transport_is_an_abandoned_attempt<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Panic]);

    let error = one_error(callers.results());
    assert!(matches!(cause(&error), Some(RenewalError::Abandoned)));
    assert!(error.is_retryable());
    assert_eq!(site.requests(), 1);
}

fn a_caller_that_panics_leaves_its_token_request_to_the_others<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    ask_and_panic(&source);
    site.receives(1);
    let others = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Token]);

    one_token(others.results());
    assert_eq!(site.requests(), 1);
}

fn a_caller_that_panics_leaves_its_renewal_to_the_others<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold_due(&source);

    ask_and_panic(&source);
    site.receives(1);
    let old = W::ask(&source, Ask::Token).unwrap();
    site.respond([Behavior::Token]);
    let new = W::ask(&source, Ask::NewerThan(old.clone())).unwrap();

    assert!(new.generation() > old.generation());
    assert_eq!(site.requests(), 1);
}

fn ask_and_panic<W: Flavor>(source: &TokenSource<W>) {
    let source = source.clone();
    let caller = thread::spawn(move || {
        let _token = W::ask(&source, Ask::Within(Duration::ZERO));
        panic!("the caller breaks");
    });
    caller.join().unwrap_err();
}
