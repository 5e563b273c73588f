use std::fmt;

use super::reason::reason;
use super::request::Request;

/// A reply of the test's own: a status, headers as given, and a body with the right
/// `Content-Length`.
///
/// Nothing is added to it but that length and, where the connection ends, `Connection: close`.
/// Give a `Content-Length` or `Transfer-Encoding` header yourself and it stays as it is, right or
/// wrong.
///
/// ```
/// use edx_auth_testkit::{MockEdx, Reply};
///
/// let edx = MockEdx::start()?;
/// let throttled = Reply::json(429, r#"{"detail":"Request was throttled."}"#);
/// edx.play_next(MockEdx::CATALOGS_PATH, throttled.header("Retry-After", "7"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a reply does nothing until it is played"]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Reply {
    /// A reply without headers and body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A reply with `Content-Type: application/json`.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status)
            .header("Content-Type", "application/json")
            .body(body)
    }

    /// A reply with `Content-Type: text/html; charset=utf-8`.
    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status)
            .header("Content-Type", "text/html; charset=utf-8")
            .body(body)
    }

    /// A reply that sends the client elsewhere. The location goes out as it is, absolute or not.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next("/old", Reply::redirect(302, "/new"));
    /// edx.play_next("/new", Reply::redirect(307, edx.catalogs_url()));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::new(status).header("Location", location)
    }

    /// The 429 of Django REST framework, which says when to come back in a header and in words.
    /// As there, zero seconds are no reason for a `Retry-After`.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::CATALOGS_PATH, Reply::throttled(7));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn throttled(seconds: u64) -> Self {
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let detail = format!("Request was throttled. Expected available in {seconds} {unit}.");
        let reply = Self::json(429, format!(r#"{{"detail":"{detail}"}}"#));
        match seconds {
            0 => reply,
            _ => reply.header("Retry-After", seconds.to_string()),
        }
    }

    /// Adds a header after those that are there, even one of the same name.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The 401 of an API to a token that is expired, forged or of another site, which it does not
    /// tell apart. [`MockEdx::rotate_signing_key`](super::MockEdx::rotate_signing_key) refuses
    /// tokens for good; this, played once, refuses a good one.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::CATALOGS_PATH, Reply::invalid_token());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn invalid_token() -> Self {
        Self::json(401, r#"{"detail":"Invalid token."}"#)
            .header("WWW-Authenticate", r#"JWT realm="api""#)
    }

    /// What the gateway of api.edx.org makes of this reply: its body alone is left, whatever it is
    /// under `Content-Type: application/json`, and a status that the gateway has no mapping for
    /// becomes 400. No other header passes, `Retry-After` and `WWW-Authenticate` included.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::builder().gateway().start()?;
    /// // How an outage looks from outside: 400, and an HTML page that says it is JSON.
    /// let outage = Reply::html(503, "<h1>Be right back</h1>").through_gateway();
    /// edx.on("POST", MockEdx::GATEWAY_TOKEN_PATH, outage);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn through_gateway(self) -> Self {
        let status = match self.status {
            200 | 401 | 403 | 404 | 429 | 500 => self.status,
            _ => 400,
        };
        Self::json(status, self.body)
    }

    /// Announces by `Connection: close` that the connection ends with this reply, and ends it.
    /// [`Play::reply_then_close`](super::Play::reply_then_close) ends it without a word.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, Reply};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.play_next(MockEdx::CATALOGS_PATH, Reply::json(200, "[]").closing());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn closing(self) -> Self {
        if self.closes() {
            self
        } else {
            self.header("Connection", "close")
        }
    }

    /// The reply on the wire, as HTTP/1.1.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.may_have_body() {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }

    /// The reply as an HTTP library hands it over.
    ///
    /// # Errors
    /// Where its status or one of its headers is none.
    pub(crate) fn to_response(&self) -> http::Result<http::Response<&[u8]>> {
        let head = http::Response::builder().status(self.status);
        let with_header = |head: http::response::Builder, (name, value): &(String, String)| {
            head.header(name, value)
        };
        self.headers.iter().fold(head, with_header).body(&self.body)
    }

    /// The reply on the wire to this very request: to `HEAD` it is the head alone.
    pub(crate) fn to_bytes_for(&self, request: &Request) -> Vec<u8> {
        match request.method() {
            "HEAD" => self.head(),
            _ => self.to_bytes(),
        }
    }

    pub(crate) fn closes(&self) -> bool {
        self.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close")
        })
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if self.may_have_body() && !self.says_its_length() {
            let length = self.body.len().to_string();
            head.extend(["Content-Length: ", &length, "\r\n"]);
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// RFC 9110 section 8.6: these statuses have no content, and 204 no length either.
    fn may_have_body(&self) -> bool {
        !matches!(self.status, 100..=199 | 204 | 304)
    }

    fn says_its_length(&self) -> bool {
        self.headers.iter().any(|(name, _)| {
            name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
        })
    }
}

/// Shows no header and no body: a test may have put a token there.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The bytes of [`Reply::to_bytes`], for a [`Play`](super::Play) that spoils them.
impl From<Reply> for Vec<u8> {
    fn from(reply: Reply) -> Self {
        reply.to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::Reply;

    fn wire(reply: &Reply) -> String {
        String::from_utf8_lossy(&reply.to_bytes()).into_owned()
    }

    #[test]
    fn a_reply_is_written_in_the_order_given() {
        let reply = Reply::json(401, "{}").header("X-B", "1").header("X-A", "2");

        assert_eq!(
            wire(&reply),
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nX-B: 1\r\nX-A: 2\r\n\
             Content-Length: 2\r\n\r\n{}"
        );
    }

    #[test]
    fn a_length_of_the_tests_own_is_left_alone() {
        let reply = Reply::new(299).header("content-length", "9").body("abc");

        assert_eq!(
            wire(&reply),
            "HTTP/1.1 299 \r\ncontent-length: 9\r\n\r\nabc"
        );
    }

    #[test]
    fn no_content_has_no_body_and_no_length() {
        let reply = Reply::new(204).body("abc");

        assert_eq!(wire(&reply), "HTTP/1.1 204 No Content\r\n\r\n");
    }

    #[test]
    fn debug_shows_no_body() {
        let shown = format!("{:?}", Reply::json(200, "planted"));

        assert_eq!(shown, "Reply { status: 200, body_length: 7, .. }");
    }

    #[test]
    fn a_reply_closes_once() {
        let reply = Reply::new(204).closing().closing();

        assert_eq!(
            wire(&reply),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        );
    }
}
