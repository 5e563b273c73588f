//! A loopback Open edX for tests of programs that talk to one.
//!
//! [`MockEdx`] is a server in your own process. It issues tokens for client credentials, lists
//! things to whoever carries a good one, and its replies are those of a real site, header for
//! header and byte for byte, refusals included. Point your program at it, let go wrong what may go
//! wrong at edX, and look at what your program sent. Nothing has to be installed, no port chosen
//! and no account made; any HTTP client will do, or none:
//!
//! ```
//! # use std::io::{Read, Write};
//! # use std::net::TcpStream;
//! use edx_auth_testkit::MockEdx;
//!
//! # fn main() -> std::io::Result<()> {
//! let edx = MockEdx::start()?;
//!
//! // Here your program would be pointed at `edx.token_url()`. This is what it says on the wire:
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
//! let mut reply = String::new();
//! stream.read_to_string(&mut reply)?;
//!
//! assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"));
//! assert!(reply.contains(r#""expires_in": 3600, "token_type": "JWT""#));
//! assert_eq!(edx.token_requests(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # What it answers
//!
//! | path | what is there |
//! |---|---|
//! | `/oauth2/access_token`, `/oauth2/v1/access_token` | the token endpoint, with or without a trailing slash |
//! | `/api/v1/catalogs/` | 25 catalogs in pages, for a valid `Authorization: JWT <token>` |
//! | `/api/v1/staff-only/` | 403 for every valid token: nobody here is staff |
//! | yours | what [`list`](MockEdx::list), [`on`](MockEdx::on) and [`on_authorized`](MockEdx::on_authorized) put there |
//! | anything else | 404, an HTML page |
//!
//! The model is Django 5.2 with django-oauth-toolkit 1.7, oauthlib 3.3, drf-jwt 1.19 and
//! edx-drf-extensions 10.6, as edx-platform combines them in `openedx/core/djangoapps/oauth_dispatch`;
//! with [`gateway`](MockEdxBuilder::gateway) it is what api.edx.org makes of that.
//!
//! # The API your program calls
//!
//! ```
//! use edx_auth_testkit::{MockEdx, Reply};
//!
//! let edx = MockEdx::start()?;
//! // A list in pages of ten, as Django REST framework cuts it:
//! edx.list("/api/v1/courses/", (1..=25).map(|id| format!(r#"{{"id": {id}}}"#)));
//! // One reply for good tokens, and the real 401 for others:
//! edx.on_authorized("POST", "/api/enrollment/v1/enrollment", Reply::json(200, "{}"));
//! // One reply for everybody:
//! edx.on("GET", "/elsewhere", Reply::redirect(302, edx.catalogs_url()));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What can go wrong, on purpose
//!
//! | what you want | how to get it |
//! |---|---|
//! | the next request fails, then all is well | [`next_request`](MockEdx::next_request)`(path, Reply::html(503, ..))` |
//! | the second request fails | `next_request(path, `[`Behavior::pass_through`]`())` before it |
//! | an outage until you say otherwise | [`on`](MockEdx::on)`("POST", path, Reply::html(503, ..))`, and `on("POST", path, Behavior::pass_through())` |
//! | tokens that die in the middle of a long run | [`token_lifetime`](MockEdxBuilder::token_lifetime), or [`set_clock_offset`](MockEdx::set_clock_offset) without waiting |
//! | every token refused at once, or one good one | [`rotate_signing_key`](MockEdx::rotate_signing_key), [`Reply::invalid_token`] |
//! | a server whose clock is wrong | [`clock_offset`](MockEdxBuilder::clock_offset) |
//! | too many requests for tokens, or to the API | [`rate_limit`](MockEdxBuilder::rate_limit), [`api_rate_limit`](MockEdxBuilder::api_rate_limit); once: [`Reply::throttled`] |
//! | a pair that is for another grant, or a site without JWTs | [`client_of_another_grant`](MockEdxBuilder::client_of_another_grant), [`opaque_tokens`](MockEdxBuilder::opaque_tokens) |
//! | api.edx.org instead of an LMS | [`gateway`](MockEdxBuilder::gateway), [`Reply::through_gateway`] |
//! | a reply that comes when you say so | [`Behavior::held`], [`MockEdx::receives_within`], [`BehaviorHandle::release`] |
//! | a slow reply, a slower one, none | [`Behavior::after`], [`Behavior::drip`], [`Behavior::stall`] |
//! | a body that is cut, endless, or no HTTP at all | [`Behavior::cut`], [`Behavior::endless`], [`Behavior::bytes`] |
//! | a connection closed or reset without a byte | [`Behavior::close`], [`Behavior::reset`] |
//! | a pooled connection that is dead when used again | [`keep_alive`](MockEdxBuilder::keep_alive), [`on_reused_connection`](MockEdx::on_reused_connection), [`Behavior::reply_then_close`] |
//!
//! What a request gets is the behavior queued for its path, or else what used connections get, or else
//! its route, or else the site's own answer; [`Behavior::pass_through`] passes it on to the next of them.
//!
//! ```
//! use std::time::Duration;
//! use edx_auth_testkit::{ClockOffset, MockEdx, Behavior, Reply};
//!
//! let edx = MockEdx::builder().rate_limit(120).api_rate_limit(60).start()?;
//!
//! // The first request for a token is reset, the second is slow, the third is as usual.
//! edx.next_request(MockEdx::TOKEN_PATH, Behavior::reset());
//! edx.next_request(MockEdx::TOKEN_PATH, Behavior::after(Duration::from_secs(2), Behavior::pass_through()));
//!
//! // The API is throttled once.
//! edx.next_request(MockEdx::CATALOGS_PATH, Reply::throttled(7));
//!
//! // An hour passes, and every token so far is too old.
//! edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # What your program really sent
//!
//! [`MockEdx::requests`] has every request, its secrets as [`Fingerprint`]s: what is compared with
//! a secret need not be printed. [`BehaviorHandle`] tells how far a behavior got.
//!
//! ```
//! # use std::{io::{Read, Write}, net::TcpStream};
//! use edx_auth_testkit::{Fingerprint, MockEdx, Reply};
//!
//! let edx = MockEdx::start()?;
//! # edx.on("POST", "/api/enrollment/v1/enrollment", Reply::json(200, "{}").closing());
//! # let mut stream = TcpStream::connect(edx.address())?;
//! # stream.write_all(
//! #     b"POST /api/enrollment/v1/enrollment?dry_run=1 HTTP/1.1\r\nAuthorization: JWT a.b.c\r\n\
//! #       Content-Length: 2\r\n\r\n{}",
//! # )?;
//! # stream.read_to_end(&mut Vec::new())?;
//! // .. your program enrolls somebody with the token `a.b.c` ..
//! let requests = edx.requests();
//! let enrollment = &requests[0];
//! assert_eq!((enrollment.method(), enrollment.query()), ("POST", Some("dry_run=1")));
//! assert_eq!(enrollment.token(), Some(Fingerprint::of("a.b.c")));
//! assert_eq!(enrollment.body(), Fingerprint::of("{}"));
//! // By the first connection, with no other request under way.
//! assert_eq!((enrollment.connection(), enrollment.concurrent()), (1, 1));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Time without waiting
//!
//! [`Timeline`] is a token's life in virtual time: a year of it passes in a moment, with suspended
//! machines, clocks that are set back and a site in trouble wherever a test wants them.
//!
//! # A driver of your own
//!
//! [`conformance`] is for those who drive `edx-auth-core` over an HTTP stack of their own: a list of
//! what goes wrong there, run over their driver, and a report of what it did.
//!
//! # What is left out
//!
//! TLS; the headers `Server` and `Date`; RS512 tokens (`asymmetric_jwt`) and restricted
//! applications; the authorization code grant, and any user for the password grant; scopes and
//! other permissions of the API; lists by `limit` and `offset`; paths with patterns in them; request
//! bodies without a `Content-Length`, refused with 411; the gateway's own limits and headers.

pub mod conformance;
mod mock_edx;
mod timeline;

pub use mock_edx::{
    Behavior, BehaviorHandle, ClockOffset, Fingerprint, MockEdx, MockEdxBuilder, ReceivedRequest,
    Reply,
};
pub use timeline::Timeline;
