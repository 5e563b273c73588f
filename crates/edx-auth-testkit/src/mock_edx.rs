use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

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
mod received_request;
mod redaction;
mod refusal;
mod reply;
mod request;
mod request_reader;
mod reuse;
mod routes;
mod script;
mod server;
mod site;
mod stop;
mod throttle;
mod token_endpoint;
mod token_path;

pub use builder::MockEdxBuilder;
pub use clock::ClockOffset;
pub use fingerprint::Fingerprint;
pub use play::Play;
pub use playback::Playback;
pub use received_request::ReceivedRequest;
pub use reply::Reply;

use backend::Front;
use list::List;
use routes::Route;
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
    /// as HTTP is not among them.
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

    /// From now on tokens are signed with another key: every JWT issued before is refused as
    /// `Invalid token.`, however long it had to live.
    pub fn rotate_signing_key(&self) {
        self.site.issuer().signing_key().rotate();
    }

    /// Sets the server's clock, for the tokens it issues and for those it judges.
    ///
    /// Ahead by a token's lifetime, it refuses that token as expired; behind by a second or more,
    /// it refuses a fresh one as issued in the future. Neither test has to wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// use edx_auth_testkit::{ClockOffset, MockEdx};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_clock_offset(&self, offset: ClockOffset) {
        self.site.issuer().clock().set_offset(offset);
    }

    /// Answers the next request to `path` with `play`, whatever its method, instead of as a site
    /// would.
    ///
    /// The path is compared exactly and without the query. Plays of one path queue up: each answers
    /// one request. The [`Playback`] tells how the play went and may be ignored.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::TOKEN_PATH, Reply::html(503, "<h1>Be right back</h1>"));
    /// edx.play_next(MockEdx::TOKEN_PATH, Play::stall());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn play_next(&self, path: impl Into<String>, play: impl Into<Play>) -> Playback {
        self.site.playlist().add(path.into(), play.into())
    }

    /// From now on answers every request of this method to exactly this path, without its query,
    /// with `play` in place of the site's own answer.
    ///
    /// A later call for the same method and path replaces this one; [`Play::as_usual`] gives them
    /// back to the site. Plays that are queued for the path come first, and then what
    /// [`on_reused_connection`](Self::on_reused_connection) says. Other methods are none of its
    /// concern: a route for `GET`, which may be written in any case, does not answer `HEAD`.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on("GET", "/api/courses/v1/courses/", Reply::json(200, r#"{"results": []}"#));
    /// edx.on("POST", MockEdx::TOKEN_PATH, Reply::html(503, "<h1>Be right back</h1>"));
    /// // .. the program under test has to live with an outage, which then is over ..
    /// edx.on("POST", MockEdx::TOKEN_PATH, Play::as_usual());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on(&self, method: &str, path: impl Into<String>, play: impl Into<Play>) {
        let route = Route::Open(play.into());
        self.site.routes().set(method, path.into(), route);
    }

    /// As [`on`](Self::on) for requests that carry a good `Authorization: JWT <token>`; all others
    /// get the 401 of a real API, as from [`CATALOGS_PATH`](Self::CATALOGS_PATH).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on_authorized("POST", "/api/enrollment/v1/enrollment", Reply::json(200, "{}"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_authorized(&self, method: &str, path: impl Into<String>, play: impl Into<Play>) {
        let route = Route::Authorized(play.into());
        self.site.routes().set(method, path.into(), route);
    }

    /// Lists these items, each a JSON text that goes out as it is, at a path of the test's own: in
    /// pages and for good tokens, as at [`CATALOGS_PATH`](Self::CATALOGS_PATH).
    ///
    /// A page has 10 items, or as many as `page_size` says up to 100; `page` says which one, by
    /// number or as `last`. A later list at the same path replaces this one. Paths end with a slash
    /// upstream, and without it there is a redirect; a route of the test's own comes first.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::start()?;
    /// let courses = (1..=250).map(|id| format!(r#"{{"key": "edX+Demo{id}"}}"#));
    /// edx.list("/api/v1/courses/", courses);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn list(
        &self,
        path: impl Into<String>,
        items: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let items = items.into_iter().map(Into::into).collect();
        self.site.api().add(path.into(), List::of(items));
    }

    /// From now on answers every request but the first of a connection with `play`, whatever its
    /// path: a server that ends connections which its clients still hold for good. Plays that are
    /// queued for a path come first, and [`Play::as_usual`] ends it.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Play};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on_reused_connection(Play::reset());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_reused_connection(&self, play: impl Into<Play>) {
        self.site.reuse().set(play.into());
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
