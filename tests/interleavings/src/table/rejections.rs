//! A token that an API rejects.

use machine::time;

use crate::callers::callers;
use crate::plan::{HOUR, LONG_BACKOFFS, Plan};
use crate::site;
use crate::source::Source;

pub(super) fn a_token_rejected_twice_is_renewed_once() {
    let source = Source::new(Plan::new(LONG_BACKOFFS));
    let old = source.token().unwrap();
    time::advance(HOUR / 6);

    let rejected = old.clone();
    let rejecting = callers(2, &source, move |source| {
        let _invalidation = source.invalidate(&rejected);
        source.token_newer_than(&rejected)
    });
    let others = callers(2, &source, Source::token).tokens();

    assert!(rejecting.one_token() > old.generation());
    assert!(others.iter().all(|token| *token >= old.generation()));
    assert_eq!(site::requests(), 2);
}
