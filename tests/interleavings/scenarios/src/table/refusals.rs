//! A token that an API refuses.

use machine::time;

use crate::{HOUR, Plan, STEADY, Source, callers, site};

pub(super) fn a_token_refused_to_two_is_renewed_once<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    let old = source.token().unwrap();
    time::pass(HOUR / 6);

    let refused = old.clone();
    let refusing = callers(2, &source, move |source| {
        let _refusal = source.invalidate(&refused);
        source.token_newer_than(&refused)
    });
    let others = callers(2, &source, S::token);

    assert!(refusing.one_token() > old.generation());
    assert!(
        others
            .tokens()
            .iter()
            .all(|token| *token >= old.generation())
    );
    assert_eq!(site::requests(), 2);
}
