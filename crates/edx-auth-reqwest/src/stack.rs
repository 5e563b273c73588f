//! The HTTP stack as this crate sets it up, for itself or over what it is handed.

use std::time::Duration;

use edx_auth_core::ClientName;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::connecting::ConnectDeadline;
use crate::tls::{self, Fault, Reach};

/// A client for token requests: the system's roots, and its name.
pub(crate) fn client(reach: Reach, name: Option<&ClientName>) -> Result<Client, Fault> {
    let builder = tls::with_system_roots(ours(name), reach)?;
    Ok(for_tokens(builder, reach).build()?)
}

/// The same out of a builder that was handed in, with our rules laid over it last.
pub(crate) fn client_over(builder: ClientBuilder, reach: Reach) -> Result<Client, Fault> {
    tls::provide()?;
    Ok(for_tokens(builder, reach).build()?)
}

/// A client for API calls, which keeps connections for the next ones: for a shorter time than the
/// servers known do.
pub(crate) fn api_client(reach: Reach, name: Option<&ClientName>) -> Result<Client, Fault> {
    let builder = ours(name).pool_idle_timeout(KEPT_FOR);
    let builder = tls::with_system_roots(builder, reach)?;
    Ok(for_calls(builder, reach).build()?)
}

/// A client for API calls that keeps no connection.
pub(crate) fn unkept_api_client(reach: Reach, name: Option<&ClientName>) -> Result<Client, Fault> {
    let builder = ours(name).pool_max_idle_per_host(0);
    let builder = tls::with_system_roots(builder, reach)?;
    Ok(for_calls(builder, reach).build()?)
}

/// The same out of a builder that was handed in, with our rules laid over it last.
pub(crate) fn api_client_over(builder: ClientBuilder, reach: Reach) -> Result<Client, Fault> {
    tls::provide()?;
    Ok(for_calls(builder, reach).build()?)
}

fn ours(name: Option<&ClientName>) -> ClientBuilder {
    let builder = unpacking_nothing(Client::builder());
    match name {
        Some(name) => builder.user_agent(name.user_agent(LIBRARY)),
        None => builder.user_agent(LIBRARY),
    }
}

/// Undoes no compression, and keeps no connection that a runtime could take with it when it ends.
fn for_tokens(builder: ClientBuilder, reach: Reach) -> ClientBuilder {
    unpacking_nothing(strict(builder, reach))
        .connect_timeout(CONNECT_DEADLINE)
        .pool_max_idle_per_host(0)
}

/// It asks for no compression, whatever other crates of the program have switched on.
fn unpacking_nothing(builder: ClientBuilder) -> ClientBuilder {
    builder.no_gzip().no_brotli().no_zstd().no_deflate()
}

/// Keeps time by itself: these calls are made on a runtime of the caller's.
fn for_calls(builder: ClientBuilder, reach: Reach) -> ClientBuilder {
    strict(builder, reach).connector_layer(ConnectDeadline(CONNECT_DEADLINE))
}

/// Sends requests to their URL and nowhere else: follows no redirect, and repeats nothing.
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

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

const KEPT_FOR: Duration = Duration::from_secs(10);
