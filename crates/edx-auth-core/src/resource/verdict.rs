//! The decision table: what an API's reply means for its caller and for the token.

use core::time::Duration;

use http::{HeaderMap, StatusCode};

use super::challenge;
use super::detail::Detail;
use super::throttle;

/// What a reply of an API means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// A success, or `304 Not Modified`.
    Success,
    /// The API does not accept this token, or no longer does: see
    /// [`TokenAgent::invalidate`](crate::TokenAgent::invalidate).
    TokenRejected,
    /// The API knows who asks, and refuses; or it wants another proof than a token. A newer token
    /// changes nothing.
    Forbidden,
    /// Too many calls.
    Throttled {
        /// How long to wait: as the API says, or else a minute.
        wait: Duration,
    },
    /// Trouble that passes.
    Unavailable {
        /// How long to wait, where that is known.
        wait: Option<Duration>,
    },
    /// The answer is elsewhere, and the token is not sent there.
    Redirected,
    /// There is nothing at this URL.
    NotFound,
    /// Anything else, which is between the program and the API.
    Other,
}

impl Verdict {
    /// Classifies a response by its status, its headers and the beginning of its body. The first
    /// 8 KiB of the body are enough for every known server.
    ///
    /// A 401 is for the token unless it asks for something else. A 403 is so only in the words of
    /// REST framework where session authentication is listed first, or by the LMS's error codes: all
    /// others are about permissions, and a newer token would cost the site a request for nothing.
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
            // What the request has asked for: nothing is newer than what its sender has.
            304 => Self::Success,
            300..=399 => Self::Redirected,
            401 if challenge::may_mean_the_token(headers) => Self::TokenRejected,
            403 if is_about_the_token(&detail) => Self::TokenRejected,
            401 | 403 => Self::Forbidden,
            404 | 410 => Self::NotFound,
            429 => Self::Throttled {
                wait: wait().unwrap_or(A_MINUTE),
            },
            408 | 425 | 500..=599 => Self::Unavailable { wait: wait() },
            // edX's gateway makes 400 of 502, 503 and 504, and keeps their pages.
            400 if is_page_or_nothing(body_prefix) && !means_it(body_prefix) => {
                Self::Unavailable { wait: wait() }
            }
            _ => Self::Other,
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. })
    }

    /// How long to wait before calling again, where that is known.
    #[must_use]
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Throttled { wait } => Some(wait),
            Self::Unavailable { wait } => wait,
            _ => None,
        }
    }

    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Success => "There is nothing to do.",
            Self::TokenRejected => {
                "Check that this API belongs to the site that issued the token, and that the \
                 clocks of both agree."
            }
            Self::Forbidden => {
                "Ask the site to let the application's user see this API: often it must be staff."
            }
            Self::Throttled { .. } => {
                "Wait before the next call, and call less often: the API counts the calls of all \
                 programs of this user together."
            }
            Self::Unavailable { .. } => {
                "Try again in a minute; if it stays so, ask whoever runs the API."
            }
            Self::Redirected => {
                "Give the URL that answers by itself: check its scheme, its host and its last \
                 slash; if the token may go to that server, name it as an allowed origin."
            }
            Self::NotFound => "Check the URL; most of edX's end in a slash.",
            Self::Other => "Read what the API says in the body of its reply.",
        }
    }
}

/// What a 403 says of a token that is over, forged or otherwise not to be believed. That no
/// credentials were provided is not among it: whoever says so of a token at all takes none, and
/// would refuse the next one likewise.
fn is_about_the_token(detail: &Detail) -> bool {
    STALE_DETAILS.contains(&&*detail.text) || STALE_CODES.contains(&&*detail.error_code)
}

fn is_page_or_nothing(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), None | Some(b'<'))
}

/// The page of a server that means its 400, such as Django's for a host that it does not know.
fn means_it(body: &[u8]) -> bool {
    let says = |words: &[u8]| body.windows(words.len()).any(|part| part == words);
    says(b"Bad Request")
}

/// The window of the LMS's limits; discovery's is an hour, and it says so.
const A_MINUTE: Duration = Duration::from_secs(60);

/// Of edx-drf-extensions, drf-jwt and the older `djangorestframework-jwt`.
const STALE_DETAILS: [&str; 5] = [
    "Invalid token.",
    "Token has expired.",
    "Error decoding token.",
    "Signature has expired.",
    "Error decoding signature.",
];

/// Of `openedx/core/lib/api/authentication.py`.
const STALE_CODES: [&str; 3] = ["token_expired", "token_malformed", "token_nonexistent"];

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
    fn whom_a_401_and_a_403_are_about() {
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
    fn a_password_gate_before_the_site_is_no_matter_of_the_token() {
        let mut headers = HeaderMap::new();
        headers.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"stage\""),
        );

        assert_eq!(verdict_with(401, &headers, "<html>"), Verdict::Forbidden);
    }

    #[test]
    fn the_wait_is_the_headers_or_else_the_bodys() {
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
            (Verdict::Redirected, "answers by itself"),
            (Verdict::NotFound, "Check the URL"),
            (Verdict::Other, "in the body of its reply"),
        ] {
            assert!(verdict.advice().contains(advice), "{verdict:?}");
        }
    }
}
