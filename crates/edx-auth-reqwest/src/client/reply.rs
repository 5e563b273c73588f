//! A reply, looked at and put back together.

use std::time::Duration;

use http::response::Parts;
use http::{HeaderMap, StatusCode};
use reqwest::{Body, Response, ResponseBuilderExt as _, Url};

use super::body::ReplyBody;

/// A reply to one sending of a call.
pub(super) struct Reply {
    head: Parts,
    url: Url,
    body: ReplyBody,
}

impl Reply {
    /// A reply whose body has so much time left.
    pub(super) fn of(reply: Response, left: Duration) -> Self {
        let url = reply.url().clone();
        let (head, body) = http::Response::<Body>::from(reply).into_parts();
        Self {
            head,
            url,
            body: ReplyBody::new(body, left),
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
    pub(super) async fn peek(&mut self) {
        self.body.peek().await;
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
    pub(super) fn put_back(mut self) -> Response {
        let mut named = http::Response::builder().url(self.url);
        if let Some(url) = named.extensions_mut() {
            self.head.extensions.extend(std::mem::take(url));
        }
        let body = Body::wrap(self.body);
        http::Response::from_parts(self.head, body).into()
    }
}
