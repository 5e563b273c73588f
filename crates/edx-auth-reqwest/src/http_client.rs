//! reqwest's clients as this crate configures them.

use std::time::Duration;

use edx_auth_driver::{ClientName, EnvProxies, Error, ProxyUrl, TransportRules};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy, Url};

use crate::connector::ConnectRules;
use crate::tls::{self, Reach};

/// Creates a client for token requests, with the system's root certificates and the program's name in
/// its `User-Agent`.
pub(crate) fn for_tokens(
    rules: &TransportRules,
    name: Option<&ClientName>,
) -> Result<Client, Error> {
    let (builder, proxy) = ours(name, Reach::of(rules.https_only()))?;
    tokens(builder, rules, proxy)
}

/// Creates a client for token requests from a builder, with our rules on top.
pub(crate) fn for_tokens_over(
    builder: ClientBuilder,
    rules: &TransportRules,
) -> Result<Client, Error> {
    tokens(without_decompression(builder), rules, None)
}

fn tokens(
    builder: ClientBuilder,
    rules: &TransportRules,
    proxy: Option<ProxyUrl>,
) -> Result<Client, Error> {
    // Pooled connections would die with the runtime of their request.
    let builder = builder.pool_max_idle_per_host(0);
    build(builder, Reach::of(rules.https_only()), proxy)
}

/// Creates a client for API calls. It keeps connections for a shorter time than the known servers do.
pub(crate) fn for_calls(reach: Reach, name: Option<&ClientName>) -> Result<Client, Error> {
    let (builder, proxy) = ours(name, reach)?;
    build(builder.pool_idle_timeout(MAX_IDLE_AGE), reach, proxy)
}

/// Creates a client for API calls that keeps no connection.
pub(crate) fn for_calls_unpooled(reach: Reach, name: Option<&ClientName>) -> Result<Client, Error> {
    let (builder, proxy) = ours(name, reach)?;
    build(builder.pool_max_idle_per_host(0), reach, proxy)
}

/// Creates a client for API calls from a builder, with our rules on top.
pub(crate) fn for_calls_over(builder: ClientBuilder, reach: Reach) -> Result<Client, Error> {
    build(builder, reach, None)
}

/// Builds a client with our rules. The deadlines of requests are kept elsewhere.
fn build(builder: ClientBuilder, reach: Reach, proxy: Option<ProxyUrl>) -> Result<Client, Error> {
    tls::ready(reach).map_err(Error::setup)?;
    let timeout = TransportRules::CONNECT_TIMEOUT;
    let builder = strict(builder, reach).connector_layer(ConnectRules { timeout, proxy });
    builder.build().map_err(tls::setup_error)
}

/// Returns a builder with the system's roots, the program's name and the proxy of the environment.
fn ours(
    name: Option<&ClientName>,
    reach: Reach,
) -> Result<(ClientBuilder, Option<ProxyUrl>), Error> {
    tls::ready(reach).map_err(Error::setup)?;
    let builder = tls::select(without_decompression(Client::builder()), reach)?;
    let builder = match name {
        Some(name) => builder.user_agent(name.user_agent(LIBRARY)),
        None => builder.user_agent(LIBRARY),
    };
    match reach {
        Reach::Encrypted => through_env_proxy(builder),
        Reach::Plaintext => Ok((builder, None)),
    }
}

/// Uses the proxy of the environment. If it names none, reqwest asks the operating system.
fn through_env_proxy(builder: ClientBuilder) -> Result<(ClientBuilder, Option<ProxyUrl>), Error> {
    let proxies = EnvProxies::from_env()?;
    let Some(proxy) = proxies.proxy().cloned() else {
        return Ok((builder, None));
    };
    let url = Url::parse(&proxy.expose()).map_err(|_| proxy.invalid())?;
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

const MAX_IDLE_AGE: Duration = Duration::from_secs(10);
