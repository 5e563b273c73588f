use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use super::MockEdx;
use super::backend::Front;
use super::clients::{Client, Clients};
use super::clock::ClockOffset;
use super::rate_limit::RateLimit;
use super::server::Server;
use super::site::{Site, SiteRules};
use super::throttle::Throttle;
use super::token_endpoint::TokenFormat;

/// What a [`MockEdx`] shall be like, chosen before it starts.
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
    clients: Vec<Client>,
    rules: SiteRules,
}

impl MockEdxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            clients: Vec::new(),
            rules: SiteRules::default(),
        }
    }

    /// Registers a client that may ask for tokens.
    ///
    /// The first one is [`MockEdx::client_id`] and takes the place of the client that a site has
    /// when none is registered.
    pub fn client(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.clients.push(Client::of_client_credentials(id, secret));
        self
    }

    /// Registers a client that exists, with this secret, for another grant: it is refused with
    /// `unauthorized_client`, as the login pair of a site is.
    pub fn client_of_another_grant(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Self {
        self.clients.push(Client::of_another_grant(id, secret));
        self
    }

    /// How long JWTs live, in whole seconds; fractions are dropped. An hour unless set. With zero
    /// every token is dead on arrival.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.rules.lifetime_seconds = lifetime.as_secs();
        self
    }

    /// Answers 429 to requests for tokens beyond so many in a minute from one IP address, whatever
    /// their method and success. No limit unless set; edX has 120.
    ///
    /// The minute begins with an address's first request, whereas django-ratelimit's begins at a
    /// second that depends on the address.
    pub fn rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.rules.rate_limit = Some(RateLimit::new(requests_per_minute));
        self
    }

    /// Answers 429 to requests of one client to the API beyond so many in any minute, as Django
    /// REST framework does and in its words ([`Reply::throttled`](super::Reply::throttled)). No
    /// limit unless set; the LMS has 60.
    ///
    /// Requests with a good token count, to lists and to authorized routes, as long as they are not
    /// refused; another token of the same client does not help. The minute is one of the server's
    /// clock: [`MockEdx::set_clock_offset`] lets it pass at once.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().api_rate_limit(60).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn api_rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.rules.throttle = Some(Throttle::new(requests_per_minute));
        self
    }

    /// Answers as api.edx.org does, where a gateway stands before the site.
    ///
    /// Tokens are to be had from [`MockEdx::GATEWAY_TOKEN_PATH`] alone, by `POST`, from what the
    /// form says, and lists by `GET`, with or without the slash at the end. Any other path or
    /// method gets 403 and, where it came with an `Authorization` header, that header told. Every
    /// reply of the site goes [through the gateway](super::Reply::through_gateway), and of a list's
    /// fields only `count`, `next`, `previous` and `results` do, the links as empty text where they
    /// were `null`. Replies of a test's own go out as they are.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().gateway().start()?;
    /// assert!(edx.token_url().ends_with("/oauth2/v1/access_token"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn gateway(mut self) -> Self {
        self.rules.front = Front::Gateway;
        self
    }

    /// Issues opaque `Bearer` tokens only, as a site that does not know `token_type=jwt` does.
    /// They say that they live for ten hours.
    pub fn opaque_tokens(mut self) -> Self {
        self.rules.token_format = TokenFormat::Opaque;
        self
    }

    /// How far the server's clock is off from the start. See [`MockEdx::set_clock_offset`].
    pub fn clock_offset(self, offset: ClockOffset) -> Self {
        self.rules.clock.set_offset(offset);
        self
    }

    /// How long a connection may be silent between two requests before it is closed in order and
    /// without a word. 10 seconds unless set; gunicorn has 2. With zero no connection answers a
    /// second request, although every reply looks as if it did.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::builder().keep_alive(Duration::ZERO).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn keep_alive(mut self, silence: Duration) -> Self {
        self.rules.keep_alive = silence;
        self
    }

    /// Starts the site on a free loopback port.
    ///
    /// # Errors
    ///
    /// When no loopback port can be bound, or no thread started.
    pub fn start(self) -> io::Result<MockEdx> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let site = Arc::new(Site::new(url, Clients::new(self.clients), self.rules));
        let server = Server::start(listener, Arc::clone(&site))?;
        Ok(MockEdx { site, server })
    }
}

impl fmt::Debug for MockEdxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockEdxBuilder")
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}
