//! The server behind [`MockEdx`].
//!
//! ```text
//! builder, scripting   the methods of MockEdx
//! server/              threads and sockets: runs a session for each connection
//! site                 records a request and decides what it gets
//!   behavior/            the behaviors that a test has set: queue, reused connections, routes
//!   log/                 the requests received, without their secrets
//!   openedx/             the Open edX site: token endpoint, API, issuer, gateway
//! http/                requests and responses
//! ```
//!
//! Imports point downwards in this picture, and a test checks it. The one exception: [`MockEdx`]
//! and its builder import each other.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

mod behavior;
mod builder;
mod http;
mod log;
mod openedx;
mod scripting;
mod server;
mod site;

pub use behavior::Behavior;
pub use behavior::queue::BehaviorHandle;
pub use builder::MockEdxBuilder;
pub use http::response::MockResponse;
pub use log::fingerprint::Fingerprint;
pub use log::received_request::ReceivedRequest;
pub use openedx::api::list::MockList;
pub use openedx::clock::ClockOffset;

use openedx::{Deployment, api, token_endpoint};
use server::Server;
use site::Site;

/// An Open edX site on its own loopback port.
///
/// Dropping it closes every connection at once, stalled and endless responses included, and returns
/// when all its threads have ended.
///
/// At most 512 connections are open at a time; the server closes further ones at once. It closes a
/// connection after 10 seconds without a request; change that with
/// [`keep_alive`](MockEdxBuilder::keep_alive).
///
/// Two JWTs issued to one client within one second are the same token: as in Open edX, their claims
/// contain whole seconds and nothing random.
pub struct MockEdx {
    site: Arc<Site>,
    server: Server,
}

impl MockEdx {
    /// The path of the token endpoint, below [`url`](Self::url). The endpoint also responds with a
    /// trailing slash and, as behind api.edx.org, below `/oauth2/v1/`.
    pub const TOKEN_PATH: &str = token_endpoint::LMS_PATH;

    /// The path of the token endpoint behind a [gateway](MockEdxBuilder::gateway).
    pub const GATEWAY_TOKEN_PATH: &str = token_endpoint::GATEWAY_PATH;

    /// The path of the catalog list, below [`url`](Self::url).
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
    /// Returns an error if no loopback port can be bound or no thread can be started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Starts building a site with other settings.
    pub fn builder() -> MockEdxBuilder {
        MockEdxBuilder::new()
    }

    /// Returns the URL of the site, `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.site.url()
    }

    /// Returns the URL of the token endpoint: [`TOKEN_PATH`](Self::TOKEN_PATH), or
    /// [`GATEWAY_TOKEN_PATH`](Self::GATEWAY_TOKEN_PATH) behind a gateway.
    #[must_use]
    pub fn token_url(&self) -> String {
        let path = match self.site.openedx().deployment {
            Deployment::Lms => Self::TOKEN_PATH,
            Deployment::Gateway => Self::GATEWAY_TOKEN_PATH,
        };
        format!("{}{path}", self.url())
    }

    /// Returns the URL of the catalog list, [`CATALOGS_PATH`](Self::CATALOGS_PATH).
    #[must_use]
    pub fn catalogs_url(&self) -> String {
        format!("{}{}", self.url(), Self::CATALOGS_PATH)
    }

    /// Returns the address of the server, for a test that opens its own connection.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the ID of the first client that may request tokens.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.site.openedx().token_endpoint.clients.default().id()
    }

    /// Returns the secret of [`client_id`](Self::client_id), as it was when the site started.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        self.site
            .openedx()
            .token_endpoint
            .clients
            .default()
            .secret()
    }

    /// Returns every request received whole so far, oldest first. Not among them are bytes that are not
    /// HTTP, and requests whose body is not read: in chunks (411), or too large (400).
    ///
    /// The response to each of these requests is decided, though perhaps not sent: what a test changes
    /// from now on affects later requests only.
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

    /// Returns how many of the [requests](Self::requests) are a `POST` to the token endpoint, on any of
    /// its paths and with any response.
    #[must_use]
    pub fn token_requests(&self) -> usize {
        self.site.log().count(|request| {
            request.method() == "POST" && token_endpoint::is_token_path(request.path())
        })
    }

    /// Waits at most `at_most` until the site has received this number of requests since its start,
    /// completed or not. Returns whether it has.
    ///
    /// ```
    /// # use std::{io::Write, net::TcpStream};
    /// use std::time::Duration;
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    /// # let mut stream = TcpStream::connect(edx.address())?;
    /// # stream.write_all(b"POST /oauth2/access_token HTTP/1.1\r\n\r\n")?;
    /// // .. the program under test requests a token in another thread ..
    /// assert!(edx.wait_for_requests(1, Duration::from_secs(30)));
    /// // .. and now waits for it.
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use = "the requests may not have arrived yet"]
    pub fn wait_for_requests(&self, requests: usize, at_most: Duration) -> bool {
        self.site.log().wait_for(requests, at_most)
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
