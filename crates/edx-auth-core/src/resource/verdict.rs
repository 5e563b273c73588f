//! The decision table: what an API's response means for the caller and for the token.

mod advice;

use core::time::Duration;

use http::{HeaderMap, StatusCode};

use super::{Problem, challenge, throttle};
use crate::gateway::{is_temporary, is_too_large, may_hide_a_failure};

/// What an API's response means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// A success, or `304 Not Modified`.
    Success,
    /// The API rejected this token: see
    /// [`TokenAgent::invalidate`](crate::TokenAgent::invalidate).
    TokenRejected,
    /// The API received no token, or none of a kind that it takes. A newer token does not help.
    TokenNotReceived,
    /// The API accepted the token but not the call, or a 403 gives no other reason. A newer token does
    /// not help.
    Forbidden,
    /// Something in front of the API requires its own login, such as HTTP Basic on a staging site: all
    /// challenges of a 401 are for other credentials than tokens. A newer token does not help.
    SiteLogin,
    /// There were too many calls.
    Throttled {
        /// How long to wait: what the API asked for, or a minute.
        wait: Duration,
    },
    /// The API has a temporary problem. A 400 counts too if its body is a gateway's page or empty.
    Unavailable {
        /// How long to wait, if the response says so: at most an hour.
        wait: Option<Duration>,
    },
    /// The response is a redirect that was not followed.
    Redirected,
    /// The URL was not found.
    NotFound,
    /// The request is too large: its body, its URL or its headers.
    TooLarge,
    /// A proxy in between requires its own login. The API has not seen the request.
    ProxyLogin,
    /// The network requires a login. The API has not seen the request
    /// ([RFC 6585 section 6](https://www.rfc-editor.org/rfc/rfc6585#section-6)).
    NetworkLogin,
    /// Anything else. See the body of the response.
    Other,
}

impl Verdict {
    /// Classifies a response by its status, its headers and the beginning of its body. The first
    /// 8 KiB of the body are enough for every known server.
    ///
    /// The status decides first. What a 401 or a 403 means is said by the [slug](Problem::slug) of a
    /// [`Problem`], else by the LMS's error code, else by an English message of REST framework. A 403
    /// may mean a rejected token: REST framework sends it from a view whose first authentication class
    /// is `SessionAuthentication`. Without any of the three, a 401 means that the token was rejected,
    /// unless its challenges are only for other credentials, and a 403 is about permissions.
    ///
    /// ```
    /// use edx_auth_core::Verdict;
    /// use http::{HeaderMap, StatusCode};
    ///
    /// let verdict = |status, body: &str| Verdict::of(status, &HeaderMap::new(), body.as_bytes());
    /// let invalid = r#"{"detail":"Invalid token."}"#;
    /// let forbidden = r#"{"detail":"You do not have permission to perform this action."}"#;
    ///
    /// assert_eq!(verdict(StatusCode::OK, "[]"), Verdict::Success);
    /// assert_eq!(verdict(StatusCode::UNAUTHORIZED, ""), Verdict::TokenRejected);
    /// assert_eq!(verdict(StatusCode::FORBIDDEN, invalid), Verdict::TokenRejected);
    /// assert_eq!(verdict(StatusCode::FORBIDDEN, forbidden), Verdict::Forbidden);
    /// ```
    #[doc(alias = "401")]
    #[must_use]
    pub fn of(status: StatusCode, headers: &HeaderMap, body_prefix: &[u8]) -> Self {
        if status.is_success() {
            return Self::Success;
        }
        let problem = Problem::of(status, body_prefix);
        let wait = || throttle::wait(headers, &problem);
        let throttled = || Self::Throttled {
            wait: wait().unwrap_or(A_MINUTE),
        };
        match status.as_u16() {
            // The request was conditional, and its sender has the newest version.
            304 => Self::Success,
            300..=399 => Self::Redirected,
            403 if problem.slug() == Some("rate-limited") => throttled(),
            401 | 403 => of_denial(headers, &problem),
            404 | 410 => Self::NotFound,
            407 => Self::ProxyLogin,
            status if is_too_large(status) => Self::TooLarge,
            511 => Self::NetworkLogin,
            429 => throttled(),
            status if is_temporary(status) => Self::Unavailable { wait: wait() },
            400 if may_hide_a_failure(body_prefix) => Self::Unavailable { wait: wait() },
            _ => Self::Other,
        }
    }

    /// Reports whether waiting may help: the same call may succeed later. A rejected token is not among
    /// these verdicts, for waiting does not help there: the next call gets a newer token.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Throttled { .. } | Self::Unavailable { .. } | Self::NetworkLogin
        )
    }

    /// Returns how long to wait before the next call, if it is known.
    #[must_use]
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Throttled { wait } => Some(wait),
            Self::Unavailable { wait } => wait,
            _ => None,
        }
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        advice::advice(self)
    }
}

/// Classifies a 401 or a 403.
fn of_denial(headers: &HeaderMap, problem: &Problem) -> Verdict {
    let said = by_slug(problem)
        .or_else(|| by_error_code(problem))
        .or_else(|| by_message(problem));
    said.unwrap_or_else(|| match problem.status() {
        StatusCode::UNAUTHORIZED if challenge::may_mean_the_token(headers) => {
            Verdict::TokenRejected
        }
        StatusCode::UNAUTHORIZED => Verdict::SiteLogin,
        _ => Verdict::Forbidden,
    })
}

/// Classifies a denial by the slug and the title of edx-drf-extensions. They are not translated.
fn by_slug(problem: &Problem) -> Option<Verdict> {
    match (problem.slug()?, problem.title()) {
        ("authn", Some("Authentication Failed")) => Some(Verdict::TokenRejected),
        ("authn", Some("Authentication Required")) => Some(Verdict::TokenNotReceived),
        ("authz", _) => Some(Verdict::Forbidden),
        _ => None,
    }
}

/// Classifies a denial by the LMS's error code (`openedx/core/lib/api/authentication.py`).
fn by_error_code(problem: &Problem) -> Option<Verdict> {
    match problem.error_code()? {
        "token_expired" | "token_malformed" | "token_nonexistent" => Some(Verdict::TokenRejected),
        "token_not_provided" => Some(Verdict::TokenNotReceived),
        _ => None,
    }
}

/// Classifies a denial by the English messages of REST framework, edx-drf-extensions, drf-jwt and the older
/// `djangorestframework-jwt`.
fn by_message(problem: &Problem) -> Option<Verdict> {
    match problem.detail()? {
        "Invalid token."
        | "Token has expired."
        | "Error decoding token."
        | "Signature has expired."
        | "Error decoding signature." => Some(Verdict::TokenRejected),
        "Authentication credentials were not provided." => Some(Verdict::TokenNotReceived),
        _ => None,
    }
}

/// The time over which the LMS counts calls. Discovery counts over an hour, and its response names the
/// wait.
const A_MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use alloc::format;

    use http::HeaderValue;
    use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};

    use super::*;

    fn verdict(status: u16, body: &str) -> Verdict {
        verdict_with(status, &HeaderMap::new(), body)
    }

    fn verdict_with(status: u16, headers: &HeaderMap, body: &str) -> Verdict {
        Verdict::of(
            StatusCode::from_u16(status).unwrap(),
            headers,
            body.as_bytes(),
        )
    }

    const HTML: &str = "<html><body>Sorry</body></html>";
    const GATEWAY: &str = r#"{"message":"Missing Authentication Token"}"#;

    #[test]
    fn a_denial_is_classified_by_its_code_or_message_and_else_by_its_status() {
        use Verdict::{Forbidden, TokenNotReceived, TokenRejected};
        for (status, body, expected) in [
            (401, r#"{"detail":"Invalid token."}"#, TokenRejected),
            (401, r#"{"detail":"Ung\u00fcltiges Token."}"#, TokenRejected),
            (
                401,
                r#"{"detail":"Authentication credentials were not provided."}"#,
                TokenNotReceived,
            ),
            (
                401,
                r#"{"detail":"JWT must include a preferred_username or username claim!"}"#,
                TokenRejected,
            ),
            (
                401,
                r#"{"developer_message":"x","error_code":"user_not_active"}"#,
                TokenRejected,
            ),
            (
                401,
                r#"{"developer_message":"x","error_code":"token_not_provided"}"#,
                TokenNotReceived,
            ),
            (401, HTML, TokenRejected),
            (401, "", TokenRejected),
            (403, r#"{"detail":"Invalid token."}"#, TokenRejected),
            (403, r#"{"detail":"Token has expired."}"#, TokenRejected),
            (403, r#"{"detail":"Error decoding token."}"#, TokenRejected),
            (403, r#"{"detail":"Signature has expired."}"#, TokenRejected),
            (
                403,
                r#"{"detail":"Error decoding signature."}"#,
                TokenRejected,
            ),
            (
                403,
                r#"{"developer_message":"Invalid token."}"#,
                TokenRejected,
            ),
            (
                403,
                r#"{"developer_message":"x","error_code":"token_expired"}"#,
                TokenRejected,
            ),
            (
                403,
                r#"{"developer_message":{"error_code":"token_nonexistent"}}"#,
                TokenRejected,
            ),
            (
                403,
                r#"{"developer_message":{"detail":"Invalid token."}}"#,
                TokenRejected,
            ),
            (403, r#"{"detail":"invalid token."}"#, Forbidden),
            (403, r#"{"detail":"Invalid token. Really."}"#, Forbidden),
            (
                403,
                r#"{"detail":"Authentication credentials were not provided."}"#,
                TokenNotReceived,
            ),
            (403, r#"{"detail":"User account is disabled."}"#, Forbidden),
            (
                403,
                r#"{"detail":"JWT missing required scopes."}"#,
                Forbidden,
            ),
            (
                403,
                r#"{"detail":"JWT missing required content_org filter."}"#,
                Forbidden,
            ),
            (
                403,
                r#"{"detail":"JWT missing required user filter."}"#,
                Forbidden,
            ),
            (
                403,
                r#"{"detail":"Not a Restricted JWT Application."}"#,
                Forbidden,
            ),
            (
                403,
                r#"{"detail":"You do not have permission to perform this action."}"#,
                Forbidden,
            ),
            (
                403,
                r#"{"developer_message":"x","error_code":"user_not_active"}"#,
                Forbidden,
            ),
            (403, GATEWAY, Forbidden),
            (403, HTML, Forbidden),
            (403, "", Forbidden),
        ] {
            assert_eq!(verdict(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_rejection_is_recognized_in_a_damaged_body() {
        for body in [
            &b"\xEF\xBB\xBF{\"detail\":\"Invalid token.\"}"[..],
            b"{\"detail\":\"Invalid token.\",\"title\":\"refus\xE9\"}",
            b"{\"detail\":\"Invalid token.\",\"hint\":\"two\nlines\"}",
            b"{\"detail\":\"Invalid token.\",\"detail\":\"Invalid token.\"}",
        ] {
            let verdict = Verdict::of(StatusCode::FORBIDDEN, &HeaderMap::new(), body);
            assert_eq!(verdict, Verdict::TokenRejected, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn the_slug_says_what_a_401_or_a_403_means_and_the_status_outranks_it() {
        use Verdict::{Forbidden, NotFound, Other, TokenNotReceived, TokenRejected};
        let throttled = Verdict::Throttled { wait: A_MINUTE };
        let unavailable = Verdict::Unavailable { wait: None };
        for (status, slug, title, expected) in [
            (401, "authn", "Authentication Failed", TokenRejected),
            (403, "authn", "Authentication Failed", TokenRejected),
            (401, "authn", "Authentication Required", TokenNotReceived),
            (403, "authn", "Authentication Required", TokenNotReceived),
            (401, "authn", "Anmeldung erforderlich", TokenRejected),
            (403, "authn", "Anmeldung erforderlich", Forbidden),
            (401, "authz", "Verboten", Forbidden),
            (403, "authz", "Permission Denied", Forbidden),
            (403, "rate-limited", "Too Many Requests", throttled),
            (401, "acme", "Authentication Required", TokenRejected),
            (403, "acme", "Authentication Failed", Forbidden),
            (400, "internal", "Internal Server Error", Other),
            (400, "authn", "Authentication Failed", Other),
            (404, "authn", "Authentication Failed", NotFound),
            (503, "authz", "Permission Denied", unavailable),
            (429, "authn", "Authentication Failed", throttled),
        ] {
            let body = format!(
                r#"{{"type":"https://docs.openedx.org/errors/{slug}","title":"{title}",
                "status":200,"detail":"Das ging nicht.","instance":"/v/"}}"#
            );
            assert_eq!(verdict(status, &body), expected, "{status} {slug} {title}");
        }
    }

    #[test]
    fn a_slug_outranks_the_code_and_the_code_outranks_the_message() {
        let missing = "Authentication credentials were not provided.";
        for (members, expected) in [
            (
                r#""type":"https://docs.openedx.org/errors/authz","error_code":"token_expired""#,
                Verdict::Forbidden,
            ),
            (
                r#""type":"https://docs.openedx.org/errors/acme","error_code":"token_expired""#,
                Verdict::TokenRejected,
            ),
            (
                r#""type":"https://docs.openedx.org/errors/acme","error_code":"acme""#,
                Verdict::TokenNotReceived,
            ),
        ] {
            let body = format!(r#"{{{members},"detail":"{missing}"}}"#);
            assert_eq!(verdict(401, &body), expected, "{members}");
        }
    }

    #[test]
    fn the_status_decides_if_no_rule_knows_the_body() {
        let (open, close) = (r#"{"a":"#.repeat(200), "}".repeat(200));
        let long = "a".repeat(10 * 1024);
        for body in [
            r#"{"error":{"type":"https://docs.openedx.org/errors/authz","detail":"x"}}"#,
            r#"{"type":["authz"],"title":{"detail":"x"}}"#,
            r#"{"type":"https://evil.example/errors/authz"}"#,
            &format!(r#"{{"type":"https://docs.openedx.org/errors/{long}"}}"#),
            &format!(r#"{{"type":"x","errors":{open}1{close}}}"#),
        ] {
            assert_eq!(verdict(401, body), Verdict::TokenRejected, "{body}");
            assert_eq!(verdict(403, body), Verdict::Forbidden, "{body}");
        }
    }

    #[test]
    fn the_decision_table() {
        use Verdict::{NotFound, Other, Redirected, Success};
        let throttled = Verdict::Throttled { wait: A_MINUTE };
        let unavailable = Verdict::Unavailable { wait: None };
        for (status, body, expected) in [
            (200, "{}", Success),
            (200, HTML, Success),
            (204, "", Success),
            (301, "", Redirected),
            (304, "", Success),
            (400, r#"{"name":["This field is required."]}"#, Other),
            (400, HTML, unavailable),
            (400, "", unavailable),
            (400, "<h1>Bad Request (400)</h1>", Other),
            (404, r#"{"detail":"Not found."}"#, NotFound),
            (410, HTML, NotFound),
            (405, "", Other),
            (406, "", Other),
            (409, "{}", Other),
            (407, "", Verdict::ProxyLogin),
            (413, "", Verdict::TooLarge),
            (414, HTML, Verdict::TooLarge),
            (431, "", Verdict::TooLarge),
            (511, HTML, Verdict::NetworkLogin),
            (408, "", unavailable),
            (425, "", unavailable),
            (429, HTML, throttled),
            (500, HTML, unavailable),
            (502, "", unavailable),
            (503, r#"{"message":null}"#, unavailable),
            (
                504,
                r#"{"message":"Endpoint request timed out"}"#,
                unavailable,
            ),
            (101, "", Other),
            (600, "", Other),
        ] {
            assert_eq!(verdict(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_login_in_front_of_the_site_does_not_reject_the_token() {
        let mut headers = HeaderMap::new();
        headers.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"stage\""),
        );

        assert_eq!(verdict_with(401, &headers, "<html>"), Verdict::SiteLogin);
        assert_eq!(verdict_with(403, &headers, "<html>"), Verdict::Forbidden);
    }

    #[test]
    fn the_wait_comes_from_the_header_or_else_from_the_body() {
        let body = r#"{"detail":"Request was throttled. Expected available in 57 seconds."}"#;
        let wait = |seconds| Some(Duration::from_secs(seconds));
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));

        assert_eq!(verdict(429, body).retry_after(), wait(57));
        assert_eq!(verdict_with(429, &headers, body).retry_after(), wait(7));
        assert_eq!(verdict_with(503, &headers, "").retry_after(), wait(7));
        assert_eq!(verdict_with(403, &headers, body).retry_after(), None);
    }

    #[test]
    fn every_verdict_says_what_to_do() {
        for (verdict, advice) in [
            (Verdict::Success, "nothing to do"),
            (Verdict::TokenRejected, "clocks of both agree"),
            (Verdict::TokenNotReceived, "WSGIPassAuthorization On"),
            (Verdict::Forbidden, "must be staff"),
            (Verdict::Forbidden, "`is_restricted`"),
            (Verdict::SiteLogin, "HTTP Basic on a staging site"),
            (Verdict::TooLarge, "Send less"),
            (Verdict::ProxyLogin, "proxy's user name and password"),
            (Verdict::NetworkLogin, "Log in to this network"),
            (Verdict::Throttled { wait: A_MINUTE }, "call less often"),
            (Verdict::Unavailable { wait: None }, "Try again later"),
            (Verdict::Redirected, "Use the final URL"),
            (Verdict::NotFound, "Check the URL"),
            (Verdict::Other, "Read the body"),
        ] {
            assert!(verdict.advice().contains(advice), "{verdict:?}");
        }
    }
}
