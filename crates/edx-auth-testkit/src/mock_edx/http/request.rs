/// A request as the client sent it.
#[derive(Debug)]
pub(crate) struct Request {
    method: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    version: u8,
}

/// The error for bytes that are not an HTTP/1 request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Request {
    /// Parses the head of a request and returns it with its length, or `None` if it is incomplete.
    pub(crate) fn parse_head(bytes: &[u8]) -> Result<Option<(Self, usize)>, Malformed> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        match head.parse(bytes).map_err(|_| Malformed)? {
            httparse::Status::Partial => Ok(None),
            httparse::Status::Complete(length) => Ok(Some((Self::of_head(&head), length))),
        }
    }

    fn of_head(head: &httparse::Request<'_, '_>) -> Self {
        let (path, query) = split_target(head.path.unwrap_or_default());
        Self {
            method: head.method.unwrap_or_default().to_owned(),
            path,
            query,
            headers: head.headers.iter().map(owned).collect(),
            body: Vec::new(),
            version: head.version.unwrap_or_default(),
        }
    }

    pub(crate) fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }

    /// Returns a copy without the query and with no header but `Content-Type`.
    pub(crate) fn with_content_type_alone(&self) -> Self {
        let is_content_type =
            |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
        Self {
            method: self.method.clone(),
            path: self.path.clone(),
            query: None,
            headers: self
                .headers
                .iter()
                .filter(is_content_type)
                .cloned()
                .collect(),
            body: self.body.clone(),
            version: self.version,
        }
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query, or `None` if it is missing or empty.
    pub(crate) fn query(&self) -> Option<&str> {
        self.query_as_sent().filter(|query| !query.is_empty())
    }

    pub(crate) fn query_as_sent(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the first header of this name. The case of the name is ignored.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns whether the client asks to close the connection after the response (RFC 9112 section
    /// 9.3).
    pub(crate) fn wants_close(&self) -> bool {
        let options = self.header("connection").unwrap_or_default();
        let wants = |option: &str| {
            options
                .split(',')
                .any(|given| given.trim().eq_ignore_ascii_case(option))
        };
        wants("close") || (self.version == 0 && !wants("keep-alive"))
    }
}

fn owned(header: &httparse::Header<'_>) -> (String, String) {
    let value = String::from_utf8_lossy(header.value);
    (header.name.to_owned(), value.into_owned())
}

/// Returns the path and the query of a request target. A server must accept the absolute form as
/// well (RFC 9112 section 3.2.2); its origin is ignored.
fn split_target(target: &str) -> (String, Option<String>) {
    let after_scheme = target.split_once("://").map(|(_, rest)| rest);
    let local = match after_scheme {
        Some(rest) if !target.starts_with('/') => {
            rest.find('/').map_or("/", |at| rest.split_at(at).1)
        }
        _ => target,
    };
    match local.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (local.to_owned(), None),
    }
}

const MAX_HEADERS: usize = 100;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Malformed, Request};

    fn parsed(head: &str) -> Request {
        Request::parse_head(head.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn a_head_is_read_unchanged() {
        let request =
            parsed("GET /a/b?page=2 HTTP/1.1\r\nHost: edx\r\nX-Two: 1\r\nx-two: 2\r\n\r\n");

        assert_eq!(request.method(), "GET");
        assert_eq!(request.path(), "/a/b");
        assert_eq!(request.query(), Some("page=2"));
        assert_eq!(request.header("X-TWO"), Some("1"));
        assert_eq!(request.header("Accept"), None);
    }

    #[test]
    fn a_partial_head_is_not_malformed_and_nonsense_is() {
        assert!(
            Request::parse_head(b"GET / HTTP/1.1\r\nHost")
                .unwrap()
                .is_none()
        );
        assert_eq!(
            Request::parse_head(b"\x16\x03\x01 hello").unwrap_err(),
            Malformed
        );
    }

    #[test]
    fn targets_split_into_path_and_query() {
        for (target, path, query) in [
            ("/a", "/a", None),
            ("/a?", "/a", None),
            ("/a?b?c", "/a", Some("b?c")),
            ("/a?next=http://b/c", "/a", Some("next=http://b/c")),
            ("http://edx/a?b", "/a", Some("b")),
            ("http://edx", "/", None),
            ("*", "*", None),
        ] {
            let request = parsed(&format!("GET {target} HTTP/1.1\r\n\r\n"));

            assert_eq!((request.path(), request.query()), (path, query), "{target}");
        }
    }

    #[test]
    fn connections_are_kept_by_version_and_connection_header() {
        for (head, closes) in [
            ("GET / HTTP/1.1\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n", true),
            ("GET / HTTP/1.0\r\n\r\n", true),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false),
        ] {
            assert_eq!(parsed(head).wants_close(), closes, "{head}");
        }
    }
}
