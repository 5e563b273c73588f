//! What a token source is built from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy, TokenEndpoint, TokenRequest};

/// A function that returns the program's current client credentials.
pub type CredentialsFn = Arc<dyn Fn() -> ClientCredentials + Send + Sync>;

/// The settings of a token source.
#[derive(Clone)]
pub struct Setup {
    /// The token request.
    pub request: TokenRequest,
    /// Returns the client credentials, if they differ from those of the request.
    pub credentials: Option<CredentialsFn>,
    /// When to renew, and how long to back off.
    pub policy: RenewalPolicy,
    /// How long a caller waits for a token by default.
    pub token_timeout: Duration,
}

impl Setup {
    /// Creates default settings for these client credentials and this endpoint.
    ///
    /// # Panics
    /// Panics if the URL or the client credentials are invalid.
    pub fn new(token_url: &str, id: &str, secret: &str) -> Self {
        let endpoint = TokenEndpoint::exact(token_url).unwrap();
        let credentials = ClientCredentials::new(id, secret).unwrap();
        Self {
            request: TokenRequest::new(endpoint, credentials),
            credentials: None,
            policy: RenewalPolicy::DEFAULT,
            token_timeout: TIMEOUT,
        }
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("request", &self.request)
            .field("policy", &self.policy)
            .field("token_timeout", &self.token_timeout)
            .finish_non_exhaustive()
    }
}

/// Far longer than a loopback site takes, and shorter than the backoff of a throttled source: its callers are
/// to get the error.
const TIMEOUT: Duration = Duration::from_secs(50);
