//! Clones that are dropped during a token request.

use std::time::Duration;

use machine::thread;

use crate::callers::callers;
use crate::plan::{CLIENT, LONG_BACKOFFS, Plan};
use crate::site;
use crate::source::Source;

/// After every scenario, `check` verifies that all sources are freed.
pub(super) fn a_dropped_source_finishes_its_work_and_is_freed() {
    let source = Source::new(Plan::new(LONG_BACKOFFS).provided(|| CLIENT));

    let hasty = callers(2, &source, |source| source.token_within(Duration::ZERO));
    drop(source);
    let _asked = hasty.results();
    thread::join_all();

    assert_eq!(site::requests(), 1);
}
