//! What a client of either library is built from.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, ClientName, Origins, RenewalPolicy, TokenEndpoint, TokenRequest,
};
use edx_auth_testkit::{Behavior, MockEdx};

use crate::drivers::CredentialsFn;
use crate::timeout::CALL_TIMEOUT;

/// The settings of a client.
#[derive(Clone)]
pub struct Setup {
    /// The token request.
    pub request: TokenRequest,
    /// Returns the client credentials, if they differ from those of the request.
    pub credentials: Option<CredentialsFn>,
    /// A fixed token, instead of token requests.
    pub fixed: Option<AccessToken>,
    /// The origins that the token may go to.
    pub origins: Origins,
    /// When to renew, and how long to back off.
    pub policy: RenewalPolicy,
    /// The name of the program.
    pub name: Option<ClientName>,
    /// The default timeout of a call.
    pub timeout: Duration,
    /// For how long its calls that only read are retried.
    pub retry_for: Option<Duration>,
    /// How long its calls wait for their token.
    pub token_timeout: Option<Duration>,
}

impl Setup {
    /// Creates settings for these client credentials and this endpoint, with [`SHORT_PAUSES`].
    ///
    /// # Panics
    /// Panics if the URL or the client credentials are invalid.
    pub fn new(token_url: &str, id: &str, secret: &str) -> Self {
        let endpoint = TokenEndpoint::exact(token_url).unwrap();
        let credentials = ClientCredentials::new(id, secret).unwrap();
        Self {
            origins: Origins::of(&endpoint),
            request: TokenRequest::new(endpoint, credentials),
            credentials: None,
            fixed: None,
            policy: SHORT_PAUSES,
            name: None,
            timeout: CALL_TIMEOUT,
            retry_for: None,
            token_timeout: None,
        }
    }

    /// Creates settings for the client that this site knows.
    pub fn of(edx: &MockEdx) -> Self {
        Self::new(&edx.token_url(), edx.client_id(), edx.client_secret())
    }

    /// Allows one more origin for the token.
    ///
    /// # Panics
    /// Panics if the origin is invalid.
    #[must_use]
    pub fn and(mut self, origin: &str) -> Self {
        self.origins = self.origins.allow(origin).unwrap();
        self
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("request", &self.request)
            .field("origins", &self.origins)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Delays the site's token responses, so that every token is older than the grace of [`SHORT_PAUSES`] when
/// it arrives.
pub fn age_tokens(edx: &MockEdx) {
    let slowly = Behavior::after(Duration::from_millis(3), Behavior::pass_through());
    edx.on("POST", MockEdx::TOKEN_PATH, slowly);
}

/// A policy with backoffs of milliseconds, and a grace for clock skew of one millisecond: a token that an
/// API rejects is renewed at once, because none is that young.
pub const SHORT_PAUSES: RenewalPolicy = pausing(Duration::from_millis(5), NO_AGE);

/// Creates a policy with these backoffs and this grace for clock skew.
pub const fn pausing(pause: Duration, young: Duration) -> RenewalPolicy {
    let policy = RenewalPolicy::builder()
        .skew_grace(young)
        .transient_backoff(pause, pause);
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
}

/// Less than the age of any token when it arrives.
const NO_AGE: Duration = Duration::from_millis(1);
