//! A source in the making.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, ClientName, Jitter, Origins, RenewalPolicy, StoredToken,
    TokenLifecycle, TokenRequest,
};
use reqwest::ClientBuilder;
use tokio::sync::Notify;

use super::clock::Clock;
use super::credentials::{Credentials, Yield};
use super::errand::Errand;
use super::{Exchange, Shared, TokenSource};
use crate::Error;
use crate::exchange::exchange_over;
use crate::exchanges;
use crate::stack;
use crate::tls::Reach;
use crate::trace::Told;

/// A [`TokenSource`] in the making.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let source = TokenSource::builder(TokenRequest::new(TokenEndpoint::edx(), credentials))
///     .token_timeout(Duration::from_secs(5))
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "build() makes a source of it"]
pub struct TokenSourceBuilder {
    request: TokenRequest,
    credentials: Option<Yield>,
    policy: RenewalPolicy,
    token_timeout: Option<Duration>,
    origins: Origins,
    client_name: Option<ClientName>,
    client: Option<ClientBuilder>,
}

impl TokenSourceBuilder {
    pub(super) fn new(request: TokenRequest) -> Self {
        Self {
            origins: Origins::of(request.endpoint()),
            request,
            credentials: None,
            policy: RenewalPolicy::DEFAULT,
            token_timeout: None,
            client_name: None,
            client: None,
        }
    }

    /// Takes the pair from this function instead, at every exchange: both halves, since at edX
    /// both change together. Where the site no longer knows a pair, the function is asked once
    /// more, and another pair is tried at once.
    ///
    /// It is called on the source's one thread; a failure or a panic of it is waited out like that
    /// of a site, and while it hangs, the source does. Its errors are shown to people: let them
    /// quote no secret. Where the program knows that the pair has changed,
    /// [`TokenSource::credentials_changed`] spares it the wait.
    ///
    /// ```no_run
    /// use edx_auth_reqwest::{TokenSource, from_env};
    ///
    /// // EDX_CLIENT_ID_FILE and EDX_CLIENT_SECRET_FILE name files that somebody rotates.
    /// let request = from_env()?.token_request().clone();
    /// let source = TokenSource::builder(request)
    ///     .credentials(|| Ok(from_env()?.token_request().credentials().clone()))
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "rotate")]
    pub fn credentials<F>(mut self, pair: F) -> Self
    where
        F: Fn() -> Result<ClientCredentials, Box<dyn StdError + Send + Sync>>,
        F: Send + Sync + 'static,
    {
        self.credentials = Some(Box::new(pair));
        self
    }

    /// Goes by these numbers instead of the [defaults](RenewalPolicy::DEFAULT).
    pub fn policy(mut self, policy: RenewalPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how long a caller without a token waits for one. The default is 5 s longer than the
    /// deadline of a token request, which makes 25 s.
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.token_timeout = Some(timeout);
        self
    }

    /// Lets the token go to these origins, instead of those that the
    /// [endpoint's tokens](Origins::of) are for.
    pub fn origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }

    /// What this program is called: the last word of its `User-Agent`, here and in API calls. A
    /// client that is handed in has a name of its own.
    pub fn client_name(mut self, name: ClientName) -> Self {
        self.client_name = Some(name);
        self
    }

    /// Asks over a client of this builder, with its proxy, its certificates and its name. The rules
    /// of a token request are laid over it last: its client follows no redirect, keeps no
    /// connection and has its deadlines, whatever the builder was set to.
    ///
    /// Its default headers and its cookie store cannot be taken away from it: leave out an
    /// `Authorization` there, which the token endpoint would get to see.
    ///
    /// With the feature `rustls`, ring becomes the process's crypto provider unless it has one:
    /// reqwest takes that from nowhere else.
    #[doc(alias = "proxy")]
    pub fn client_builder(mut self, client: ClientBuilder) -> Self {
        self.client = Some(client);
        self
    }

    /// The source.
    ///
    /// # Errors
    /// Where the endpoint needs https and this build, or this process, has none.
    pub fn build(self) -> Result<TokenSource, Error> {
        let reach = Reach::of(self.request.endpoint().is_https());
        let client = match self.client {
            Some(builder) => stack::client_over(builder, reach),
            None => stack::client(reach, self.client_name.as_ref()),
        };
        let client = client.map_err(Error::setup)?;
        let exchange = move |request: &TokenRequest| exchange_over(&client, request);
        let deadline = self.request.rules().deadline();
        let policy = self.policy.outlasting(deadline);
        let credentials = match self.credentials {
            Some(pair) => Credentials::changing(self.request, pair),
            None => Credentials::Fixed(self.request),
        };
        let shared = Shared {
            token_timeout: self
                .token_timeout
                .unwrap_or_else(|| deadline.saturating_add(AFTER_DEADLINE)),
            origins: self.origins,
            client_name: self.client_name,
            ..shared(credentials, Box::new(exchange), policy)
        };
        Ok(TokenSource {
            shared: Arc::new(shared),
        })
    }
}

impl std::fmt::Debug for TokenSourceBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenSourceBuilder")
            .field("request", &self.request)
            .field("policy", &self.policy)
            .field("token_timeout", &self.token_timeout)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

/// A source of this token alone, as if it had been issued a moment ago for a year: too long ago to
/// be refused for clocks that differ.
pub(super) fn fixed(token: AccessToken, origins: Origins) -> TokenSource {
    let nothing = |_: &TokenRequest| unreachable!("without credentials there is no request");
    let shared = shared(Credentials::None, Box::new(nothing), RenewalPolicy::DEFAULT);
    let now = shared.clock.now();
    let stored = StoredToken::new(token, YEAR, now.wall.saturating_sub(A_MOMENT));
    let _adopted = shared.lock().adopt(stored, now, Jitter::NONE);
    let shared = Shared { origins, ..shared };
    TokenSource {
        shared: Arc::new(shared),
    }
}

pub(super) fn shared(
    credentials: Credentials,
    exchange: Exchange,
    policy: RenewalPolicy,
) -> Shared {
    Shared {
        lifecycle: Mutex::new(TokenLifecycle::new(policy)),
        settled: Notify::new(),
        clock: Clock::new(),
        credentials,
        exchange,
        exchanges: &exchanges::ALL,
        errand: Mutex::new(Errand::default()),
        token_timeout: AFTER_DEADLINE,
        origins: Origins::none(),
        client_name: None,
        told: Told::default(),
    }
}

/// By how much the token timeout exceeds the deadline of a token request.
const AFTER_DEADLINE: Duration = Duration::from_secs(5);

const A_MOMENT: Duration = Duration::from_secs(60);

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
