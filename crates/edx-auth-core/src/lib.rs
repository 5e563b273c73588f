//! Access tokens for edX and Open edX, without I/O.
//!
//! A program that calls edX's APIs trades a client id and a secret for an access token, and sends
//! that as `Authorization: JWT <token>`. This crate builds the request for the token, reads the
//! reply, and knows when to ask again; the HTTP and the clocks are yours, or those of a driver:
//! `edx-auth-ureq` for blocking programs, `edx-auth-reqwest` for async ones.
//!
//! # The exchange
//!
//! ```text
//! ClientCredentials ─┐
//! TokenEndpoint ─────┴─> TokenRequest ──begin()──> http::Request<FormBody>   you send it as the
//!                                      └─────────> TokenExchange             rules() say
//!
//!       http::Response<&[u8]> ──finish()──> IssuedToken, or ExchangeError
//!            TransportFailure ──fail()────> ExchangeError
//! ```
//!
//! 1. Make a [`TokenRequest`] once and keep it.
//! 2. [`begin`](TokenRequest::begin) gives a request and a [`TokenExchange`].
//! 3. Send the request, once, as the exchange's [`rules`](TokenExchange::rules) say: no redirects,
//!    a limit on the body, a deadline.
//! 4. Hand the reply of whatever status to [`finish`](TokenExchange::finish), or say by
//!    [`fail`](TokenExchange::fail) why there is none.
//!
//! ```
//! use edx_auth_core::{ClientCredentials, ExchangeError, TokenEndpoint, TokenRequest};
//!
//! # fn send(request: http::Request<edx_auth_core::FormBody>) -> http::Response<Vec<u8>> {
//! #     let body = br#"{"access_token": "eyJ0eXAiOiJKV1QifQ.e30.c2ln", "expires_in": 3600,
//! #         "token_type": "JWT", "scope": "read write email profile"}"#;
//! #     http::Response::new(body.to_vec())
//! # }
//! let credentials = ClientCredentials::new("acme-api", "s3cret")?;
//! let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
//!
//! let (to_send, exchange) = request.begin();
//! let reply = send(to_send); // your HTTP stack
//! let (head, body) = reply.into_parts();
//! let issued = exchange.finish(http::Response::from_parts(head, &body[..]))?;
//!
//! assert_eq!(issued.token().authorization(), "JWT eyJ0eXAiOiJKV1QifQ.e30.c2ln");
//! assert_eq!(issued.lifetime().as_secs(), 3599);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The token
//!
//! [`TokenAgent`] gets a token, keeps it and renews it in time. It knows time only as an argument: a
//! [`Moment`] is a reading of two clocks.
//!
//! 1. Keep one agent for each site and its client credentials, behind a short lock.
//! 2. Before every call, [`acquire`](TokenAgent::acquire) a token: it is
//!    [`Ready`](Acquire::Ready), the caller [waits](Acquire::Wait), or it
//!    [leaves](Acquire::Failed) without one.
//! 3. Whenever an agent was used, look for [work](TokenAgent::poll_work): send the token request,
//!    report the [response](TokenAgent::on_response) and wake the callers that wait.
//!
//! # The API call
//!
//! [`Origins`] are the origins that a token may be sent to; [`ApiCall`] is one call over an agent.
//!
//! 1. Make an [`ApiCall`]: it rejects a URL that the token must not be sent to.
//! 2. [`poll`](ApiCall::poll) it and do as it says: [send](CallStep::Send) a request,
//!    [wait](CallStep::Wait), [deliver](CallStep::Deliver) the response or [fail](CallStep::Fail).
//!    Redirects, a rejected token and a broken connection are part of it.
//! 3. [`Paginator`] leads such calls through a list, to its end or to an error.
//!
//! [`embedding`] is the whole of it, step by step, for an HTTP stack of your own.
//!
//! # What is in which standard
//!
//! | | |
//! |---|---|
//! | the grant, the request, the reply, its errors | [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749) 4.4, 2.3.1, 5.1, 5.2 |
//! | the characters of a token | [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750) 2.1 |
//! | claims, read and never verified | [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519) |
//! | `Retry-After`, redirects, challenges | [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) 10.2.3, 15.4, 11.6.1 |
//! | where a `Location` or a link leads | [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986) 5, [RFC 6454](https://www.rfc-editor.org/rfc/rfc6454) 4 |
//! | `token_type=jwt`, the scheme `JWT` | Open edX's `oauth_dispatch` |
//!
//! # What is left out, and why
//!
//! * **I/O.** Nothing here reads a clock, an environment variable or a file, opens a connection or
//!   draws a random number: what is needed of those is an argument.
//! * **Other grants.** A program of its own right needs none; logging people in is another job.
//! * **Verifying tokens.** The key is the server's alone: [`UnverifiedClaims`] say so in their name.
//! * **Secrets in logs.** `Debug` and every error are without them, always, with no feature to
//!   switch that off.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[doc = include_str!("../EMBEDDING.md")]
pub mod embedding {
    #[allow(unused_imports, reason = "the guide links to everything")]
    use super::*;
}

mod agent;
mod call;
mod client_name;
mod environment;
mod error;
mod exchange;
mod jitter;
mod lifecycle;
mod pagination;
mod resource;
mod retry_after;
mod time;
mod token;
mod url;

pub use agent::{Acquire, CredentialsTicket, ExchangeTicket, TokenAgent, Work, WorkKind};
pub use call::{ApiCall, ApiRequest, CallBody, CallError, CallStep, Connection};
pub use client_name::{ClientName, ClientNameError};
pub use environment::{EnvConfig, EnvConfigError, ForeignPair};
pub use error::{
    Defect, ErrorCode, ErrorKind, ExchangeError, ServerText, TransportError, TransportFailure,
};
pub use exchange::{
    ClientCredentials, CredentialPart, CredentialsError, FormBody, TokenEndpoint, TokenExchange,
    TokenRequest, TransportRules,
};
pub use jitter::Jitter;
pub use lifecycle::{
    Event, Generation, Health, Invalidation, LiveToken, Need, PolicyError, RenewalError,
    RenewalPolicy, RenewalPolicyBuilder, RenewalReason, StoredToken, StoredTokenError, TokenError,
    TokenState, WaitBudget,
};
pub use pagination::{PageError, PageStep, Paginator};
pub use resource::{ApiUrl, Origins, Verdict};
pub use time::Moment;
pub use token::{
    AccessToken, AccessTokenError, ClaimsError, IssuedToken, Scope, ScopeError, TokenType,
    UnverifiedClaims,
};
pub use url::{PlaintextHosts, UrlError};
