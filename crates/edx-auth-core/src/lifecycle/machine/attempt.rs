//! How an attempt begins, and how it ends.

use core::time::Duration;

use super::{
    Attempt, Event, FailureBackoff, Generation, HeldToken, Jitter, Moment, Phase, RenewalError,
    RenewalReason, RunningAttempt, TokenLifecycle, Trigger,
};
use crate::token::IssuedToken;

impl TokenLifecycle {
    /// Reports whether this attempt is the elected one and its lease has not expired.
    pub(crate) fn is_live(&self, attempt: &Attempt, now: Moment) -> bool {
        self.is_elected(attempt) && self.flight.phase(now) == Phase::InFlight
    }

    /// Starts the lease of an elected attempt again, even if it has expired. Reports whether the attempt
    /// is elected.
    pub(crate) fn extend_lease(&mut self, attempt: &Attempt, now: Moment) -> bool {
        let is_elected = self.is_elected(attempt);
        if is_elected {
            self.flight.apply(Trigger::Begun, self.policy.lease(), now);
        }
        is_elected
    }

    /// Records that the token request of this attempt is sent now: the age of its token and its lease are
    /// counted from here. `None` if the attempt no longer counts: send nothing.
    pub(crate) fn begin(&mut self, attempt: Attempt, now: Moment) -> Option<RunningAttempt> {
        self.extend_lease(&attempt, now)
            .then_some(RunningAttempt { attempt, born: now })
    }

    /// Ends an attempt with a token.
    ///
    /// The token of an attempt that no longer counts is cached if it outlives the cached one, unless the
    /// client credentials have changed since. A token that had expired when it arrived is a failure, and
    /// replaces nothing.
    pub(crate) fn issued(
        &mut self,
        running: RunningAttempt,
        issued: IssuedToken,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let RunningAttempt { attempt, born } = running;
        let held = self.received(issued, born, now, jitter);
        let is_elected = self.is_elected(&attempt);
        if is_elected && !held.is_usable(now) {
            return self.fail(attempt, RenewalError::DeadOnArrival, now, jitter);
        }
        let is_of_use = self.has_credentials_of(&attempt) && self.is_better(&held, now);
        if !is_elected && !is_of_use {
            return Event::Stale;
        }
        self.conclude(&attempt, now);
        self.pending_renewal = None;
        self.counts.issued += 1;
        let usable_for = held.usable_for(now);
        Event::Renewed {
            generation: self.hold(held),
            reason: attempt.reason,
            usable_for,
        }
    }

    /// Ends an attempt with success.
    pub(super) fn conclude(&mut self, attempt: &Attempt, now: Moment) {
        if self.is_elected(attempt) {
            self.flight.apply(Trigger::Issued, Duration::ZERO, now);
            self.failures = FailureBackoff::default();
            self.last_error = None;
        }
        if attempt.reason == RenewalReason::Rejected {
            let rejections = self.rejections.get_or_insert_default();
            rejections.record_renewal(&self.policy, now);
        }
    }

    /// Ends an attempt without a token, before or after its token request was sent. The failure of an
    /// attempt that no longer counts changes nothing.
    #[expect(clippy::needless_pass_by_value, reason = "an attempt ends here")]
    pub(crate) fn fail(
        &mut self,
        attempt: Attempt,
        error: RenewalError,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        if !self.is_elected(&attempt) {
            return Event::Stale;
        }
        let trigger = if error.is_retryable() {
            Trigger::Failed
        } else {
            Trigger::Denied
        };
        let backoff = self.failures.record_failure(&error, &self.policy, jitter);
        self.flight.apply(trigger, backoff, now);
        self.last_error = Some(error.clone());
        self.counts.failures += 1;
        Event::Failed {
            error,
            reason: attempt.reason,
            backoff,
        }
    }

    fn received(
        &self,
        issued: IssuedToken,
        born: Moment,
        now: Moment,
        jitter: Jitter,
    ) -> HeldToken {
        let lifetime = issued.lifetime();
        let token = (issued.into_token(), lifetime);
        HeldToken::new(token, (born, Duration::ZERO), &self.policy, jitter).arrived(now)
    }

    /// Gives a token its number and caches it.
    pub(super) fn hold(&mut self, mut held: HeldToken) -> Generation {
        self.last_generation = self.last_generation.next();
        held.generation = self.last_generation;
        self.held = Some(held);
        self.last_generation
    }

    /// Reports whether the client credentials have not changed since this attempt was elected.
    pub(crate) fn has_credentials_of(&self, attempt: &Attempt) -> bool {
        attempt.credentials_version == self.credentials_version
    }

    /// Reports whether this attempt counts: no other has taken its place, and the client credentials
    /// are the same.
    pub(super) fn is_elected(&self, attempt: &Attempt) -> bool {
        self.has_credentials_of(attempt) && self.flight.is_elected(attempt.number)
    }

    /// Reports whether a token may be used, and for longer than the cached one.
    pub(super) fn is_better(&self, held: &HeldToken, now: Moment) -> bool {
        let outlives = |own: &HeldToken| held.outlives(own, now) && !held.is_same_token(own);
        held.is_usable(now) && self.held.as_ref().is_none_or(outlives)
    }
}
