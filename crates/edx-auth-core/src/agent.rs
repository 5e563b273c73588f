//! The token agent: lifecycle, token request, client credentials and the one renewal in flight, as
//! one value.

mod credentials;
mod fixed;
#[cfg(test)]
mod laws;
mod renewing;
#[cfg(test)]
mod search;
mod store;
mod supplied;
mod work;

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use http::Response;

use crate::error::TransportError;
use crate::exchange::{ClientCredentials, TokenExchange, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Event, Generation, Health, Invalidation, LiveToken, Need, RenewalError, RenewalPolicy,
    StoredToken, TokenError, WaitBudget,
};
use crate::resource::{Deprecation, Deprecations};
use crate::time::Moment;
use crate::token::{AccessToken, IssuedToken};

pub use work::{CredentialsTicket, ExchangeTicket, StoreTicket, Work, WorkKind};

use fixed::FixedToken;
use renewing::Renewing;
use supplied::Supplied;

/// Gets a token, caches it and renews it. The clock, the network and the waiting are left to its driver.
///
/// Keep it behind a lock that is never held across I/O. Every method takes the time as an argument and
/// returns at once. `poll_*` hands out work, `on_*` takes in its result.
///
/// 1. A caller calls [`acquire`](Self::acquire). The result is a token, a time to wait, or an error.
/// 2. After each use of the agent, ask [`poll_work`](Self::poll_work) for the next piece of work. Do it
///    on any thread, task or event loop, and report the result.
/// 3. After each report, let the callers that wait call [`acquire`](Self::acquire) again.
///
/// The agent hands out one piece of work at a time, so there is never more than one token request
/// under way.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::{Acquire, Jitter, Moment, Need, RenewalPolicy, TokenAgent, Work};
/// # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # fn send(_: http::Request<edx_auth_core::FormBody>) -> http::Response<&'static [u8]> {
/// #     let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
/// #     http::Response::new(&body[..])
/// # }
/// # let credentials = ClientCredentials::new("id", "secret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
///
/// let mut agent = TokenAgent::new(request, RenewalPolicy::DEFAULT);
/// let now = Moment::default(); // from your clocks
/// let budget = agent.wait_budget(now);
///
/// // Nothing is cached yet: the caller waits ..
/// let Acquire::Wait(_) = agent.acquire(Need::any(), &budget, now) else { panic!() };
///
/// // .. while the work is done ..
/// while let Some(work) = agent.poll_work(now) {
///     let Work::Exchange(ticket, request) = work else { panic!() };
///     agent.on_response(ticket, send(request), now, Jitter::NONE);
/// }
///
/// // .. and from now on every caller gets the token.
/// let Acquire::Ready(token) = agent.acquire(Need::any(), &budget, now) else { panic!() };
/// assert_eq!(token.authorization(), "JWT a.b.c");
/// assert_eq!(token.usable_for(), Duration::from_secs(3569));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The renewal
///
/// The agent elects one of the callers that need a token: its attempt gets the token for all of them.
/// The attempt begins when its token request is sent, and ends with a token or an error. The table
/// lists every transition: a report that it does not list for a state changes nothing.
///
/// ```text
/// Idle       ── Elected ────────> InFlight
/// InFlight   ── Begun ──────────> InFlight
/// InFlight   ── Issued ─────────> Idle
/// InFlight   ── Failed ─────────> BackingOff
/// InFlight   ── Denied ─────────> Blocked
/// InFlight   ── LeaseExpired ───> Idle
/// InFlight   ── NewCredentials ─> Idle
/// BackingOff ── BackoffOver ────> Idle
/// Blocked    ── BackoffOver ────> Idle
/// Blocked    ── NewCredentials ─> Idle
/// ```
///
/// # The worker
///
/// The worker is the thread, task or event loop that does the agent's work.
///
/// ```text
///           ┌───────────── nothing to do ────────────┐
///           v                                        │
///  poll_work() ──> Credentials ── on_credentials() ──┤   only where the program provides them
///           │                                        │
///           ├────> Store ──────── on_stored() ───────┤   only with a store, or for a supplied token
///           │                                        │
///           └────> Exchange ───── on_response() ─────┤
///                      │          on_failure() ──────┤
///                      │                             │
///                      └── invalid_client: Credentials once more, and another Exchange
///                                                        if the program has others
/// ```
///
/// # The token
///
/// A cached token needs no table: its age alone says whether it is fresh, due for renewal or
/// expired. It stays in use during a renewal.
///
/// ```text
/// issued          due                         unusable   expired
///  |── fresh ──────|── due, and still served ──|── margin ─|
///   grace: a rejection may mean that clocks differ
/// ```
#[cfg_attr(test, derive(Clone))]
pub struct TokenAgent {
    state: State,
    deprecations: Deprecations,
}

#[cfg_attr(test, derive(Clone))]
enum State {
    Fixed(FixedToken),
    Supplied(Box<Supplied>),
    Renewing(Box<Renewing>),
}

/// What a caller that asked for a token has to do.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to wait"]
pub enum Acquire {
    /// Use this token.
    Ready(LiveToken),
    /// Wait at most this long, or until something was reported to the agent; then call
    /// [`acquire`](TokenAgent::acquire) again with the same budget.
    Wait(Duration),
    /// Give up: there is no token, because of this error.
    Failed(TokenError),
}

impl TokenAgent {
    /// Creates an agent without a token. If need be it extends the policy's
    /// [lease](crate::RenewalPolicyBuilder::lease) to five seconds more than the token request's deadline.
    #[must_use]
    pub fn new(request: TokenRequest, policy: RenewalPolicy) -> Self {
        Self::of(State::Renewing(Box::new(Renewing::new(request, policy))))
    }

    /// Creates an agent that has this token and never requests another: for tests, and for a token
    /// that another program keeps fresh.
    ///
    /// How long the token is valid is read from the **unverified** claims of a JWT; an opaque token counts
    /// as valid for a year. The token is handed out even after that, since the wall clock may be wrong.
    ///
    /// ```
    /// use edx_auth_core::{AccessToken, Acquire, Moment, Need, TokenAgent, TokenType};
    ///
    /// let mut agent = TokenAgent::fixed(AccessToken::new(TokenType::Jwt, "a.b.c")?);
    /// let now = Moment::default();
    /// let step = agent.acquire(Need::any(), &agent.wait_budget(now), now);
    /// assert!(matches!(step, Acquire::Ready(token) if token.authorization() == "JWT a.b.c"));
    /// # Ok::<(), edx_auth_core::AccessTokenError>(())
    /// ```
    #[must_use]
    pub fn fixed(token: AccessToken) -> Self {
        Self::of(State::Fixed(FixedToken::new(token)))
    }

    fn of(state: State) -> Self {
        Self {
            state,
            deprecations: Deprecations::default(),
        }
    }

    /// Creates an agent whose token another process keeps fresh: it requests none, and reads it by
    /// [`Work::Store`] before the first use, after a third of its remaining lifetime, and at once after an
    /// API rejected it. [`StoredToken::read`] reads its usual forms.
    ///
    /// What is read replaces the cached token if it outlives it. Anything else is a failure that passes, and
    /// the cached token stays in use until it expires.
    #[must_use]
    pub fn supplied() -> Self {
        let supplied = Supplied::new(RenewalPolicy::SUPPLIED);
        Self::of(State::Supplied(Box::new(supplied)))
    }

    /// Makes the agent look into a token store before each token request, by [`Work::Store`], so that many
    /// processes share one token: it reads, claims the request for itself, reads again, and requests a token
    /// if there is still none. Save the token that [`export`](Self::export) returns after
    /// [`Event::Renewed`], and give the claim back.
    ///
    /// A store that fails or hangs costs a token request and fails no caller. To leave enough time for its
    /// own request, a caller waits longer by default: by the request's deadline and two seconds more.
    /// With [another timeout](Self::with_token_timeout), it waits for the claim of another
    /// process for half of that.
    #[must_use]
    pub fn with_store(mut self) -> Self {
        if let State::Renewing(renewing) = &mut self.state {
            renewing.look_into_store();
        }
        self
    }

    /// Makes the agent ask for the client credentials before each token request, by
    /// [`Work::Credentials`]. If the token endpoint rejects them as unknown (`invalid_client`), the agent
    /// asks once more. If it then gets others, it sends them at once, in a second token request.
    ///
    /// A [fixed](Self::fixed) token needs no credentials and stays as it is.
    #[must_use]
    pub fn with_provided_credentials(mut self) -> Self {
        if let State::Renewing(renewing) = &mut self.state {
            renewing.ask_for_credentials();
        }
        self
    }

    /// Sets how long a caller waits for a token by default. Without this setting, that is five seconds
    /// longer than the token request's [deadline](TokenRequest::deadline).
    #[must_use]
    pub fn with_token_timeout(mut self, timeout: Duration) -> Self {
        match &mut self.state {
            State::Fixed(_) => {}
            State::Supplied(supplied) => supplied.token_timeout = timeout,
            State::Renewing(renewing) => renewing.token_timeout = timeout,
        }
        self
    }

    /// Returns how long a caller waits for a token by default; zero for a fixed token.
    #[must_use]
    pub fn token_timeout(&self) -> Duration {
        match &self.state {
            State::Fixed(_) => Duration::ZERO,
            State::Supplied(supplied) => supplied.token_timeout,
            State::Renewing(renewing) => renewing.token_timeout,
        }
    }

    /// Returns the time limit of a caller that starts to wait for a token now: the default
    /// [`token_timeout`](Self::token_timeout).
    #[must_use]
    pub fn wait_budget(&self, now: Moment) -> WaitBudget {
        WaitBudget::new(self.token_timeout(), now)
    }

    /// Returns a usable token, or how long to wait for one. Never blocks.
    ///
    /// A token that is due for renewal is handed out at once, and its renewal becomes
    /// [work](Self::poll_work).
    #[inline]
    pub fn acquire(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        match &mut self.state {
            State::Renewing(renewing) => renewing.acquire(need, budget, now),
            State::Fixed(fixed) => fixed.acquire(need, now),
            State::Supplied(supplied) => supplied.acquire(need, budget, now),
        }
    }

    /// Returns the cached token if it serves this need and is not due for renewal, as before nearly
    /// every API call. Otherwise call [`acquire`](Self::acquire).
    #[inline]
    #[must_use]
    pub fn cached(&self, need: Need, now: Moment) -> Option<LiveToken> {
        match &self.state {
            State::Renewing(renewing) => renewing.lifecycle.cached(need, now),
            State::Supplied(supplied) => supplied.lifecycle.cached(need, now),
            State::Fixed(fixed) => fixed.cached(need, now),
        }
    }

    /// Returns the cached token if it may be used, due for renewal or not. Elects no caller: for those
    /// that follow the token and do not use it.
    #[must_use]
    pub fn current(&self, now: Moment) -> Option<LiveToken> {
        match &self.state {
            State::Renewing(renewing) => renewing.lifecycle.current(now),
            State::Supplied(supplied) => supplied.lifecycle.current(now),
            State::Fixed(fixed) => fixed.cached(Need::any(), now),
        }
    }

    /// Returns the next piece of work; `None` if there is none, or if one was handed out and is not yet
    /// reported.
    ///
    /// The lease of a token request and the age of its token count from this call, so call it only when
    /// the work can start at once. An attempt that waited for this call longer than its lease is dropped,
    /// since its callers have given up or will ask again.
    pub fn poll_work(&mut self, now: Moment) -> Option<Work> {
        match &mut self.state {
            State::Fixed(_) => None,
            State::Supplied(supplied) => supplied.poll_work(now),
            State::Renewing(renewing) => renewing.poll_work(now),
        }
    }

    /// Returns what kind of work [`poll_work`](Self::poll_work) would hand out now.
    #[must_use]
    pub fn next_work(&self, now: Moment) -> Option<WorkKind> {
        match &self.state {
            State::Fixed(_) => None,
            State::Supplied(supplied) => supplied.has_work(now).then_some(WorkKind::Store),
            State::Renewing(renewing) => renewing.next_work(now),
        }
    }

    /// Takes in the client credentials that [`Work::Credentials`] asked for.
    ///
    /// # Errors
    /// If `credentials` is an error, the attempt fails temporarily: all callers get the error, and a
    /// backoff follows.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket counts once")]
    pub fn on_credentials(
        &mut self,
        ticket: CredentialsTicket,
        credentials: Result<ClientCredentials, Box<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match &mut self.state {
            State::Fixed(_) | State::Supplied(_) => Event::Stale,
            State::Renewing(renewing) => {
                renewing.on_credentials(&ticket, credentials.map_err(Arc::from), now, jitter)
            }
        }
    }

    /// Takes in what [`Work::Store`] found: a token, none, or why the store cannot say. A token that is usable
    /// and not yet due ends the attempt. After [`Event::StoreFailed`] it goes on without the store.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket counts once")]
    pub fn on_stored(
        &mut self,
        ticket: StoreTicket,
        stored: Result<Option<StoredToken>, Box<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let stored = stored.map_err(Arc::from);
        match &mut self.state {
            State::Fixed(_) => Event::Stale,
            State::Supplied(supplied) => supplied.on_stored(&ticket, stored, now, jitter),
            State::Renewing(renewing) => renewing.on_stored(&ticket, stored, now, jitter),
        }
    }

    /// Takes in the response to a token request, of any status, with its whole body.
    pub fn on_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: ExchangeTicket,
        response: Response<B>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let (head, body) = response.into_parts();
        let response = Response::from_parts(head, body.as_ref());
        let end = |exchange: TokenExchange| Ok(exchange.finish(response)?);
        self.on_exchange(ticket, end, now, jitter)
    }

    /// Takes in why a token request has no complete response.
    pub fn on_failure(
        &mut self,
        ticket: ExchangeTicket,
        error: impl Into<TransportError>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let error = error.into();
        let end = |exchange: TokenExchange| Err(exchange.fail(error).into());
        self.on_exchange(ticket, end, now, jitter)
    }

    /// Takes in that a token request is not sent, since the program allows itself none before this wait has
    /// passed. The attempt fails with [`RenewalError::OverLimit`], and backs off for that long.
    pub fn on_over_limit(
        &mut self,
        ticket: ExchangeTicket,
        wait: Duration,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        self.on_exchange(ticket, |_| Err(RenewalError::OverLimit(wait)), now, jitter)
    }

    fn on_exchange(
        &mut self,
        ticket: ExchangeTicket,
        end: impl FnOnce(TokenExchange) -> Result<IssuedToken, RenewalError>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match &mut self.state {
            State::Fixed(_) | State::Supplied(_) => Event::Stale,
            State::Renewing(renewing) => renewing.on_exchange(ticket, end, now, jitter),
        }
    }

    /// Takes in the result of a token request, as [`on_response`](Self::on_response) or
    /// [`on_failure`](Self::on_failure).
    pub fn on_result<B: AsRef<[u8]>>(
        &mut self,
        ticket: ExchangeTicket,
        result: Result<Response<B>, impl Into<TransportError>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match result {
            Ok(response) => self.on_response(ticket, response, now, jitter),
            Err(error) => self.on_failure(ticket, error, now, jitter),
        }
    }

    /// Takes in that the work that was handed out, or that would be next, will not be done, because a
    /// thread could not start or panicked. The attempt fails temporarily.
    pub fn on_worker_lost(&mut self, now: Moment, jitter: Jitter) -> Event {
        match &mut self.state {
            State::Fixed(_) => Event::Stale,
            State::Supplied(supplied) => supplied.on_worker_lost(now, jitter),
            State::Renewing(renewing) => renewing.on_worker_lost(now, jitter),
        }
    }

    /// Records that an API rejected the token of this generation with a 401. Other callers still get that
    /// token until it is replaced; the caller that reports it should ask for a [newer](Need::newer_than)
    /// one.
    #[doc(alias = "401")]
    pub fn invalidate(&mut self, generation: Generation, now: Moment) -> Invalidation {
        match &mut self.state {
            State::Fixed(fixed) => fixed.invalidate(),
            State::Supplied(supplied) => supplied.lifecycle.invalidate(generation, now),
            State::Renewing(renewing) => renewing.lifecycle.invalidate(generation, now),
        }
    }

    /// Asks for a new token even if the cached one is usable. Returns the need with which a caller
    /// [acquires](Self::acquire) the new one. However many callers ask at once, one token is requested.
    #[doc(alias = "refresh")]
    pub fn renew_now(&mut self) -> Need {
        match &mut self.state {
            State::Fixed(_) => Need::any().newer_than(FixedToken::GENERATION),
            State::Supplied(supplied) => supplied.lifecycle.renew_now(),
            State::Renewing(renewing) => renewing.lifecycle.renew_now(),
        }
    }

    /// Uses these client credentials from now on. A token request with the old ones no longer counts,
    /// a backoff that they caused ends, and the cached token stays in use until a token for the new
    /// ones replaces it.
    ///
    /// The credentials in use, and those that the token endpoint rejected last, change nothing:
    /// calling this again and again never causes more than one token request.
    pub fn set_credentials(&mut self, credentials: ClientCredentials, now: Moment) -> Event {
        match &mut self.state {
            State::Fixed(_) | State::Supplied(_) => Event::CredentialsUnchanged,
            State::Renewing(renewing) => renewing.set_credentials(credentials, now),
        }
    }

    /// Makes the agent ask for the client credentials, because the program knows that they changed. The
    /// question becomes [work](Self::poll_work) as soon as no token request is under way or ready to be
    /// sent. The credentials that are then provided count as in
    /// [`set_credentials`](Self::set_credentials); a caller that has no token because of the old ones
    /// waits for them. Does nothing if the credentials are not
    /// [provided](Self::with_provided_credentials).
    pub fn credentials_changed(&mut self) {
        if let State::Renewing(renewing) = &mut self.state {
            renewing.credentials_changed();
        }
    }

    /// Caches a stored token if it outlives the cached one. Its age is what the wall clock counted since
    /// it was issued; a token that was issued in the future is not taken.
    pub fn restore(&mut self, stored: StoredToken, now: Moment, jitter: Jitter) -> Event {
        match &mut self.state {
            State::Fixed(_) => Event::NotRestored,
            State::Supplied(supplied) => supplied.lifecycle.restore(stored, now, jitter),
            State::Renewing(renewing) => renewing.lifecycle.restore(stored, now, jitter),
        }
    }

    /// Returns the cached token for storage; `None` if it may not be used, if an API rejected it, or
    /// if it is fixed.
    #[must_use]
    pub fn export(&self, now: Moment) -> Option<StoredToken> {
        match &self.state {
            State::Fixed(_) => None,
            State::Supplied(supplied) => supplied.lifecycle.export(now),
            State::Renewing(renewing) => renewing.lifecycle.export(now),
        }
    }

    /// Returns a snapshot of the token's state, for logs and health checks.
    #[must_use]
    pub fn health(&self, now: Moment) -> Health {
        let health = match &self.state {
            State::Fixed(fixed) => fixed.health(now),
            State::Supplied(supplied) => supplied.lifecycle.health(now),
            State::Renewing(renewing) => renewing.lifecycle.health(now),
        };
        Health {
            deprecated: self.deprecations.count,
            ..health
        }
    }

    /// Counts a deprecation, and returns it if it is to be told.
    pub(crate) fn met(&mut self, found: Box<Deprecation>, now: Moment) -> Option<Box<Deprecation>> {
        self.deprecations.is_news(&found, now).then_some(found)
    }

    /// Returns the token request with the client credentials in use; `None` for a token that is
    /// fixed or supplied.
    #[must_use]
    pub fn request(&self) -> Option<&TokenRequest> {
        match &self.state {
            State::Fixed(_) | State::Supplied(_) => None,
            State::Renewing(renewing) => Some(&renewing.request),
        }
    }
}

impl fmt::Debug for TokenAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Fixed(fixed) => fixed.fmt(f),
            State::Supplied(supplied) => supplied.fmt(f),
            State::Renewing(renewing) => renewing.fmt(f),
        }
    }
}
