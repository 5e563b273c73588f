//! Responses recorded from real servers, row by row, each with its request.
//!
//! A row has the response of the releases that edx-platform pins. If the newest releases of
//! django-oauth-toolkit and Django respond differently, the row has both. Each row has two uses: its
//! [response](RecordedResponse::render) is a test vector, and its [request](Request::render) is sent to
//! a real stack, whose response must have no [differences](RecordedResponse::differences).

mod body;
mod envelope;
mod platform_only;
mod protected;
mod rate_limit;
mod request;
mod response;
mod token;
mod tokens;

pub use self::body::{Body, Grant, Page};
pub use self::envelope::ENVELOPE;
pub use self::platform_only::PLATFORM_ONLY;
pub use self::protected::PROTECTED;
pub use self::rate_limit::RATE_LIMIT;
pub use self::request::{Authorization, Content, Field, Request};
pub use self::response::RecordedResponse;
pub use self::token::TOKEN;
pub use self::tokens::{Token, Tokens};

use crate::openedx::Release;

/// One recorded exchange.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name of the row.
    pub case: &'static str,
    /// What was sent.
    pub request: Request,
    /// The response of edx-platform's pins.
    pub response: RecordedResponse,
    /// The response of the newest releases, if it differs.
    pub newest: Option<RecordedResponse>,
    /// The response of a site with other settings, if one was recorded: it can be replayed only.
    pub elsewhere: Option<RecordedResponse>,
    /// Why the row cannot be sent to the test's site, if so.
    pub vector_only: Option<&'static str>,
}

impl Row {
    const fn new(case: &'static str, request: Request, response: RecordedResponse) -> Self {
        Self {
            case,
            request,
            response,
            newest: None,
            elsewhere: None,
            vector_only: None,
        }
    }

    const fn newest(mut self, response: RecordedResponse) -> Self {
        self.newest = Some(response);
        self
    }

    const fn elsewhere(mut self, response: RecordedResponse) -> Self {
        self.elsewhere = Some(response);
        self
    }

    const fn vector_only(mut self, reason: &'static str) -> Self {
        self.vector_only = Some(reason);
        self
    }

    /// Returns whether a token client could send this request: it only posts forms.
    pub fn is_from_a_token_client(&self) -> bool {
        self.request.method == "POST" && matches!(self.request.content, Content::Form(_))
    }

    /// Returns the response of these releases.
    pub fn response_of(&self, release: Release) -> &RecordedResponse {
        match release {
            Release::Platform => &self.response,
            Release::Newest => self.newest.as_ref().unwrap_or(&self.response),
        }
    }

    /// Returns every response of this row: of the pins and, if different, of the newest releases and of
    /// other settings.
    pub fn responses(&self) -> impl Iterator<Item = &RecordedResponse> {
        std::iter::once(&self.response)
            .chain(&self.newest)
            .chain(&self.elsewhere)
    }
}
