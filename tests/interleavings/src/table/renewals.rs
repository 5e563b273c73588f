//! A cached token, and a newer one.

use std::time::Duration;

use edx_auth_core::{AccessToken, StoredToken, TokenType};
use machine::{thread, time};

use crate::callers::callers;
use crate::plan::{HOUR, LONG_BACKOFFS, Plan};
use crate::site::{self, Behavior};
use crate::source::Source;

pub(super) fn a_due_token_is_served_during_its_renewal() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap().generation();
    time::advance(DUE);

    let served = callers(8, &source, Source::token).tokens();

    assert!(served.iter().all(|token| *token >= old));
    thread::join_all();
    assert!(source.token().unwrap().generation() > old);
    assert_eq!(site::requests(), 2);
}

/// Time stands still, and so does the token request, until all callers are served.
pub(super) fn no_caller_waits_for_a_renewal() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap().generation();
    time::advance(DUE);
    site::set_behaviors([Behavior::Late(Duration::from_secs(10))]);

    assert_eq!(callers(6, &source, Source::token).one_token(), old);

    time::passes(HOUR);
    thread::join_all();
    assert!(source.token().unwrap().generation() > old);
    assert_eq!(site::requests(), 2);
}

pub(super) fn a_failed_renewal_fails_no_caller() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap().generation();
    time::advance(DUE);
    site::set_behaviors([Behavior::Unavailable]);

    assert_eq!(callers(8, &source, Source::token).one_token(), old);

    thread::join_all();
    assert_eq!(site::requests(), 2);
}

pub(super) fn a_forced_renewal_returns_a_newer_token() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap().generation();

    let forced = callers(3, &source, Source::renew_now).tokens();

    assert!(forced.iter().all(|token| *token > old));
    assert!((2..=4).contains(&site::requests()), "{}", site::requests());
}

/// Time stands still, and so does the token request, until all callers are served.
pub(super) fn a_restored_token_wakes_all_callers() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    site::set_behaviors([Behavior::Late(Duration::from_secs(10))]);

    let waiting = callers(6, &source, Source::token);
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    source.restore(StoredToken::new(token, HOUR, source.now().wall));
    waiting.one_token();

    time::passes(HOUR);
    thread::join_all();
    assert!(site::requests() <= 1, "{}", site::requests());
}

/// When a token of an hour is due for renewal and still usable.
const DUE: Duration = HOUR.saturating_sub(Duration::from_secs(60));
