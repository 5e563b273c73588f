//! Everything a standard program needs around [`edx_auth_core`], except HTTP.
//!
//! The core decides and never waits. This crate contains what every driver on std needs:
//! worker threads, clocks, waiting (blocking and async), functions that provide client credentials,
//! the `EDX_*` variables, and tracing. `edx-auth-ureq` and `edx-auth-reqwest` are thin adapters over
//! it. With another HTTP client, implement one function:
//!
//! ```
//! use edx_auth_driver::{Blocking, ResponseBody, TokenSource, TransportError, TransportFailure};
//! # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
//! # fn post(_: &http::Uri, _: &[u8]) -> Result<(u16, Vec<u8>), std::io::Error> {
//! #     let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
//! #     Ok((200, body.to_vec()))
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let credentials = ClientCredentials::new("id", "secret")?;
//! # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
//!
//! let source = TokenSource::<Blocking>::over(request, |request, _rules| {
//!     let (status, body) = post(request.uri(), request.body().as_ref()) // your HTTP client
//!         .map_err(|error| TransportError::from(TransportFailure::MaybeSent).with_cause(error))?;
//!     let mut response = http::Response::new(ResponseBody::from(body));
//!     *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
//!     Ok(response)
//! })
//! .build()?;
//!
//! assert_eq!(source.token()?.authorization(), "JWT a.b.c");
//! # Ok(())
//! # }
//! ```
//!
//! # What is where
//!
//! | item | what it is for |
//! |---|---|
//! | [`TokenSource`] | one token, cached and renewed; `TokenSource<Blocking>` or `TokenSource<Async>` |
//! | [`Transport`] | the one function that sends a token request |
//! | [`TokenStore`] | where processes share one token |
//! | `TokenSources` | the sources of many tenants |
//! | [`RequestLimit`] | how many token requests the sources of many tenants send to a host |
//! | [`ResponseBody`] | the body of a response, bounded and wiped |
//! | [`CallAction`], [`Meaning`] | what a client's call loop does: send a request, deliver a response |
//! | [`CallSettings`] | the timeouts of API calls: of one call, or a client's defaults |
//! | [`RequestDraft`], [`Payload`] | an API request under construction, for a client's request builder |
//! | [`Items`] | the items of a paginated list, for a client's iterator or stream |
//! | [`Error`] | everything that can go wrong: [`report`](Error::report) is two lines for a terminal |
//! | [`from_env`], [`from_open_edx_env`] | read the configuration from the environment |
//! | [`EnvProxies`] | the proxy that the environment names for a host |
//!
//! # Threads
//!
//! A token request runs on a short-lived thread of this crate, never on a caller's: no caller's
//! cancellation, runtime, paused test clock or panic can harm it. One source uses one thread at a
//! time, and one more while its listener is told of events. Token requests have 16 places per host and
//! 256 in all. Functions that provide credentials, functions that are told of events, looks into token stores
//! and tokens to save there have another 64 places each. A place is taken only when the work can start, and
//! given back after 30 seconds, in a store after two, even if the work hangs: a sick host, store or function
//! never stops another source.
//!
//! # Logs
//!
//! With the feature `tracing`, a source emits these events under the target `edx_auth`. Each names its
//! source by `edx_auth.label`: the [label](TokenSourceBuilder::label) that the program gave it, or client
//! ID and host. None contains a secret or a token.
//!
//! | level | event | fields |
//! |---|---|---|
//! | `ERROR` | a renewal failed, and retrying does not help; if it fails again before a token is issued, `DEBUG` | `error.message`, `error.cause`, `edx_auth.advice`, `edx_auth.backoff_ms` |
//! | `WARN` | a renewal failed, and is retried after the backoff | `error.message`, `error.cause`, `edx_auth.backoff_ms` |
//! | `WARN` | an API rejected the token; `DEBUG` if the token was replaced already | `server.address` of the API, `edx_auth.generation`, `edx_auth.wait_ms`, `edx_auth.age_ms` |
//! | `WARN` | a page of a list could not be fetched, and is fetched again | `server.address` of the API, `error.message`, `error.cause`, `edx_auth.wait_ms` |
//! | `WARN` | the token store failed: once, until a token was saved there again | `error.message`, `error.cause` |
//! | `WARN` | an API is deprecated or will be removed: once a day for each method and path | `server.address`, `http.request.method`, `url.template`, `edx_auth.deprecation`, `edx_auth.sunset` |
//! | `INFO` | the client credentials changed | |
//! | `DEBUG` | the program announced new client credentials | |
//! | `DEBUG` | a token was renewed | `edx_auth.generation`, `edx_auth.reason` |
//! | `DEBUG` | a span for each token request, with the event that it causes | those of OpenTelemetry's HTTP spans, `edx_auth.label`, `edx_auth.reason` |
//!
//! `error.cause` is the innermost cause: what the operating system, the TLS library or the proxy said.
//! `url.template` is the path with `{}` for each part that is no lowercase word, such as a number, a course
//! key and most user names.
//! [`TokenSource::health`] is one line for a health check.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `tracing` | spans and events under the target `edx_auth` |
//! | `async` | `TokenSource<Async>` and `Timer` |
//! | `file-store` | `FileStore`, one token for the processes of a machine |
//! | `store-key` | `StoreKey`, the name of a token in a store |
//! | `tenants` | `TokenSources`, the sources of many tenants |

mod action;
pub mod adapter;
mod body;
mod call_settings;
mod clock;
mod credentials_files;
mod draft;
mod engine;
mod environment;
mod error;
mod exchange;
mod guarded;
#[doc(hidden)]
pub mod http_clients;
mod items;
mod proxies;
mod request_limit;
mod source;
mod store;
#[cfg(test)]
mod testing;
mod threads;
#[cfg(feature = "async")]
mod timer;
mod token_file;
mod trace;
mod transport;

#[doc = include_str!("../COMPANY_PROXY.md")]
pub mod company_proxy {}

#[doc = include_str!("../TROUBLESHOOTING.md")]
pub mod troubleshooting {}

pub use edx_auth_core::*;

pub use action::{CallAction, Meaning};
pub use body::ResponseBody;
pub use call_settings::CallSettings;
pub use draft::{Payload, RequestDraft};
pub use environment::{from_env, from_open_edx_env};
pub use error::{Error, InputError, TenancyError};
pub use exchange::exchange;
pub use items::{ItemStep, Items};
pub use proxies::{EnvProxies, ProxyUrl};
pub use request_limit::RequestLimit;
#[cfg(feature = "tenants")]
pub use source::TokenSources;
#[cfg(feature = "async")]
pub use source::{Async, Changes};
pub use source::{Blocking, Custom, HttpStack, TokenSource, TokenSourceBuilder};
#[cfg(feature = "file-store")]
pub use store::FileStore;
#[cfg(feature = "store-key")]
pub use store::StoreKey;
pub use store::{Claim, StoreError, StorePart, TokenStore};
#[cfg(feature = "async")]
pub use timer::{Timer, TimerError};
pub use transport::Transport;
