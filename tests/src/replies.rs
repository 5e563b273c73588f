//! What real servers answered, recorded row by row: the requests, and the replies to them.
//!
//! The replies are those of the releases that edx-platform pins. Where the newest releases of
//! django-oauth-toolkit and Django answer otherwise, a row keeps both. Each row serves twice: its
//! [reply](Reply::render) is replayed as a test vector, and its [request](Request::render) is
//! sent to a real stack, whose answer has to be [no different](Reply::differences).

mod body;
mod envelope;
mod platform_only;
mod protected;
mod rate_limit;
mod reply;
mod request;
mod token;
mod tokens;

pub use self::body::{Body, Grant, Page};
pub use self::envelope::ENVELOPE;
pub use self::platform_only::PLATFORM_ONLY;
pub use self::protected::PROTECTED;
pub use self::rate_limit::RATE_LIMIT;
pub use self::reply::Reply;
pub use self::request::{Authorization, Content, Field, Request};
pub use self::token::TOKEN;
pub use self::tokens::{Token, Tokens};

/// One recorded exchange.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What the row is about.
    pub case: &'static str,
    /// What was sent.
    pub request: Request,
    /// What edx-platform's pins answered.
    pub reply: Reply,
    /// What the newest releases answer, where that is something else.
    pub newest: Option<Reply>,
    /// Why the row cannot be sent to the test's own site, where it cannot.
    pub vector_only: Option<&'static str>,
}

impl Row {
    const fn new(case: &'static str, request: Request, reply: Reply) -> Self {
        Self {
            case,
            request,
            reply,
            newest: None,
            vector_only: None,
        }
    }

    const fn newest(mut self, reply: Reply) -> Self {
        self.newest = Some(reply);
        self
    }

    const fn vector_only(mut self, reason: &'static str) -> Self {
        self.vector_only = Some(reason);
        self
    }

    /// Whether a token client could meet this reply: it posts forms, and nothing else.
    pub fn can_meet_a_client(&self) -> bool {
        self.request.method == "POST" && matches!(self.request.content, Content::Form(_))
    }

    /// Every reply of this row: of the pins and, where different, of the newest releases.
    pub fn replies(&self) -> impl Iterator<Item = &Reply> {
        std::iter::once(&self.reply).chain(&self.newest)
    }
}
