//! What a source is made from, whoever holds it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy, TokenEndpoint, TokenRequest};

/// A function that yields the program's pair as it is now.
pub type Pair = Arc<dyn Fn() -> ClientCredentials + Send + Sync>;

/// A token source in the making.
#[derive(Clone)]
pub struct Setup {
    /// What is asked, by whom and where.
    pub request: TokenRequest,
    /// Where the pair comes from, if not from the request.
    pub pair: Option<Pair>,
    /// When to renew, and how long to pause.
    pub policy: RenewalPolicy,
    /// How long a caller waits who says nothing else.
    pub patience: Duration,
}

impl Setup {
    /// A source of this pair at this endpoint, with everything else as it comes.
    ///
    /// # Panics
    /// Where there is no such endpoint, or no such pair.
    pub fn new(token_url: &str, id: &str, secret: &str) -> Self {
        let endpoint = TokenEndpoint::exact(token_url).unwrap();
        let credentials = ClientCredentials::new(id, secret).unwrap();
        Self {
            request: TokenRequest::new(endpoint, credentials),
            pair: None,
            policy: RenewalPolicy::DEFAULT,
            patience: PATIENCE,
        }
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("request", &self.request)
            .field("policy", &self.policy)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// Below the hang guard of every test, and far above what a loopback site takes.
const PATIENCE: Duration = Duration::from_secs(25);
