//! The life of a token in virtual time.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    Attempt, ClientCredentials, Event, ExchangeError, Health, Invalidation, IssuedToken, Jitter,
    LiveToken, Moment, Need, RenewalPolicy, RenewalReason, Step, TokenEndpoint, TokenError,
    TokenLifecycle, TokenRequest, WaitBudget, WaitDecision,
};

use crate::Reply;

/// A [`TokenLifecycle`] with a simulated site and simulated clocks.
///
/// Nothing sleeps: a caller that would wait advances the virtual time, so a year takes a moment. A
/// timeline starts without a token. Its site issues tokens that expire after an hour.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_testkit::{Reply, Timeline};
///
/// let mut timeline = Timeline::new();
/// assert!(timeline.token().is_ok());
///
/// // The site is down for ten minutes while the token is due for renewal. No caller notices.
/// timeline.advance(Duration::from_secs(50 * 60));
/// timeline.set_response(Reply::html(503, "<html>Maintenance</html>"));
/// for _ in 0..9 {
///     timeline.advance(Duration::from_secs(60));
///     assert!(timeline.token().is_ok());
/// }
/// ```
pub struct Timeline {
    lifecycle: TokenLifecycle,
    now: Moment,
    request: TokenRequest,
    site: Site,
    latency: Duration,
    jitter: Jitter,
    requests: Vec<Duration>,
}

/// How the site answers a token request.
enum Site {
    Issues { expires_in: u64 },
    Answers(Reply),
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}

impl Timeline {
    /// Creates a timeline with the default policy.
    #[must_use]
    pub fn new() -> Self {
        Self::with_policy(RenewalPolicy::DEFAULT)
    }

    /// Creates a timeline with this policy.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "these credentials are whole")]
    #[expect(clippy::expect_used, reason = "these credentials are whole")]
    pub fn with_policy(policy: RenewalPolicy) -> Self {
        let credentials = ClientCredentials::new("timeline", "secret").expect("whole credentials");
        Self {
            lifecycle: TokenLifecycle::new(policy),
            now: Moment {
                monotonic: Duration::ZERO,
                wall: START,
            },
            request: TokenRequest::new(TokenEndpoint::edx(), credentials),
            site: Site::Issues { expires_in: 3600 },
            latency: Duration::ZERO,
            jitter: Jitter::NONE,
            requests: Vec::new(),
        }
    }

    /// Sets the `expires_in` of the tokens that the site issues from now on, in seconds.
    pub fn set_token_lifetime(&mut self, expires_in: u64) {
        self.site = Site::Issues { expires_in };
    }

    /// Sets the response to every token request from now on.
    pub fn set_response(&mut self, reply: Reply) {
        self.site = Site::Answers(reply);
    }

    /// Sets the duration of every exchange from now on.
    pub fn set_latency(&mut self, time: Duration) {
        self.latency = time;
    }

    /// Sets the jitter of every pause and renewal from now on.
    pub fn set_jitter(&mut self, jitter: Jitter) {
        self.jitter = jitter;
    }

    /// Advances both clocks.
    pub fn advance(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.wall += time;
    }

    /// Suspends the machine: advances the wall clock only.
    pub fn suspend(&mut self, time: Duration) {
        self.now.wall += time;
    }

    /// Sets the wall clock back. The monotonic clock stays.
    pub fn rewind_wall_clock(&mut self, time: Duration) {
        self.now.wall = self.now.wall.saturating_sub(time);
    }

    /// Returns a token to a caller with the default patience. Advances the clocks while it waits.
    ///
    /// # Errors
    /// Returns an error if the caller gives up.
    pub fn token(&mut self) -> Result<LiveToken, TokenError> {
        self.token_for(Need::any(), PATIENCE)
    }

    /// Returns a token to a caller with this need and patience. Advances the clocks while it waits.
    ///
    /// # Errors
    /// Returns an error if the caller gives up.
    pub fn token_for(&mut self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        let patience = WaitBudget::new(patience, self.now);
        loop {
            let step = self.lifecycle.step_for(need, self.now);
            let decision = budget.next(&step, self.now);
            match (step, decision) {
                (Step::Use(token), _) => return Ok(token),
                (Step::Renew(token, attempt), _) => {
                    let _event = self.exchange(attempt);
                    return Ok(token);
                }
                (Step::Fetch(attempt), _) => drop(self.exchange(attempt)),
                (_, Waiting::GiveUp(error)) => return Err(error),
                (_, Waiting::For(wait)) => self.advance(wait),
                (_, Waiting::Done) => {}
            }
        }
    }

    /// Reports that an API rejected this token.
    pub fn invalidate(&mut self, token: &LiveToken) -> Refusal {
        self.lifecycle.invalidate(token.generation(), self.now)
    }

    /// Requests a new token even if the cached one is valid.
    pub fn renew_now(&mut self, reason: RenewalReason) -> Event {
        self.lifecycle.renew_now(reason, self.now)
    }

    /// Returns a snapshot of the lifecycle's state.
    #[must_use]
    pub fn health(&self) -> Health {
        self.lifecycle.health(self.now)
    }

    /// Returns when each token request was sent, by the monotonic clock since the start of the
    /// timeline.
    #[must_use]
    pub fn token_requests(&self) -> &[Duration] {
        &self.requests
    }

    /// Returns the time of both clocks.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    fn exchange(&mut self, attempt: Attempt) -> Event {
        let attempt = match self.lifecycle.begin(attempt, self.now) {
            Ok(attempt) => attempt,
            Err(event) => return event,
        };
        self.requests.push(self.now.monotonic);
        self.advance(self.latency);
        let outcome = self.outcome();
        self.lifecycle
            .settle(attempt, outcome, self.now, self.jitter)
    }

    #[expect(clippy::expect_used, reason = "an invalid reply is a bug of the test")]
    fn outcome(&self) -> Result<IssuedToken, ExchangeError> {
        let (_, exchange) = self.request.begin();
        let issued;
        let reply = match &self.site {
            Site::Answers(reply) => reply,
            Site::Issues { expires_in } => {
                issued = self.success(*expires_in);
                &issued
            }
        };
        exchange.finish(reply.to_response().expect("a reply of HTTP"))
    }

    fn success(&self, expires_in: u64) -> Reply {
        let number = self.requests.len();
        Reply::json(
            200,
            format!(
                r#"{{"access_token": "token{number}", "expires_in": {expires_in}, "token_type": "JWT"}}"#
            ),
        )
    }
}

impl fmt::Debug for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timeline")
            .field("now", &self.now)
            .field("health", &format_args!("{}", self.health()))
            .field("token_requests", &self.requests.len())
            .finish_non_exhaustive()
    }
}

/// Longer than the deadline of one exchange.
const PATIENCE: Duration = Duration::from_secs(25);

/// A time in 2026.
const START: Duration = Duration::from_secs(1_790_000_000);
