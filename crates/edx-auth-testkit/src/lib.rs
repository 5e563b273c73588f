//! A loopback Open edX for tests of programs that talk to one.
//!
//! [`MockEdx`] is a server in your own process. It issues tokens for client credentials and serves
//! paginated lists to requests with a valid token. Its responses match those of a real site, header
//! for header and byte for byte, errors included. Point your program at it, simulate failures, and
//! check what your program sent. It needs no installation, no fixed port and no account, and works
//! with any HTTP client, or with none:
//!
//! ```
//! # use std::io::{Read, Write};
//! # use std::net::TcpStream;
//! use edx_auth_testkit::MockEdx;
//!
//! # fn main() -> std::io::Result<()> {
//! let edx = MockEdx::start()?;
//!
//! // Point your program at `edx.token_url()`. These are the bytes that it would send:
//! let form = format!(
//!     "grant_type=client_credentials&client_id={}&client_secret={}&token_type=jwt",
//!     edx.client_id(),
//!     edx.client_secret(),
//! );
//! let mut stream = TcpStream::connect(edx.address())?;
//! write!(
//!     stream,
//!     "POST /oauth2/access_token HTTP/1.1\r\nHost: edx\r\nConnection: close\r\n\
//!      Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
//!     form.len(),
//! )?;
//! let mut response = String::new();
//! stream.read_to_string(&mut response)?;
//!
//! assert!(response.starts_with("HTTP/1.1 200 OK\r\n"));
//! assert!(response.contains(r#""expires_in": 3600, "token_type": "JWT""#));
//! assert_eq!(edx.token_requests(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Responses
//!
//! | path | response |
//! |---|---|
//! | `/oauth2/access_token`, `/oauth2/v1/access_token` | the token endpoint, with or without a trailing slash |
//! | `/api/v1/catalogs/` | 25 catalogs in pages, for a valid `Authorization: JWT <token>` |
//! | `/api/v1/staff-only/` | 403 for every valid token: no client acts for a staff user |
//! | yours | set with [`list`](MockEdx::list), [`on`](MockEdx::on) and [`on_authorized`](MockEdx::on_authorized) |
//! | anything else | 404, an HTML page |
//!
//! The model is Django 5.2 with django-oauth-toolkit 1.7, oauthlib 3.3, drf-jwt 1.19 and
//! edx-drf-extensions 10.6, as edx-platform combines them in
//! `openedx/core/djangoapps/oauth_dispatch`; with [`gateway`](MockEdxBuilder::gateway) it responds
//! as api.edx.org does.
//!
//! # The API your program calls
//!
//! ```
//! use edx_auth_testkit::{MockEdx, MockResponse};
//!
//! let edx = MockEdx::start()?;
//! // A list in pages of ten, as in Django REST framework:
//! edx.list("/api/v1/courses/", (1..=25).map(|id| format!(r#"{{"id": {id}}}"#)));
//! // One response for valid tokens, and the real 401 for others:
//! edx.on_authorized("POST", "/api/enrollment/v1/enrollment", MockResponse::json(200, "{}"));
//! // One response for every request:
//! edx.on("GET", "/elsewhere", MockResponse::redirect(302, edx.catalogs_url()));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Simulated failures
//!
//! | failure | how to simulate it |
//! |---|---|
//! | the next request fails, later ones succeed | [`next_request`](MockEdx::next_request)`(path, MockResponse::html(503, ..))` |
//! | the second request fails | `next_request(path, `[`Behavior::pass_through`]`())` before it |
//! | an outage until you end it | [`on`](MockEdx::on)`("POST", path, MockResponse::html(503, ..))`, and `on("POST", path, Behavior::pass_through())` |
//! | tokens that expire during a long run | [`token_lifetime`](MockEdxBuilder::token_lifetime), or [`set_clock_offset`](MockEdx::set_clock_offset) without waiting |
//! | every token rejected, or one valid token rejected | [`rotate_signing_key`](MockEdx::rotate_signing_key), [`MockResponse::invalid_token`] |
//! | a client whose secret is regenerated, or that is revoked | [`set_secret`](MockEdx::set_secret), [`revoke`](MockEdx::revoke) |
//! | clock skew | [`clock_offset`](MockEdxBuilder::clock_offset) |
//! | too many token requests or API requests | [`rate_limit`](MockEdxBuilder::rate_limit), [`api_rate_limit`](MockEdxBuilder::api_rate_limit); once: [`MockResponse::throttled`] |
//! | the errors of newer sites, view by view | [`problems_at`](MockEdx::problems_at), [`MockResponse::as_problem`] |
//! | messages about fields that are not valid | `MockResponse::json(400, r#"{"course_id": ["Invalid course id."]}"#)`, also with `as_problem` |
//! | lists by `limit` and `offset`, by cursor, with their items elsewhere | [`MockList`] |
//! | a `count` that grows while the list is read, links to another host | [`MockList::growing`], [`MockList::links_below`] |
//! | a view that will be removed | [`MockList::header`] or [`MockResponse::header`]`("Deprecation", "@1767225600")` |
//! | client credentials for another grant, or a site without JWTs | [`client_of_another_grant`](MockEdxBuilder::client_of_another_grant), [`opaque_tokens`](MockEdxBuilder::opaque_tokens) |
//! | api.edx.org instead of an LMS | [`gateway`](MockEdxBuilder::gateway), [`MockResponse::through_gateway`] |
//! | a response that waits for your test | [`Behavior::until_released`], [`MockEdx::wait_for_requests`], [`BehaviorHandle::release`] |
//! | a slow response, a slow body, no response | [`Behavior::after`], [`Behavior::slow_body`], [`Behavior::stall`] |
//! | a truncated body, an endless body, bytes that are not HTTP | [`Behavior::cut`], [`Behavior::endless`], [`Behavior::bytes`] |
//! | a connection closed or reset without a byte | [`Behavior::close`], [`Behavior::reset`] |
//! | a pooled connection that the server has closed | [`keep_alive`](MockEdxBuilder::keep_alive), [`on_reused_connection`](MockEdx::on_reused_connection), [`Behavior::respond_then_close`] |
//!
//! The first of these decides what a request gets: the behavior queued for its path, the behavior
//! of reused connections, its route, the site's own response. [`Behavior::pass_through`] leaves the
//! decision to the next of them.
//!
//! ```
//! use std::time::Duration;
//! use edx_auth_testkit::{ClockOffset, MockEdx, Behavior, MockResponse};
//!
//! let edx = MockEdx::builder().rate_limit(120).api_rate_limit(60).start()?;
//!
//! // The first token request is reset, the second is slow, the third gets the usual response.
//! edx.next_request(MockEdx::TOKEN_PATH, Behavior::reset());
//! let slow = Behavior::after(Duration::from_secs(2), Behavior::pass_through());
//! edx.next_request(MockEdx::TOKEN_PATH, slow);
//!
//! // The API is throttled once.
//! edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::throttled(7));
//!
//! // The server's clock advances by an hour, so all tokens have expired.
//! edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What your program sent
//!
//! [`MockEdx::requests`] returns every request, with its secrets as [`Fingerprint`]s, so that a
//! test can compare a secret without printing it. [`BehaviorHandle`] reports the progress of a
//! behavior.
//!
//! ```
//! # use std::{io::{Read, Write}, net::TcpStream};
//! use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
//!
//! let edx = MockEdx::start()?;
//! # edx.on("POST", "/api/enrollment/v1/enrollment", MockResponse::json(200, "{}").connection_close());
//! # let mut stream = TcpStream::connect(edx.address())?;
//! # stream.write_all(
//! #     b"POST /api/enrollment/v1/enrollment?dry_run=1 HTTP/1.1\r\nAuthorization: JWT a.b.c\r\n\
//! #       Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
//! # )?;
//! # stream.read_to_end(&mut Vec::new())?;
//! // .. your program enrolls a learner with the token `a.b.c` ..
//! let requests = edx.requests();
//! let enrollment = &requests[0];
//! assert_eq!((enrollment.method(), enrollment.query()), ("POST", Some("dry_run=1")));
//! assert_eq!(enrollment.token(), Some(Fingerprint::of("a.b.c")));
//! assert_eq!(enrollment.body_text(), Some("{}"));
//! // It arrived on the first connection, with no other request in flight.
//! assert_eq!((enrollment.connection(), enrollment.concurrent()), (1, 1));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Time without waiting
//!
//! [`Timeline`] simulates the life of a token in virtual time: a year takes a moment. A test can
//! suspend the machine, set the clock back and let the site fail at any time.
//!
//! # Your own driver
//!
//! If you drive `edx-auth-core` over another HTTP stack, [`conformance`] runs a list of checks with
//! your driver and reports the result of each.
//!
//! # What it does not simulate
//!
//! TLS; the headers `Server` and `Date`; RS512 tokens (`asymmetric_jwt`) and restricted
//! applications; the authorization code grant, and any user for the password grant; scopes and
//! other permissions of the API; paths with patterns in them; request bodies without a `Content-Length`, which get 411; the gateway's own limits and
//! headers.

pub mod conformance;
mod mock_edx;
mod timeline;

pub use mock_edx::{
    Behavior, BehaviorHandle, ClockOffset, Fingerprint, MockEdx, MockEdxBuilder, MockList,
    MockResponse, ReceivedRequest,
};
pub use timeline::Timeline;
