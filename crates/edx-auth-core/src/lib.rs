//! Access tokens for edX and Open edX, without I/O.
//!
//! A program that calls edX's APIs exchanges a client ID and a client secret for an access token,
//! and sends it as `Authorization: JWT <token>`. This crate creates the token request, reads the
//! response, renews the token in time and decides what an API's response means. It is sans-IO: your
//! program, or a driver, sends the requests and reads the clocks. `edx-auth-ureq` is the driver for
//! blocking programs, `edx-auth-reqwest` the one for async programs.
//!
//! # One exchange
//!
//! An exchange is one token request and its response:
//!
//! ```text
//! ClientCredentials ─┐
//! TokenEndpoint ─────┴─> TokenRequest ──begin()──> http::Request<FormBody>   send it by the
//!                                      └─────────> TokenExchange             rules()
//!
//!       http::Response<&[u8]> ──finish()──> IssuedToken, or ExchangeError
//!              TransportError ──fail()────> ExchangeError
//! ```
//!
//! 1. Create a [`TokenRequest`] once and keep it.
//! 2. [`begin`](TokenRequest::begin) returns a request and a [`TokenExchange`].
//! 3. Send the request once, by the exchange's [`rules`](TokenExchange::rules): no redirects, a
//!    limit on the body, a deadline.
//! 4. Pass the response, of any status, to [`finish`](TokenExchange::finish). If none arrived, call
//!    [`fail`](TokenExchange::fail) with the reason.
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
//! let response = send(to_send); // your HTTP client
//! let (head, body) = response.into_parts();
//! let issued = exchange.finish(http::Response::from_parts(head, &body[..]))?;
//!
//! assert_eq!(issued.token().authorization(), "JWT eyJ0eXAiOiJKV1QifQ.e30.c2ln");
//! assert_eq!(issued.lifetime().as_secs(), 3599);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The token
//!
//! [`TokenAgent`] gets a token, caches it and renews it before it expires. Every method takes the
//! time as an argument, a [`Moment`].
//!
//! 1. Keep one agent for each site and its client credentials, behind a short lock.
//! 2. Before every call, [`acquire`](TokenAgent::acquire) a token: it is [`Ready`](Acquire::Ready),
//!    the caller [waits](Acquire::Wait), or there is [none](Acquire::Failed).
//! 3. After every use of the agent, ask it for [work](TokenAgent::poll_work): send the token
//!    request, report the [response](TokenAgent::on_response) and wake the callers that wait.
//!
//! # The API call
//!
//! [`ApiCall`] is one call with a token of an agent. It sends the token only to [`Origins`] that
//! you allow and follows redirects within them. If its token is rejected, it sends the request once
//! more with a newer one; if the connection of a GET or HEAD breaks, it sends the request once more.
//!
//! 1. Create an [`ApiCall`]. A URL outside the origins is an error.
//! 2. [`poll`](ApiCall::poll) it and do what it returns: [send](CallStep::Send) a request,
//!    [wait](CallStep::Wait), [deliver](CallStep::Deliver) the response or [fail](CallStep::Fail).
//!
//! # Paginated lists
//!
//! [`Paginator`] reads a paginated list page by page. It checks every next link, detects loops and
//! retries a page after a temporary failure.
//!
//! 1. [`poll`](Paginator::poll) it: fetch the page that it names, wait, or stop.
//! 2. Pass the response to [`on_response`](Paginator::on_response), which returns the items.
//!
//! [`embedding`] explains all of this step by step, for your own driver.
//!
//! # Glossary
//!
//! | term | meaning |
//! |---|---|
//! | access token | the bearer token of an API call, a JWT at edX; anyone who has it can act as the client until it expires |
//! | agent | [`TokenAgent`]: the cached token, its renewal and the client credentials of one site, as one value |
//! | attempt | one try to get a token, from the elected caller to its token or its error |
//! | backoff | the time after a failure in which no token is requested; it doubles up to a limit |
//! | cached token | the token that the agent keeps and hands out until it expires |
//! | client credentials | a client ID and its client secret; also the name of the OAuth grant that uses them |
//! | deadline | the time limit of one token request or one API call, from its start to the last byte |
//! | denied | said of a token request: the token endpoint did not accept the client credentials or the request |
//! | driver | the code around the core that sends, waits and reads the clocks: yours, or `edx-auth-driver` |
//! | elect | to choose the one caller whose attempt gets the token for all |
//! | exchange | one token request and its response |
//! | generation | the number of a token within its agent; a later token has a larger one |
//! | jitter | a random part that is added to a wait, so that many programs do not act at the same instant |
//! | lease | how long an attempt counts as in flight; after that another caller can be elected |
//! | moment | [`Moment`]: one reading of the monotonic clock and of the wall clock |
//! | origin | the scheme, host and port of a URL |
//! | rejected | said of a token: an API did not accept it |
//! | renewal | requesting a token: the first one, or one that replaces the cached token because that is due, expired or rejected, or because the program asks for it |
//! | replay | sending an API call once more with a newer token, because its token was rejected |
//! | skew grace | the first seconds of a token's life, in which a rejection may only mean that clocks differ |
//! | token endpoint | the one URL of a site that issues tokens |
//! | token source | an agent with a driver around it: a program asks it for a token before each call |
//! | verdict | [`Verdict`]: what an API's response means for the caller and for the token |
//! | work | what an agent needs done, one piece at a time: a token request, a look into the token store, or the client credentials |
//!
//! # Standards
//!
//! | subject | standard |
//! |---|---|
//! | the grant, the token request, the response, its errors | [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749) 4.4, 2.3.1, 5.1, 5.2 |
//! | the characters of a token | [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750) 2.1 |
//! | claims, read but not verified | [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519) |
//! | `Retry-After`, redirects, challenges | [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) 10.2.3, 15.4, 11.6.1 |
//! | problems, `Link` headers | [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), [RFC 8288](https://www.rfc-editor.org/rfc/rfc8288) 3 |
//! | `Deprecation`, `Sunset` | [RFC 9745](https://www.rfc-editor.org/rfc/rfc9745) 2, [RFC 8594](https://www.rfc-editor.org/rfc/rfc8594) 3 |
//! | resolving `Location` and links, origins | [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986) 5, [RFC 6454](https://www.rfc-editor.org/rfc/rfc6454) 4 |
//! | `token_type=jwt`, the scheme `JWT` | Open edX's `oauth_dispatch` |
//!
//! # What it does not do
//!
//! * **I/O.** It reads no clock, environment variable or file, opens no connection and draws no
//!   random number. All of these are arguments.
//! * **Other grants.** There is no user login: a program that acts for itself needs only the client
//!   credentials grant.
//! * **Verifying tokens.** Only the server has the key, hence the name [`UnverifiedClaims`].
//! * **Secrets in logs.** `Debug` and every error omit them, and no feature changes that.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[doc = include_str!("../EMBEDDING.md")]
pub mod embedding {
    #[allow(unused_imports, reason = "the guide links to most items")]
    use super::*;
}

mod agent;
#[cfg(test)]
mod boundaries;
mod call;
mod client_name;
mod environment;
mod error;
mod exchange;
mod gateway;
mod jitter;
mod json;
mod lifecycle;
mod pagination;
mod resource;
mod retry;
mod retry_after;
mod time;
mod token;
mod url;

pub use agent::{
    Acquire, CredentialsTicket, ExchangeTicket, StoreTicket, TokenAgent, Work, WorkKind,
};
pub use call::{ApiCall, ApiRequest, CallBody, CallError, CallStep, Connection};
pub use client_name::{ClientName, ClientNameError};
pub use environment::{EnvConfig, EnvConfigError, EnvStore, EnvTokenFile, ForeignPair};
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
pub use pagination::{
    ItemsPathError, PageError, PageStep, PagesReport, Paginator, Position, PositionError,
};
pub use resource::{ApiUrl, Deprecation, Origins, Problem, Verdict};
pub use time::Moment;
pub use token::{
    AccessToken, AccessTokenError, ClaimsError, IssuedToken, Scope, ScopeError, TokenType,
    UnverifiedClaims,
};
pub use url::{PlaintextHosts, UrlError};
