//! The lifecycle itself: one cached token, one renewal at a time.

mod attempt;
#[cfg(test)]
mod projection;
mod stored;

use alloc::boxed::Box;
use core::time::Duration;

use super::backoff::{FailureBackoff, RejectionBackoff};
use super::error::RenewalError;
use super::event::{Event, RenewalReason};
use super::health::Health;
use super::policy::{KeptPolicy, RenewalPolicy};
use super::single_flight::{Phase, SingleFlight, Trigger};
use super::step::{Attempt, Invalidation, Need, RunningAttempt, Step};
use super::token::{Generation, HeldToken, HeldTokenAt, LiveToken, TokenState};
use crate::jitter::Jitter;
use crate::time::Moment;

/// A token's whole life: when to use it, when to renew it, which caller is elected to renew it, and how
/// long the others wait.
#[derive(Clone, Debug)]
pub(crate) struct TokenLifecycle {
    policy: KeptPolicy,
    held: Option<HeldToken>,
    flight: SingleFlight,
    /// A renewal that was asked for, and why.
    pending_renewal: Option<RenewalReason>,
    /// The last token that an API rejected.
    rejected: Option<Generation>,
    /// Why the last attempt failed; none since the last success.
    last_error: Option<RenewalError>,
    failures: FailureBackoff,
    /// Exists from the first rejection on: most lifecycles see none.
    rejections: Option<Box<RejectionBackoff>>,
    /// One more at each change of the client credentials.
    credentials_version: u64,
    last_generation: Generation,
    counts: Counts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    issued: u64,
    failures: u64,
    rejected: u64,
}

impl TokenLifecycle {
    /// Creates a lifecycle without a token.
    pub(crate) fn new(policy: RenewalPolicy) -> Self {
        Self {
            policy: policy.into(),
            held: None,
            flight: SingleFlight::idle(),
            pending_renewal: None,
            rejected: None,
            last_error: None,
            failures: FailureBackoff::default(),
            rejections: None,
            credentials_version: 0,
            last_generation: Generation::ZERO,
            counts: Counts::default(),
        }
    }

    /// Returns the cached token if it serves this need and no renewal is wanted, as in nearly every call.
    #[inline]
    pub(crate) fn cached(&self, need: Need, now: Moment) -> Option<LiveToken> {
        let held = self
            .held
            .as_ref()
            .filter(|_| self.pending_renewal.is_none());
        let held = held?.at(now);
        held.is_all_that_is_needed(need).then(|| held.lend())
    }

    /// Returns the cached token if it may be used, due for renewal or not.
    pub(crate) fn current(&self, now: Moment) -> Option<LiveToken> {
        let held = self.held_at(now).filter(HeldTokenAt::is_usable)?;
        Some(held.lend())
    }

    /// Returns what a caller with this need has to do now. May elect the caller.
    pub(crate) fn step(&mut self, need: Need, now: Moment) -> Step {
        let held = self.held_at(now);
        let token = held
            .filter(|held| held.serves(need))
            .map(|held| held.lend());
        let wanted = self.wanted(need, held);
        let attempt = wanted.and_then(|reason| self.elect(reason, now));
        match (token, attempt) {
            (Some(token), None) => Step::Use(token),
            (Some(token), Some(attempt)) => Step::Renew(token, attempt),
            (None, Some(attempt)) => Step::Fetch(attempt),
            (None, None) => self.blocked(now),
        }
    }

    /// Returns why a new token is needed; `None` if the cached one is enough.
    fn wanted(&self, need: Need, held: Option<HeldTokenAt<'_>>) -> Option<RenewalReason> {
        use RenewalReason::{Cold, Due, Expired, Forced, NewCredentials, Rejected};
        let Some(held) = held else {
            return Some(self.pending_renewal.unwrap_or(Cold));
        };
        match (self.pending_renewal, held.state()) {
            (Some(NewCredentials | Forced), _) => self.pending_renewal,
            (_, TokenState::Expired | TokenState::Empty) => Some(Expired),
            (_, TokenState::Due) => Some(Due),
            (_, TokenState::Fresh) if !held.is_good_for(need.min_validity()) => Some(Due),
            (Some(_), TokenState::Fresh) => Some(Rejected),
            (None, TokenState::Fresh) => held.is_too_old_for(need).then_some(Rejected),
        }
    }

    /// Elects the caller unless another attempt is in flight or a backoff lasts.
    fn elect(&mut self, reason: RenewalReason, now: Moment) -> Option<Attempt> {
        let is_rejected = reason == RenewalReason::Rejected;
        if is_rejected && !self.rejection_wait(now).is_zero() {
            return None;
        }
        let number = self.flight.elect(self.policy.lease(), now)?;
        Some(Attempt {
            number,
            credentials_version: self.credentials_version,
            reason,
        })
    }

    /// Returns what a caller without a token waits for if it is not elected.
    fn blocked(&self, now: Moment) -> Step {
        let (wait, passing) = self.in_flight(now);
        match (self.flight.phase(now), self.last_error.clone()) {
            (Phase::InFlight, _) => Step::Join {
                wait,
                error: passing,
            },
            (Phase::BackingOff | Phase::Blocked, Some(error)) => Step::BackOff { wait, error },
            (Phase::BackingOff | Phase::Blocked, None) | (Phase::Idle, _) => Step::BackOff {
                wait: positive(self.rejection_wait(now)),
                error: passing.unwrap_or(RenewalError::Rejected),
            },
        }
    }

    /// Returns how long to wait for the attempt in flight, and why the attempt before it failed. A
    /// permanent failure is left out: the attempt in flight finds out whether it still holds.
    pub(crate) fn in_flight(&self, now: Moment) -> (Duration, Option<RenewalError>) {
        let passing = self.last_error.clone().filter(RenewalError::is_retryable);
        (positive(self.flight.left(now)), passing)
    }

    /// Records that an API rejected the token of this generation. Other callers still get it until it is
    /// replaced.
    pub(crate) fn invalidate(&mut self, generation: Generation, now: Moment) -> Invalidation {
        let held = self.held_at(now);
        let Some(held) = held.filter(|held| held.generation() == generation) else {
            return Invalidation::AlreadyReplaced;
        };
        if let Some(wait) = held.grace_left() {
            return Invalidation::TooYoung {
                wait: positive(wait),
            };
        }
        if held.is_usable() {
            self.counts.rejected += 1;
            let rejections = self.rejections.get_or_insert_default();
            rejections.record_rejection(&self.policy, now);
            let reason = self.pending_renewal.unwrap_or(RenewalReason::Rejected);
            self.pending_renewal = Some(reason);
            self.rejected = Some(generation);
        }
        Invalidation::WillRenew {
            wait: positive(self.renewal_wait(now)),
        }
    }

    /// Returns how long the next renewal has to wait at least.
    fn renewal_wait(&self, now: Moment) -> Duration {
        let backoff = match self.flight.phase(now) {
            Phase::BackingOff | Phase::Blocked => self.flight.left(now),
            Phase::Idle | Phase::InFlight => Duration::ZERO,
        };
        match self.wanted(Need::any(), self.held_at(now)) {
            Some(RenewalReason::Rejected) => backoff.max(self.rejection_wait(now)),
            _ => backoff,
        }
    }

    /// Returns how long the next renewal for a rejected token has to wait.
    fn rejection_wait(&self, now: Moment) -> Duration {
        let rejections = self.rejections.as_ref();
        rejections.map_or(Duration::ZERO, |rejections| {
            rejections.wait(&self.policy, now)
        })
    }

    /// Asks for a new token even if the cached one is usable.
    pub(crate) fn force_renewal(&mut self) {
        let reason = self.pending_renewal;
        let reason = reason.filter(|reason| *reason == RenewalReason::NewCredentials);
        self.pending_renewal = Some(reason.unwrap_or(RenewalReason::Forced));
    }

    /// Asks for a new token although the cached one may do, and returns the need of a caller that waits for it.
    pub(crate) fn renew_now(&mut self) -> Need {
        self.force_renewal();
        match self.generation() {
            Some(generation) => Need::any().newer_than(generation),
            None => Need::any(),
        }
    }

    /// Asks for a token for other client credentials: an attempt with the old ones no longer counts,
    /// and a backoff that they caused ends.
    pub(crate) fn change_credentials(&mut self, now: Moment) {
        self.credentials_version += 1;
        self.forget_denials();
        self.flight
            .apply(Trigger::NewCredentials, Duration::ZERO, now);
        self.pending_renewal = Some(RenewalReason::NewCredentials);
    }

    /// Forgets the permanent failures: the client credentials in use have not been denied yet.
    pub(crate) fn forget_denials(&mut self) {
        self.failures.forget_permanent();
        self.last_error = self.last_error.take().filter(RenewalError::is_retryable);
    }

    /// Returns a snapshot of the lifecycle.
    pub(crate) fn health(&self, now: Moment) -> Health {
        let held = self.held_at(now);
        let phase = self.flight.phase(now);
        let is_backing_off = matches!(phase, Phase::BackingOff | Phase::Blocked);
        Health {
            label: None,
            token: held.map_or(TokenState::Empty, |held| held.state()),
            age: held.map(|held| held.age()),
            usable_for: Some(held.map(|held| held.usable_for()).unwrap_or_default()),
            generation: held.map(|held| held.generation()),
            is_renewing: phase == Phase::InFlight,
            backoff: is_backing_off.then(|| self.flight.left(now)),
            error: self.last_error.clone(),
            issued: self.counts.issued,
            failures: self.counts.failures,
            rejected: self.counts.rejected,
            deprecated: 0,
        }
    }

    /// Returns the number of the cached token, if there is one.
    pub(crate) fn generation(&self) -> Option<Generation> {
        self.held.as_ref().map(|held| held.generation)
    }

    #[inline]
    fn held_at(&self, now: Moment) -> Option<HeldTokenAt<'_>> {
        self.held.as_ref().map(|held| held.at(now))
    }
}

/// Returns a wait of a millisecond at least, so that no caller spins.
fn positive(wait: Duration) -> Duration {
    wait.max(SHORTEST_WAIT)
}

const SHORTEST_WAIT: Duration = Duration::from_millis(1);
