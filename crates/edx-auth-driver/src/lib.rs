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
//! | [`ResponseBody`] | the body of a response, bounded and wiped |
//! | [`RequestDraft`] | an API request under construction, for a client's request builder |
//! | [`Error`] | everything that can go wrong, with [`advice`](Error::advice) |
//! | [`from_env`], [`from_open_edx_env`] | the configuration in the environment |
//!
//! # Threads
//!
//! A token request runs on a short-lived thread of this crate, never on a caller's: no caller's
//! cancellation, runtime, paused test clock or panic can harm it. One source uses one thread at a
//! time. Token requests have 16 places per host and 256 in all; functions that provide credentials
//! have another 64 places. A place is taken only when the work can start, and given back after
//! 30 seconds even if the work hangs, so that a sick host or a hanging function never stops another
//! source.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `tracing` | spans and events under the target `edx_auth` |
//! | `async` | `TokenSource<Async>` and `Timer` |

pub mod adapter;
mod body;
mod clock;
mod draft;
mod engine;
mod environment;
mod error;
mod exchange;
mod guarded;
mod source;
#[cfg(test)]
mod testing;
mod threads;
#[cfg(feature = "async")]
mod timer;
mod trace;
mod transport;

pub use edx_auth_core::*;

pub use body::ResponseBody;
pub use draft::RequestDraft;
pub use environment::{from_env, from_open_edx_env};
pub use error::Error;
pub use exchange::exchange;
#[cfg(feature = "async")]
pub use source::Async;
pub use source::{Blocking, Custom, HttpStack, TokenSource, TokenSourceBuilder};
#[cfg(feature = "async")]
pub use timer::{Timer, TimerError};
pub use transport::Transport;
