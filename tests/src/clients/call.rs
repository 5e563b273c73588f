//! A call as a program describes it, and what comes of it, in words that both libraries share.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{Problem, Verdict};
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::debug_output;

/// A call as a program describes it.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is to be done.
    pub method: Method,
    /// Where.
    pub url: String,
    /// Headers beside those that every call has.
    pub headers: Vec<(String, String)>,
    /// Parameters beside those in the URL.
    pub query: Vec<(String, String)>,
    /// The body.
    pub content: Content,
    /// How long it may take, if not as long as the client's calls do.
    pub timeout: Option<Duration>,
    /// For how long it is retried, if not as the client's calls are.
    pub retry_for: Option<Duration>,
}

/// What a call sends.
#[derive(Clone, Debug)]
pub enum Content {
    /// No body at all.
    Nothing,
    /// A body that can be sent again.
    Repeatable(Vec<u8>),
    /// One that cannot.
    Once(Vec<u8>),
    /// A value, as JSON.
    Json(Value),
}

/// What came of a call.
pub type Called = Result<Answer, Failure>;

/// A reply, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// What it means, where it is no success.
    pub verdict: Option<Verdict>,
    /// What the API says about that.
    pub problem: Option<Problem>,
    /// Its headers.
    pub headers: HeaderMap,
    /// As much of its body as came.
    pub body: Vec<u8>,
    /// How the body ended.
    pub ending: Ending,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last byte.
    Whole,
    /// With an error, for the connection broke.
    Broken,
    /// With an error, for the call's time was over.
    Late,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the error says of itself.
    pub words: String,
    /// Whether the same call may succeed later.
    pub is_retryable: bool,
    /// How long to wait before that.
    pub retry_after: Option<Duration>,
}

impl Call {
    /// A call of this method, with everything else as it comes.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            query: Vec::new(),
            content: Content::Nothing,
            timeout: None,
            retry_for: None,
        }
    }

    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::POST, url)
    }

    /// The same call, retried for this long.
    #[must_use]
    pub fn retry_for(self, timeout: Duration) -> Self {
        Self {
            retry_for: Some(timeout),
            ..self
        }
    }

    /// The same with a header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a parameter more.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a body that can be sent again.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let content = Content::Repeatable(body.into());
        Self { content, ..self }
    }

    /// The same with a body that can be sent once, and says how long it is.
    #[must_use]
    pub fn body_once(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let content = Content::Once(body);
        Self { content, ..self }.header("Content-Length", &length)
    }

    /// The same with a value as JSON.
    #[must_use]
    pub fn json(self, value: Value) -> Self {
        let content = Content::Json(value);
        Self { content, ..self }
    }

    /// The same, to be over by then.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        let timeout = Some(timeout);
        Self { timeout, ..self }
    }
}

impl Ending {
    /// How a body ended that ended with this error.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let shown = debug_output::of_error(error).concat().to_lowercase();
        let late = ["timed out", "timedout", "timeout"];
        if late.iter().any(|word| shown.contains(word)) {
            Self::Late
        } else {
            Self::Broken
        }
    }
}
