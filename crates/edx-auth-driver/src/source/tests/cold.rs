//! Many callers, and no token yet.

use std::time::Duration;

use crate::testing::{
    Ask, Behavior, Flavor, LONG_BACKOFFS, Site, cause, in_both_flavors, one_token,
};

in_both_flavors!(
    a_caller_with_a_timeout_of_zero_leaves_and_the_others_get_the_token,
    a_token_that_comes_while_callers_line_up_reaches_them_all,
    a_herd_shares_one_request,
    a_prefetched_token_is_requested_once_and_while_the_program_starts,
    a_prefetch_keeps_the_backoff_and_a_fresh_token,
);

fn a_caller_with_a_timeout_of_zero_leaves_and_the_others_get_the_token<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let error = W::ask(&source, Ask::Within(Duration::ZERO)).unwrap_err();
    let others = W::start(20, &source, Ask::Token);
    site.respond([Behavior::Token]);

    assert!(cause(&error).is_none());
    assert!(error.is_retryable());
    one_token(others.results());
    assert_eq!(site.requests(), 1);
}

fn a_token_that_comes_while_callers_line_up_reaches_them_all<W: Flavor>() {
    for _ in 0..50 {
        let site = Site::new();
        let source = site.source::<W>(LONG_BACKOFFS);

        site.respond([Behavior::Token]);
        let callers = W::start(8, &source, Ask::Token);

        one_token(callers.results());
        assert_eq!(site.requests(), 1);
    }
}

fn a_herd_shares_one_request<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let herd = W::start(W::HERD, &source, Ask::Token);
    herd.have_asked();
    site.receives(1);
    site.respond([Behavior::Token]);

    one_token(herd.results());
    assert_eq!(site.requests(), 1);
}

fn a_prefetched_token_is_requested_once_and_while_the_program_starts<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    source.prefetch();
    source.prefetch();
    site.receives(1);
    site.respond([Behavior::Token]);

    W::ask(&source, Ask::Token).unwrap();
    assert_eq!(site.requests(), 1);
}

fn a_prefetch_keeps_the_backoff_and_a_fresh_token<W: Flavor>() {
    for behavior in [Behavior::Denied, Behavior::Token] {
        let site = Site::new();
        let source = site.source::<W>(LONG_BACKOFFS);
        site.respond([behavior]);
        let _asked = W::ask(&source, Ask::Token);

        source.prefetch();

        assert!(!source.health().is_renewing, "{behavior:?}");
        assert_eq!(site.requests(), 1, "{behavior:?}");
    }
}
