//! A cached token, and a newer one on its way.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::testing::{
    Ask, Behavior, Count, Flavor, LONG_BACKOFFS, Site, hold_due, hold_fresh, in_both_flavors,
    one_token, with_due_token, with_fresh_token,
};

in_both_flavors!(
    no_caller_waits_for_a_renewal,
    a_renewed_token_is_served_from_then_on,
    a_failed_renewal_fails_no_caller,
    forced_renewals_have_no_minimum_interval,
    forced_renewals_at_once_share_one_request,
    a_caller_gets_a_token_of_the_validity_that_it_needs,
    a_restored_token_reaches_callers_that_wait,
);

fn no_caller_waits_for_a_renewal<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold_due(&source);

    let old = one_token(W::start(20, &source, Ask::Token).results());
    site.receives(1);
    let meanwhile = one_token(W::start(20, &source, Ask::Token).results());

    assert_eq!(meanwhile, old);
    assert_eq!(site.requests(), 1);
}

fn a_renewed_token_is_served_from_then_on<W: Flavor>() {
    let (site, source, old) = with_due_token::<W>();

    site.respond([Behavior::Token]);
    let new = W::ask(&source, Ask::NewerThan(old.clone())).unwrap();
    let later = one_token(W::start(20, &source, Ask::Token).results());

    assert!(new.generation() > old.generation());
    assert_eq!(later, new.generation());
    assert_eq!(site.requests(), 1);
}

fn a_failed_renewal_fails_no_caller<W: Flavor>() {
    let (site, source, old) = with_due_token::<W>();

    site.respond([Behavior::Unavailable]);
    W::ask(&source, Ask::NewerThan(old.clone())).unwrap_err();
    let served = one_token(W::start(20, &source, Ask::Token).results());

    assert_eq!(served, old.generation());
    assert_eq!(site.requests(), 1);
}

fn forced_renewals_have_no_minimum_interval<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();

    site.respond([Behavior::Token; 2]);
    let first = W::ask(&source, Ask::RenewNow).unwrap();
    let second = W::ask(&source, Ask::RenewNow).unwrap();

    assert!(first.generation() > old.generation());
    assert!(second.generation() > first.generation());
    assert_eq!(site.requests(), 2);
}

fn forced_renewals_at_once_share_one_request<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();

    // The two halves of `renew_now`, so that the test knows when all threads have done the first.
    let forced = Arc::new(Count::default());
    let renewing: Vec<_> = (0..20)
        .map(|_| {
            let (source, old, forced) = (source.clone(), old.clone(), Arc::clone(&forced));
            thread::spawn(move || {
                source.engine().with(|agent, _| agent.renew_now());
                forced.add();
                W::ask(&source, Ask::NewerThan(old))
            })
        })
        .collect();
    forced.reaches(20);
    let meanwhile = one_token(W::start(20, &source, Ask::Token).results());
    site.respond([Behavior::Token]);
    let new = renewing.into_iter().map(|thread| thread.join().unwrap());
    let new = one_token(new.collect());

    assert_eq!(meanwhile, old.generation());
    assert!(new > old.generation());
    assert_eq!(site.requests(), 1);
}

fn a_caller_gets_a_token_of_the_validity_that_it_needs<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    site.respond([Behavior::Token]);
    let long = Duration::from_secs(9 * 60);
    let token = W::ask(&source, Ask::ValidFor(long)).unwrap();

    assert!(token.usable_for() > long);
    assert_eq!(site.requests(), 1);
}

fn a_restored_token_reaches_callers_that_wait<W: Flavor>() {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);

    let callers = W::start(20, &source, Ask::Token);
    callers.have_asked();
    hold_fresh(&source);

    one_token(callers.results());
}
