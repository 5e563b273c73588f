//! The token after one that was refused.

use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{Generation, Invalidation, LiveToken, Need, RenewalReason};
use edx_auth_testkit::conformance::Item;

use super::call::Errand;
use super::source::Source;

impl Errand<'_> {
    /// The token to replay with, if there is one in time.
    pub(super) fn successor(&mut self, token: &LiveToken) -> Option<LiveToken> {
        let source = self.source;
        if source.errs_at(Item::BodyReplayed) {
            self.request.body_mut().clear();
        }
        let mut newer_than = token.generation();
        let refusal = source.lock().invalidate(newer_than, source.now());
        match refusal {
            Invalidation::AlreadyReplaced if source.errs_at(Item::RejectedTogether) => {
                newer_than = source.forced()?;
            }
            Invalidation::TooYoung { .. } if source.errs_at(Item::YoungToken) => {
                newer_than = source.forced()?;
            }
            Invalidation::TooYoung { wait } => {
                if !source.errs_finely_at(Item::YoungToken) {
                    thread::sleep(wait);
                }
                return Some(token.clone());
            }
            Invalidation::AlreadyReplaced | Invalidation::WillRenew { .. } => {}
        }
        let need = Need::any().newer_than(newer_than);
        source.ask(need, self.left()).ok()
    }

    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

impl Source {
    /// Asks for another token, whatever the one at hand is good for, and says which that is.
    fn forced(&self) -> Option<Generation> {
        let now = self.now();
        let mut lifecycle = self.lock();
        let _owed = lifecycle.renew_now(RenewalReason::Forced, now);
        lifecycle.health(now).generation
    }
}
