//! What a client is made from, whichever library carries its calls.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, ClientName, Origins, RenewalPolicy, TokenEndpoint, TokenRequest,
};
use edx_auth_testkit::{Behavior, MockEdx};

use crate::drivers::Pair;

/// A client in the making.
#[derive(Clone)]
pub struct Setup {
    /// How tokens are asked for, by whom and where.
    pub request: TokenRequest,
    /// Where the pair comes from, if not from the request.
    pub pair: Option<Pair>,
    /// The one token it has, if it asks for none.
    pub fixed: Option<AccessToken>,
    /// Where tokens may go.
    pub origins: Origins,
    /// When to renew, and how long to pause.
    pub policy: RenewalPolicy,
    /// What the program is called.
    pub name: Option<ClientName>,
    /// How long a call may take that says nothing else.
    pub timeout: Duration,
    /// For how long its calls that only read are retried.
    pub retry_for: Option<Duration>,
}

impl Setup {
    /// A client of this pair at this endpoint, with pauses so short that they can be waited out.
    ///
    /// # Panics
    /// Where there is no such endpoint, or no such pair.
    pub fn new(token_url: &str, id: &str, secret: &str) -> Self {
        let endpoint = TokenEndpoint::exact(token_url).unwrap();
        let credentials = ClientCredentials::new(id, secret).unwrap();
        Self {
            origins: Origins::of(&endpoint),
            request: TokenRequest::new(endpoint, credentials),
            pair: None,
            fixed: None,
            policy: SHORT_PAUSES,
            name: None,
            timeout: TIMEOUT,
            retry_for: None,
        }
    }

    /// The client that this site knows.
    pub fn of(edx: &MockEdx) -> Self {
        Self::new(&edx.token_url(), edx.client_id(), edx.client_secret())
    }

    /// The same, where tokens may go to one more origin.
    ///
    /// # Panics
    /// Where it is none.
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

/// From now on this site's tokens are of an age, when they come, that [`SHORT_PAUSES`] does not take
/// for young.
pub fn age_tokens(edx: &MockEdx) {
    let slowly = Behavior::after(Duration::from_millis(3), Behavior::pass_through());
    edx.on("POST", MockEdx::TOKEN_PATH, slowly);
}

/// Trouble is over in a moment, and no token is ever taken for a young one.
pub const SHORT_PAUSES: RenewalPolicy = pausing(Duration::from_millis(5), NO_AGE);

/// The same with pauses of this length, and tokens that are young up to this age.
pub const fn pausing(pause: Duration, young: Duration) -> RenewalPolicy {
    let policy = RenewalPolicy::builder()
        .skew_grace(young)
        .transient_backoff(pause, pause);
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
}

/// Below the age that the youngest token has when it comes.
const NO_AGE: Duration = Duration::from_millis(1);

/// Below the hang guard of every test, and far above what a loopback site takes.
const TIMEOUT: Duration = Duration::from_secs(20);
