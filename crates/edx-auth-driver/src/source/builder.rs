//! A token source under construction.

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, ClientName, EnvConfig, EnvConfigError, EnvTokenFile, Event,
    Origins, RenewalPolicy, TokenAgent, TokenRequest,
};

use super::{Custom, HttpStack, SuppliedClient, TokenSource};
use crate::credentials_files::CredentialsFiles;
use crate::engine::{CredentialsFn, Engine, EventFn, Supply};
use crate::token_file::TokenFile;
use crate::transport::Transport;
use crate::{Error, RequestLimit, TokenStore, store};

/// A [`TokenSource`] under construction.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_driver::{Blocking, TokenSource};
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// # let transport = |_, _| Err(TransportFailure::NotSent.into());
///
/// let source = TokenSource::<Blocking>::over(request, transport)
///     .token_timeout(Duration::from_secs(5))
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "build() creates the source"]
pub struct TokenSourceBuilder<W, S = Custom> {
    tokens: Tokens,
    credentials: Option<CredentialsFn>,
    on_event: Option<EventFn>,
    store: Result<Option<Box<dyn TokenStore>>, EnvConfigError>,
    limit: Option<RequestLimit>,
    policy: RenewalPolicy,
    token_timeout: Option<Duration>,
    origins: Origins,
    client_name: Option<ClientName>,
    label: Option<String>,
    http_client: Option<SuppliedClient>,
    mode: PhantomData<fn() -> (W, S)>,
}

/// Where the tokens come from.
enum Tokens {
    Requested(TokenRequest, MakeTransport),
    File(PathBuf),
    Fixed(AccessToken),
}

/// Creates the transport when everything else about the source is known.
type MakeTransport = Box<dyn FnOnce(&TokenRequest, Option<&ClientName>) -> Made + Send>;

type Made = Result<Box<dyn Transport>, Error>;

impl<W, S: HttpStack> TokenSourceBuilder<W, S> {
    /// Sends token requests over this HTTP client, or over the adapter's own.
    pub(super) fn over(request: TokenRequest, client: Option<S::Client>) -> Self {
        Self::new(request, transport_over::<S>(client))
    }

    /// Sends token requests over this HTTP client, with its proxy, its certificates and its
    /// `User-Agent`. The rules of a token request are applied on top: no redirect is followed, no
    /// connection kept, and every deadline holds.
    ///
    /// The API calls of a client with this source go over it too, unless the client's builder is given
    /// another. This also holds for a source that requests no token.
    ///
    /// See the adapter for the accepted types and for what cannot be changed in them.
    #[doc(alias = "proxy")]
    pub fn http_client(mut self, client: impl Into<S::Client>) -> Self {
        let client = client.into();
        self.http_client = Some(Arc::new(client.clone()));
        if let Tokens::Requested(_, transport) = &mut self.tokens {
            *transport = transport_over::<S>(Some(client));
        }
        self
    }
}

impl<W, S> TokenSourceBuilder<W, S> {
    pub(super) fn new(request: TokenRequest, transport: MakeTransport) -> Self {
        let origins = Origins::of(request.endpoint());
        Self::of(Tokens::Requested(request, transport), origins)
    }

    pub(super) fn over_file(path: PathBuf, origins: Origins) -> Self {
        Self::of(Tokens::File(path), origins)
    }

    pub(super) fn over_fixed(token: AccessToken, origins: Origins) -> Self {
        Self::of(Tokens::Fixed(token), origins)
    }

    /// Takes the path, the origins and the name of a configuration.
    pub(super) fn over_env_file(file: &EnvTokenFile) -> Self {
        let client_name = file.client_name().cloned();
        let builder = Self::over_file(file.path().into(), file.origins().clone());
        Self {
            client_name,
            ..builder
        }
    }

    fn of(tokens: Tokens, origins: Origins) -> Self {
        Self {
            tokens,
            origins,
            credentials: None,
            on_event: None,
            store: Ok(None),
            limit: None,
            policy: RenewalPolicy::DEFAULT,
            token_timeout: None,
            client_name: None,
            label: None,
            http_client: None,
            mode: PhantomData,
        }
    }

    /// Takes the origins and the name of a configuration, its token store and its files of client
    /// credentials.
    pub(super) fn configured(mut self, config: &EnvConfig) -> Self {
        self.origins = config.origins().clone();
        self.client_name = config.client_name().cloned();
        self.store = config.token_store().map(store::in_files).transpose();
        match CredentialsFiles::of(config) {
            Some(files) => self.credentials(move || Ok(files.read()?)),
            None => self,
        }
    }

    /// Changes the token request: its scope, its deadline, how the client authenticates. If the source
    /// requests no token, this changes nothing; nor do its credentials, its store and its policy.
    ///
    /// ```
    /// use edx_auth_driver::{Blocking, Scope, TokenSource};
    /// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
    /// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
    /// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    /// # let transport = |_, _| Err(TransportFailure::NotSent.into());
    ///
    /// let scope = Scope::new("read")?;
    /// let source = TokenSource::<Blocking>::over(request, transport)
    ///     .map_request(|request| request.scope(scope))
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn map_request(mut self, change: impl FnOnce(TokenRequest) -> TokenRequest) -> Self {
        if let Tokens::Requested(request, transport) = self.tokens {
            self.tokens = Tokens::Requested(change(request), transport);
        }
        self
    }

    /// Calls this function for the client credentials before each token request. It returns both the
    /// ID and the secret, since edX regenerates them together. If the site rejects them, the function
    /// is called once more, and other credentials are tried at once. As long as they stay rejected, callers
    /// get the error, and the function is called again for a caller that comes a second later, then after
    /// two seconds, four, and so on, at most once a minute: new credentials are soon in use.
    ///
    /// It runs on a thread of this library, and may block there: on a future by the `block_on` of a
    /// runtime's handle. Its error or panic counts as a failure that passes; while
    /// it hangs, so does this source, but no other. Its errors are shown to people: let them quote no
    /// secret. [`credentials_changed`](TokenSource::credentials_changed) makes the source call it
    /// early.
    ///
    /// Files in the environment need no function: see
    /// [`builder_from_config`](TokenSource::builder_from_config).
    ///
    /// ```
    /// use edx_auth_driver::{Blocking, ClientCredentials, TokenSource};
    /// # use edx_auth_driver::{TokenEndpoint, TokenRequest, TransportFailure};
    /// # let transport = |_, _| Err(TransportFailure::NotSent.into());
    /// # fn secret_in_the_vault() -> Result<(String, String), std::io::Error> {
    /// #     Ok(("acme-api".into(), "s3cret".into()))
    /// # }
    ///
    /// let provide = || {
    ///     let (id, secret) = secret_in_the_vault()?;
    ///     Ok(ClientCredentials::new(id, secret)?)
    /// };
    /// # let first: Result<_, Box<dyn std::error::Error + Send + Sync>> = provide();
    /// # let request = TokenRequest::new(TokenEndpoint::edx(), first.unwrap());
    /// let source = TokenSource::<Blocking>::over(request, transport)
    ///     .credentials(provide)
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "rotate")]
    pub fn credentials<F>(mut self, provide: F) -> Self
    where
        F: Fn() -> Result<ClientCredentials, Box<dyn StdError + Send + Sync>>,
        F: Send + Sync + 'static,
    {
        self.credentials = Some(Box::new(provide));
        self
    }

    /// Shares the token with other processes in this store: together they request one token, instead of one
    /// each. A call with a cached token never touches the store.
    ///
    /// While another process requests the token, this one waits for it: by default two seconds longer than a
    /// token request may take, and with a [`token_timeout`](Self::token_timeout) for half of that. Then it
    /// requests its own token. A new token is saved before the callers that wait get it, but delays them by two
    /// seconds at most. A store that fails or hangs fails no call: [`Event::StoreFailed`] and one `WARN` say so.
    #[doc(alias = "cache")]
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Ok(Some(Box::new(store)));
        self
    }

    /// Sends a token request only as this limit allows, which many sources share.
    #[doc(alias = "rate limit")]
    pub fn request_limit(mut self, limit: &RequestLimit) -> Self {
        self.limit = Some(limit.clone());
        self
    }

    /// Tells this function what happens to the token: it was renewed or restored, a renewal failed, an
    /// API rejected it, the client credentials changed. For metrics, alarms, and programs that pass the
    /// token on.
    ///
    /// It runs on a thread of this library, is told of one event at a time, in their order, and delays no
    /// caller and no renewal. A panic goes no further. While it hangs, a thousand events wait for it; later
    /// ones are lost. An event contains no secret and no token.
    ///
    /// ```
    /// use edx_auth_driver::{Blocking, Event, TokenSource};
    /// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
    /// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
    /// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    /// # let transport = |_, _| Err(TransportFailure::NotSent.into());
    ///
    /// let source = TokenSource::<Blocking>::over(request, transport)
    ///     .on_event(|event| match event {
    ///         Event::Renewed { generation, .. } => println!("token {generation} is here"),
    ///         Event::Failed { error, backoff, .. } => println!("{error}; next try in {backoff:?}"),
    ///         _ => {}
    ///     })
    ///     .build()?;
    /// # let _ = source;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "listener")]
    #[doc(alias = "metrics")]
    pub fn on_event(mut self, tell: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Box::new(tell));
        self
    }

    /// Uses these numbers instead of the [defaults](RenewalPolicy::DEFAULT).
    pub fn policy(mut self, policy: RenewalPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how long a caller without a token waits for one. By default 5 s longer than a token request may
    /// take: 25 s. With a [store](Self::store) 22 s more, since another process may request the token first.
    #[doc(alias = "timeout")]
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.token_timeout = Some(timeout);
        self
    }

    /// Sets the origins that the token may be sent to, instead of those that the [endpoint's
    /// tokens](Origins::of) are for.
    pub fn origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }

    /// Sets the name of the program, which ends its `User-Agent` in token requests and API calls. Requests
    /// over your own HTTP client keep the `User-Agent` of that client.
    pub fn client_name(mut self, name: ClientName) -> Self {
        self.client_name = Some(name);
        self
    }

    /// Sets what this source is called in its [events](crate#logs) and its
    /// [health](TokenSource::health), instead of client ID and host (`acme-api@courses.example.org`), or
    /// `token file` or `fixed` if it requests no token. No server sees it.
    ///
    /// ```
    /// use edx_auth_driver::{Blocking, TokenSource};
    /// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
    /// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
    /// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
    /// # let transport = |_, _| Err(TransportFailure::NotSent.into());
    ///
    /// let source = TokenSource::<Blocking>::over(request, transport).label("tenant 7").build()?;
    /// assert!(source.health().to_string().starts_with("tenant 7: empty"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "name")]
    #[doc(alias = "tenant")]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Creates the source.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the endpoint needs https and this build, or this process, has none, and
    /// [`Error::EnvConfig`] if the environment names an invalid proxy, or a token store that this build does
    /// not have.
    pub fn build(self) -> Result<TokenSource<W, S>, Error> {
        let timed = |agent: TokenAgent| match self.token_timeout {
            Some(timeout) => agent.with_token_timeout(timeout),
            None => agent,
        };
        let engine = match self.tokens {
            Tokens::Fixed(token) => over_fixed(token),
            Tokens::File(path) => over_file(path, timed(TokenAgent::supplied())),
            Tokens::Requested(request, transport) => {
                let transport = transport(&request, self.client_name.as_ref())?;
                let mut agent = TokenAgent::new(request, self.policy);
                let mut supply = Supply::None;
                if let Some(store) = self.store? {
                    agent = agent.with_store();
                    supply = Supply::Store(store);
                }
                match self.credentials {
                    Some(provide) => {
                        let agent = timed(agent.with_provided_credentials());
                        Engine::new(agent, transport).with_credentials(provide)
                    }
                    None => Engine::new(timed(agent), transport),
                }
                .with_supply(supply)
            }
        };
        let mut engine = engine.with_label(self.label).with_limit(self.limit);
        if let Some(tell) = self.on_event {
            engine = engine.with_listener(tell);
        }
        Ok(TokenSource::from_parts(
            engine,
            self.origins,
            self.client_name,
            self.http_client,
        ))
    }
}

/// Creates the engine of a source that has one token.
pub(super) fn over_fixed(token: AccessToken) -> Engine {
    Engine::without_work(TokenAgent::fixed(token)).with_label(Some("fixed".into()))
}

/// Creates the engine of a source that reads its token from a file.
pub(super) fn over_file(path: PathBuf, agent: TokenAgent) -> Engine {
    let file = TokenFile::at(path);
    let read = Supply::File(Box::new(move |now| file.read(now)));
    let engine = Engine::without_work(agent).with_supply(read);
    engine.with_label(Some("token file".into()))
}

impl Tokens {
    fn request(&self) -> Option<&TokenRequest> {
        match self {
            Self::Requested(request, _) => Some(request),
            Self::File(_) | Self::Fixed(_) => None,
        }
    }
}

fn transport_over<S: HttpStack>(client: Option<S::Client>) -> MakeTransport {
    Box::new(move |request, name| S::transport(request, client, name))
}

impl<W, S> fmt::Debug for TokenSourceBuilder<W, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSourceBuilder")
            .field("request", &self.tokens.request())
            .field("policy", &self.policy)
            .field("token_timeout", &self.token_timeout)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}
