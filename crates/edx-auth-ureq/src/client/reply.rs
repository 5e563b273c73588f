//! A reply, looked at and put back together.

use http::response::Parts;
use http::{HeaderMap, Response, StatusCode};
use ureq::Body;

use super::body::ReplyBody;

/// A reply to one sending of a call.
pub(super) struct Reply {
    head: Parts,
    body: ReplyBody,
}

impl Reply {
    pub(super) fn of(reply: Response<Body>) -> Self {
        let (head, body) = reply.into_parts();
        Self {
            head,
            body: ReplyBody::new(body),
        }
    }

    pub(super) fn is_success(&self) -> bool {
        self.head.status.is_success()
    }

    /// Whether the body may say why: that of a redirect is not worth the wait.
    pub(super) fn is_error(&self) -> bool {
        self.head.status.is_client_error() || self.head.status.is_server_error()
    }

    /// Looks at the beginning of the body.
    pub(super) fn peek(&mut self) {
        self.body.peek();
    }

    /// What a verdict goes by.
    pub(super) fn told(&self) -> (StatusCode, &HeaderMap, &[u8]) {
        (self.head.status, &self.head.headers, self.body.beginning())
    }

    /// The reply with this among its extensions.
    pub(super) fn with(mut self, note: impl Clone + Send + Sync + 'static) -> Self {
        self.head.extensions.insert(note);
        self
    }

    /// The reply, as if nobody had looked.
    pub(super) fn put_back(self) -> Response<Body> {
        Response::from_parts(self.head, self.body.put_back())
    }
}
