//! Backoffs that end at once, and backoffs that outlast every test.

use std::time::Duration;

use edx_auth_core::RenewalPolicy;

/// The callers' timeout, longer than a test may last, as the leases here are too: a caller that is never
/// woken makes its test hang instead of ending by its timeout.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60 * 60);

/// Temporary failures are retried at once.
pub(crate) const SHORT_BACKOFFS: RenewalPolicy =
    backing_off(Duration::from_millis(5), Duration::from_millis(20));

/// No failure is retried within a test.
pub(crate) const LONG_BACKOFFS: RenewalPolicy = backing_off(DAY, DAY);

const fn backing_off(first: Duration, longest: Duration) -> RenewalPolicy {
    let policy = RenewalPolicy::builder()
        .transient_backoff(first, longest)
        .permanent_backoff(DAY, DAY)
        .rejection_backoff(DAY, DAY)
        .lease(DAY);
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
