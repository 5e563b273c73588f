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
//! let response = edx.get("https://api.edx.org/catalog/v1/catalogs").send().await?;
//! println!("{}", response.status());
//! # Ok(())
//! # }
//! ```
//!
//! # Where to begin
//!
//! | what | what for |
//! |---|---|
//! | [`AuthorizedClient`] | API calls with the token: one for each client ID, cloned freely |
//! | [`Pages`] | the items of a paginated list, from its first page to its last |
//! | [`TokenSource`] | the token alone, renewed before it expires: for other HTTP clients and for health checks |
//! | [`Error`] | what went wrong, and by [`advice`](Error::advice) what to do about it |
//!
//! For tests, the crate `edx-auth-testkit` has `MockEdx`, an Open edX on a loopback port. Proxies come
//! from the environment. To use your own proxy, a company's certificates or a client certificate, pass an
//! HTTP client to [`AuthorizedClientBuilder`] and [`TokenSourceBuilder`].
//!
//! # Features
//!
//! | feature | https by | roots |
//! |---|---|---|
//! | `rustls` (default) | rustls with the provider that the process installed, or else aws-lc-rs | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
//!
//! With `rustls-no-provider` alone, your own `reqwest::Client` needs a provider in the process too, or
//! reqwest panics.
//!
//! If several are enabled, rustls is used. Without any, https returns an error, and plain http to a
//! loopback host still works.
//!
//! `tracing` (default) emits an event for each change of the token, under the target `edx_auth`:
//!
//! | level | what |
//! |---|---|
//! | `ERROR` | the site denied the client credentials; logged once until the next success |
//! | `WARN` | a token request failed and will be retried after a backoff; an API rejected a token; a page of a list is retried |
//! | `INFO` | the client credentials changed |
//! | `DEBUG` | a caller was elected; the token was renewed; a span for each token request, with OpenTelemetry's field names |
//!
//! No event contains a secret. reqwest and hyper, as configured here, do not log request contents.

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
/// Its `http_client` takes a [`reqwest::ClientBuilder`] with its own proxy, certificates and
/// `User-Agent`. The rules of a token request are applied on top. They cannot change its default headers
/// and its cookie store. Set no `Authorization` header there: the token endpoint would receive it.
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
