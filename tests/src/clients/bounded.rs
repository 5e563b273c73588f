//! Async tests with a time limit.

use tokio::runtime::Builder;

use crate::timeout::within_timeout;

/// Runs the test on a current-thread runtime.
///
/// # Panics
/// Panics if the test panics or does not end.
pub fn on_a_runtime(test: impl AsyncFnOnce() + Send + 'static) {
    within_timeout(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(test());
    });
}

/// Like [`on_a_runtime`], with tokio's clock paused: a wait on one of tokio's timers takes no real
/// time.
///
/// # Panics
/// Panics as [`on_a_runtime`] does.
pub fn under_a_paused_clock(test: impl AsyncFnOnce() + Send + 'static) {
    within_timeout(move || {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        runtime.unwrap().block_on(test());
    });
}
