//! The token's whole life, as one pure value.
//!
//! Knows time, by what its caller says of it; knows no HTTP. What is asked, how a reply is read and
//! who waits where are other rooms.

#[macro_use]
mod fault;

mod attempt;
mod election;
mod event;
mod failures;
mod generation;
mod health;
mod held;
#[cfg(test)]
mod laws;
mod live_token;
mod moment;
mod outcome;
mod policy;
mod refusals;
mod renewal_error;
mod step;
mod stored;
mod table;
mod wait;
mod work;

use core::time::Duration;

use crate::jitter::Jitter;
use crate::token::IssuedToken;

pub use attempt::Attempt;
pub use event::{Event, RenewalReason};
pub use generation::Generation;
pub use health::Health;
pub use held::TokenState;
pub use live_token::LiveToken;
pub use moment::Moment;
pub use policy::{PolicyError, RenewalPolicy, RenewalPolicyBuilder};
pub use renewal_error::RenewalError;
pub use step::{Invalidation, Need, Step};
pub use stored::{StoredToken, StoredTokenError};
pub use wait::{TokenError, WaitBudget, WaitDecision};

use failures::Failures;
use held::{Held, Standing};
use refusals::Refusals;
use table::{Phase, Trigger};
use work::Work;

/// A token's whole life: when to use it, when to renew it and by whom, how long to wait.
///
/// A value to keep behind a short lock, never held across I/O: every verb takes the time as an
/// argument and returns at once.
///
/// 1. Before every call, [`step`](Self::step): it hands out the token, or elects this caller to get
///    one, or says how long to wait.
/// 2. An elected caller says [`begin`](Self::begin) when its request leaves, and
///    [`settle`](Self::settle) with the outcome, or [`abandon`](Self::abandon) where it gives up.
/// 3. Where an API refuses the token, [`invalidate`](Self::invalidate) says what that means.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::{Jitter, Moment, RenewalPolicy, Step, TokenLifecycle};
/// # use edx_auth_core::{ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest};
/// # fn exchange() -> Result<IssuedToken, ExchangeError> {
/// #     let credentials = ClientCredentials::new("id", "secret").unwrap();
/// #     let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
/// #     let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
/// #     exchange.finish(http::Response::new(&body[..]))
/// # }
///
/// let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
/// let now = Moment::default(); // of your clocks
///
/// // The first caller is elected.
/// let Step::Fetch(attempt) = lifecycle.step(now) else { panic!() };
/// let attempt = lifecycle.begin(attempt, now).unwrap();
/// let result = exchange(); // over your HTTP
/// let event = lifecycle.settle(attempt, result, now, Jitter::NONE);
///
/// // From now on everybody gets the token.
/// let Step::Use(token) = lifecycle.step(now) else { panic!() };
/// assert_eq!(token.usable_for(), Duration::from_secs(3569));
/// # let _ = event;
/// ```
///
/// # The asking
///
/// One caller at a time is elected to ask for a token. This is all that can happen to the asking;
/// what is not in the table changes nothing.
///
/// ```text
/// Resting ── Elected ────────> Asking
/// Asking  ── Begun ──────────> Asking
/// Asking  ── Issued ─────────> Resting
/// Asking  ── Failed ─────────> Pausing
/// Asking  ── Denied ─────────> Barred
/// Asking  ── LeaseOver ──────> Resting
/// Asking  ── NewCredentials ─> Resting
/// Pausing ── PauseOver ──────> Resting
/// Barred  ── PauseOver ──────> Resting
/// Barred  ── NewCredentials ─> Resting
/// ```
///
/// # The token
///
/// A held token needs no table: its age alone says whether it is fresh, due for renewal or over,
/// and asking for a new one never takes it from anybody.
///
/// ```text
/// born            due                         unusable   dead
///  |── fresh ──────|── due, and still served ──|── margin ─|
///      young: a refusal may mean that clocks differ
/// ```
#[derive(Clone, Debug)]
pub struct TokenLifecycle {
    policy: RenewalPolicy,
    held: Option<Held>,
    work: Work,
    /// A renewal that somebody asked for, and why.
    owed: Option<RenewalReason>,
    /// Why the last attempt failed; none since the last success.
    setback: Option<RenewalError>,
    failures: Failures,
    refusals: Refusals,
    /// How often the credentials were changed.
    credentials: u64,
    last_generation: Generation,
    counts: Counts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    mints: u64,
    failures: u64,
    refused: u64,
}

impl TokenLifecycle {
    /// A life that begins without a token.
    #[must_use]
    pub fn new(policy: RenewalPolicy) -> Self {
        Self {
            policy,
            held: None,
            work: Work::resting(),
            owed: None,
            setback: None,
            failures: Failures::default(),
            refusals: Refusals::default(),
            credentials: 0,
            last_generation: Generation::ZERO,
            counts: Counts::default(),
        }
    }

    /// What a caller does now who takes any usable token. May elect the caller.
    pub fn step(&mut self, now: Moment) -> Step {
        self.step_for(Need::any(), now)
    }

    /// What a caller of this need does now. May elect the caller.
    #[inline]
    pub fn step_for(&mut self, need: Need, now: Moment) -> Step {
        match self.at_hand(need, now) {
            Some(token) => Step::Use(token),
            None => self.step_further(need, now),
        }
    }

    /// What nearly every call comes to: a token that does, and that nobody wants replaced.
    #[inline]
    fn at_hand(&self, need: Need, now: Moment) -> Option<LiveToken> {
        let held = self.held.as_ref().filter(|_| self.owed.is_none())?.at(now);
        held.is_all_that_is_wanted(need).then(|| held.lend())
    }

    fn step_further(&mut self, need: Need, now: Moment) -> Step {
        let held = self.held.as_ref().map(|held| held.at(now));
        let usable = held.filter(|held| held.serves(need));
        let token = usable.map(|held| held.lend());
        let wanted = self.wanted(need, held);
        let attempt = wanted.and_then(|reason| self.elect(reason, now));
        match (token, attempt) {
            (Some(token), None) => Step::Use(token),
            (Some(token), Some(attempt)) => Step::Renew(token, attempt),
            (None, Some(attempt)) => Step::Fetch(attempt),
            (None, None) => self.hindrance(now),
        }
    }

    /// The request of this attempt leaves now: its token's birth and its lease are counted from
    /// here.
    ///
    /// # Errors
    /// Where the attempt counts no longer: send nothing.
    pub fn begin(&mut self, mut attempt: Attempt, now: Moment) -> Result<Attempt, Event> {
        if !self.is_elected(&attempt) {
            return Err(Event::Stale);
        }
        self.work.turn(Trigger::Begun, self.policy.lease(), now);
        attempt.born = now;
        Ok(attempt)
    }

    /// The end of an attempt: a token, or why there is none.
    ///
    /// A late failure of an attempt that counts no longer changes nothing; a late success is kept
    /// if it outlives what is held, but not across new credentials. A token whose life was over
    /// when it came is a failure, and replaces nothing.
    #[expect(clippy::needless_pass_by_value, reason = "an attempt ends here")]
    pub fn settle(
        &mut self,
        attempt: Attempt,
        result: Result<IssuedToken, impl Into<RenewalError>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match result {
            Ok(issued) => self.issued(&attempt, issued, now, jitter),
            Err(cause) => self.failed(&attempt, cause.into(), now, jitter),
        }
    }

    /// The end of an attempt that nobody will make, or that broke: it counts as a failure, so that
    /// a caller who crashes every time is no loop.
    #[expect(clippy::needless_pass_by_value, reason = "an attempt ends here")]
    pub fn abandon(&mut self, attempt: Attempt, now: Moment, jitter: Jitter) -> Event {
        self.failed(&attempt, RenewalError::Abandoned, now, jitter)
    }

    /// A server answered 401 to this very token.
    ///
    /// Nobody else loses it: it is served to all others until it is replaced. The caller asks on
    /// for one that is [newer](Need::newer_than).
    #[doc(alias = "401")]
    pub fn invalidate(&mut self, generation: Generation, now: Moment) -> Invalidation {
        let is_held =
            |held: &&Held| held.generation == generation || fault!(OldRefusalsChangeNothing);
        let Some(held) = self.held.as_ref().filter(is_held) else {
            return Invalidation::AlreadyReplaced;
        };
        let standing = held.at(now);
        if standing.age() < held.young_until {
            let wait = positive(held.young_until.saturating_sub(standing.age()));
            return Invalidation::TooYoung { wait };
        }
        if standing.is_usable() {
            self.counts.refused += 1;
            self.refusals.hear(&self.policy, now);
            self.owed = self.owed.or(Some(RenewalReason::Rejected));
        }
        if fault!(RefusalsTakeNoToken) {
            self.held = None;
        }
        let pause = match self.work.phase(now) {
            Phase::Pausing | Phase::Barred => self.work.left(now),
            Phase::Resting | Phase::Asking => Duration::ZERO,
        };
        let held = self.held.as_ref().map(|held| held.at(now));
        let ladder = match self.wanted(Need::any(), held) {
            Some(RenewalReason::Rejected) => self.refusals.wait(&self.policy, now),
            _ => Duration::ZERO,
        };
        Invalidation::WillRenew {
            wait: positive(pause.max(ladder)),
        }
    }

    /// Asks for a new token although the one at hand may do: [`RenewalReason::Forced`], or
    /// [`RenewalReason::NewCredentials`], which makes an attempt with the old ones count no longer and
    /// ends a pause that they caused. Another reason counts as forced.
    pub fn renew_now(&mut self, reason: RenewalReason, now: Moment) -> Event {
        if reason == RenewalReason::NewCredentials {
            self.credentials += 1;
            self.failures.forget_lasting();
            self.setback = self.setback.take().filter(RenewalError::is_retryable);
            self.work.turn(Trigger::NewCredentials, Duration::ZERO, now);
            self.owed = Some(reason);
            return Event::Owed(reason);
        }
        if self.owed != Some(RenewalReason::NewCredentials) {
            self.owed = Some(RenewalReason::Forced);
        }
        match self.work.phase(now) {
            Phase::Asking => Event::Joined(RenewalReason::Forced),
            Phase::Resting | Phase::Pausing | Phase::Barred => Event::Owed(RenewalReason::Forced),
        }
    }

    /// Takes a token that was kept elsewhere, if it outlives the one at hand. It keeps its age.
    ///
    /// One from the future is refused: some clock is wrong, and its age is anybody's guess.
    pub fn adopt(&mut self, stored: StoredToken, now: Moment, jitter: Jitter) -> Event {
        let ahead = stored.born.saturating_sub(now.wall);
        if ahead > self.policy.birth_tolerance(stored.lifetime) {
            return Event::NotAdopted;
        }
        let age = now.wall.saturating_sub(stored.born);
        let token = (stored.token, stored.lifetime);
        let held = Held::new(token, (now, age), &self.policy, jitter).arrived(now);
        if !self.is_better(&held, now) {
            return Event::NotAdopted;
        }
        self.owed = self
            .owed
            .filter(|reason| *reason != RenewalReason::Rejected);
        let usable_for = held.usable_for(now);
        Event::Adopted {
            generation: self.hold(held),
            usable_for,
        }
    }

    /// The token at hand, to be kept elsewhere; `None` where there is none that may be used, or
    /// where a server has refused it.
    #[must_use]
    pub fn store(&self, now: Moment) -> Option<StoredToken> {
        let held = self.held.as_ref().map(|held| held.at(now));
        let is_good =
            |held: &Standing<'_>| held.is_usable() && self.owed != Some(RenewalReason::Rejected);
        held.filter(is_good).map(|held| held.store())
    }

    /// How it is doing.
    #[must_use]
    pub fn health(&self, now: Moment) -> Health {
        let held = self.held.as_ref().map(|held| held.at(now));
        let phase = self.work.phase(now);
        let is_paused = matches!(phase, Phase::Pausing | Phase::Barred);
        let cause = self.setback.clone().filter(|_| is_paused);
        Health {
            token: held.map_or(TokenState::Empty, |held| held.state()),
            usable_for: held.map(|held| held.usable_for()).unwrap_or_default(),
            generation: self.held.as_ref().map(|held| held.generation),
            is_renewing: phase == Phase::Asking,
            backoff: cause.map(|cause| (self.work.left(now), cause)),
            issued: self.counts.mints,
            failures: self.counts.failures,
            rejected: self.counts.refused,
        }
    }
}

/// Waits are positive, so that no caller spins.
fn positive(wait: Duration) -> Duration {
    let shortest = if fault!(WaitsArePositiveAndBounded) {
        Duration::ZERO
    } else {
        SHORTEST_WAIT
    };
    wait.max(shortest)
}

const SHORTEST_WAIT: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests;
