use super::MockEdx;
use super::behavior::Behavior;
use super::behavior::queue::BehaviorHandle;
use super::behavior::routes::Route;
use super::openedx::api::list::MockList;
use super::openedx::clock::ClockOffset;

/// Changes to a running site. A path may also be a URL of the site, such as
/// [`token_url`](Self::token_url).
impl MockEdx {
    /// Gives every request of this method and path this behavior, from now on.
    ///
    /// The path is compared exactly and without the query. A later call for the same method and
    /// path replaces this one; [`Behavior::pass_through`] restores the site's own response. Queued
    /// behaviors and [`on_reused_connection`](Self::on_reused_connection) take precedence. The case
    /// of the method is ignored. A route for `GET` does not match `HEAD`.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on("GET", "/api/courses/v1/courses/", MockResponse::json(200, r#"{"results": []}"#));
    /// edx.on("POST", MockEdx::TOKEN_PATH, MockResponse::html(503, "<h1>Be right back</h1>"));
    /// // .. the program under test handles the outage ..
    /// // The outage ends:
    /// edx.on("POST", MockEdx::TOKEN_PATH, Behavior::pass_through());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on(&self, method: &str, path: impl Into<String>, behavior: impl Into<Behavior>) {
        let route = Route::Open(behavior.into());
        self.site.routes().set(method, self.local(path), route);
    }

    /// Like [`on`](Self::on), for requests with a valid `Authorization: JWT <token>`. All others
    /// get the 401 of a real API, as at [`CATALOGS_PATH`](Self::CATALOGS_PATH).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on_authorized("POST", "/api/enrollment/v1/enrollment", MockResponse::json(200, "{}"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_authorized(
        &self,
        method: &str,
        path: impl Into<String>,
        behavior: impl Into<Behavior>,
    ) {
        let route = Route::Authorized(behavior.into());
        self.site.routes().set(method, self.local(path), route);
    }

    /// Adds a paginated list of these items at `path`, for requests with a valid token, as at
    /// [`CATALOGS_PATH`](Self::CATALOGS_PATH). Each item is a JSON text and is sent unchanged. For
    /// another kind of list than one with numbered pages, pass a [`MockList`].
    ///
    /// A page has 10 items, or `page_size` (`limit`) items up to 100. The query parameter `page` is a
    /// number or `last`. A later list at the same path replaces this one. As in Open edX, use a path
    /// with a slash at its end; the path without the slash redirects. Routes take precedence.
    ///
    /// ```
    /// use edx_auth_testkit::MockEdx;
    ///
    /// let edx = MockEdx::start()?;
    /// let courses = (1..=250).map(|id| format!(r#"{{"key": "edX+Demo{id}"}}"#));
    /// edx.list("/api/v1/courses/", courses);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn list(&self, path: impl Into<String>, list: impl Into<MockList>) {
        self.site.openedx().api.add(self.local(path), list.into());
    }

    /// Switches the errors of the view at `path` to the format of newer sites, as
    /// [`MockResponse::as_problem`](crate::MockResponse::as_problem) does for one response: those of a
    /// [list](Self::list), and the rejections of [`on_authorized`](Self::on_authorized). The views of a
    /// real site switch one by one.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// edx.problems_at(edx.catalogs_url());
    /// // .. from now on, a request without a token gets
    /// // {"type": "https://docs.openedx.org/errors/authn", "title": "Authentication Required", ..}
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn problems_at(&self, path: impl Into<String>) {
        let api = &self.site.openedx().api;
        api.switch_to_problems(self.local(path));
    }

    /// Gives the next request to `path`, of any method, this behavior.
    ///
    /// The path is compared exactly and without the query. Several calls for one path form a queue:
    /// each behavior is for one request. Use the returned [`BehaviorHandle`] to follow or release
    /// the behavior, or ignore it.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::TOKEN_PATH, MockResponse::html(503, "<h1>Be right back</h1>"));
    /// edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn next_request(
        &self,
        path: impl Into<String>,
        behavior: impl Into<Behavior>,
    ) -> BehaviorHandle {
        self.site.queue().add(self.local(path), behavior.into())
    }

    /// Gives every request but the first of a connection this behavior, from now on and for every
    /// path. Use it for a server that ends pooled connections. Queued behaviors take
    /// precedence. [`Behavior::pass_through`] restores the default.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Behavior};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.on_reused_connection(Behavior::reset());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_reused_connection(&self, behavior: impl Into<Behavior>) {
        self.site.reused_connections().set(behavior.into());
    }

    /// Replaces the signing key: from now on the API rejects every JWT issued before as
    /// `Invalid token.`.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// // .. the program under test has a cached token ..
    /// edx.rotate_signing_key();
    /// // .. and must request another ..
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// If an API rejects a token that is only seconds old, `edx-auth` assumes clock skew: it waits
    /// until the token is older and tries it once more. In a test every token is that young. Give the
    /// source [`RenewalPolicy::FOR_TESTS`](edx_auth_core::RenewalPolicy::FOR_TESTS) to renew at once.
    pub fn rotate_signing_key(&self) {
        self.site.openedx().issuer.signing_key().rotate();
    }

    /// Replaces the secret of this client, as when an administrator regenerates it: from now on the
    /// token endpoint rejects the old one with `invalid_client`. As in Open edX, tokens that were
    /// issued before stay valid until they expire.
    ///
    /// A client that is unknown or [revoked](Self::revoke) is registered with this secret.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// edx.set_secret(edx.client_id(), "regenerated");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn set_secret(&self, client_id: &str, secret: &str) {
        self.site.openedx().set_secret(client_id, secret);
    }

    /// Revokes this client: from now on the token endpoint rejects its credentials with
    /// `invalid_client`, and the API rejects its JWTs as `Invalid token.`. Other clients notice
    /// nothing. [`set_secret`](Self::set_secret) lets it in again, its old tokens included.
    ///
    /// The API of a real site goes on accepting JWTs until they expire; this one does not, so that no
    /// test has to wait for that.
    ///
    /// ```
    /// let edx = edx_auth_testkit::MockEdx::start()?;
    /// edx.revoke(edx.client_id());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn revoke(&self, client_id: &str) {
        self.site.openedx().revoke(client_id);
    }

    /// Sets the server's clock, for the tokens that it issues and verifies.
    ///
    /// A clock that is ahead by the lifetime of a token rejects it as expired. A clock that is
    /// behind by a second or more rejects a new token as issued in the future. Neither test has to
    /// wait.
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
        self.site.openedx().issuer.clock().set_offset(offset);
    }

    /// Returns the path of a URL of this site. Returns a path unchanged.
    fn local(&self, path: impl Into<String>) -> String {
        let path = path.into();
        match path.strip_prefix(self.url()) {
            Some(below) => below.to_owned(),
            None => path,
        }
    }
}
