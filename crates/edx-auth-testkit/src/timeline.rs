//! A token's life in virtual time.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    Acquire, ClientCredentials, Event, ExchangeTicket, Health, Invalidation, Jitter, LiveToken,
    Moment, Need, RenewalPolicy, TokenAgent, TokenEndpoint, TokenError, TokenRequest, WaitBudget,
    Work,
};

use crate::MockResponse;

/// A [`TokenAgent`] with a simulated site and simulated clocks, both controlled by the test.
///
/// Nothing waits: a caller that would wait advances the virtual time, so a year takes a moment. A
/// timeline starts in 2026, without a token. Its site issues tokens that last one hour.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_testkit::{MockResponse, Timeline};
///
/// let mut timeline = Timeline::new();
/// assert!(timeline.token().is_ok());
///
/// // The site is down for ten minutes before the token expires. Callers still get a token.
/// timeline.advance(Duration::from_secs(50 * 60));
/// timeline.set_response(MockResponse::html(503, "<html>Maintenance</html>"));
/// for _ in 0..9 {
///     timeline.advance(Duration::from_secs(60));
///     assert!(timeline.token().is_ok());
/// }
/// ```
pub struct Timeline {
    agent: TokenAgent,
    now: Moment,
    site: Site,
    latency: Duration,
    jitter: Jitter,
    requests: Vec<Duration>,
}

/// How the site responds to token requests.
enum Site {
    Issues { expires_in: u64 },
    Responds(MockResponse),
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
    #[expect(clippy::missing_panics_doc, reason = "these credentials are valid")]
    #[expect(clippy::expect_used, reason = "these credentials are valid")]
    pub fn with_policy(policy: RenewalPolicy) -> Self {
        let credentials = ClientCredentials::new("timeline", "secret").expect("valid credentials");
        let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
        Self {
            agent: TokenAgent::new(request, policy),
            now: Moment {
                monotonic: Duration::ZERO,
                wall: START,
            },
            site: Site::Issues { expires_in: 3600 },
            latency: Duration::ZERO,
            jitter: Jitter::NONE,
            requests: Vec::new(),
        }
    }

    /// Makes the site issue tokens with this `expires_in`, in seconds, from now on.
    pub fn set_token_lifetime(&mut self, expires_in: u64) {
        self.site = Site::Issues { expires_in };
    }

    /// Sets the response to every token request from now on.
    pub fn set_response(&mut self, response: MockResponse) {
        self.site = Site::Responds(response);
    }

    /// Makes every token request take this long, from now on.
    pub fn set_latency(&mut self, time: Duration) {
        self.latency = time;
    }

    /// Sets the jitter of all later renewals and backoffs.
    pub fn set_jitter(&mut self, jitter: Jitter) {
        self.jitter = jitter;
    }

    /// Advances both clocks.
    pub fn advance(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.wall += time;
    }

    /// Advances only the wall clock: the machine is suspended.
    pub fn suspend(&mut self, time: Duration) {
        self.now.wall += time;
    }

    /// Sets the wall clock back.
    pub fn rewind_wall_clock(&mut self, time: Duration) {
        self.now.wall = self.now.wall.saturating_sub(time);
    }

    /// Returns a token. Waits at most the agent's default timeout, in virtual time.
    ///
    /// # Errors
    /// Returns an error if no token comes within that time.
    pub fn token(&mut self) -> Result<LiveToken, TokenError> {
        self.token_for(Need::any(), self.agent.token_timeout())
    }

    /// Returns a token that meets this need. Waits at most `timeout`, in virtual time, or until a
    /// token request that this caller started has ended.
    ///
    /// # Errors
    /// Returns an error if no such token comes within that time.
    pub fn token_for(&mut self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        let budget = WaitBudget::new(timeout, self.now);
        loop {
            let acquired = self.agent.acquire(need, &budget, self.now);
            let has_worked = self.work();
            match acquired {
                Acquire::Ready(token) => return Ok(token),
                _ if has_worked => {}
                Acquire::Failed(error) => return Err(error),
                Acquire::Wait(wait) => self.advance(wait),
            }
        }
    }

    /// Reports that an API rejected this token.
    pub fn invalidate(&mut self, token: &LiveToken) -> Invalidation {
        self.agent.invalidate(token.generation(), self.now)
    }

    /// Requires a newer token than the cached one. The next caller starts the token request.
    pub fn renew_now(&mut self) -> Need {
        self.agent.renew_now()
    }

    /// Uses these client credentials from now on.
    pub fn change_credentials(&mut self, credentials: ClientCredentials) -> Event {
        self.agent.set_credentials(credentials, self.now)
    }

    /// Returns a snapshot of the token's state.
    #[must_use]
    pub fn health(&self) -> Health {
        self.agent.health(self.now)
    }

    /// Returns when each token request was sent: the time since the start of the timeline, by the
    /// monotonic clock.
    #[must_use]
    pub fn token_requests(&self) -> &[Duration] {
        &self.requests
    }

    /// Returns the time of both clocks.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Does all the work that the agent has. Returns whether there was any.
    fn work(&mut self) -> bool {
        let mut has_worked = false;
        // No function provides the credentials, so all work is a token request.
        while let Some(Work::Exchange(ticket, _)) = self.agent.poll_work(self.now) {
            has_worked = true;
            self.exchange(ticket);
        }
        has_worked
    }

    #[expect(
        clippy::expect_used,
        reason = "an invalid response is a mistake in the test"
    )]
    fn exchange(&mut self, ticket: ExchangeTicket) {
        self.requests.push(self.now.monotonic);
        self.advance(self.latency);
        let issued;
        let response = match &self.site {
            Site::Responds(response) => response,
            Site::Issues { expires_in } => {
                issued = self.success(*expires_in);
                &issued
            }
        };
        let response = response.to_response().expect("a valid HTTP response");
        self.agent
            .on_response(ticket, response, self.now, self.jitter);
    }

    fn success(&self, expires_in: u64) -> MockResponse {
        let number = self.requests.len();
        MockResponse::json(
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

/// Some time in 2026.
const START: Duration = Duration::from_secs(1_790_000_000);
