//! Pauses that are over at once, and pauses that nobody waits for.

use std::time::Duration;

use edx_auth_core::RenewalPolicy;

/// Longer than a test may last, as every lease is: a caller whom nobody wakes hangs, and does not
/// help itself.
pub(super) const PATIENCE: Duration = Duration::from_secs(60 * 60);

pub(super) const SHORT_PAUSES: RenewalPolicy =
    pausing(Duration::from_millis(5), Duration::from_millis(20));

pub(super) const LONG_PAUSES: RenewalPolicy = pausing(DAY, DAY);

const fn pausing(first: Duration, longest: Duration) -> RenewalPolicy {
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
