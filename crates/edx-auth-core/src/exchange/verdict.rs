//! The decision table for responses without a token.

use alloc::format;
use alloc::string::String;

use http::header::{CONTENT_ENCODING, LOCATION};
use http::response::Parts;
use http::{HeaderMap, StatusCode, Uri};
use zeroize::Zeroizing;

use super::TokenRequest;
use super::shape::{OAuthError, Shape};
use crate::error::{Defect, ErrorCode, ErrorKind, ServerText, TransportFailure};
use crate::gateway::{is_temporary, may_hide_a_failure};

/// Why an exchange failed, with the server's error code and text.
pub(super) struct ExchangeFailure {
    pub(super) kind: ErrorKind,
    pub(super) code: Option<ErrorCode>,
    pub(super) text: Option<ServerText>,
}

impl ExchangeFailure {
    pub(super) fn of(kind: ErrorKind) -> Self {
        Self {
            kind,
            code: None,
            text: None,
        }
    }

    /// Returns the failure of a transport that received no complete response.
    pub(super) fn of_transport(failure: TransportFailure) -> Self {
        Self::of(match failure.status() {
            Some(status) if !status.is_success() => by_status(status, &Shape::Html, &[]),
            _ => ErrorKind::Transport(failure),
        })
    }

    fn with_error(self, error: &OAuthError, request: &TokenRequest) -> Self {
        let scrub = |text: &Zeroizing<String>| error.scrub(text, request);
        let other = || ErrorCode::Other(scrub(&error.error));
        Self {
            code: Some(ErrorCode::named(&error.error).unwrap_or_else(other)),
            text: error.description.as_ref().map(scrub),
            ..self
        }
    }
}

/// Classifies a response whose status is not a success.
pub(super) fn classify(request: &TokenRequest, head: &Parts, body: &[u8]) -> ExchangeFailure {
    let shape = Shape::of(body);
    let failure = ExchangeFailure::of(by_status(head.status, &shape, body));
    match shape {
        Shape::OAuth(error) => failure.with_error(&error, request),
        _ if failure.kind == ErrorKind::Redirected => ExchangeFailure {
            text: redirect_origin(&head.headers).map(|origin| request.secrets().scrub(&origin)),
            ..failure
        },
        _ => failure,
    }
}

/// Classifies a successful response without a token. `defect` is why its body is not a token response.
pub(super) fn success_without_token(
    request: &TokenRequest,
    headers: &HeaderMap,
    (body, defect): (&[u8], Defect),
) -> ExchangeFailure {
    ExchangeFailure::of(match Shape::of(body) {
        Shape::OAuth(error) => {
            return ExchangeFailure::of(by_code(&error)).with_error(&error, request);
        }
        Shape::Html => ErrorKind::Unavailable,
        Shape::Empty => ErrorKind::Malformed(Defect::Empty),
        _ if defect == Defect::NotJson && is_compressed(headers) => {
            ErrorKind::Malformed(Defect::Compressed)
        }
        _ => ErrorKind::Malformed(defect),
    })
}

/// Classifies by status first, then by the body and its shape.
///
/// Firewalls and older Open edX sites throttle with a 403 that is a page or empty.
fn by_status(status: StatusCode, shape: &Shape, body: &[u8]) -> ErrorKind {
    match (status.as_u16(), shape) {
        (300..=399, _) => ErrorKind::Redirected,
        (404 | 405 | 413 | 415, _) => ErrorKind::WrongUrl,
        (status, _) if is_temporary(status) => ErrorKind::Unavailable,
        (429, _) => ErrorKind::Throttled,
        (400..=499, Shape::OAuth(error)) => by_code(error),
        (400, _) if may_hide_a_failure(body) => ErrorKind::Unavailable,
        (401 | 407, _) => ErrorKind::Denied,
        (403, Shape::Gateway) => ErrorKind::WrongUrl,
        (403, _) => ErrorKind::Throttled,
        (400..=499, _) => ErrorKind::WrongUrl,
        _ => ErrorKind::Malformed(Defect::Status),
    }
}

/// Classifies an OAuth error: a denial, unless its code means a temporary problem.
fn by_code(error: &OAuthError) -> ErrorKind {
    match ErrorCode::named(&error.error) {
        Some(code) if code.is_temporary() => ErrorKind::Unavailable,
        _ => ErrorKind::Denied,
    }
}

fn is_compressed(headers: &HeaderMap) -> bool {
    let coding = headers.get(CONTENT_ENCODING);
    coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Returns only the origin that a redirect leads to: the path may contain a secret.
fn redirect_origin(headers: &HeaderMap) -> Option<String> {
    let location: Uri = headers.get(LOCATION)?.to_str().ok()?.parse().ok()?;
    let host = location.authority()?.as_str().rsplit('@').next()?;
    Some(format!("{}://{host}", location.scheme_str()?))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::time::Duration;

    use http::Response;

    use super::*;
    use crate::error::ExchangeError;
    use crate::exchange::{ClientCredentials, TokenEndpoint};

    const GATEWAY: &str = r#"{"message":"Missing Authentication Token"}"#;
    const HTML: &str = "<html><body>Sorry</body></html>";
    const INVALID_CLIENT: &str = r#"{"error": "invalid_client"}"#;

    fn failure(headers: &[(&str, &str)], status: u16, body: &str) -> ExchangeError {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        exchange
            .finish(response.body(body.as_bytes()).unwrap())
            .unwrap_err()
    }

    #[test]
    fn the_decision_table() {
        use Defect::{Empty, NotJson, Status, TokenMissing, WrongShape};
        use ErrorKind::{Denied, Malformed, Redirected, Throttled, Unavailable, WrongUrl};
        let busy = r#"{"error": "temporarily_unavailable"}"#;
        let detail = r#"{"detail":"Not found."}"#;
        for (status, body, kind) in [
            (200, INVALID_CLIENT, Denied),
            (200, busy, Unavailable),
            (200, HTML, Unavailable),
            (200, "", Malformed(Empty)),
            (200, "access_token=x&expires_in=5", Malformed(NotJson)),
            (200, r#"{"access_token": "a.b"#, Malformed(NotJson)),
            (200, "[]", Malformed(WrongShape)),
            (
                200,
                r#"{"access_token": 5, "token_type": "JWT"}"#,
                Malformed(WrongShape),
            ),
            (
                200,
                r#"{"access_token": "a", "access_token": "b"}"#,
                Malformed(WrongShape),
            ),
            (
                200,
                r#"["a.b", "JWT", 3600, "read"]"#,
                Malformed(WrongShape),
            ),
            (200, "{}", Malformed(TokenMissing)),
            (200, r#"{"access_token": ""}"#, Malformed(TokenMissing)),
            (200, GATEWAY, Malformed(TokenMissing)),
            (201, HTML, Unavailable),
            (204, "", Malformed(Empty)),
            (301, HTML, Redirected),
            (304, "", Redirected),
            (307, INVALID_CLIENT, Redirected),
            (308, "", Redirected),
            (400, INVALID_CLIENT, Denied),
            (400, r#"{"error": "surprise"}"#, Denied),
            (400, busy, Unavailable),
            (400, "\u{feff}{\"error\": \"invalid_client\"}", Denied),
            (
                400,
                r#"{"error": "invalid_client", "error": "invalid_client"}"#,
                Denied,
            ),
            (400, r#"{"error": "invalid_client", "error_descr"#, Denied),
            (400, HTML, Unavailable),
            (400, "", Unavailable),
            (400, "<h1>400 Bad request</h1>", WrongUrl),
            (
                400,
                "Client sent an HTTP request to an HTTPS server.\n",
                WrongUrl,
            ),
            (400, GATEWAY, WrongUrl),
            (400, detail, WrongUrl),
            (401, INVALID_CLIENT, Denied),
            (401, HTML, Denied),
            (401, "", Denied),
            (401, GATEWAY, Denied),
            (403, INVALID_CLIENT, Denied),
            (403, HTML, Throttled),
            (403, "", Throttled),
            (403, "Forbidden", Throttled),
            (403, GATEWAY, WrongUrl),
            (407, HTML, Denied),
            (404, HTML, WrongUrl),
            (404, INVALID_CLIENT, WrongUrl),
            (405, "", WrongUrl),
            (408, INVALID_CLIENT, Unavailable),
            (410, HTML, WrongUrl),
            (413, GATEWAY, WrongUrl),
            (415, GATEWAY, WrongUrl),
            (422, INVALID_CLIENT, Denied),
            (425, "", Unavailable),
            (429, HTML, Throttled),
            (429, INVALID_CLIENT, Throttled),
            (500, HTML, Unavailable),
            (500, INVALID_CLIENT, Unavailable),
            (502, "", Unavailable),
            (503, HTML, Unavailable),
            (511, HTML, Unavailable),
            (
                504,
                r#"{"message":"Endpoint request timed out"}"#,
                Unavailable,
            ),
            (101, "", Malformed(Status)),
            (600, INVALID_CLIENT, Malformed(Status)),
        ] {
            assert_eq!(failure(&[], status, body).kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn the_text_of_an_error_object_is_kept_for_every_status() {
        let body =
            r#"{"error": "invalid_grant", "error_description": "Invalid credentials given."}"#;
        for status in [200, 400, 401, 403, 429, 503] {
            let error = failure(&[], status, body);
            assert_eq!(
                error.oauth_code(),
                Some(&ErrorCode::InvalidGrant),
                "{status}"
            );
            assert!(
                error.to_string().contains("\"Invalid credentials given.\""),
                "{error}"
            );
        }
    }

    #[test]
    fn an_unknown_error_code_is_shown_escaped() {
        let error = failure(&[], 400, r#"{"error": "sur\u001bprise"}"#);

        assert_eq!(error.oauth_code().unwrap().as_str(), "sur\\u{1b}prise");
    }

    #[test]
    fn retry_after_is_returned_only_if_waiting_helps() {
        let wait = |status, headers: &[(&str, &str)]| failure(headers, status, HTML).retry_after();
        let seconds = |seconds| Some(Duration::from_secs(seconds));

        assert_eq!(wait(429, &[("retry-after", "7")]), seconds(7));
        assert_eq!(wait(429, &[]), seconds(60));
        assert_eq!(wait(403, &[]), seconds(60));
        assert_eq!(wait(503, &[("retry-after", "120")]), seconds(120));
        assert_eq!(wait(503, &[]), None);
        assert_eq!(wait(404, &[("retry-after", "120")]), None);
    }

    #[test]
    fn a_redirect_error_names_only_the_target_origin() {
        let location = (
            "location",
            "https://user:pw@lms.example:444/oauth2/?client_secret=s3cret",
        );
        let error = failure(&[location], 308, "");

        assert_eq!(
            error.to_string(),
            "the token endpoint https://api.edx.org/oauth2/v1/access_token redirected the token \
             request to https://lms.example:444 (status 308)"
        );
    }

    #[test]
    fn a_redirect_with_an_error_object_is_shown_with_its_code_and_its_text() {
        let body = r#"{"error": "invalid_client", "error_description": "Go away."}"#;
        let error = failure(&[("location", "https://lms.example/")], 307, body);

        assert_eq!(
            error.to_string(),
            "the token endpoint https://api.edx.org/oauth2/v1/access_token redirected the token \
             request: \"Go away.\" (invalid_client, status 307)"
        );
    }

    #[test]
    fn a_compressed_response_is_distinguished_from_a_broken_one() {
        let error = failure(&[("content-encoding", "gzip")], 200, "\u{1f}x");

        assert_eq!(error.kind(), ErrorKind::Malformed(Defect::Compressed));
    }

    #[test]
    fn a_response_that_is_too_large_is_classified_by_its_status() {
        let too_large = |status: u16| {
            let status = StatusCode::from_u16(status).unwrap();
            ExchangeFailure::of_transport(TransportFailure::TooLarge { status }).kind
        };

        assert!(matches!(too_large(200), ErrorKind::Transport(_)));
        assert_eq!(too_large(404), ErrorKind::WrongUrl);
        assert_eq!(too_large(500), ErrorKind::Unavailable);
        assert_eq!(too_large(403), ErrorKind::Throttled);
    }

    #[test]
    fn a_location_is_shown_only_for_a_redirect() {
        let to = [("location", "https://user:pw@lms.test:8443/login?next=x")];

        let redirected = failure(&to, 302, HTML).to_string();
        let not_found = failure(&to, 404, HTML).to_string();

        assert!(
            redirected.contains(" to https://lms.test:8443 (status 302)"),
            "{redirected}"
        );
        assert!(!not_found.contains("lms.test"), "{not_found}");
    }

    #[test]
    fn the_message_of_an_error_follows_from_its_status_and_its_code() {
        for (status, body, said) in [
            (401, INVALID_CLIENT, "rejected the client credentials"),
            (401, HTML, "denied the token request"),
            (403, HTML, "rejected the token request"),
            (407, HTML, "could not be reached: a proxy requires a login"),
            (413, HTML, "rejected the token request as too large"),
            (429, HTML, "throttled the token request"),
            (
                511,
                HTML,
                "could not be reached: the network requires a login",
            ),
        ] {
            let error = failure(&[], status, body).to_string();
            assert!(error.contains(said), "{status} {error}");
        }
    }

    #[test]
    fn an_error_object_is_read_from_a_damaged_body() {
        let read = |body: &[u8]| {
            let shape = Shape::of(body);
            let Shape::OAuth(error) = shape else {
                panic!("{body:?}")
            };
            let request = TokenRequest::new(
                TokenEndpoint::edx(),
                ClientCredentials::new("acme", "s3cret").unwrap(),
            );
            let failure = ExchangeFailure::of(ErrorKind::Denied).with_error(&error, &request);
            let text = failure.text.map(|text| text.to_string());
            (failure.code.unwrap().to_string(), text)
        };
        let invalid_client = |text: Option<&str>| ("invalid_client".into(), text.map(Into::into));
        for (body, text) in [
            (
                &b"{\"error\":\"invalid_client\",\"error_description\":\"r\xE9\"}"[..],
                Some("r\u{fffd}"),
            ),
            (b"\xEF\xBB\xBF{\"error\":\"invalid_client\"}\r\n", None),
            (b"{\"error\":\"x\",\"error\":\"invalid_client\"}", None),
            (
                b"{\"error\":\"invalid_client\",\"error_description\":\"a\nb\"}",
                Some("a b"),
            ),
            (
                b"{\"error\":\"invalid_client\",\"error_description\":\"a\", \"x",
                None,
            ),
            (
                b"{\"error\":\"invalid_client\",\"error_description\":\"not t1\",\
                \"access_token\":\"t1\",\"access_token\":\"t2\"}",
                Some("[redacted]"),
            ),
        ] {
            assert_eq!(read(body), invalid_client(text), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn an_error_keeps_the_status_of_its_response() {
        let error = failure(&[], 503, HTML);

        assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
        assert!(error.to_string().ends_with("(status 503)"), "{error}");
    }

    #[test]
    fn an_exchange_without_a_response_has_no_status() {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();

        let error = exchange.fail(TransportFailure::NotSent);

        assert!(error.is_retryable());
        assert_eq!(error.status(), None);
        assert!(
            error.to_string().ends_with("could not be reached"),
            "{error}"
        );
    }
}
