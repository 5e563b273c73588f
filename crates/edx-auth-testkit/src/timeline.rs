//! A token's life in virtual time.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    Attempt, ClientCredentials, Event, ExchangeError, Health, Invalidation, IssuedToken, Jitter,
    LiveToken, Moment, Need, RenewalPolicy, RenewalReason, Step, TokenEndpoint, TokenError,
    TokenLifecycle, TokenRequest, WaitBudget, WaitDecision,
};

use crate::Reply;

/// A [`TokenLifecycle`] between a site that answers as a test says and clocks that a test sets.
///
/// Nothing waits: a caller who would wait passes the virtual time, and a year takes a moment. It
/// starts at a site that issues tokens of one hour, without a token, some decades after 1970.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_testkit::{Reply, Timeline};
///
/// let mut timeline = Timeline::new();
/// assert!(timeline.token().is_ok());
///
/// // The site goes down for ten minutes while the token nears its end: nobody notices.
/// timeline.pass(Duration::from_secs(50 * 60));
/// timeline.site_answers(Reply::html(503, "<html>Maintenance</html>"));
/// for _ in 0..9 {
///     timeline.pass(Duration::from_secs(60));
///     assert!(timeline.token().is_ok());
/// }
/// ```
pub struct Timeline {
    lifecycle: TokenLifecycle,
    now: Moment,
    request: TokenRequest,
    site: Site,
    exchange_takes: Duration,
    jitter: Jitter,
    requests: Vec<Duration>,
}

/// What the site does about a token request.
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
    /// A life by the default policy.
    #[must_use]
    pub fn new() -> Self {
        Self::with_policy(RenewalPolicy::DEFAULT)
    }

    /// A life by this policy.
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
            exchange_takes: Duration::ZERO,
            jitter: Jitter::NONE,
            requests: Vec::new(),
        }
    }

    /// From now on the site issues tokens with this `expires_in`, in seconds.
    pub fn site_issues(&mut self, expires_in: u64) {
        self.site = Site::Issues { expires_in };
    }

    /// From now on the site answers every token request with this.
    pub fn site_answers(&mut self, reply: Reply) {
        self.site = Site::Answers(reply);
    }

    /// From now on an exchange takes so long.
    pub fn exchange_takes(&mut self, time: Duration) {
        self.exchange_takes = time;
    }

    /// From now on chance draws this.
    pub fn draw(&mut self, jitter: Jitter) {
        self.jitter = jitter;
    }

    /// Time passes, and both clocks count it.
    pub fn pass(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.wall += time;
    }

    /// The machine sleeps: the wall clock alone counts it.
    pub fn suspend(&mut self, time: Duration) {
        self.now.wall += time;
    }

    /// Somebody sets the wall clock back.
    pub fn set_clock_back(&mut self, time: Duration) {
        self.now.wall = self.now.wall.saturating_sub(time);
    }

    /// A token for a caller of the default patience, who passes the time while it waits.
    ///
    /// # Errors
    /// Where the caller leaves without one.
    pub fn token(&mut self) -> Result<LiveToken, TokenError> {
        self.token_for(Need::any(), PATIENCE)
    }

    /// A token for a caller of this need and patience.
    ///
    /// # Errors
    /// Where the caller leaves without one.
    pub fn token_for(&mut self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        let budget = WaitBudget::new(patience, self.now);
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
                (_, WaitDecision::GiveUp(error)) => return Err(error),
                (_, WaitDecision::Wait(wait)) => self.pass(wait),
                (_, WaitDecision::Proceed) => {}
            }
        }
    }

    /// Says that a server refused this token.
    pub fn invalidate(&mut self, token: &LiveToken) -> Invalidation {
        self.lifecycle.invalidate(token.generation(), self.now)
    }

    /// Asks for a new token although the one at hand may do.
    pub fn renew_now(&mut self, reason: RenewalReason) -> Event {
        self.lifecycle.renew_now(reason, self.now)
    }

    /// How the life is going.
    #[must_use]
    pub fn health(&self) -> Health {
        self.lifecycle.health(self.now)
    }

    /// When each token request left, from the start of the timeline, by the monotonic clock.
    #[must_use]
    pub fn token_requests(&self) -> &[Duration] {
        &self.requests
    }

    /// What both clocks say.
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
        self.pass(self.exchange_takes);
        let outcome = self.outcome();
        self.lifecycle
            .settle(attempt, outcome, self.now, self.jitter)
    }

    #[expect(
        clippy::expect_used,
        reason = "a reply that is none is a fault of the test"
    )]
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

/// Longer than one exchange may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// Some time in 2026.
const START: Duration = Duration::from_secs(1_790_000_000);
