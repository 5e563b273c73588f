//! The HTTP stack as this crate sets it up, for itself or over what it is handed.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::tls::{self, Fault, Reach};

/// A client of ours: the system's roots, and its name.
pub(crate) fn client(reach: Reach) -> Result<Client, Fault> {
    let builder = Client::builder().user_agent(USER_AGENT);
    let builder = tls::with_system_roots(builder, reach)?;
    Ok(strict(builder, reach).build()?)
}

/// A client out of a builder that was handed in, with our rules laid over it last.
pub(crate) fn client_over(builder: ClientBuilder, reach: Reach) -> Result<Client, Fault> {
    tls::provide()?;
    Ok(strict(builder, reach).build()?)
}

/// Sends requests to their URL and nowhere else: follows no redirect, repeats nothing, undoes no
/// compression, keeps no connection that a runtime could take with it when it ends.
fn strict(builder: ClientBuilder, reach: Reach) -> ClientBuilder {
    let builder = builder
        .redirect(Policy::none())
        .referer(false)
        .connection_verbose(false)
        .retry(reqwest::retry::never())
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(CONNECT_DEADLINE)
        .pool_max_idle_per_host(0);
    match reach {
        Reach::Encrypted => builder.https_only(true),
        Reach::Plaintext => builder.https_only(false).no_proxy(),
    }
}

const USER_AGENT: &str = concat!("edx-auth-reqwest/", env!("CARGO_PKG_VERSION"));

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
