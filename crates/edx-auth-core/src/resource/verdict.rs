//! The decision table: what an API's response means for the caller and for the token.

use core::time::Duration;

use http::{HeaderMap, StatusCode};

use super::challenge;
use super::detail::Detail;
use super::throttle;

/// What an API's response means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// A success, or `304 Not Modified`.
    Success,
    /// The API rejected this token: see
    /// [`TokenAgent::invalidate`](crate::TokenAgent::invalidate).
    TokenRejected,
    /// The API accepted the token but not the call, or it requires other credentials. A newer token
    /// does not help.
    Forbidden,
    /// There were too many calls.
    Throttled {
        /// How long to wait: what the API asked for, or a minute.
        wait: Duration,
    },
    /// The API has a temporary problem.
    Unavailable {
        /// How long to wait, if it is known.
        wait: Option<Duration>,
    },
    /// The response is a redirect that was not followed.
    Redirected,
    /// The URL was not found.
    NotFound,
    /// Anything else. See the body of the response.
    Other,
}

impl Verdict {
    /// Classifies a response by its status, its headers and the beginning of its body. The first
    /// 8 KiB of the body are enough for every known server.
    ///
    /// A 401 means that the token was rejected, unless its challenges are only for other
    /// credentials. A 403 means it only with the messages of REST framework (which sends 403 if
    /// session authentication is listed first) or with the LMS's error codes. All others are about
    /// permissions, where a newer token would not help.
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
        let detail = Detail::of(body_prefix);
        let wait = || throttle::wait(headers, &detail);
        match status.as_u16() {
            // The request was conditional, and its sender has the newest version.
            304 => Self::Success,
            300..=399 => Self::Redirected,
            401 if challenge::may_mean_the_token(headers) => Self::TokenRejected,
            403 if rejects_the_token(&detail) => Self::TokenRejected,
            401 | 403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            429 => Self::Throttled {
                wait: wait().unwrap_or(A_MINUTE),
            },
            408 | 425 | 500..=599 => Self::Unavailable { wait: wait() },
            // edX's gateway turns 502, 503 and 504 into 400 and keeps their pages.
            400 if is_page_or_nothing(body_prefix) && !is_real_bad_request(body_prefix) => {
                Self::Unavailable { wait: wait() }
            }
            _ => Self::Other,
        }
    }

    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. })
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

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Success => "There is nothing to do.",
            Self::TokenRejected => {
                "Check that this API belongs to the site that issued the token, and that the \
                 clocks of both agree."
            }
            Self::Forbidden => {
                "Ask the site's operator to give the application's user access to this API: often \
                 that user must be staff."
            }
            Self::Throttled { .. } => {
                "Wait before the next call, and call less often: the API counts the calls of all \
                 programs of this user together."
            }
            Self::Unavailable { .. } => {
                "Try again in a minute. If it persists, contact the API's operator."
            }
            Self::Redirected => {
                "Use the final URL, the one that does not redirect: check the scheme, the host and the \
                 trailing slash. If the token may be sent to another origin, allow that origin."
            }
            Self::NotFound => "Check the URL; most of edX's end in a slash.",
            Self::Other => "Read the body of the API's response.",
        }
    }
}

/// Reports whether a 403 rejects the token as expired or invalid. The message that no credentials
/// were provided does not count: such an API accepts no token at all and would reject the next one
/// too.
fn rejects_the_token(detail: &Detail) -> bool {
    REJECTION_DETAILS.contains(&&*detail.text) || REJECTION_CODES.contains(&&*detail.error_code)
}

fn is_page_or_nothing(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), None | Some(b'<'))
}

/// Reports whether this is the page of a real 400, such as Django's for an unknown host.
fn is_real_bad_request(body: &[u8]) -> bool {
    let says = |words: &[u8]| body.windows(words.len()).any(|part| part == words);
    says(b"Bad Request")
}

/// The window of the LMS's rate limits. Discovery's is an hour, and its response says so.
const A_MINUTE: Duration = Duration::from_secs(60);

/// The messages of edx-drf-extensions, drf-jwt and the older `djangorestframework-jwt`.
const REJECTION_DETAILS: [&str; 5] = [
    "Invalid token.",
    "Token has expired.",
    "Error decoding token.",
    "Signature has expired.",
    "Error decoding signature.",
];

/// The codes of `openedx/core/lib/api/authentication.py`.
const REJECTION_CODES: [&str; 3] = ["token_expired", "token_malformed", "token_nonexistent"];

#[cfg(test)]
mod tests {
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
    fn a_401_is_about_the_token_and_a_403_about_permissions() {
        use Verdict::{Forbidden, TokenRejected};
        for (status, body, expected) in [
            (401, r#"{"detail":"Invalid token."}"#, TokenRejected),
            (401, r#"{"detail":"Ung\u00fcltiges Token."}"#, TokenRejected),
            (
                401,
                r#"{"detail":"Authentication credentials were not provided."}"#,
                TokenRejected,
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
                Forbidden,
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
            (413, "", Other),
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
    fn a_password_gate_in_front_of_the_site_does_not_reject_the_token() {
        let mut headers = HeaderMap::new();
        headers.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"stage\""),
        );

        assert_eq!(verdict_with(401, &headers, "<html>"), Verdict::Forbidden);
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
            (Verdict::Forbidden, "must be staff"),
            (Verdict::Throttled { wait: A_MINUTE }, "call less often"),
            (Verdict::Unavailable { wait: None }, "Try again in a minute"),
            (Verdict::Redirected, "Use the final URL"),
            (Verdict::NotFound, "Check the URL"),
            (Verdict::Other, "Read the body"),
        ] {
            assert!(verdict.advice().contains(advice), "{verdict:?}");
        }
    }
}
