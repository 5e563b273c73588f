//! Statuses that token endpoints and APIs, and the proxies in front of both, send with the same meaning; and
//! what edX's gateway does to the statuses of the sites behind it.

use crate::json;

/// Reports whether a status means that the same request may succeed later.
pub(crate) fn is_temporary(status: u16) -> bool {
    matches!(status, 408 | 425 | 500..=599)
}

/// Reports whether a status means that the request is too large: its body, its URL, or its headers.
pub(crate) fn is_too_large(status: u16) -> bool {
    matches!(status, 413 | 414 | 431)
}

/// Reports whether the body of a 400 may come from another failure: edX's gateway turns the statuses
/// 502, 503 and 504 into 400 and keeps their pages, which may be empty. A page that says `Bad Request` is a
/// real 400: from Django for an unknown host, from a TLS port that got plain http, or from a server that
/// requires a client certificate. A body that is not a page, such as JSON, is a real 400 too.
pub(crate) fn may_hide_a_failure(body: &[u8]) -> bool {
    let is_page_or_nothing = matches!(json::text(body).first(), None | Some(b'<'));
    let mut parts = body.windows(BAD_REQUEST.len());
    is_page_or_nothing && !parts.any(|part| part.eq_ignore_ascii_case(BAD_REQUEST))
}

const BAD_REQUEST: &[u8] = b"Bad Request";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_or_nothing_may_hide_a_failure_unless_it_says_bad_request() {
        for body in [
            "",
            " \r\n",
            "<html><body>Sorry</body></html>",
            "\n<h1>502 Bad Gateway</h1>",
            "<h1>503 Service Temporarily Unavailable</h1>",
        ] {
            assert!(may_hide_a_failure(body.as_bytes()), "{body}");
        }
        for body in [
            "<h1>Bad Request (400)</h1>",
            "<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.",
            "<title>400 No required SSL certificate was sent</title><h1>400 Bad Request</h1>",
            "Client sent an HTTP request to an HTTPS server.\n",
            r#"{"detail":"There was an error parsing the body"}"#,
        ] {
            assert!(!may_hide_a_failure(body.as_bytes()), "{body}");
        }
    }
}
