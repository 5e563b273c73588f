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
//!     let reply = edx.get("https://api.edx.org/catalog/v1/catalogs").send()?;
//!     println!("{}", reply.status());
//!     Ok(())
//! }
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
//! | `rustls` (default) | rustls with ring, or the provider that the process installed | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
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
//! No secret is ever among it. At TRACE, ureq's own target `ureq_proto::util` tells every byte that is
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
/// Its `http_client` takes a [`ureq::Agent`] with a proxy, certificates and a `User-Agent` of its own.
/// The rules of a token request are applied on top. What they cannot change: a middleware of the
/// agent sees the secret, ureq's feature `cookies` gives it a jar, and its roots are its own. ureq's
/// default ones are Mozilla's, so behind a company's proxy give it `RootCerts::PlatformVerifier`.
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
