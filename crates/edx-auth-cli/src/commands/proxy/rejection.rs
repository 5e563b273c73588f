//! Responses of the proxy itself.

use std::time::Duration;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::body::ProxyBody;

/// Why the proxy responds in place of the API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    /// The `Host` is not one of the proxy's.
    #[error("the Host header does not name this proxy")]
    OtherHost,

    /// A browser sent the request for a web page.
    #[error("web pages may not use this proxy")]
    WebPage,

    /// The secret of this run is missing or wrong.
    #[error("the header Edx-Auth-Proxy does not have the secret of this run")]
    RunSecret,

    /// The target is not a path, or may lead upwards.
    #[error("the request target must be a path without dot segments")]
    Target,

    /// The method may not be sent to this path.
    #[error("only GET and HEAD may pass; allow other methods with --allow-writes PATH")]
    Method,

    /// The API redirects to another origin.
    #[error("the API redirects to another origin, which does not get the token")]
    ForeignRedirect,

    /// The body cannot be searched for links and for the token.
    #[error("the API sent a compressed response, which was not requested")]
    Compressed(StatusCode),

    /// There is no token to send the request with.
    #[error("{report}")]
    TokenMissing {
        /// What went wrong, and what to do about it.
        report: String,
        /// How long to wait.
        wait: Duration,
    },

    /// The API did not respond, or the call could not be made. Nothing says that the same request may be sent
    /// again: the API may have acted on it.
    #[error("{report}")]
    Failed {
        /// What went wrong, and what to do about it.
        report: String,
    },

    /// The API did not respond to a request that only reads.
    #[error("{report}")]
    NoResponse {
        /// What went wrong, and what to do about it.
        report: String,
    },
}

impl Rejection {
    /// Returns the status of the response.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::WebPage | Self::RunSecret => StatusCode::FORBIDDEN,
            Self::Target => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignRedirect | Self::Failed { .. } => StatusCode::BAD_GATEWAY,
            Self::Compressed(status) => *status,
            Self::TokenMissing { .. } | Self::NoResponse { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the response, with a problem as its body
    /// ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
    pub(super) fn response(&self) -> Response<ProxyBody> {
        let status = self.status();
        let problem = json!({
            "title": "edx-auth proxy",
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        let mut response = Response::new(ProxyBody::Own(problem.to_string().into()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if *self == Self::Method {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        if let Some(seconds) = self.retry_after() {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }

    /// Returns how many seconds the program should wait before it sends the request again.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TokenMissing { wait, .. } => Some(whole_seconds(*wait)),
            Self::NoResponse { .. } => Some(WITHOUT_RESPONSE),
            _ => None,
        }
    }
}

/// Rounds up: a program that comes a moment early gets the same response.
fn whole_seconds(wait: Duration) -> u64 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    seconds.max(1)
}

/// The wait after which a program tries an unreachable API once more.
const WITHOUT_RESPONSE: u64 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_and_never_zero() {
        for (milliseconds, seconds) in [(0, 1), (1, 1), (1000, 1), (1001, 2), (59_999, 60)] {
            let wait = Duration::from_millis(milliseconds);
            let rejection = Rejection::TokenMissing {
                report: String::new(),
                wait,
            };
            assert_eq!(rejection.retry_after(), Some(seconds), "{milliseconds}");
            assert_eq!(rejection.status(), 503);
        }
    }
}
