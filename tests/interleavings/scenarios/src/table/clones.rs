//! Clones that go while the exchange runs.

use std::sync::Arc;
use std::time::Duration;

use machine::thread;

use crate::{Plan, STEADY, Source, callers, site};

pub(super) fn a_source_that_nobody_has_any_more_is_gone<S: Source>() {
    let alive = Arc::new(());
    let kept = Arc::clone(&alive);
    let client = move || {
        let _kept = &kept;
        "acme-api"
    };
    let source = S::of(Plan::new(STEADY).by(client));

    let hasty = callers(2, &source, |source| source.token_within(Duration::ZERO));
    drop(source);
    let _asked = hasty.results();
    thread::end();

    assert_eq!(Arc::strong_count(&alive), 1);
    assert_eq!(site::requests(), 1);
}
