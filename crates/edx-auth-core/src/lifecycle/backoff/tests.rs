//! Backoffs at every boundary of their clocks, counts, jitter and requested waits.

use super::*;
use crate::boundaries::{COUNTS, DURATIONS, JITTERS, moments, steps};

const POLICY: RenewalPolicy = RenewalPolicy::DEFAULT;

/// Returns failures that ask for every wait, and one that asks for none.
fn failures() -> impl Iterator<Item = RenewalError> {
    let asking = DURATIONS.into_iter().map(RenewalError::OverLimit);
    asking.chain([RenewalError::Abandoned, RenewalError::Fixed])
}

#[test]
fn every_backoff_is_as_long_as_asked_and_longer_than_zero() {
    for (error, jitter) in
        failures().flat_map(|error| JITTERS.map(|jitter| (error.clone(), jitter)))
    {
        let asked = error.asked_wait().unwrap_or_default();
        let policies = [POLICY.transient(), POLICY.permanent()];
        let longest = policies
            .map(|backoff| backoff.after(u32::MAX))
            .into_iter()
            .max();
        let longest = longest.max(Some(asked)).unwrap();
        for count in COUNTS {
            let mut failures = FailureBackoff {
                transient: count,
                permanent: count,
            };

            let backoff = failures.record_failure(&error, &POLICY, jitter);

            assert!(
                backoff >= asked.max(Duration::from_secs(1)),
                "{error:?}: {backoff:?}"
            );
            assert!(
                backoff <= Jitter::FULL.lengthen(longest),
                "{error:?}: {backoff:?}"
            );
        }
    }
}

#[test]
fn one_more_failure_never_shortens_the_backoff() {
    for error in failures() {
        for count in COUNTS {
            let mut failures = FailureBackoff {
                transient: count,
                permanent: count,
            };

            let [one, next] =
                [(); 2].map(|()| failures.record_failure(&error, &POLICY, Jitter::NONE));

            assert!(one <= next, "{error:?} after {count} failures");
        }
    }
}

#[test]
fn the_wait_after_rejections_never_exceeds_the_longest_backoff() {
    let longest = POLICY.rejections().after(u32::MAX);
    for rejections in rejections() {
        for now in moments() {
            assert!(
                rejections.wait(&POLICY, now) <= longest,
                "{rejections:?} at {now:?}"
            );
        }
    }
}

#[test]
fn the_wait_after_rejections_shrinks_as_a_clock_advances() {
    for rejections in rejections() {
        for (early, late) in steps() {
            let [early, late] = [early, late].map(|now| rejections.wait(&POLICY, now));

            assert!(late <= early, "{rejections:?}");
        }
    }
}

#[test]
fn one_more_rejection_is_counted_at_every_moment() {
    for mut rejections in rejections() {
        for now in moments().step_by(7) {
            rejections.record_rejection(&POLICY, now);
            let before = rejections.renewals;
            rejections.record_renewal(&POLICY, now);

            assert_eq!(rejections.renewals, before.saturating_add(1));
            assert!(!rejections.wait(&POLICY, now).is_zero());
        }
    }
}

fn rejections() -> impl Iterator<Item = RejectionBackoff> {
    moments().flat_map(|renewed| {
        COUNTS.map(|renewals| RejectionBackoff {
            renewals,
            renewed,
            seen: renewed,
        })
    })
}
