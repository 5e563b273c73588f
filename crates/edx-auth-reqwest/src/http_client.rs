//! reqwest's clients as this crate configures them.

mod shared;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_driver::http_clients::{MAX_IDLE_AGE, user_agent};
use edx_auth_driver::{ClientName, EnvProxies, Error, ProxyUrl, TransportError, TransportRules};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy, Request, Response, Url};

use crate::classify::error_through;
use crate::connector::ConnectTimeout;
use crate::timekeeper::Timekeeper;
use crate::tls::{self, NoClient, Reach};

/// A function that returns a [`ClientBuilder`] with the program's settings: its proxy, its certificates, its
/// `User-Agent`. It is called for each client that is built: one for token requests, and one for the API calls
/// of each runtime. Any such function can be passed as one.
///
/// ```
/// use edx_auth_reqwest::HttpClient;
/// use edx_auth_reqwest::reqwest::{Client, Proxy};
///
/// let proxy = Proxy::https("http://proxy.example.org:3128")?;
/// let client = HttpClient::from(move || Client::builder().proxy(proxy.clone()));
/// # let _ = client;
/// # Ok::<(), edx_auth_reqwest::reqwest::Error>(())
/// ```
#[derive(Clone)]
pub struct HttpClient(Arc<dyn Fn() -> ClientBuilder + Send + Sync>);

impl<F: Fn() -> ClientBuilder + Send + Sync + 'static> From<F> for HttpClient {
    fn from(build: F) -> Self {
        Self(Arc::new(build))
    }
}

/// Shows no setting: a builder's `Debug` shows its default headers, secret or not.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}

/// What clients are made from.
#[derive(Clone)]
pub(crate) enum Recipe {
    /// The settings of this crate, with the name of the program.
    Ours(Option<ClientName>),
    /// Those of the program.
    Supplied(HttpClient),
}

impl Recipe {
    /// Takes the program's settings, if it has supplied any.
    pub(crate) fn new(supplied: Option<HttpClient>, name: Option<&ClientName>) -> Self {
        match supplied {
            Some(client) => Self::Supplied(client),
            None => Self::Ours(name.cloned()),
        }
    }

    /// Reports whether both make the same clients.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ours(name), Self::Ours(other)) => name == other,
            (Self::Supplied(client), Self::Supplied(other)) => Arc::ptr_eq(&client.0, &other.0),
            (Self::Ours(_), Self::Supplied(_)) | (Self::Supplied(_), Self::Ours(_)) => false,
        }
    }

    /// Returns whose timers a client for API calls can rely on. With the program's settings come its own
    /// timeouts, which a deadline kept by reqwest would replace.
    pub(crate) fn timekeeper(&self) -> Timekeeper {
        match self {
            Self::Ours(_) => Timekeeper::of_runtime(),
            Self::Supplied(_) => Timekeeper::Library,
        }
    }

    fn begin(&self, reach: Reach) -> Result<(ClientBuilder, Option<ProxyUrl>), NoClient> {
        match self {
            Self::Ours(name) => Settings::new(name.clone(), reach)?.begin(),
            Self::Supplied(client) => Ok((client.0(), None)),
        }
    }
}

/// A client of reqwest that is ready for requests.
#[derive(Clone)]
pub(crate) struct ReadyClient {
    client: Client,
    timekeeper: Timekeeper,
    /// The proxy, to name it in an error. `None` if the program set it, since its builder does not tell.
    proxy: Option<Arc<ProxyUrl>>,
}

impl ReadyClient {
    /// Takes a client as the program has built it.
    pub(crate) fn supplied(client: Client) -> Self {
        Self {
            client,
            timekeeper: Timekeeper::Library,
            proxy: None,
        }
    }

    /// Returns whose timers end its requests.
    pub(crate) fn timekeeper(&self) -> Timekeeper {
        self.timekeeper
    }

    /// Sends a request.
    pub(crate) async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let sent = self.client.execute(request).await;
        sent.map_err(|error| error_through(self.proxy.as_deref(), error))
    }

    /// Sends a request, and lets reqwest end it after this time.
    pub(crate) async fn execute_within(
        &self,
        timeout: Duration,
        mut request: Request,
    ) -> Result<Response, TransportError> {
        *request.timeout_mut() = Some(timeout);
        self.execute(request).await
    }
}

/// Returns a client for token requests, which have a runtime of this library. It keeps no connection: a pooled
/// one would die with the runtime of its request.
pub(crate) fn for_tokens(
    recipe: &Recipe,
    rules: &TransportRules,
) -> Result<Arc<ReadyClient>, NoClient> {
    let reach = Reach::of(rules.https_only());
    match recipe {
        Recipe::Ours(name) => shared::for_tokens(Settings::new(name.clone(), reach)?),
        Recipe::Supplied(client) => {
            let builder = without_decompression(client.0()).pool_max_idle_per_host(0);
            Ok(Arc::new(build(builder, reach, Timekeeper::Library, None)?))
        }
    }
}

/// Creates a client for API calls. One that the program has not built keeps connections for ten seconds.
pub(crate) fn for_calls(
    recipe: &Recipe,
    reach: Reach,
    timekeeper: Timekeeper,
) -> Result<ReadyClient, NoClient> {
    let (builder, proxy) = recipe.begin(reach)?;
    let builder = match recipe {
        Recipe::Ours(_) => builder.pool_idle_timeout(MAX_IDLE_AGE),
        Recipe::Supplied(_) => builder,
    };
    build(builder, reach, timekeeper, proxy)
}

/// Creates a client for API calls that keeps no connection. It works under every clock.
pub(crate) fn for_calls_unpooled(recipe: &Recipe, reach: Reach) -> Result<ReadyClient, NoClient> {
    let (builder, proxy) = recipe.begin(reach)?;
    let builder = builder.pool_max_idle_per_host(0);
    build(builder, reach, Timekeeper::Library, proxy)
}

/// Builds a client with our rules. The deadlines of requests are kept elsewhere.
fn build(
    builder: ClientBuilder,
    reach: Reach,
    timekeeper: Timekeeper,
    proxy: Option<ProxyUrl>,
) -> Result<ReadyClient, NoClient> {
    tls::ready(reach).map_err(Error::setup)?;
    let (builder, timeout) = (strict(builder, reach), TransportRules::CONNECT_TIMEOUT);
    let builder = match timekeeper {
        Timekeeper::Runtime => builder.connect_timeout(timeout),
        Timekeeper::Library => builder.connector_layer(ConnectTimeout(timeout)),
    };
    Ok(ReadyClient {
        client: builder.build().map_err(NoClient::of)?,
        timekeeper,
        proxy: proxy.map(Arc::new),
    })
}

/// What makes one client of this crate differ from another.
#[derive(PartialEq, Eq)]
struct Settings {
    name: Option<ClientName>,
    reach: Reach,
    /// Those of the environment. `None` for plain http, which goes through no proxy.
    proxies: Option<EnvProxies>,
}

impl Settings {
    fn new(name: Option<ClientName>, reach: Reach) -> Result<Self, Error> {
        let proxies = match reach {
            Reach::Encrypted => Some(EnvProxies::from_env()?),
            Reach::Plaintext => None,
        };
        Ok(Self {
            name,
            reach,
            proxies,
        })
    }

    /// Returns a builder with the system's roots, the program's name and the proxy of the environment.
    fn begin(&self) -> Result<(ClientBuilder, Option<ProxyUrl>), NoClient> {
        tls::ready(self.reach).map_err(Error::setup)?;
        let builder = tls::select(without_decompression(Client::builder()), self.reach)?;
        let builder = builder.user_agent(user_agent(LIBRARY, self.name.as_ref()));
        match &self.proxies {
            Some(proxies) => Ok(through(proxies, builder)?),
            None => Ok((builder, None)),
        }
    }
}

/// Uses the proxy of the environment. If it names none, reqwest asks the operating system.
fn through(
    proxies: &EnvProxies,
    builder: ClientBuilder,
) -> Result<(ClientBuilder, Option<ProxyUrl>), Error> {
    let Some(proxy) = proxies.proxy().cloned() else {
        return Ok((builder, None));
    };
    let url = Url::parse(&proxy.expose()).map_err(|_| proxy.invalid())?;
    let proxies = proxies.clone();
    let for_host = Proxy::custom(move |called| {
        let (host, port) = (called.host_str()?, called.port_or_known_default()?);
        proxies.for_host(host, port).map(|_| url.clone())
    });
    Ok((builder.proxy(for_host), Some(proxy)))
}

/// Asks for no compression, even if another crate of the program has enabled reqwest's decoders.
fn without_decompression(builder: ClientBuilder) -> ClientBuilder {
    builder.no_gzip().no_brotli().no_zstd().no_deflate()
}

/// Sends requests to their URL and nowhere else: follows no redirect and repeats nothing.
fn strict(builder: ClientBuilder, reach: Reach) -> ClientBuilder {
    let builder = builder
        .redirect(Policy::none())
        .referer(false)
        .connection_verbose(false)
        .retry(reqwest::retry::never());
    match reach {
        Reach::Encrypted => builder.https_only(true),
        Reach::Plaintext => builder.https_only(false).no_proxy(),
    }
}

const LIBRARY: &str = concat!("edx-auth-reqwest/", env!("CARGO_PKG_VERSION"));
