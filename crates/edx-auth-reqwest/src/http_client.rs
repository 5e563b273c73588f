//! reqwest's clients as this crate configures them.

use std::time::Duration;

use edx_auth_driver::{ClientName, TransportRules};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::connect_timeout::ConnectTimeout;
use crate::tls::{self, BoxError, Reach};

/// Creates a client for token requests: the system's roots and the program's name.
pub(crate) fn for_tokens(
    rules: &TransportRules,
    name: Option<&ClientName>,
) -> Result<Client, BoxError> {
    let builder = tls::select(ours(name), Reach::of(rules.https_only()))?;
    for_tokens_over(builder, rules)
}

/// Creates a client for token requests from a builder, with our rules on top.
pub(crate) fn for_tokens_over(
    builder: ClientBuilder,
    rules: &TransportRules,
) -> Result<Client, BoxError> {
    let reach = Reach::of(rules.https_only());
    tls::ready(reach)?;
    // Pooled connections would die with the runtime of their request.
    let builder = without_decompression(strict(builder, reach))
        .connect_timeout(rules.connect_deadline())
        .pool_max_idle_per_host(0);
    Ok(builder.build()?)
}

/// Creates a client for API calls. It keeps connections for a shorter time than the known servers do.
pub(crate) fn for_calls(reach: Reach, name: Option<&ClientName>) -> Result<Client, BoxError> {
    let builder = ours(name).pool_idle_timeout(MAX_IDLE_AGE);
    for_calls_over(tls::select(builder, reach)?, reach)
}

/// Creates a client for API calls that keeps no connection.
pub(crate) fn for_calls_unpooled(
    reach: Reach,
    name: Option<&ClientName>,
) -> Result<Client, BoxError> {
    let builder = ours(name).pool_max_idle_per_host(0);
    for_calls_over(tls::select(builder, reach)?, reach)
}

/// Creates a client for API calls from a builder, with our rules on top. It keeps its connect timeout
/// in real time: these calls are made on the caller's runtime.
pub(crate) fn for_calls_over(builder: ClientBuilder, reach: Reach) -> Result<Client, BoxError> {
    tls::ready(reach)?;
    let limit = ConnectTimeout(TransportRules::CONNECT_TIMEOUT);
    Ok(strict(builder, reach).connector_layer(limit).build()?)
}

fn ours(name: Option<&ClientName>) -> ClientBuilder {
    let builder = without_decompression(Client::builder());
    match name {
        Some(name) => builder.user_agent(name.user_agent(LIBRARY)),
        None => builder.user_agent(LIBRARY),
    }
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
