//! Which requests may pass.

use std::borrow::Cow;

use http::header::{HOST, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Uri, request};

use super::rejection::Rejection;
use super::run_secret::RunSecret;
use super::web_pages::PageOrigins;
use super::writes::WritablePaths;

/// The rules for a request of a local program.
#[derive(Debug)]
pub(super) struct Admission {
    /// The hosts, with their ports, under which programs reach the proxy.
    hosts: Vec<String>,
    /// `None` on a Unix socket, whose file mode says which programs may use it.
    secret: Option<RunSecret>,
    writable: WritablePaths,
    pages: PageOrigins,
}

impl Admission {
    /// Creates the rules for a proxy on this loopback port.
    pub(super) fn on_port(port: u16, secret: RunSecret, writable: WritablePaths) -> Self {
        let hosts = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}"));
        Self {
            hosts: hosts.into(),
            secret: Some(secret),
            writable,
            pages: PageOrigins::default(),
        }
    }

    /// Lets pages of these origins use the proxy as programs do.
    pub(super) fn with_pages(mut self, pages: PageOrigins) -> Self {
        self.pages = pages;
        self
    }

    /// Creates the rules for a proxy on a Unix socket.
    pub(super) fn on_socket(writable: WritablePaths) -> Self {
        Self {
            hosts: vec!["localhost".to_owned()],
            secret: None,
            writable,
            pages: PageOrigins::default(),
        }
    }

    /// Returns the origin of the web page that a browser sends the request for, if its pages may use the proxy.
    pub(super) fn page(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.pages.page(headers)
    }

    /// Returns the host that the request names, if it is one of the proxy's and no other web page sent the
    /// request.
    ///
    /// A web page can make a browser send requests to a loopback port, and with a DNS name of its site that
    /// it points at 127.0.0.1 even read the responses. Such a request has the name as its host.
    pub(super) fn check_caller<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, Rejection> {
        let mut hosts = headers.get_all(HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            _ => return Err(Rejection::OtherHost),
        };
        if !self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
            return Err(Rejection::OtherHost);
        }
        if is_of_a_browser(headers) && self.page(headers).is_none() {
            return Err(Rejection::WebPage);
        }
        Ok(host)
    }

    /// Checks that the request has the secret of this run, names a path, and only reads there, or writes where
    /// that is allowed.
    pub(super) fn check_request(&self, request: &request::Parts) -> Result<(), Rejection> {
        if let Some(secret) = &self.secret {
            secret.check(&request.headers)?;
        }
        check_target(&request.uri)?;
        if is_read(&request.method) {
            Ok(())
        } else {
            self.check_write(request)
        }
    }

    /// Checks that a write is allowed at its path, which every server reads in the same way.
    fn check_write(&self, request: &request::Parts) -> Result<(), Rejection> {
        let path = request.uri.path();
        if !self.writable.allow(&request.method, path) {
            Err(Rejection::Method)
        } else if decoded(path).contains('%') {
            Err(Rejection::Target)
        } else {
            Ok(())
        }
    }
}

/// Checks a request that needs no secret: it reads a path.
pub(super) fn check_open_request(request: &request::Parts) -> Result<(), Rejection> {
    check_target(&request.uri)?;
    if is_read(&request.method) {
        Ok(())
    } else {
        Err(Rejection::Method)
    }
}

fn is_of_a_browser(headers: &HeaderMap) -> bool {
    SENT_BY_BROWSERS
        .iter()
        .any(|name| headers.contains_key(name))
}

fn is_read(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}

/// Checks that the target is a path, not a URL, and no segment of it leads upwards.
fn check_target(target: &Uri) -> Result<(), Rejection> {
    let is_path = target.authority().is_none() && target.path().starts_with('/');
    if is_path && !leads_upwards(target.path()) {
        Ok(())
    } else {
        Err(Rejection::Target)
    }
}

/// Reports whether a server might read a segment of the path as `.` or `..`: some decode the path, take a
/// backslash for a slash, or leave out what follows a semicolon.
pub(super) fn leads_upwards(path: &str) -> bool {
    let path = decoded(path);
    let mut segments = path.split(['/', '\\']);
    segments.any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
}

fn decoded(path: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy()
}

/// Programs do not send these.
const SENT_BY_BROWSERS: [HeaderName; 2] = [ORIGIN, HeaderName::from_static("sec-fetch-site")];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use http::Request;

    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn admission(writable: &[&str]) -> Admission {
        let writable = writable.iter().map(|path| path.parse().unwrap());
        Admission::on_port(8080, RunSecret::of(SECRET), writable.collect())
    }

    fn caller(headers: &[(&str, &str)]) -> Result<(), Rejection> {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let headers = request.body(()).unwrap().into_parts().0.headers;
        admission(&[]).check_caller(&headers).map(drop)
    }

    fn request(method: &str, target: &str, writable: &[&str]) -> Result<(), Rejection> {
        let request = Request::builder().method(method).uri(target);
        let request = request.header("Edx-Auth-Proxy", SECRET).body(()).unwrap();
        admission(writable).check_request(&request.into_parts().0)
    }

    #[test]
    fn only_the_hosts_of_the_proxy_may_be_called() {
        for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080"] {
            assert_eq!(caller(&[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "rebound.example:8080",
            "127.0.0.1:8080.rebound.example",
            "localhost.:8080",
            "",
            "\u{e4}",
        ] {
            assert_eq!(
                caller(&[("host", host)]),
                Err(Rejection::OtherHost),
                "{host}"
            );
        }
        assert_eq!(caller(&[]), Err(Rejection::OtherHost));
        let two = [("host", "localhost:8080"), ("host", "localhost:8080")];
        assert_eq!(caller(&two), Err(Rejection::OtherHost));
    }

    #[test]
    fn a_web_page_gets_nothing() {
        for header in [
            ("origin", "https://hostile.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:8080"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "none"),
        ] {
            let result = caller(&[("host", "localhost:8080"), header]);
            assert_eq!(result, Err(Rejection::WebPage), "{header:?}");
        }
    }

    #[test]
    fn a_page_of_an_allowed_origin_is_a_program() {
        let pages = PageOrigins::from_iter("http://localhost:3000".parse());
        let admission = admission(&[]).with_pages(pages);
        let check = |origin| {
            let request = Request::get("/api/").header("host", "localhost:8080");
            let request = request.header("sec-fetch-site", "same-site");
            let request = request.header("origin", origin).body(()).unwrap();
            let head = request.into_parts().0;
            admission.check_caller(&head.headers)?;
            admission.check_request(&head)
        };

        assert_eq!(check("http://localhost:3000"), Err(Rejection::RunSecret));
        assert_eq!(check("http://localhost:3001"), Err(Rejection::WebPage));
    }

    #[test]
    fn a_request_without_the_secret_of_this_run_is_rejected() {
        for headers in [
            &[][..],
            &["0123456789abcdef0123456789abcdeX"],
            &[&SECRET[1..]],
            &["", SECRET],
            &[SECRET, SECRET],
        ] {
            let mut request = Request::builder().uri("/api/");
            for value in headers {
                request = request.header("Edx-Auth-Proxy", *value);
            }
            let request = request.body(()).unwrap().into_parts().0;
            let result = admission(&[]).check_request(&request);
            assert_eq!(result, Err(Rejection::RunSecret), "{headers:?}");
        }
    }

    #[test]
    fn a_socket_needs_no_secret_and_has_one_host() {
        let admission = Admission::on_socket(WritablePaths::default());
        let request = Request::get("/api/").header("host", "localhost");
        let request = request.body(()).unwrap().into_parts().0;

        assert_eq!(admission.check_caller(&request.headers), Ok("localhost"));
        assert_eq!(admission.check_request(&request), Ok(()));
    }

    #[test]
    fn everything_but_reading_is_rejected() {
        assert_eq!(request("GET", "/api/v1/courses/?page=2", &[]), Ok(()));
        assert_eq!(request("HEAD", "/", &[]), Ok(()));
        for method in [
            "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PURGE",
        ] {
            let result = request(method, "/api/", &[]);
            assert_eq!(result, Err(Rejection::Method), "{method}");
        }
        let connect = request("CONNECT", "lms.example.org:443", &["/"]);
        assert_eq!(connect, Err(Rejection::Target));
    }

    #[test]
    fn a_path_is_writable_with_all_below_it() {
        let enrollment = &["/api/enrollment/v1/enrollment"];
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            for path in [
                "/api/enrollment/v1/enrollment",
                "/api/enrollment/v1/enrollment/ada?a=b",
            ] {
                assert_eq!(request(method, path, enrollment), Ok(()), "{method} {path}");
            }
        }
        for path in [
            "/api/enrollment/v1/enrollments",
            "/api/enrollment/v1",
            "/API/enrollment/v1/enrollment",
            "//api/enrollment/v1/enrollment",
            "/other?/api/enrollment/v1/enrollment",
        ] {
            let result = request("POST", path, enrollment);
            assert_eq!(result, Err(Rejection::Method), "{path}");
        }
        assert_eq!(
            request("TRACE", enrollment[0], enrollment),
            Err(Rejection::Method)
        );
    }

    #[test]
    fn no_segment_leads_out_of_a_writable_path() {
        for path in [
            "/api/../admin/",
            "/api/%2e%2e/admin/",
            "/api/.%2E/admin/",
            "/api/%2E%2e%2fadmin/",
            "/api/..%5Cadmin/",
            "/api/./admin/",
            "/api/..;/admin/",
            "/api/..;a=b/admin/",
            "/..",
        ] {
            assert_eq!(
                request("POST", path, &["/api"]),
                Err(Rejection::Target),
                "{path}"
            );
            assert_eq!(request("GET", path, &[]), Err(Rejection::Target), "{path}");
        }
        for path in [
            "/api/course-v1:edX+Demo",
            "/api/i4x:%2F%2FedX",
            "/api/a..b",
            "/api/...",
        ] {
            assert_eq!(request("POST", path, &["/api/"]), Ok(()), "{path}");
        }
    }

    #[test]
    fn a_write_has_no_path_that_is_encoded_twice() {
        let path = "/api/%252e%252e/admin/";

        assert_eq!(request("POST", path, &["/api"]), Err(Rejection::Target));
        assert_eq!(request("GET", path, &[]), Ok(()));
    }

    #[test]
    fn a_url_as_the_target_is_rejected() {
        for target in ["http://evil.example/api/", "https://lms.example.org/", "*"] {
            assert_eq!(
                request("GET", target, &[]),
                Err(Rejection::Target),
                "{target}"
            );
        }
    }
}
