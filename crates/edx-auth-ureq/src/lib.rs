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
//! | [`RequireSuccess`] | an error of a response that is not a success |
//! | [`TokenSource`] | the token alone, renewed before it expires: for other HTTP clients and for health checks |
//! | [`Error`] | what went wrong, why, and what to do about it: [`report`](Error::report) is two lines |
//!
//! The guides: [`migration`] from Python or curl, [`many_tenants`], [`company_proxy`] and [`troubleshooting`].
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
//! Under TLS, it is an error if a body without a length is cut off, except over an agent of the program.
//! Over plain http, such a body cannot be told from a whole one
//! ([RFC 9112 section 9.8](https://www.rfc-editor.org/rfc/rfc9112#section-9.8)).
//!
//! # Host names
//!
//! Each new connection looks its host up, within the five seconds that connecting may take, on a thread that ends
//! with the look-up. A call on a kept connection looks nothing up and starts no thread, and neither does one to an
//! address. No result of a look-up is kept: if a server moves, the next connection goes to its new address. An
//! agent of the program looks names up in ureq's way: for each call, even on a kept connection.
//!
//! # Features
//!
//! | feature | https by | root certificates |
//! |---|---|---|
//! | `rustls` (default) | rustls with ring, or the provider that the process installed | the system's |
//! | `rustls-no-provider` | rustls with the provider that the process installed | the system's |
//! | `native-tls` | the system's own TLS | the system's |
//!
//! With rustls, the process reads the system's roots once, at its first TLS connection, which takes some 15 ms. A
//! program that finds its token in a store and makes no call reads none. If the system has no roots, the request
//! returns [`TransportFailure::NoRoots`], and the next request tries again.
//!
//! `file-store` adds `FileStore`, one token for the processes of a machine, and `EDX_TOKEN_STORE`. `tenants`
//! adds `TokenSources`, the sources of a program for many tenants.
//!
//! If several for https are enabled, rustls is used. Without any, https returns an error, and plain http to a
//! loopback host still works.
//!
//! # In your tests
//!
//! `MockEdx` of the crate `edx-auth-testkit` responds as Open edX does, and can be scripted to the byte:
//! outages, throttling, denials, lists, routes of your own.
//!
//! ```
//! use edx_auth_testkit::{MockEdx, MockResponse};
//! use edx_auth_ureq::{
//!     AuthorizedClient, ClientCredentials, TokenEndpoint, TokenRequest, TokenSource,
//! };
//!
//! // #[test]
//! fn courses_are_read() -> Result<(), Box<dyn std::error::Error>> {
//!     let edx = MockEdx::start()?;
//!     let page = MockResponse::json(200, r#"{"next": null, "results": [7]}"#);
//!     edx.on_authorized("GET", "/api/v1/courses/", page);
//!
//!     // Built as in your program, with the URL and the client credentials of the mock:
//!     let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret())?;
//!     let request = TokenRequest::new(TokenEndpoint::open_edx(edx.url())?, credentials);
//!     let client = AuthorizedClient::new(TokenSource::new(request)?)?;
//!
//!     let url = format!("{}/api/v1/courses/", edx.url());
//!     let courses: Vec<u32> = client.pages(&url).collect::<Result<_, _>>()?;
//!
//!     assert_eq!(courses, [7]);
//!     assert_eq!(edx.token_requests(), 1);
//!     Ok(())
//! }
//! # courses_are_read().unwrap();
//! ```
//!
//! To test a revocation, give the source `.policy(RenewalPolicy::FOR_TESTS)`, and let the mock reject its
//! tokens (`edx.rotate_signing_key()`) or its client (`edx.revoke(..)`) between two calls. With the default policy, a
//! token that is rejected within six seconds of being issued is first tried again: the API's clock may be behind.
//!
//! # Logs
//!
//! `tracing` (default) emits the [events](edx_auth_driver#logs) of a token source, without any secret. At
//! TRACE, ureq's own target `ureq_proto::util` logs every byte that is sent, tokens and secrets included:
//! leave that off.

mod below_tls;
mod classify;
mod client;
mod connector;
mod env_proxy;
mod http_agent;
mod read_limit;
mod require_success;
mod resolver;
mod send;
mod tls;
mod transport;

#[doc = include_str!("../MANY_TENANTS.md")]
pub mod many_tenants {
    #[allow(unused_imports, reason = "the guide links to its items")]
    use super::*;
}

#[doc = include_str!("../MIGRATION.md")]
pub mod migration {
    #[allow(unused_imports, reason = "the guide links to its items")]
    use super::*;
}

pub use edx_auth_driver::adapter::*;
pub use {http, ureq};

pub use client::{AuthorizedClient, AuthorizedClientBuilder, Pages, RequestBuilder};
pub use require_success::RequireSuccess;
pub use transport::{Ureq, exchange};

/// A source of access tokens over ureq. It caches one token and renews it before it expires. Its callers
/// block while they wait.
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

/// The [`TokenSource`]s of a program for many tenants. [`many_tenants`] says what they share.
///
/// ```
/// use edx_auth_ureq::{TokenSource, TokenSources};
/// # use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// # let of_one_tenant = TokenRequest::new(TokenEndpoint::edx(), credentials);
///
/// let tenants = TokenSources::new(1_000, TokenSource::new)?; // once
/// let source = tenants.source(&of_one_tenant)?; // for each job
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "tenants")]
pub type TokenSources = edx_auth_driver::TokenSources<edx_auth_driver::Blocking, Ureq>;
