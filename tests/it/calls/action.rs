//! What a program does, and what comes of it.

use std::fmt;

use edx_auth_core::Verdict;
use edx_auth_testkit::Fingerprint;
use edx_auth_tests::clients::{Answer, Call, Ending};

/// One thing that a program does. A URL that begins with a slash is the site's; in any other,
/// `{port}` is the site's port.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// Sends what a request builder describes.
    Send(Call),
    /// Sends a request of the HTTP library's own.
    Execute(Call),
    /// Asks for the header that a foreign client would send there.
    Authorize(&'static str),
}

/// What comes of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A reply with this body.
    Reply(u16, Option<Verdict>, String),
    /// A reply whose body ends in an error.
    Cut(u16, Option<Verdict>, Ending),
    /// No reply, for this reason; the site's URL is left out.
    Failure(String),
    /// The token of this generation.
    Token(u64),
}

/// A success with this body.
pub(super) fn fine(status: u16, body: &str) -> Outcome {
    Outcome::Reply(status, None, summary(body.as_bytes()))
}

/// A reply that is no success.
pub(super) fn got(status: u16, verdict: Verdict, body: &str) -> Outcome {
    Outcome::Reply(status, Some(verdict), summary(body.as_bytes()))
}

pub(super) fn failed(reason: &str) -> Outcome {
    Outcome::Failure(reason.to_owned())
}

impl Outcome {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer.ending {
            Ending::Whole => Self::Reply(answer.status, answer.verdict, summary(&answer.body)),
            ending => Self::Cut(answer.status, answer.verdict, ending),
        }
    }
}

/// A body, in a line: a long one by its length and its fingerprint.
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
