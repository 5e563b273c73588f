//! One token, cached and renewed, for a whole program.

#[cfg(feature = "async")]
mod asynchronous;
mod blocking;
mod builder;
#[cfg(feature = "async")]
mod changes;
#[cfg(feature = "tenants")]
mod registry;

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ApiCall, ApiUrl, ClientName, EnvConfig, EnvTokenFile, FormBody, Health,
    Invalidation, LiveToken, Moment, Need, Origins, StoredToken, TokenAgent, TokenRequest,
    TransportError, TransportRules, WaitBudget,
};
use http::{Request, Response};

use crate::action::{CallAction, next_action};
use crate::clock::jitter;
use crate::engine::{Engine, Progress};
use crate::environment::variable;
use crate::transport::Transport;
use crate::{Error, ResponseBody, from_env, from_open_edx_env, trace};

#[cfg(feature = "async")]
pub use asynchronous::Async;
pub use blocking::Blocking;
pub use builder::TokenSourceBuilder;
#[cfg(feature = "async")]
pub use changes::Changes;
#[cfg(feature = "tenants")]
pub use registry::TokenSources;

/// How an adapter makes the transport of a token source from its HTTP client.
pub trait HttpStack: 'static {
    /// The HTTP client that a program may hand in, with its proxy and its certificates.
    type Client: Clone + Send + Sync + 'static;

    /// Creates the transport for these token requests: over this client, or over the adapter's own.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if this HTTP client cannot do what the endpoint needs.
    fn transport(
        request: &TokenRequest,
        client: Option<Self::Client>,
        name: Option<&ClientName>,
    ) -> Result<Box<dyn Transport>, Error>;
}

/// The program's own HTTP client: the program supplies its [`Transport`].
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum Custom {}

/// One token, cached and renewed, for all that a program calls.
///
/// Keep one for each client ID and clone it freely: clones share the token. The first caller, and
/// every caller while there is no token, waits for the one token request that is under way. A token
/// that nears its end is renewed in the background, on a thread of this library. A site in trouble
/// gets one token request per backoff, however many callers wait, and the backoff grows.
///
/// `W` says how callers wait: [`Blocking`] or `Async`. `S` is the HTTP client; the adapters name
/// theirs.
///
/// Not supported: using a source on both sides of a `fork(2)` after its first use.
pub struct TokenSource<W, S = Custom> {
    shared: Arc<Shared>,
    mode: PhantomData<fn() -> (W, S)>,
}

struct Shared {
    engine: Arc<Engine>,
    origins: Origins,
    client_name: Option<ClientName>,
    http_client: Option<SuppliedClient>,
}

/// The [`HttpStack::Client`] that the program handed in.
type SuppliedClient = Arc<dyn Any + Send + Sync>;

impl<W> TokenSource<W> {
    /// Starts building a source whose token requests this function sends: see [`Transport`].
    pub fn over<F>(request: TokenRequest, send: F) -> TokenSourceBuilder<W>
    where
        F: Fn(Request<FormBody>, TransportRules) -> Result<Response<ResponseBody>, TransportError>,
        F: Send + Sync + 'static,
    {
        TokenSourceBuilder::new(request, Box::new(move |_, _| Ok(Box::new(send))))
    }

    /// Starts building a source from a configuration, as
    /// [`builder_from_config`](Self::builder_from_config) does, whose token requests this function sends.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use edx_auth_driver::{Blocking, TokenSource, from_env};
    /// # use edx_auth_driver::TransportFailure;
    /// # let transport = |_, _| Err(TransportFailure::NotSent.into());
    ///
    /// let source = TokenSource::<Blocking>::over_config(&from_env()?, transport)
    ///     .token_timeout(Duration::from_secs(5))
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), edx_auth_driver::Error>(())
    /// ```
    pub fn over_config<F>(config: &EnvConfig, send: F) -> TokenSourceBuilder<W>
    where
        F: Fn(Request<FormBody>, TransportRules) -> Result<Response<ResponseBody>, TransportError>,
        F: Send + Sync + 'static,
    {
        Self::over(config.token_request().clone(), send).configured(config)
    }
}

impl<W, S: HttpStack> TokenSource<W, S> {
    /// Creates a token source with default settings.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the HTTP client cannot do what the endpoint needs.
    pub fn new(request: TokenRequest) -> Result<Self, Error> {
        Self::builder(request).build()
    }

    /// Starts building a token source.
    pub fn builder(request: TokenRequest) -> TokenSourceBuilder<W, S> {
        TokenSourceBuilder::over(request, None)
    }

    /// Creates a token source from the `EDX_*` variables: see [`from_env`].
    ///
    /// Files that `EDX_CLIENT_ID_FILE` and `EDX_CLIENT_SECRET_FILE` name may be replaced at any time: see
    /// [`builder_from_config`](Self::builder_from_config). With `EDX_ACCESS_TOKEN_FILE` instead of client
    /// credentials, the token comes from a [file](Self::from_file): see [`EnvTokenFile`].
    ///
    /// # Errors
    /// Returns an error if a variable is missing or invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder_from_env()?.build()
    }

    /// Creates a token source from the variables of an Open edX service: see
    /// [`from_open_edx_env`].
    ///
    /// # Errors
    /// Returns an error if a variable is missing or invalid.
    pub fn from_open_edx_env() -> Result<Self, Error> {
        Self::from_config(&from_open_edx_env()?)
    }

    /// Creates a token source from a configuration that was read already.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the HTTP client cannot do what the endpoint needs.
    pub fn from_config(config: &EnvConfig) -> Result<Self, Error> {
        Self::builder_from_config(config).build()
    }

    /// Starts building a token source from the `EDX_*` variables, as [`from_env`](Self::from_env) does: what
    /// they do not say can be set on top.
    ///
    /// # Errors
    /// Returns an error if a variable is missing or invalid.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use edx_auth_driver::{Blocking, Error, HttpStack, Scope, TokenSource};
    ///
    /// fn source<S: HttpStack>(scope: Scope) -> Result<TokenSource<Blocking, S>, Error> {
    ///     TokenSource::builder_from_env()?
    ///         .map_request(|request| request.scope(scope))
    ///         .token_timeout(Duration::from_secs(5))
    ///         .build()
    /// }
    /// ```
    pub fn builder_from_env() -> Result<TokenSourceBuilder<W, S>, Error> {
        match EnvTokenFile::read(variable)? {
            Some(file) => Ok(TokenSourceBuilder::over_env_file(&file)),
            None => Ok(Self::builder_from_config(&from_env()?)),
        }
    }

    /// Starts building a token source from a configuration that was read already: with its token
    /// request, its origins and its client name.
    ///
    /// If the client credentials are in regular files, these are read again before each token request, after
    /// the site rejected the credentials, and after [`credentials_changed`](Self::credentials_changed). If a
    /// file was written less than two seconds ago, the other one may follow: then both are read two seconds
    /// after the last of them was written, or after three such waits if they are written again and again. A
    /// pipe is read once, with the configuration.
    /// `EDX_TOKEN_STORE` names a [store](TokenSourceBuilder::store) that processes share.
    pub fn builder_from_config(config: &EnvConfig) -> TokenSourceBuilder<W, S> {
        Self::builder(config.token_request().clone()).configured(config)
    }

    /// Returns the HTTP client that the [builder](TokenSourceBuilder::http_client) was given: API calls go
    /// over it too.
    #[must_use]
    pub fn http_client(&self) -> Option<&S::Client> {
        self.shared.http_client.as_ref()?.downcast_ref()
    }
}

impl<W, S> TokenSource<W, S> {
    /// Creates a source that has this token for these origins and never requests another: for tests,
    /// and for a token that another program keeps fresh.
    ///
    /// [`health`](Self::health) says how long it lasts: by the unverified claims of a JWT and the wall
    /// clock, and a year for an opaque token. It is handed out even after that, since the clock may be
    /// wrong.
    ///
    /// ```
    /// use edx_auth_driver::{AccessToken, Blocking, Origins, TokenSource, TokenType};
    ///
    /// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// let source = TokenSource::<Blocking>::fixed(token, Origins::edx());
    /// assert_eq!(source.token()?.authorization(), "JWT a.b.c");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fixed(token: AccessToken, origins: Origins) -> Self {
        Self::from_parts(builder::over_fixed(token), origins, None, None)
    }

    /// Starts building a source as [`fixed`](Self::fixed) creates it.
    ///
    /// ```
    /// use edx_auth_driver::{AccessToken, Blocking, Origins, TokenSource, TokenType};
    ///
    /// let token = AccessToken::new(TokenType::Jwt, "a.b.c")?;
    /// let source = TokenSource::<Blocking>::builder_fixed(token, Origins::edx())
    ///     .label("tenant 7")
    ///     .build()?;
    /// assert!(source.health().to_string().starts_with("tenant 7: fresh"));
    /// # Ok::<(), edx_auth_driver::Error>(())
    /// ```
    pub fn builder_fixed(token: AccessToken, origins: Origins) -> TokenSourceBuilder<W, S> {
        TokenSourceBuilder::over_fixed(token, origins)
    }

    /// Creates a source over a file with a token for these origins, which another process keeps fresh, such
    /// as a sidecar or a job of the scheduler. It requests no token, and needs no client credentials. Many
    /// programs can share one file.
    ///
    /// The file contains a token alone, or what [`StoredToken::to_bytes`] returns; the token lasts until the
    /// `exp` of a JWT, and no longer than the stored format says; an opaque token alone lasts an hour. The
    /// file is read before its first use, again after a third of the remaining lifetime, and at once after an
    /// API rejected the token: then by a thread of this library, which opens the path each time. Nothing is
    /// read while the token is neither due nor rejected.
    ///
    /// A file that is missing, truncated, empty, expired or older changes nothing while the token in use
    /// lasts, but for a `WARN`. Write it under another name first, and rename it.
    ///
    /// ```no_run
    /// use edx_auth_driver::{Blocking, Origins, TokenSource};
    ///
    /// let source = TokenSource::<Blocking>::from_file("/run/edx/token", Origins::edx());
    /// println!("{} is fresh", source.token()?.generation());
    /// # Ok::<(), edx_auth_driver::Error>(())
    /// ```
    pub fn from_file(path: impl Into<PathBuf>, origins: Origins) -> Self {
        let engine = builder::over_file(path.into(), TokenAgent::supplied());
        Self::from_parts(engine, origins, None, None)
    }

    /// Starts building a source as [`from_file`](Self::from_file) creates it.
    ///
    /// ```no_run
    /// use edx_auth_driver::{Blocking, Origins, TokenSource};
    ///
    /// let source = TokenSource::<Blocking>::builder_from_file("/run/edx/token", Origins::edx())
    ///     .label("tenant 7")
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), edx_auth_driver::Error>(())
    /// ```
    pub fn builder_from_file(
        path: impl Into<PathBuf>,
        origins: Origins,
    ) -> TokenSourceBuilder<W, S> {
        TokenSourceBuilder::over_file(path.into(), origins)
    }

    fn from_parts(
        engine: Engine,
        origins: Origins,
        client_name: Option<ClientName>,
        http_client: Option<SuppliedClient>,
    ) -> Self {
        let shared = Shared {
            engine: Arc::new(engine),
            origins,
            client_name,
            http_client,
        };
        Self {
            shared: Arc::new(shared),
            mode: PhantomData,
        }
    }

    /// Returns the origins that the token may be sent to.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.shared.origins
    }

    /// Returns the name of the program, at the end of its `User-Agent`.
    #[must_use]
    pub fn client_name(&self) -> Option<&ClientName> {
        self.shared.client_name.as_ref()
    }

    /// Reports that an API rejected this very token with a 401. Other callers still get it until it is replaced. The result
    /// says whether to replay the call, to wait, or to get a newer token. Replay once: a second 401
    /// is the API's last word.
    ///
    /// ```no_run
    /// use edx_auth_driver::{Blocking, Invalidation, TokenSource};
    ///
    /// # fn example(source: TokenSource<Blocking>) -> Result<(), Box<dyn std::error::Error>> {
    /// # fn call(_: &edx_auth_driver::LiveToken) -> u16 { 200 }
    /// let token = source.token()?;
    /// if call(&token) == 401 {
    ///     let token = match source.invalidate(&token) {
    ///         Invalidation::TooYoung { wait } => {
    ///             std::thread::sleep(wait);
    ///             token
    ///         }
    ///         Invalidation::AlreadyReplaced => source.token()?,
    ///         _ => source.token_newer_than(&token)?,
    ///     };
    ///     println!("at the second try: {}", call(&token));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "401")]
    pub fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let generation = token.generation();
        let invalidation = self
            .engine()
            .with(|agent, now| agent.invalidate(generation, now));
        self.engine().rejected(generation, invalidation, None);
        invalidation
    }

    /// Reports that the [function](TokenSourceBuilder::credentials) provides other credentials now, or
    /// that the files in the environment contain others.
    /// It is called soon, in the background. If it returns others than those in use or those that
    /// the site rejected last, a backoff that the old ones caused ends, and the next caller
    /// requests a token with the new ones. The cached token stays in use meanwhile.
    ///
    /// A source without such a function or file does nothing.
    pub fn credentials_changed(&self) {
        trace::credentials_announced(&self.engine().label());
        self.engine().with(|agent, _| agent.credentials_changed());
    }

    /// Requests a token in the background unless a fresh one is cached, and returns at once: for a program
    /// that starts, and is to start even if the site does not respond. Its first caller waits less.
    ///
    /// [`health`](Self::health) and the events say how it ended.
    #[doc(alias = "warm")]
    pub fn prefetch(&self) {
        self.engine().with(|agent, now| {
            let no_time = WaitBudget::new(Duration::ZERO, now);
            let _acquired = agent.acquire(Need::any(), &no_time, now);
        });
    }

    /// Returns a snapshot of the token's state, for logs and health checks. Its `Display` is one line,
    /// and it is serialized for a health endpoint.
    #[must_use]
    pub fn health(&self) -> Health {
        let mut health = self.engine().look(TokenAgent::health);
        health.label = Some(self.engine().label());
        health
    }

    /// Returns the cached token for storage over a restart; `None` if it may not be used, if an API rejected
    /// it, or if it is fixed.
    #[must_use]
    pub fn export(&self) -> Option<StoredToken> {
        self.engine().look(TokenAgent::export)
    }

    /// Uses a stored token if it outlives the cached one.
    pub fn restore(&self, stored: StoredToken) {
        let engine = self.engine();
        let event = engine.with(|agent, now| agent.restore(stored, now, jitter()));
        engine.tell(&event);
        engine.notify();
    }

    /// Returns what both clocks say, as this source reads them.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.engine().now()
    }

    /// Takes an API call one step on, without waiting.
    fn begin_action(&self, call: &mut ApiCall) -> Progress<Result<CallAction, Error>> {
        let progress = self.engine().with_caller(next_action(call));
        if let Some((generation, invalidation)) = call.take_rejection() {
            let api = Some(call.url());
            self.engine().rejected(generation, invalidation, api);
        }
        if let Some(deprecation) = call.take_deprecation() {
            trace::deprecated(&deprecation, &self.engine().label());
        }
        progress
    }

    /// Traces that a page of a list is fetched again.
    pub(crate) fn page_retried(&self, page: Option<&ApiUrl>, error: &Error, wait: Duration) {
        trace::page_retried(page, error, wait, &self.engine().label());
    }

    fn engine(&self) -> &Arc<Engine> {
        &self.shared.engine
    }
}

impl<W, S> Clone for TokenSource<W, S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            mode: PhantomData,
        }
    }
}

impl<W, S> fmt::Debug for TokenSource<W, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = |agent: &TokenAgent, _| agent.request().cloned();
        f.debug_struct("TokenSource")
            .field("request", &self.engine().look(request))
            .field("health", &format_args!("{}", self.health()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
