//! A source as a scenario wants it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Invalidation, LiveToken, RenewalPolicy, TokenEndpoint, TokenRequest,
};

use crate::Asked;

/// A driver's source, with the callers of an async one blocked on what they await.
pub trait Source: Clone + Send + Sync + 'static {
    fn of(plan: Plan) -> Self;
    fn token(&self) -> Asked;
    fn token_within(&self, patience: Duration) -> Asked;
    fn renew_now(&self) -> Asked;
    fn token_newer_than(&self, refused: &LiveToken) -> Asked;
    fn invalidate(&self, token: &LiveToken) -> Invalidation;
    fn credentials_changed(&self);
    /// The places in which this driver's exchanges run.
    fn exchanges() -> String;
    /// So many places of a scenario's own.
    fn places(at_once: usize) -> impl Places;
}

/// Where jobs run, so many at once.
pub trait Places: fmt::Debug + Sync + 'static {
    fn run(&'static self, job: impl FnOnce() + Send + 'static);
}

type Pair = Result<ClientCredentials, Box<dyn StdError + Send + Sync>>;

pub struct Plan {
    pub request: TokenRequest,
    pub policy: RenewalPolicy,
    pub patience: Duration,
    pub credentials: Option<Box<dyn Fn() -> Pair + Send + Sync>>,
}

impl Plan {
    #[must_use]
    pub fn new(policy: RenewalPolicy) -> Self {
        Self {
            request: TokenRequest::new(TokenEndpoint::edx(), pair("acme-api")),
            policy,
            patience: PATIENCE,
            credentials: None,
        }
    }

    /// With a pair that may change: its client is always this one.
    #[must_use]
    pub fn by(mut self, client: impl Fn() -> &'static str + Send + Sync + 'static) -> Self {
        self.credentials = Some(Box::new(move || Ok(pair(client()))));
        self
    }

    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// The pair of this client.
#[must_use]
pub fn pair(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(client_id, "s3cret").unwrap()
}

pub const HOUR: Duration = Duration::from_secs(60 * 60);

/// Longer than any scenario lets pass unless it says so.
pub const PATIENCE: Duration = HOUR;

/// Pauses that nobody waits for.
pub const STEADY: RenewalPolicy = pausing(DAY, DAY);

/// Pauses that callers wait out.
pub const BRISK: RenewalPolicy = pausing(Duration::from_secs(1), Duration::from_secs(4));

const fn pausing(first: Duration, longest: Duration) -> RenewalPolicy {
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
