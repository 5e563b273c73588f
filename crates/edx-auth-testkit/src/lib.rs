//! A loopback Open edX for tests of programs that talk to one.
//!
//! [`MockEdx`] is a server in your own process. It issues tokens for client credentials and lists
//! course catalogs to whoever carries a good one, and its replies are those of a real site, header
//! for header and byte for byte, refusals included. Nothing has to be installed, no port chosen and
//! no account made:
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
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
//! | anything else | 404, an HTML page |
//!
//! The model is Django 5.2 with django-oauth-toolkit 1.7, oauthlib 3.3, drf-jwt 1.19 and
//! edx-drf-extensions 10.6, as edx-platform combines them in `openedx/core/djangoapps/oauth_dispatch`.
//!
//! # What can go wrong, on purpose
//!
//! [`MockEdx::builder`] makes a site with a rate limit, short-lived tokens, a wrong clock, clients
//! of the wrong kind or no JWTs at all. [`MockEdx::rotate_signing_key`] refuses every token issued
//! so far. [`MockEdx::play_next`] replaces one reply by a [`Play`]: any bytes, cut short, dripping,
//! endless or none. [`MockEdx::requests`] says what your program really sent.
//!
//! # Time without waiting
//!
//! [`Timeline`] is a token's life in virtual time: a year of it passes in a moment, with suspended
//! machines, clocks that are set back and a site in trouble wherever a test wants them.
//!
//! # What is left out
//!
//! TLS; the headers `Server` and `Date`; RS512 tokens (`asymmetric_jwt`) and restricted
//! applications; the authorization code grant, and any user for the password grant; request bodies
//! without a `Content-Length`, refused with 411; throttling by the catalog API; what the gateway of
//! api.edx.org does to replies on their way.

mod mock_edx;
mod timeline;

pub use mock_edx::{
    ClockOffset, Fingerprint, MockEdx, MockEdxBuilder, Play, Playback, ReceivedRequest, Reply,
};
pub use timeline::Timeline;
