//! How long to pause after a failed attempt.

use core::time::Duration;

use super::renewal_error::Temper;
use super::{RenewalError, RenewalPolicy};
use crate::jitter::Jitter;

/// Failures in a row, by how they are waited out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Failures {
    passing: u32,
    lasting: u32,
}

impl Failures {
    /// Counts a failure; the pause that it brings, chance included.
    pub(super) fn pause(
        &mut self,
        cause: &RenewalError,
        policy: &RenewalPolicy,
        jitter: Jitter,
    ) -> Duration {
        let pause = match cause.temper() {
            Temper::Transient => self.passing_pause(cause, policy),
            Temper::Throttled => {
                let minute = policy.throttled();
                let asked = cause.asked_wait().unwrap_or(minute);
                asked.max(self.passing_pause(cause, policy))
            }
            Temper::Permanent => self.lasting_pause(policy),
        };
        pause + jitter.of(pause / 4)
    }

    /// The ladder, or what the server asks for where that is more: a `Retry-After: 0` is no leave
    /// to ask without end.
    fn passing_pause(&mut self, cause: &RenewalError, policy: &RenewalPolicy) -> Duration {
        let ladder = policy.transient().after(self.passing);
        self.passing = self.passing.saturating_add(1);
        ladder.max(cause.asked_wait().unwrap_or_default())
    }

    fn lasting_pause(&mut self, policy: &RenewalPolicy) -> Duration {
        let pause = policy.permanent().after(self.lasting);
        self.lasting = self.lasting.saturating_add(1);
        pause
    }

    /// New credentials have not been refused yet.
    pub(super) fn forget_lasting(&mut self) {
        self.lasting = 0;
    }
}
