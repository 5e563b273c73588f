use std::fmt;

use super::problem::problem;
use super::request::Request;

/// A response that a test defines: a status, its headers, and a body with the right
/// `Content-Length`.
///
/// The server adds only that length and, if the connection ends, `Connection: close`. A
/// `Content-Length` or `Transfer-Encoding` header that the test sets is sent unchanged, right or
/// wrong.
///
/// ```
/// use edx_auth_testkit::{MockEdx, MockResponse};
///
/// let edx = MockEdx::start()?;
/// let throttled = MockResponse::json(429, r#"{"detail":"Request was throttled."}"#);
/// edx.next_request(MockEdx::CATALOGS_PATH, throttled.header("Retry-After", "7"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a response does nothing until a request gets it"]
pub struct MockResponse {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl MockResponse {
    /// Creates a response without headers and without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Creates a response with `Content-Type: application/json`.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status)
            .header("Content-Type", "application/json")
            .body(body)
    }

    /// Creates a response with `Content-Type: text/html; charset=utf-8`.
    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status)
            .header("Content-Type", "text/html; charset=utf-8")
            .body(body)
    }

    /// Creates a redirect. The location is sent unchanged, absolute or relative.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request("/old", MockResponse::redirect(302, "/new"));
    /// edx.next_request("/new", MockResponse::redirect(307, edx.catalogs_url()));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::new(status).header("Location", location)
    }

    /// Creates the 429 of Django REST framework, with the wait in `Retry-After` and in the body.
    /// As in Django REST framework, zero seconds omit `Retry-After`.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::throttled(7));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn throttled(seconds: u64) -> Self {
        let unit = if seconds == 1 { "second" } else { "seconds" };
        let detail = format!("Request was throttled. Expected available in {seconds} {unit}.");
        let response = Self::json(429, format!(r#"{{"detail":"{detail}"}}"#));
        match seconds {
            0 => response,
            _ => response.header("Retry-After", seconds.to_string()),
        }
    }

    /// Appends a header. A header of the same name stays.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Creates the 401 of an API for a token that is expired, forged or issued by another site.
    /// The API does not distinguish these cases.
    ///
    /// Queue it to reject one valid token once. To reject all tokens issued so far, use
    /// [`MockEdx::rotate_signing_key`](crate::MockEdx::rotate_signing_key).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::invalid_token());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn invalid_token() -> Self {
        Self::json(401, r#"{"detail":"Invalid token."}"#)
            .header("WWW-Authenticate", r#"JWT realm="api""#)
    }

    /// Rewrites the response as the gateway of api.edx.org does.
    ///
    /// The body stays, with `Content-Type: application/json` even if it is not JSON. All other
    /// headers are removed, `Retry-After` and `WWW-Authenticate` included. A status that the
    /// gateway has no mapping for becomes 400.
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::builder().gateway().start()?;
    /// // How an outage looks from outside: 400, and an HTML page that says it is JSON.
    /// let outage = MockResponse::html(503, "<h1>Be right back</h1>").through_gateway();
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

    /// Rewrites an error of Django REST framework as the views of newer sites send it, those that use
    /// edx-drf-extensions 10.9 or later: its `detail`, or the messages of its fields, with a `type` and
    /// a `title` by its status. `instance` is the path of the request. A body that is not a JSON object
    /// stays. The errors of the site itself become such ones by
    /// [`MockEdx::problems_at`](crate::MockEdx::problems_at).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// let path = "/api/enrollment/v2/enrollment/";
    /// let invalid = MockResponse::json(400, r#"{"course_id": ["Invalid course id."]}"#);
    /// edx.on_authorized("POST", path, invalid.as_problem(path));
    /// edx.next_request(path, MockResponse::invalid_token().as_problem(path));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn as_problem(mut self, instance: &str) -> Self {
        if let Some(problem) = problem(self.status, &self.body, instance) {
            self.body = problem.into();
        }
        self
    }

    /// Adds `Connection: close`, and closes the connection after this response. To close it without
    /// that header, use [`Behavior::respond_then_close`](crate::Behavior::respond_then_close).
    ///
    /// ```
    /// use edx_auth_testkit::{MockEdx, MockResponse};
    ///
    /// let edx = MockEdx::start()?;
    /// edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::json(200, "[]").connection_close());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn connection_close(self) -> Self {
        if self.closes() {
            self
        } else {
            self.header("Connection", "close")
        }
    }

    /// Returns the bytes of the response as HTTP/1.1.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        if self.may_have_body() {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }

    /// Returns the response as an [`http::Response`].
    ///
    /// # Errors
    /// Returns an error if the status or a header is invalid.
    pub(crate) fn to_response(&self) -> http::Result<http::Response<&[u8]>> {
        let head = http::Response::builder().status(self.status);
        let with_header = |head: http::response::Builder, (name, value): &(String, String)| {
            head.header(name, value)
        };
        self.headers.iter().fold(head, with_header).body(&self.body)
    }

    /// Returns the bytes of the response to this request: the head alone for `HEAD`.
    pub(crate) fn to_bytes_for(&self, request: &Request) -> Vec<u8> {
        match request.method() {
            "HEAD" => self.head(),
            _ => self.to_bytes(),
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn closes(&self) -> bool {
        self.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close")
        })
    }

    fn head(&self) -> Vec<u8> {
        let mut head = format!(
            "HTTP/1.1 {} {}\r\n",
            self.status,
            reason_phrase(self.status)
        );
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if self.may_have_body() && !self.has_own_length() {
            let length = self.body.len().to_string();
            head.extend(["Content-Length: ", &length, "\r\n"]);
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// Returns whether a response of this status may have content (RFC 9110 section 6.4.1). One that may not
    /// gets no `Content-Length` either.
    fn may_have_body(&self) -> bool {
        !matches!(self.status, 100..=199 | 204 | 304)
    }

    fn has_own_length(&self) -> bool {
        self.headers.iter().any(|(name, _)| {
            name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
        })
    }
}

/// Shows no header and no body: a test may have put a token there.
impl fmt::Debug for MockResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockResponse")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Returns [`MockResponse::to_bytes`], for a [`Behavior`](crate::Behavior) that sends only a part of them.
impl From<MockResponse> for Vec<u8> {
    fn from(response: MockResponse) -> Self {
        response.to_bytes()
    }
}

/// Returns the reason phrase of a status (RFC 9110 section 15).
fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        // RFC 9112 section 4: the phrase of a status line may be empty.
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::MockResponse;

    fn wire(response: &MockResponse) -> String {
        String::from_utf8_lossy(&response.to_bytes()).into_owned()
    }

    #[test]
    fn a_response_is_written_in_the_order_given() {
        let response = MockResponse::json(401, "{}")
            .header("X-B", "1")
            .header("X-A", "2");

        assert_eq!(
            wire(&response),
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nX-B: 1\r\nX-A: 2\r\n\
             Content-Length: 2\r\n\r\n{}"
        );
    }

    #[test]
    fn a_length_that_the_test_sets_is_sent_unchanged() {
        let response = MockResponse::new(299)
            .header("content-length", "9")
            .body("abc");

        assert_eq!(
            wire(&response),
            "HTTP/1.1 299 \r\ncontent-length: 9\r\n\r\nabc"
        );
    }

    #[test]
    fn no_content_has_no_body_and_no_length() {
        let response = MockResponse::new(204).body("abc");

        assert_eq!(wire(&response), "HTTP/1.1 204 No Content\r\n\r\n");
    }

    #[test]
    fn debug_shows_no_body() {
        let shown = format!("{:?}", MockResponse::json(200, "planted"));

        assert_eq!(shown, "MockResponse { status: 200, body_length: 7, .. }");
    }

    #[test]
    fn a_response_closes_once() {
        let response = MockResponse::new(204).connection_close().connection_close();

        assert_eq!(
            wire(&response),
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        );
    }
}
