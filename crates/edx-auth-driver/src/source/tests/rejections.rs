//! Tokens that an API rejects.

use crate::Invalidation;
use crate::testing::{Ask, Behavior, Flavor, in_both_flavors, one_token, with_fresh_token};

in_both_flavors!(
    late_rejections_of_one_token_share_one_request,
    a_rejected_token_is_served_to_all_other_callers,
    a_rejected_token_never_comes_back_to_its_caller,
    the_rejection_of_a_replaced_token_causes_no_request,
);

fn late_rejections_of_one_token_share_one_request<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();

    let rejected = W::start(20, &source, Ask::Rejecting(old.clone()));
    site.receives(1);
    site.respond([Behavior::Token]);
    let new = one_token(rejected.results());
    let late = W::start(20, &source, Ask::Rejecting(old.clone()));

    assert!(new > old.generation());
    assert_eq!(one_token(late.results()), new);
    assert_eq!(site.requests(), 1);
}

fn a_rejected_token_is_served_to_all_other_callers<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();

    let invalidation = source.invalidate(&old);
    let others = one_token(W::start(20, &source, Ask::Token).results());
    site.receives(1);

    assert!(matches!(invalidation, Invalidation::WillRenew { .. }));
    assert_eq!(others, old.generation());
    assert_eq!(site.requests(), 1);
}

fn a_rejected_token_never_comes_back_to_its_caller<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();

    site.respond([Behavior::Unavailable]);
    let error = W::ask(&source, Ask::Rejecting(old.clone())).unwrap_err();
    let other = W::ask(&source, Ask::Token).unwrap();

    assert!(error.is_retryable());
    assert_eq!(other.generation(), old.generation());
    assert_eq!(site.requests(), 1);
}

fn the_rejection_of_a_replaced_token_causes_no_request<W: Flavor>() {
    let (site, source, old) = with_fresh_token::<W>();
    site.respond([Behavior::Token]);
    let new = W::ask(&source, Ask::RenewNow).unwrap();

    let invalidation = source.invalidate(&old);
    let replacement = W::ask(&source, Ask::NewerThan(old)).unwrap();

    assert_eq!(invalidation, Invalidation::AlreadyReplaced);
    assert_eq!(replacement.generation(), new.generation());
    assert_eq!(site.requests(), 1);
}
