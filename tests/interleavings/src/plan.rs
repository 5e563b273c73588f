//! The settings of a scenario's source.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy, TokenEndpoint};

use crate::store::TokenStore;

type Provided = Result<ClientCredentials, Box<dyn StdError + Send + Sync>>;

pub(crate) struct Plan {
    pub(crate) endpoint: TokenEndpoint,
    pub(crate) policy: RenewalPolicy,
    pub(crate) timeout: Duration,
    pub(crate) credentials: Option<Box<dyn Fn() -> Provided + Send + Sync>>,
    pub(crate) store: Option<Box<dyn TokenStore>>,
}

impl Plan {
    pub(crate) fn new(policy: RenewalPolicy) -> Self {
        Self {
            endpoint: TokenEndpoint::edx(),
            policy,
            timeout: TIMEOUT,
            credentials: None,
            store: None,
        }
    }

    /// Sets a function that provides the client credentials; `client_id` returns the ID of the client.
    pub(crate) fn provided(
        mut self,
        client_id: impl Fn() -> &'static str + Send + Sync + 'static,
    ) -> Self {
        self.credentials = Some(Box::new(move || Ok(credentials(client_id()))));
        self
    }

    /// Sets a store that the source shares with other processes.
    pub(crate) fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Some(Box::new(store));
        self
    }

    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the site of the source.
    pub(crate) fn at(mut self, lms_url: &str) -> Self {
        self.endpoint = TokenEndpoint::open_edx(lms_url).unwrap();
        self
    }
}

pub(crate) fn credentials(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(client_id, "s3cret").unwrap()
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long a caller waits for a token: longer than the time that passes in most scenarios.
const TIMEOUT: Duration = HOUR;

/// A time longer than any wait.
pub(crate) const FOREVER: Duration = Duration::from_secs(1 << 30);

/// A policy with backoffs that no caller waits out.
pub(crate) const LONG_BACKOFFS: RenewalPolicy = backing_off(DAY, DAY);

/// A policy with backoffs that callers wait out.
pub(crate) const SHORT_BACKOFFS: RenewalPolicy =
    backing_off(Duration::from_secs(1), Duration::from_secs(4));

const fn backing_off(first: Duration, longest: Duration) -> RenewalPolicy {
    let policy = RenewalPolicy::builder()
        .transient_backoff(first, longest)
        .permanent_backoff(DAY, DAY)
        .rejection_backoff(DAY, DAY)
        .lease(DAY);
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The client of sources whose credentials are fixed.
pub(crate) const CLIENT: &str = "acme-api";
