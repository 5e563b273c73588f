//! The resource side: Django REST framework views behind edx-drf-extensions' `JwtAuthentication`.

use super::page::Page;
use super::reply::Reply;
use super::request::Request;
use super::site::Site;

/// The list of catalogs, in pages.
pub(crate) fn list(site: &Site, request: &Request) -> Reply {
    let page = match admit(site, request) {
        Ok(()) => Page::asked_by(request),
        Err(refusal) => return refusal,
    };
    match (request.method(), page) {
        ("GET" | "HEAD", Some(page)) => drf(200, page.json(&list_url(site, request))),
        ("GET" | "HEAD", None) => drf(404, r#"{"detail":"Invalid page."}"#),
        ("OPTIONS", _) => drf(200, METADATA),
        (method, _) => drf(
            405,
            format!(r#"{{"detail":"Method \"{method}\" not allowed."}}"#),
        ),
    }
}

/// A view that no token opens: clients act for a user who is not staff.
pub(crate) fn staff_only(site: &Site, request: &Request) -> Reply {
    match admit(site, request) {
        Ok(()) => drf(
            403,
            r#"{"detail":"You do not have permission to perform this action."}"#,
        ),
        Err(refusal) => refusal,
    }
}

/// What `APIView.initial` checks before it looks at the method, in its order.
fn admit(site: &Site, request: &Request) -> Result<(), Reply> {
    if !accepts_json(request.header("accept").unwrap_or("*/*")) {
        let detail = r#"{"detail":"Could not satisfy the request Accept header."}"#;
        return Err(drf(406, detail));
    }
    let header = request.header("authorization").unwrap_or_default();
    match jwt_in(header) {
        Some(token) if site.accepts_jwt(token) => Ok(()),
        Some(_) => Err(unauthorized("Invalid token.")),
        None => Err(unauthorized(
            "Authentication credentials were not provided.",
        )),
    }
}

/// Another scheme than `JWT`, two spaces, or two tokens are as good as no header.
fn jwt_in(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let is_one_word = !token.is_empty() && !token.contains(' ');
    (scheme.eq_ignore_ascii_case("jwt") && is_one_word).then_some(token)
}

fn accepts_json(accept: &str) -> bool {
    accept
        .split(',')
        .filter_map(|range| range.split(';').next())
        .any(|range| matches!(range.trim(), "*/*" | "application/*" | "application/json"))
}

/// The list's own URL as the client knows it, by the host it asked for.
fn list_url(site: &Site, request: &Request) -> String {
    match request.header("host") {
        Some(host) => format!("http://{host}{}", request.path()),
        None => format!("{}{}", site.url(), request.path()),
    }
}

fn unauthorized(detail: &str) -> Reply {
    Reply::json(401, format!(r#"{{"detail":"{detail}"}}"#))
        .header("WWW-Authenticate", r#"JWT realm="api""#)
        .header("Allow", ALLOWED)
}

fn drf(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply::json(status, body).header("Allow", ALLOWED)
}

const ALLOWED: &str = "GET, HEAD, OPTIONS";
const METADATA: &str = r#"{"name":"Catalogs","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#;

#[cfg(test)]
mod tests {
    use super::{accepts_json, jwt_in};

    #[test]
    fn a_token_is_one_word_after_one_space() {
        for (header, token) in [
            ("JWT a.b.c", Some("a.b.c")),
            ("jwt a.b.c", Some("a.b.c")),
            ("JWT  a.b.c", None),
            ("JWT a b", None),
            ("JWT ", None),
            ("JWT", None),
            ("Bearer a.b.c", None),
            ("", None),
        ] {
            assert_eq!(jwt_in(header), token, "{header}");
        }
    }

    #[test]
    fn only_json_is_rendered() {
        for (accept, accepted) in [
            ("*/*", true),
            ("application/json", true),
            ("text/html, application/*;q=0.5", true),
            ("text/html", false),
            ("application/xml", false),
        ] {
            assert_eq!(accepts_json(accept), accepted, "{accept}");
        }
    }
}
