use super::MockEdx;
use super::clock::ClockOffset;
use super::list::List;
use super::play::Play;
use super::playback::Playback;
use super::routes::Route;

/// What a test does to a site that runs. A path may be written as a URL of the site, such as
/// [`token_url`](Self::token_url).
impl MockEdx {
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
        self.site.routes().set(method, self.local(path), route);
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
        self.site.routes().set(method, self.local(path), route);
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
        self.site.api().add(self.local(path), List::of(items));
    }

    /// Answers the next request to `path` with `play`, whatever its method, instead of as the site
    /// or a route would.
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
        self.site.playlist().add(self.local(path), play.into())
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

    /// From now on tokens are signed with another key: every JWT issued before is refused as
    /// `Invalid token.`, however long it had to live.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// // .. the program under test holds a token ..
    /// edx.rotate_signing_key();
    /// // .. and has to get another ..
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// A program that goes by `edx-auth` takes the refusal of a token that is only seconds old for
    /// clocks that differ, waits until it is no longer young, and tries it once more. In a test,
    /// where every token is, `RenewalPolicy::builder().skew_grace(Duration::from_millis(1))` makes it
    /// renew at once.
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

    /// The path of a path, or of a URL of this site.
    fn local(&self, path: impl Into<String>) -> String {
        let path = path.into();
        match path.strip_prefix(self.url()) {
            Some(below) => below.to_owned(),
            None => path,
        }
    }
}
