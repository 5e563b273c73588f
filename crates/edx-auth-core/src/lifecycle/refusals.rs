//! How far apart renewals are that refused tokens caused.

use core::time::Duration;

use super::{Moment, RenewalPolicy};

/// The ladder: a server that refuses every token gets ever fewer of them.
///
/// Only tokens that came climb it: where the token endpoint fails, its own pauses do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Refusals {
    renewals: u32,
    /// When the last token came that a refusal had caused.
    renewed: Duration,
    /// When a refusal, or such a token, was last heard of.
    heard: Duration,
}

impl Refusals {
    /// A refused token that counts.
    pub(super) fn hear(&mut self, policy: &RenewalPolicy, now: Moment) {
        self.renewals = self.climbed(policy, now);
        self.heard = now.monotonic;
    }

    /// A token came that a refusal had caused.
    pub(super) fn climb(&mut self, policy: &RenewalPolicy, now: Moment) {
        self.renewals = self.climbed(policy, now).saturating_add(1);
        self.renewed = now.monotonic;
        self.heard = now.monotonic;
    }

    /// How long the next such renewal has to wait: not at all for the first.
    pub(super) fn wait(&self, policy: &RenewalPolicy, now: Moment) -> Duration {
        let climbed = self.climbed(policy, now).checked_sub(1);
        let Some(before) = climbed.filter(|_| !fault!(RefusalsKeepTheirDistance)) else {
            return Duration::ZERO;
        };
        let apart = policy.refusals().after(before);
        self.renewed
            .saturating_add(apart)
            .saturating_sub(now.monotonic)
    }

    /// How high it stands; after a long calm the next refusal counts as the first.
    fn climbed(&self, policy: &RenewalPolicy, now: Moment) -> u32 {
        let calm = now.monotonic.saturating_sub(self.heard);
        if calm >= policy.refusals_forgotten() {
            0
        } else {
            self.renewals
        }
    }
}
