//! One token, always at hand.

mod ask;
mod builder;
mod clock;
mod credentials;
mod errand;
mod renewal;

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientName, EnvConfig, ExchangeError, Health, Invalidation, IssuedToken, Jitter,
    LiveToken, Need, Origins, RenewalReason, TokenLifecycle, TokenRequest,
};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::exchanges::Exchanges;
use crate::trace::{self, Told};
use crate::{Error, from_env, from_open_edx_env};
use clock::Clock;
use credentials::Credentials;
use errand::Errand;

pub use builder::TokenSourceBuilder;

/// Where a program gets its token, before every call.
///
/// Keep one for each pair of credentials and clone it freely: clones share the token. The first
/// caller, and every caller while there is none, waits for the one exchange that is under way; when
/// the token nears its end it is renewed behind the callers' backs, on a thread of the source's
/// own. A site in trouble is asked again after ever longer pauses, once per pause, however many
/// callers wait.
///
/// Not supported: using a source on both sides of a `fork(2)` after its first use.
///
/// ```no_run
/// use edx_auth_ureq::TokenSource;
///
/// let source = TokenSource::from_env()?; // once
/// let token = source.token()?; // before every call
/// println!("Authorization is ready, for {:?} at least", token.usable_for());
/// # Ok::<(), edx_auth_ureq::Error>(())
/// ```
#[derive(Clone)]
pub struct TokenSource {
    shared: Arc<Shared>,
}

/// What all clones and the exchange threads of one source have in common.
struct Shared {
    lifecycle: Mutex<TokenLifecycle>,
    /// Rung whenever an attempt has settled.
    settled: Condvar,
    clock: Clock,
    credentials: Credentials,
    exchange: Exchange,
    exchanges: &'static Exchanges,
    errand: Mutex<Errand>,
    token_timeout: Duration,
    origins: Origins,
    client_name: Option<ClientName>,
    told: Told,
}

/// One exchange over HTTP; a test's own where a test says so.
type Exchange = Box<dyn Fn(&TokenRequest) -> Result<IssuedToken, ExchangeError> + Send + Sync>;

impl TokenSource {
    /// A source for this request, with everything else as it comes.
    ///
    /// # Errors
    /// Where the HTTP stack cannot do what the endpoint needs: see [`Error::Setup`].
    pub fn new(request: TokenRequest) -> Result<Self, Error> {
        Self::builder(request).build()
    }

    /// A source for this request, with a say in everything else.
    pub fn builder(request: TokenRequest) -> TokenSourceBuilder {
        TokenSourceBuilder::new(request)
    }

    /// A source for what the `EDX_*` variables ask for: see [`from_env`].
    ///
    /// # Errors
    /// Where they ask for nothing that can be done.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_config(&from_env()?)
    }

    /// A source for the pair that an Open edX service has for its own calls: see
    /// [`from_open_edx_env`].
    ///
    /// # Errors
    /// Where the variables ask for nothing that can be done.
    pub fn from_open_edx_env() -> Result<Self, Error> {
        Self::from_config(&from_open_edx_env()?)
    }

    /// Creates a token source from a configuration that was already read.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_config(config: &EnvConfig) -> Result<Self, Error> {
        let builder =
            Self::builder(config.token_request().clone()).origins(config.origins().clone());
        match config.client_name() {
            Some(name) => builder.client_name(name.clone()).build(),
            None => builder.build(),
        }
    }

    /// A source that has this token for these origins, and never another: for tests, and for a
    /// token that somebody else keeps fresh. Nothing is ever asked.
    ///
    /// ```
    /// use edx_auth_ureq::{AccessToken, Origins, TokenSource, TokenType};
    ///
    /// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// let source = TokenSource::fixed(token, Origins::edx());
    /// assert_eq!(source.token()?.authorization(), "JWT a.b.c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fixed(token: AccessToken, origins: Origins) -> Self {
        builder::fixed(token, origins)
    }

    /// Returns a usable token.
    ///
    /// Returns the cached token at once if it is usable. Otherwise waits for at most the source's
    /// [`token_timeout`](TokenSourceBuilder::token_timeout). Returns an error at once after a
    /// permanent failure, or if the backoff is longer than what is left of the timeout.
    ///
    /// # Errors
    /// Where there is no token: [`Error::advice`] says what to do, [`Error::retry_after`] when to
    /// ask again. Callers that waited together get the same error.
    pub fn token(&self) -> Result<LiveToken, Error> {
        self.ask(Need::any(), self.shared.token_timeout)
    }

    /// Like [`token`](Self::token), but waits for at most `timeout`. With [`Duration::ZERO`] it
    /// returns the cached token or an error without waiting; a token request that it started
    /// continues in the background.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_within(&self, timeout: Duration) -> Result<LiveToken, Error> {
        self.ask(Need::any(), timeout)
    }

    /// A token that is good for so long, as far as a fresh one surely is.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, Error> {
        let need = Need::any().valid_for(validity);
        self.ask(need, self.shared.token_timeout)
    }

    /// A token newer than the one at hand. However many ask at once, one is asked for; all others
    /// go on with the one at hand meanwhile.
    ///
    /// # Errors
    /// As [`token`](Self::token). The token at hand stays where it is.
    #[doc(alias = "refresh")]
    pub fn renew_now(&self) -> Result<LiveToken, Error> {
        self.ask(self.force(), self.shared.token_timeout)
    }

    /// Puts a token that may be used now into the headers of a request to this URL, for a generated
    /// client, or one of another HTTP stack. That one must follow no redirect: it would take the
    /// token along.
    ///
    /// Comes back with the token, which is what to [`invalidate`](Self::invalidate) where the API
    /// answers 401.
    ///
    /// # Errors
    /// Where the token is not for this URL, by name: see [`Origins`]; and as
    /// [`token`](Self::token).
    ///
    /// ```
    /// use edx_auth_ureq::{AccessToken, Error, Origins, TokenSource, TokenType, UrlError};
    /// use http::HeaderMap;
    ///
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// # let source = TokenSource::fixed(token, Origins::edx());
    /// let mut headers = HeaderMap::new();
    /// source.authorize(&mut headers, "https://discovery.edx.org/api/v1/courses/")?;
    /// assert_eq!(headers["authorization"], "JWT a.b.c");
    ///
    /// let refusal = source.authorize(&mut headers, "https://evil.example/").unwrap_err();
    /// assert_eq!(refusal.to_string(), "the token is not for https://evil.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "header")]
    pub fn authorize(&self, headers: &mut HeaderMap, url: &str) -> Result<LiveToken, Error> {
        self.shared.origins.check(url)?;
        let token = self.token()?;
        headers.insert(AUTHORIZATION, token.authorization().clone());
        Ok(token)
    }

    /// Where the token may go.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.shared.origins
    }

    /// Says that an API answered 401 to this very token. Nobody else loses it; what comes back says
    /// whether to replay, to wait, or to ask for a newer one. Replay once: a second 401 is the API's
    /// last word.
    ///
    /// ```no_run
    /// use edx_auth_ureq::{Invalidation, TokenSource};
    ///
    /// # let source = TokenSource::from_env()?;
    /// # fn call(_: &edx_auth_ureq::LiveToken) -> u16 { 200 }
    /// let token = source.token()?;
    /// if call(&token) == 401 {
    ///     let token = match source.invalidate(&token) {
    ///         Invalidation::TooYoung { wait } => {
    ///             std::thread::sleep(wait);
    ///             token
    ///         }
    ///         Invalidation::AlreadyReplaced => source.token()?,
    ///         Invalidation::WillRenew { .. } => source.token_newer_than(&token)?,
    ///     };
    ///     println!("at the second try: {}", call(&token));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "401")]
    pub fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let now = self.shared.clock.now();
        let invalidation = self.shared.lock().invalidate(token.generation(), now);
        trace::refused(token, invalidation);
        invalidation
    }

    /// Says that the [function](TokenSourceBuilder::credentials) yields another pair now: whatever
    /// pause the old one caused is over, and the next caller asks with the new one. The token at
    /// hand is served meanwhile.
    pub fn credentials_changed(&self) {
        let now = self.shared.clock.now();
        let _owed = self
            .shared
            .lock()
            .renew_now(RenewalReason::NewCredentials, now);
        trace::rotated();
        self.shared.settled.notify_all();
    }

    /// A token newer than this one, which an API has refused: see [`invalidate`](Self::invalidate).
    ///
    /// # Errors
    /// As [`token`](Self::token).
    pub fn token_newer_than(&self, refused: &LiveToken) -> Result<LiveToken, Error> {
        self.newer_within(refused, self.shared.token_timeout)
    }

    /// How it is doing, without asking for anything; one line by `Display`.
    #[must_use]
    pub fn health(&self) -> Health {
        let now = self.shared.clock.now();
        self.shared.lock().health(now)
    }

    pub(crate) fn token_timeout(&self) -> Duration {
        self.shared.token_timeout
    }

    pub(crate) fn client_name(&self) -> Option<&ClientName> {
        self.shared.client_name.as_ref()
    }
}

impl Shared {
    /// Locked for a moment, and never together with the lifecycle.
    fn errand(&self) -> MutexGuard<'_, Errand> {
        self.errand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A panic of somebody else's has left a whole lifecycle behind: every verb of it ends before
    /// the lock does.
    fn lock(&self) -> MutexGuard<'_, TokenLifecycle> {
        self.lifecycle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource")
            .field("credentials", &self.shared.credentials)
            .field("health", &format_args!("{}", self.health()))
            .finish_non_exhaustive()
    }
}

pub(crate) fn jitter() -> Jitter {
    Jitter::from_bits(fastrand::u32(..))
}

#[cfg(test)]
mod tests;
