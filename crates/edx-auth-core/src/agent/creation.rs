//! How an agent is made: where its tokens come from, and how long its callers wait.

use alloc::boxed::Box;
use core::time::Duration;

use super::credentials::CredentialsOrigin;
use super::fixed::FixedToken;
use super::rejected::RejectedCredentials;
use super::store::{StoreStep, longest_claim};
use super::work::Tickets;
use super::worker::Worker;
use super::{Supply, TokenAgent};
use crate::exchange::TokenRequest;
use crate::lifecycle::{RenewalPolicy, TokenLifecycle};
use crate::token::AccessToken;

impl TokenAgent {
    /// Creates an agent without a token. If need be it extends the policy's
    /// [lease](crate::RenewalPolicyBuilder::lease) to five seconds more than the token request's deadline.
    #[must_use]
    pub fn new(request: TokenRequest, policy: RenewalPolicy) -> Self {
        let deadline = request.rules().deadline();
        Self::of(Supply::Endpoint(request), policy.outlasting(deadline))
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
        let supply = Supply::Fixed(Box::new(FixedToken::new(token)));
        Self::of(supply, RenewalPolicy::DEFAULT)
    }

    /// Creates an agent whose token another process keeps fresh: it requests none, and reads it by
    /// [`Work::Store`](crate::Work::Store) before the first use, after a third of its remaining lifetime,
    /// and at once after an API rejected it. [`StoredToken::read`](crate::StoredToken::read) reads its
    /// usual forms.
    ///
    /// What is read replaces the cached token if it outlives it. Anything else is a failure that passes, and
    /// the cached token stays in use until it expires.
    #[must_use]
    pub fn supplied() -> Self {
        Self {
            first_store_step: StoreStep::ReadOnly,
            ..Self::of(Supply::Process, RenewalPolicy::SUPPLIED)
        }
    }

    /// Creates an agent that has and does nothing yet.
    fn of(supply: Supply, policy: RenewalPolicy) -> Self {
        Self {
            supply,
            lifecycle: TokenLifecycle::new(policy),
            token_timeout: None,
            first_store_step: StoreStep::Done,
            origin: CredentialsOrigin::Request,
            rejected: RejectedCredentials::default(),
            is_change_announced: false,
            elected: None,
            worker: Worker::Idle,
            tickets: Tickets::new(),
            deprecations: None,
        }
    }

    /// Makes the agent look into a token store before each token request, by
    /// [`Work::Store`](crate::Work::Store), so that many processes share one token: it reads, claims the
    /// request for itself, reads again, and requests a token if there is still none. Save the token that
    /// [`export`](Self::export) returns after [`Event::Renewed`](crate::Event::Renewed), and give the claim
    /// back.
    ///
    /// A store that fails or hangs costs a token request and fails no caller. To leave enough time for its
    /// own request, a caller waits longer by default: by the request's deadline and two seconds more.
    /// With [another timeout](Self::with_token_timeout), it waits for the claim of another
    /// process for half of that.
    #[must_use]
    pub fn with_store(mut self) -> Self {
        if let Supply::Endpoint(_) = &self.supply {
            self.first_store_step = StoreStep::Read;
        }
        self
    }

    /// Makes the agent ask for the client credentials before each token request, by
    /// [`Work::Credentials`](crate::Work::Credentials). If the token endpoint rejects them as unknown
    /// (`invalid_client`), the agent asks once more. If it then gets others, it sends them at once, in a
    /// second token request.
    ///
    /// A [fixed](Self::fixed) token needs no credentials and stays as it is.
    #[must_use]
    pub fn with_provided_credentials(mut self) -> Self {
        if let Supply::Endpoint(_) = self.supply {
            self.origin = CredentialsOrigin::Program;
        }
        self
    }

    /// Sets how long a caller waits for a token by default. Without this setting, that is five seconds longer
    /// than the token request's [deadline](TokenRequest::deadline), and [with a store](Self::with_store) that
    /// deadline and two seconds more.
    #[must_use]
    pub fn with_token_timeout(mut self, timeout: Duration) -> Self {
        if self.supply.fixed().is_none() {
            self.token_timeout = Some(timeout);
        }
        self
    }

    /// Returns how long a caller waits for a token by default; zero for a fixed token.
    #[must_use]
    pub fn token_timeout(&self) -> Duration {
        self.token_timeout.unwrap_or_else(|| match &self.supply {
            Supply::Fixed(_) => Duration::ZERO,
            Supply::Process => SUPPLIED_WITHIN,
            Supply::Endpoint(request) => self.long_enough_for(request.rules().deadline()),
        })
    }

    /// Returns how long a token request with this deadline may take, after a look into the store if there is
    /// one.
    fn long_enough_for(&self, deadline: Duration) -> Duration {
        let request = RenewalPolicy::longer_than(deadline);
        match self.first_store_step {
            StoreStep::Done => request,
            _ => request.saturating_add(longest_claim(deadline)),
        }
    }

    /// Returns the token request with the client credentials in use; `None` for a token that is
    /// fixed or supplied.
    #[must_use]
    pub fn request(&self) -> Option<&TokenRequest> {
        self.supply.request()
    }
}

/// How long callers wait for a supplied token: a process that starts together with the one that writes it
/// waits this long.
const SUPPLIED_WITHIN: Duration = Duration::from_secs(25);
