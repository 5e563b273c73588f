//! Access tokens for edX and Open edX APIs in blocking programs, over [ureq](https://docs.rs/ureq).
//!
//! What is asked, what the reply means and how a token lives is `edx-auth-core`'s; this crate sends
//! and waits.
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

mod client;
mod environment;
mod error;
mod exchange;
mod exchanges;
mod failure;
mod send;
mod source;
mod stack;
mod tls;
#[cfg_attr(not(feature = "tracing"), path = "silence.rs")]
mod trace;

pub use edx_auth_core::{
    AccessToken, AccessTokenError, ApiUrl, ClaimsError, ClientCredentials, ClientName,
    ClientNameError, CredentialPart, CredentialsError, Defect, EnvConfig, EnvConfigError,
    ErrorCode, ErrorKind, ExchangeError, ForeignPair, Generation, Health, Invalidation,
    IssuedToken, LiveToken, Origins, PageError, PlaintextHosts, PolicyError, RenewalError,
    RenewalPolicy, RenewalPolicyBuilder, Scope, ScopeError, ServerText, TokenEndpoint, TokenError,
    TokenRequest, TokenState, TokenType, TransportFailure, UnverifiedClaims, UrlError, Verdict,
};

pub use client::{AuthorizedClient, AuthorizedClientBuilder, Pages, RequestBuilder};
pub use environment::{from_env, from_open_edx_env};
pub use error::Error;
pub use exchange::exchange;
pub use source::{TokenSource, TokenSourceBuilder};
