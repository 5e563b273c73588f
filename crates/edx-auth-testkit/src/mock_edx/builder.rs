use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use super::MockEdx;
use super::openedx::api::throttle::Throttle;
use super::openedx::clock::ClockOffset;
use super::openedx::token_endpoint::TokenFormat;
use super::openedx::token_endpoint::clients::Client;
use super::openedx::token_endpoint::rate_limit::RateLimit;
use super::openedx::{Deployment, OpenEdxConfig};
use super::server::Server;
use super::site::Site;

/// The settings of a [`MockEdx`] before it starts.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_testkit::MockEdx;
///
/// let edx = MockEdx::builder()
///     .client("catalog-sync", "s3cret & more")
///     .client_of_another_grant("login-sso", "sso-secret")
///     .token_lifetime(Duration::from_secs(30))
///     .rate_limit(120)
///     .start()?;
///
/// assert_eq!(edx.client_id(), "catalog-sync");
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "nothing runs until `start` is called"]
pub struct MockEdxBuilder {
    config: OpenEdxConfig,
    keep_alive: Duration,
    port: u16,
}

impl MockEdxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            config: OpenEdxConfig::default(),
            keep_alive: Duration::from_secs(10),
            port: 0,
        }
    }

    /// Registers a client that may request tokens.
    ///
    /// The first one is [`MockEdx::client_id`]. It replaces the default client of the site.
    pub fn client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.config
            .clients
            .push(Client::of_client_credentials(id, secret));
        self
    }

    /// Registers a client for another grant. Its token requests get `unauthorized_client`, as those
    /// of a site's login client do.
    pub fn client_of_another_grant(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Self {
        self.config
            .clients
            .push(Client::of_another_grant(id, secret));
        self
    }

    /// Sets the lifetime of JWTs in whole seconds, rounded down. The default is an hour. With zero
    /// every token has expired when it is issued.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.lifetime_seconds = lifetime.as_secs();
        self
    }

    /// Limits token requests per minute and IP address, and responds 429 above the limit. Requests
    /// of any method count, successful or not. There is no limit by default; edX has 120.
    ///
    /// The minute starts with the first request of an address. In django-ratelimit it starts at a
    /// second that depends on the address.
    pub fn rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.config.rate_limit = Some(RateLimit::new(requests_per_minute));
        self
    }

    /// Limits the API requests of one client in any minute, and responds above the limit with
    /// [`MockResponse::throttled`](super::MockResponse::throttled), as Django REST framework does. There is no
    /// limit by default; the LMS has 60.
    ///
    /// Accepted requests with a valid token count, to lists and to authorized routes. The limit
    /// holds for all tokens of a client together. The minute follows the server's clock:
    /// [`MockEdx::set_clock_offset`] can skip it.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().api_rate_limit(60).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn api_rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.config.throttle = Some(Throttle::new(requests_per_minute));
        self
    }

    /// Puts a gateway in front of the site, as at api.edx.org.
    ///
    /// Only `POST` to [`MockEdx::GATEWAY_TOKEN_PATH`] issues tokens, and only the form is read.
    /// Only `GET` returns lists, with or without a slash at the end. Any other path or method gets
    /// 403, with the `Authorization` header repeated in the message. Every response of the site passes
    /// [through the gateway](super::MockResponse::through_gateway). A list has only the fields `count`,
    /// `next`, `previous` and `results`, and empty text instead of `null` links. Responses that a
    /// test defines are sent unchanged.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().gateway().start()?;
    /// assert!(edx.token_url().ends_with("/oauth2/v1/access_token"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn gateway(mut self) -> Self {
        self.config.deployment = Deployment::Gateway;
        self
    }

    /// Issues opaque `Bearer` tokens only, as a site that does not support `token_type=jwt` does.
    /// Their `expires_in` is ten hours.
    pub fn opaque_tokens(mut self) -> Self {
        self.config.token_format = TokenFormat::Opaque;
        self
    }

    /// Sets the offset of the server's clock at the start. See [`MockEdx::set_clock_offset`].
    pub fn clock_offset(self, offset: ClockOffset) -> Self {
        self.config.clock.set_offset(offset);
        self
    }

    /// Sets how long a connection may be idle between two requests before the server closes it. The
    /// default is 10 seconds; gunicorn has 2. With zero the server closes every connection after
    /// its first response, without `Connection: close`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().keep_alive(Duration::ZERO).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn keep_alive(mut self, silence: Duration) -> Self {
        self.keep_alive = silence;
        self
    }

    /// Sets the loopback port. The default is 0: a free one.
    ///
    /// ```no_run
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().port(18_000).start()?;
    /// assert_eq!(edx.url(), "http://127.0.0.1:18000");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Starts the site on its loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if the port cannot be bound or no thread can be started.
    pub fn start(self) -> io::Result<MockEdx> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        let url = format!("http://{}", listener.local_addr()?);
        let site = Arc::new(Site::new(url, self.config, self.keep_alive));
        let server = Server::start(listener, Arc::clone(&site))?;
        Ok(MockEdx { site, server })
    }
}

impl fmt::Debug for MockEdxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockEdxBuilder")
            .field("clients", &self.config.clients)
            .finish_non_exhaustive()
    }
}
