//! What a program does, and its outcome.

use std::fmt;

use edx_auth_core::Verdict;
use edx_auth_testkit::Fingerprint;
use edx_auth_tests::clients::{ApiResponse, Call, Ending};

/// One action of a program. A URL that begins with a slash is on the site; in any other, `{port}` is
/// the site's port.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// Sends a call through the client's request builder.
    Send(Call),
    /// Sends a request type of the HTTP library.
    Execute(Call),
    /// Gets the header for a request of another HTTP client.
    Authorize(&'static str),
}

/// The outcome of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A response with this body.
    Response(u16, Option<Verdict>, String),
    /// A response whose body breaks off.
    Cut(u16, Option<Verdict>, Ending),
    /// No response, with the error's message, without the site's URL.
    Failure(String),
    /// The token of this generation.
    Token(u64),
}

/// Returns a success with this body.
pub(super) fn success(status: u16, body: &str) -> Outcome {
    Outcome::Response(status, None, summary(body.as_bytes()))
}

/// Returns a response with a verdict.
pub(super) fn got(status: u16, verdict: Verdict, body: &str) -> Outcome {
    Outcome::Response(status, Some(verdict), summary(body.as_bytes()))
}

pub(super) fn failed(reason: &str) -> Outcome {
    Outcome::Failure(reason.to_owned())
}

impl Outcome {
    pub(super) fn of(response: &ApiResponse) -> Self {
        match response.ending {
            Ending::Whole => {
                Self::Response(response.status, response.verdict, summary(&response.body))
            }
            ending => Self::Cut(response.status, response.verdict, ending),
        }
    }
}

/// Returns the body in one line: a long one as its length and its fingerprint.
fn summary(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= SHORT => text.to_owned(),
        _ => format!("{} bytes, {}", body.len(), Fingerprint::of(body)),
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(call) | Self::Execute(call) => write!(f, "{} {}", call.method, call.url),
            Self::Authorize(url) => write!(f, "authorize {url}"),
        }
    }
}

const SHORT: usize = 120;
