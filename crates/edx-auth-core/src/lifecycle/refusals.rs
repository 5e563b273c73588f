//! How far apart renewals are that refused tokens caused.

use core::time::Duration;

use super::{Moment, RenewalPolicy};

/// The ladder: a server that refuses every token gets ever fewer of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Refusals {
    renewals: u32,
    /// When somebody was last elected because of a refusal.
    elected: Duration,
    /// When a refusal, or such an election, was last heard of.
    heard: Duration,
}

impl Refusals {
    /// A refused token that counts. After a long calm it counts as the first.
    pub(super) fn hear(&mut self, policy: &RenewalPolicy, now: Moment) {
        let calm = now.monotonic.saturating_sub(self.heard);
        if calm >= policy.refusals_forgotten() {
            self.renewals = 0;
        }
        self.heard = now.monotonic;
    }

    /// Somebody is elected because of a refusal, whatever will come of it.
    pub(super) fn climb(&mut self, now: Moment) {
        self.renewals = self.renewals.saturating_add(1);
        self.elected = now.monotonic;
        self.heard = now.monotonic;
    }

    /// How long the next such election has to wait: not at all for the first.
    pub(super) fn wait(&self, policy: &RenewalPolicy, now: Moment) -> Duration {
        let climbed = self.renewals.checked_sub(1);
        let Some(before) = climbed.filter(|_| !fault!(RefusalsKeepTheirDistance)) else {
            return Duration::ZERO;
        };
        let apart = policy.refusals().after(before);
        self.elected
            .saturating_add(apart)
            .saturating_sub(now.monotonic)
    }
}
