//! A call and its result, in types that both libraries share.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{Problem, Verdict};
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::debug_output;

/// A call, as a program describes it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// Headers, in addition to the client's own.
    pub headers: Vec<(String, String)>,
    /// Query parameters, in addition to those in the URL.
    pub query: Vec<(String, String)>,
    /// The body.
    pub content: Content,
    /// The call's timeout, if it differs from the client's.
    pub timeout: Option<Duration>,
    /// For how long it is retried, if that differs from the client's setting.
    pub retry_for: Option<Duration>,
    /// How long it waits for its token, if that differs from the client's setting.
    pub token_timeout: Option<Duration>,
}

/// The body of a call.
#[derive(Clone, Debug)]
pub enum Content {
    /// No body.
    Nothing,
    /// A body that can be sent again.
    Repeatable(Vec<u8>),
    /// A body that can be sent only once.
    Once(Vec<u8>),
    /// A value, as JSON.
    Json(Value),
    /// The fields of an HTML form.
    Form(Vec<(String, String)>),
}

/// The result of a call.
pub type Called = Result<ApiResponse, Failure>;

/// A response, with its body read to the end.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    /// Its status.
    pub status: u16,
    /// The verdict, unless the response is a success.
    pub verdict: Option<Verdict>,
    /// What the API says about that.
    pub problem: Option<Problem>,
    /// Its headers.
    pub headers: HeaderMap,
    /// The part of its body that arrived.
    pub body: Vec<u8>,
    /// How the body ended.
    pub ending: Ending,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last byte.
    Whole,
    /// With an error: the connection broke.
    Broken,
    /// With an error: the call timed out.
    Late,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The error's message.
    pub words: String,
    /// Whether the same call may succeed later.
    pub is_retryable: bool,
    /// How long to wait before that.
    pub retry_after: Option<Duration>,
}

impl Call {
    /// Creates a call with this method and default settings.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            query: Vec::new(),
            content: Content::Nothing,
            timeout: None,
            retry_for: None,
            token_timeout: None,
        }
    }

    /// Creates a GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// Creates a POST.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new(Method::POST, url)
    }

    /// Retries the call for this long.
    #[must_use]
    pub fn retry_for(self, timeout: Duration) -> Self {
        Self {
            retry_for: Some(timeout),
            ..self
        }
    }

    /// Waits this long for the call's token.
    #[must_use]
    pub fn token_timeout(self, timeout: Duration) -> Self {
        Self {
            token_timeout: Some(timeout),
            ..self
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a body that can be sent again.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let content = Content::Repeatable(body.into());
        Self { content, ..self }
    }

    /// Sets a body that can be sent only once, with its `Content-Length`.
    #[must_use]
    pub fn body_once(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let content = Content::Once(body);
        Self { content, ..self }.header("Content-Length", &length)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, value: Value) -> Self {
        let content = Content::Json(value);
        Self { content, ..self }
    }

    /// Sets the fields of an HTML form as its body.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let content = Content::Form(fields.iter().map(owned).collect());
        Self { content, ..self }
    }

    /// Sets the call's timeout.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        let timeout = Some(timeout);
        Self { timeout, ..self }
    }
}

impl Ending {
    /// Returns how a body ended whose last read returned this error.
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
