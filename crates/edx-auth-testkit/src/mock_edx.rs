//! The server behind [`MockEdx`]. What imports what, from the top down:
//!
//! ```text
//! MockEdx, builder, scripting     what a test sees
//! server > connection             threads and sockets; request_reader gives connection its requests
//! site                            notes a request and finds its answer, the first of these:
//!   playlist, reuse, routes         the test's (cue, play, script, wait)
//!   backend                         the site's own
//!     token_endpoint                  clients, basic, fields, rate_limit
//!     api                             list, page, admission, refusal, throttle
//!     issuer                          claims, jwt, clock
//!     django, gateway                 what stands before them
//!   log                           received_request, redaction, fingerprint
//! performance                     puts the answer on the connection (playback, answering, stop)
//! request, reply                  what all of them speak of, and know nothing of them
//! ```
//!
//! No arrow goes up, which a test watches over; only [`MockEdx`] and the modules on its line know
//! each other.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

mod admission;
mod answering;
mod api;
mod arrival;
mod backend;
mod basic;
mod builder;
mod chance;
mod claims;
mod clients;
mod clock;
mod connection;
mod cue;
mod django;
mod fields;
mod fingerprint;
mod gateway;
mod issuer;
mod jwt;
mod list;
mod log;
mod page;
mod performance;
mod play;
mod playback;
mod playlist;
mod rate_limit;
mod reason;
mod received_request;
mod redaction;
mod refusal;
mod reply;
mod request;
mod request_reader;
mod reuse;
mod routes;
mod script;
mod scripting;
mod server;
mod site;
mod stop;
mod throttle;
mod token_endpoint;
mod token_path;
mod wait;

pub use builder::MockEdxBuilder;
pub use clock::ClockOffset;
pub use fingerprint::Fingerprint;
pub use play::Play;
pub use playback::Playback;
pub use received_request::ReceivedRequest;
pub use reply::Reply;

use backend::Front;
use server::Server;
use site::Site;

/// An Open edX site on a loopback port of its own, until it is dropped.
///
/// Dropping it closes every connection at once, stalled and endless replies included, and returns
/// when all its threads have ended.
///
/// At most 512 connections are open at a time; further ones are closed as they come. A connection
/// that says nothing for 10 seconds is closed, unless
/// [`keep_alive`](MockEdxBuilder::keep_alive) gives it more or less.
///
/// Two JWTs issued to one client within one second are the same token: as upstream, their claims
/// are counted in whole seconds and hold nothing random.
pub struct MockEdx {
    site: Arc<Site>,
    server: Server,
}

impl MockEdx {
    /// Where tokens are issued, below [`url`](Self::url). The same endpoint also answers with a
    /// trailing slash and, as behind api.edx.org, below `/oauth2/v1/`.
    pub const TOKEN_PATH: &str = token_path::LMS;

    /// Where tokens are issued by a site behind a [gateway](MockEdxBuilder::gateway).
    pub const GATEWAY_TOKEN_PATH: &str = token_path::GATEWAY;

    /// Where catalogs are listed, below [`url`](Self::url).
    pub const CATALOGS_PATH: &str = api::CATALOGS_PATH;

    /// Starts a site with one client, no rate limit, and JWTs that live for an hour.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// assert!(edx.token_url().starts_with("http://127.0.0.1:"));
    /// assert!(edx.token_url().ends_with("/oauth2/access_token"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When no loopback port can be bound, or no thread started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// A site that differs from the usual one.
    pub fn builder() -> MockEdxBuilder {
        MockEdxBuilder::new()
    }

    /// The site's root, `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.site.url()
    }

    /// [`TOKEN_PATH`](Self::TOKEN_PATH) as a whole URL, or
    /// [`GATEWAY_TOKEN_PATH`](Self::GATEWAY_TOKEN_PATH) behind a gateway.
    #[must_use]
    pub fn token_url(&self) -> String {
        let path = match self.site.front() {
            Front::Middlewares => Self::TOKEN_PATH,
            Front::Gateway => Self::GATEWAY_TOKEN_PATH,
        };
        format!("{}{path}", self.url())
    }

    /// [`CATALOGS_PATH`](Self::CATALOGS_PATH) as a whole URL.
    #[must_use]
    pub fn catalogs_url(&self) -> String {
        format!("{}{}", self.url(), Self::CATALOGS_PATH)
    }

    /// Where to connect for a test that speaks HTTP by hand.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The id of the first client that may ask for tokens.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.site.default_client().id()
    }

    /// The secret that belongs to [`client_id`](Self::client_id).
    #[must_use]
    pub fn client_secret(&self) -> &str {
        self.site.default_client().secret()
    }

    /// Every request received so far, oldest first, however it was answered. What could not be read
    /// as HTTP is not among them. A request that is, has its answer chosen, if not sent: what a test
    /// does from then on is for later ones.
    ///
    /// ```
    /// # use std::{io::{Read, Write}, net::TcpStream};
    /// # let edx = edx_auth_testkit::MockEdx::start()?;
    /// let mut stream = TcpStream::connect(edx.address())?;
    /// stream.write_all(b"GET /api/v1/catalogs/ HTTP/1.1\r\nHost: edx\r\nAccept: */*\r\n\r\n")?;
    /// stream.read(&mut [0; 512])?;
    ///
    /// let requests = edx.requests();
    /// assert_eq!(requests[0].path(), "/api/v1/catalogs/");
    /// assert_eq!(requests[0].header("accept"), Some("*/*"));
    /// assert_eq!(requests[0].header("authorization"), None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.site.log().received()
    }

    /// How many `POST` requests the token endpoint got, on any of its paths, however they were
    /// answered.
    #[must_use]
    pub fn token_requests(&self) -> usize {
        self.site.log().count(ReceivedRequest::asks_for_a_token)
    }

    /// Waits until the site has received so many requests in all since its start, answered or not;
    /// says whether it has before the time is up. What comes after it then finds them under way.
    ///
    /// ```
    /// # use std::{io::Write, net::TcpStream};
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::stall());
    /// # let mut stream = TcpStream::connect(edx.address())?;
    /// # stream.write_all(b"POST /oauth2/access_token HTTP/1.1\r\n\r\n")?;
    /// // .. the program under test asks for a token in another thread ..
    /// assert!(edx.receives_within(1, Duration::from_secs(30)));
    /// // .. and now is waiting for it.
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use = "the requests may still be on their way"]
    pub fn receives_within(&self, requests: usize, at_most: Duration) -> bool {
        self.site.log().has_within(requests, at_most)
    }
}

impl fmt::Debug for MockEdx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockEdx")
            .field("url", &self.url())
            .field("client_id", &self.client_id())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::MockEdx;

    #[test]
    fn debug_shows_no_secret() {
        let builder = MockEdx::builder().client("an-id", "planted");
        let builder_shown = format!("{builder:?}");
        let shown = format!("{:?}", builder.start().unwrap());

        assert!(builder_shown.contains("an-id") && shown.contains("an-id"));
        assert!(!builder_shown.contains("planted") && !shown.contains("planted"));
    }
}
