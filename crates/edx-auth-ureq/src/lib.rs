//! Access tokens for edX and Open edX APIs in blocking programs, over [ureq](https://docs.rs/ureq).
//!
//! `edx-auth-core` decides, `edx-auth-driver` keeps the token, and this crate sends.
//!
//! ```no_run
//! use edx_auth_ureq::AuthorizedClient;
//!
//! fn main() -> Result<(), edx_auth_ureq::Error> {
//!     // EDX_CLIENT_ID and EDX_CLIENT_SECRET; EDX_TOKEN_URL for a site other than edX.
//!     let edx = AuthorizedClient::from_env()?;
//!
//!     let response = edx.get("https://api.edx.org/catalog/v1/catalogs").send()?;
//!     println!("{}", response.status());
//!     Ok(())
//! }
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
//! | `rustls` (default) | rustls with ring, or the provider that the process installed | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
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
//! No event contains a secret. At TRACE, ureq's own target `ureq_proto::util` logs every byte that is
//! sent, tokens and secrets included: leave that off.

mod classify;
mod client;
mod http_agent;
mod send;
mod tls;
mod transport;

pub use edx_auth_driver::adapter::*;
pub use {http, ureq};

pub use client::{AuthorizedClient, AuthorizedClientBuilder, Pages, RequestBuilder};
pub use transport::{Ureq, exchange};

/// One token, cached and renewed, over ureq. Its callers block while they wait.
///
/// ```no_run
/// use edx_auth_ureq::TokenSource;
///
/// let source = TokenSource::from_env()?; // once
/// let token = source.token()?; // before every call
/// println!("Authorization is ready, for {:?} at least", token.usable_for());
/// # Ok::<(), edx_auth_ureq::Error>(())
/// ```
pub type TokenSource = edx_auth_driver::TokenSource<edx_auth_driver::Blocking, Ureq>;

/// A [`TokenSource`] under construction.
///
/// Its `http_client` takes a [`ureq::Agent`] with its own proxy, certificates and `User-Agent`. The rules
/// of a token request are applied on top. They cannot change three things: the agent's middleware sees
/// the secret, ureq's feature `cookies` gives the agent a cookie jar, and the agent keeps its roots.
/// ureq's default roots are Mozilla's; behind a company's proxy set `RootCerts::PlatformVerifier`.
///
/// ```
/// use std::time::Duration;
/// use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest, TokenSource};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let source = TokenSource::builder(TokenRequest::new(TokenEndpoint::edx(), credentials))
///     .token_timeout(Duration::from_secs(5))
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type TokenSourceBuilder = edx_auth_driver::TokenSourceBuilder<edx_auth_driver::Blocking, Ureq>;
