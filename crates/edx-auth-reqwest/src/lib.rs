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
//! | [`RequireSuccess`] | an error of a response that is not a success |
//! | `AuthorizationLayer`, `AuthorizationMiddleware` | calls through your own HTTP client: see [features](#features) |
//! | [`TokenSource`] | the token alone, renewed before it expires: for other HTTP clients and for health checks |
//! | [`Error`] | what went wrong, why, and what to do about it: [`report`](Error::report) is two lines |
//!
//! The guide [`web_services`] recommends timeouts, a health endpoint and a start that waits for nothing.
//! [`company_proxy`] and [`troubleshooting`] say what to do when something fails. `edx-auth-ureq` has two more,
//! about many tenants and about the way from Python or curl; their code is the same here but for `.await`.
//!
//! [`EnvConfig`] lists the `EDX_*` variables, which only functions with `from_env` or `from_open_edx_env` in
//! their names read. To use your own proxy, a company's certificates or a client certificate, pass an HTTP client
//! to [`TokenSourceBuilder`]: API calls go over it too, unless [`AuthorizedClientBuilder`] is given another.
//!
//! # Proxies and responses
//!
//! https goes through the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, but not to the hosts in `NO_PROXY`; plain
//! http goes through none. [`company_proxy`] has the rules.
//!
//! A response may have at most 100 headers, of 64 KiB in all. More is an error.
//! Under TLS, it is an error if a body without a length is cut off. Over plain http, and with the feature
//! `native-tls`, such a body cannot be told from a whole one
//! ([RFC 9112 section 9.8](https://www.rfc-editor.org/rfc/rfc9112#section-9.8)).
//!
//! # Features
//!
//! | feature | https by | root certificates |
//! |---|---|---|
//! | `rustls` (default) | rustls with the provider that the process installed, or else aws-lc-rs | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
//!
//! With rustls, all clients of a process share one TLS configuration: the system's roots are read once. If
//! the system has none, each request returns [`TransportFailure::NoRoots`], until it has some.
//!
//! With `rustls-no-provider` alone, your own `reqwest::Client` needs a provider in the process too, or
//! reqwest panics.
//!
//! `json` adds `json()` to reqwest's responses.
//! `tower` adds `AuthorizationLayer`, the token for every tower service that sends `http` requests.
//! `middleware` adds `AuthorizationMiddleware`, the token for clients of `reqwest_middleware`.
//!
//! `file-store` adds `FileStore`, one token for the processes of a machine, and `EDX_TOKEN_STORE`. `tenants`
//! adds `TokenSources`, the sources of a program for many tenants.
//!
//! If several for https are enabled, rustls is used. Without any, https returns an error, and plain http to a
//! loopback host still works.
//!
//! # In your tests
//!
//! `MockEdx` of the crate `edx-auth-testkit` is an Open edX on a loopback port. [In a web
//! service](web_services#tests) has a whole test of a revocation. Under tokio's paused clock, tokens and
//! timeouts use real time.
//!
//! # Logs
//!
//! `tracing` (default) emits the [events](edx_auth_driver#logs) of a token source. reqwest and
//! hyper, as configured here, log no request contents.

mod body;
mod classify;
mod client;
mod connector;
mod convert;
mod drive;
mod http_client;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "middleware")]
mod middleware;
mod require_success;
mod timekeeper;
mod tls;
mod transport;

#[doc = include_str!("../WEB_SERVICES.md")]
pub mod web_services {
    #[allow(unused_imports, reason = "the guide links to its items")]
    use super::*;
}

pub use edx_auth_driver::adapter::*;
pub use {http, reqwest};

#[cfg(feature = "tower")]
pub use body::PeekedBody;
pub use client::{AuthorizedClient, AuthorizedClientBuilder, Pages, RequestBuilder};
pub use http_client::HttpClient;
#[cfg(feature = "tower")]
pub use layer::{Authorization, AuthorizationLayer};
#[cfg(feature = "middleware")]
pub use middleware::AuthorizationMiddleware;
pub use require_success::RequireSuccess;
pub use transport::{Reqwest, exchange};

/// A source of access tokens over reqwest. It caches one token and renews it before it expires. Its callers
/// yield to their runtime while they wait.
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

/// The tokens of a source, one after the other.
pub type Changes = edx_auth_driver::Changes<Reqwest>;

/// A [`TokenSource`] under construction.
///
/// Its `http_client` takes a function that returns a [`reqwest::ClientBuilder`] with its own proxy,
/// certificates and `User-Agent`: see [`HttpClient`]. The rules of a token request are applied on top. They cannot change the builder's default
/// headers and cookie store. Set no `Authorization` there: the token endpoint would receive it.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// let client = || edx_auth_reqwest::reqwest::Client::builder().tcp_nodelay(true);
/// let source = TokenSource::builder(request)
///     .token_timeout(Duration::from_secs(5))
///     .http_client(client)
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type TokenSourceBuilder = edx_auth_driver::TokenSourceBuilder<edx_auth_driver::Async, Reqwest>;

/// The [`TokenSource`]s of a program for many tenants.
///
/// ```
/// use edx_auth_reqwest::{RequestLimit, TokenSource, TokenSources};
/// # use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest};
///
/// let limit = RequestLimit::per_minute(60)?;
/// let tenants = TokenSources::new(1_000, move |request| {
///     TokenSource::builder(request).request_limit(&limit).build()
/// })?;
///
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials); // of one tenant
/// let source = tenants.source(&request)?; // for each job
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "tenants")]
pub type TokenSources = edx_auth_driver::TokenSources<edx_auth_driver::Async, Reqwest>;
