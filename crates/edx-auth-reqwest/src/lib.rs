//! Access tokens for edX and Open edX APIs in async programs, over
//! [reqwest](https://docs.rs/reqwest).
//!
//! `edx-auth-core` decides, `edx-auth-driver` keeps the token, and this crate sends.
//!
//! ```no_run
//! use edx_auth_reqwest::AuthorizedClient;
//!
//! # async fn example() -> Result<(), edx_auth_reqwest::Error> {
//! // EDX_CLIENT_ID and EDX_CLIENT_SECRET; EDX_TOKEN_URL for a site other than edX.
//! let edx = AuthorizedClient::from_env()?;
//!
//! let reply = edx.get("https://api.edx.org/catalog/v1/catalogs").send().await?;
//! println!("{}", reply.status());
//! # Ok(())
//! # }
//! ```
//!
//! # Where to begin
//!
//! | what | what for |
//! |---|---|
//! | [`AuthorizedClient`] | API calls with the token: one for each pair of credentials, cloned freely |
//! | [`Pages`] | the items of a list, from its first page to its true end |
//! | [`TokenSource`] | the token alone, renewed before it dies: for other HTTP clients, and for health |
//! | [`Error`] | what went wrong, and by [`advice`](Error::advice) what to do about it |
//!
//! Tests have `MockEdx`, an Open edX of their own, in the crate `edx-auth-testkit`. Proxies are those
//! that the environment names; one's own, a company's certificates and a client certificate come with an
//! HTTP client that is handed in ([`AuthorizedClientBuilder`], [`TokenSourceBuilder`]).
//!
//! # Features
//!
//! | feature | https by | roots |
//! |---|---|---|
//! | `rustls` (default) | rustls with the provider that the process installed, or else aws-lc-rs | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
//!
//! With `rustls-no-provider` alone, a `reqwest::Client` of your own needs a provider in the process
//! too, or reqwest panics.
//!
//! With several of them rustls is used. Without any, https is a clear error and plain http to a
//! loopback host still works.
//!
//! `tracing` (default) tells of each turn in a token's life, under the target `edx_auth`:
//!
//! | level | what |
//! |---|---|
//! | `ERROR` | the site refuses the credentials for good; once, until a token comes |
//! | `WARN` | no token, and a pause; a token refused by an API; a page of a list put off |
//! | `INFO` | other credentials |
//! | `DEBUG` | elected, renewed; a span for each token request, by OpenTelemetry's names |
//!
//! No secret is ever among it. reqwest and hyper tell none of what is sent, as these crates set them
//! up.

mod classify;
mod client;
mod connect_timeout;
mod http_client;
mod tls;
mod transport;

pub use edx_auth_driver::adapter::*;
pub use {http, reqwest};

pub use client::{AuthorizedClient, AuthorizedClientBuilder, Pages, RequestBuilder};
pub use transport::{Reqwest, exchange};

/// One token, cached and renewed, over reqwest. Its callers yield to their runtime while they wait.
///
/// ```no_run
/// use edx_auth_reqwest::TokenSource;
///
/// # async fn example() -> Result<(), edx_auth_reqwest::Error> {
/// let source = TokenSource::from_env()?; // once
/// let token = source.token().await?; // before every call
/// println!("Authorization is ready, for {:?} at least", token.usable_for());
/// # Ok(())
/// # }
/// ```
pub type TokenSource = edx_auth_driver::TokenSource<edx_auth_driver::Async, Reqwest>;

/// A [`TokenSource`] under construction.
///
/// Its `http_client` takes a [`reqwest::ClientBuilder`] with a proxy, certificates and a `User-Agent` of
/// its own. The rules of a token request are applied on top. What they cannot change: its default
/// headers and its cookie store. Leave out an `Authorization` there, which the token endpoint would see.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// let client = edx_auth_reqwest::reqwest::Client::builder().tcp_nodelay(true);
/// let source = TokenSource::builder(request)
///     .token_timeout(Duration::from_secs(5))
///     .http_client(client)
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type TokenSourceBuilder = edx_auth_driver::TokenSourceBuilder<edx_auth_driver::Async, Reqwest>;
