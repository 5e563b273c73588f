//! Who asks, and who waits.

use super::held::Standing;
use super::table::Phase;
use super::{
    Attempt, Moment, Need, RenewalError, RenewalReason, Step, TokenLifecycle, TokenState, positive,
};

impl TokenLifecycle {
    /// Why a new token is wanted beside the one at hand, if one is.
    pub(super) fn wanted(&self, need: Need, held: Option<Standing<'_>>) -> Option<RenewalReason> {
        let Some(held) = held else {
            return Some(self.owed.unwrap_or(RenewalReason::Cold));
        };
        match (self.owed, held.state()) {
            (Some(RenewalReason::NewCredentials | RenewalReason::Forced), _) => self.owed,
            (_, TokenState::Expired | TokenState::Empty) => Some(RenewalReason::Expired),
            (_, TokenState::Due) => Some(RenewalReason::Due),
            (_, TokenState::Fresh) if !held.is_good_for(need.min_validity) => {
                Some(RenewalReason::Due)
            }
            (Some(_), TokenState::Fresh) => Some(RenewalReason::Rejected),
            (None, TokenState::Fresh) => held.is_refused(need).then_some(RenewalReason::Rejected),
        }
    }

    /// Elects the caller, if nothing stands against asking.
    pub(super) fn elect(&mut self, reason: RenewalReason, now: Moment) -> Option<Attempt> {
        if reason == RenewalReason::Rejected && !self.refusals.wait(&self.policy, now).is_zero() {
            return None;
        }
        let number = self.work.elect(self.policy.lease(), now)?;
        Some(Attempt {
            number,
            credentials: self.credentials,
            reason,
            born: now,
        })
    }

    /// What a caller waits for who gets no token and is not elected.
    pub(super) fn hindrance(&self, now: Moment) -> Step {
        let wait = positive(self.work.left(now));
        // A refusal that stayed is being asked about anew: until that settles it says nothing.
        let passing = self.setback.clone().filter(RenewalError::is_retryable);
        match (self.work.phase(now), self.setback.clone()) {
            (Phase::Asking, _) => Step::Join {
                wait,
                cause: passing,
            },
            (Phase::Pausing | Phase::Barred, Some(cause)) => Step::Pause { wait, cause },
            (Phase::Pausing | Phase::Barred, None) | (Phase::Resting, _) => Step::Pause {
                wait: positive(self.refusals.wait(&self.policy, now)),
                cause: passing.unwrap_or(RenewalError::Rejected),
            },
        }
    }
}
