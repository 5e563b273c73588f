//! Async tests that end like all others: with what they find, or as a failed test.

use tokio::runtime::Builder;

use crate::patience::within_patience;

/// Performs it on a runtime of one thread.
///
/// # Panics
/// Where it does, or does not end.
pub fn on_a_runtime(test: impl AsyncFnOnce() + Send + 'static) {
    within_patience(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(test());
    });
}

/// The same under a clock that stands still, as tests have it that cannot wait: whoever waits by
/// tokio's timers waits for no time at all.
///
/// # Panics
/// As [`on_a_runtime`].
pub fn under_a_still_clock(test: impl AsyncFnOnce() + Send + 'static) {
    within_patience(move || {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.unwrap().block_on(test());
    });
}
