//! A request that an API call sends.

use core::fmt;
use core::time::Duration;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method, Request};

use super::{ApiCall, CallBody};
use crate::exchange::TransportRules;
use crate::lifecycle::LiveToken;
use crate::resource::ApiUrl;
use crate::url;

/// A request that an [`ApiCall`] sends, complete except for its body, and the rules that the transport has
/// to obey.
///
/// Follow no redirect, and hand back the response of every status.
#[derive(Clone)]
#[must_use = "nothing happens until it is sent"]
pub struct ApiRequest {
    head: Request<()>,
    body: CallBody,
    timeout: Duration,
    connection: Connection,
}

/// Which connection a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Connection {
    /// One that was kept for reuse, if there is any.
    Kept,
    /// A new one: a kept connection broke, and another one in the pool may be as stale.
    New,
}

impl ApiRequest {
    pub(super) fn new(call: &ApiCall, token: &LiveToken, timeout: Duration) -> Self {
        let mut head = Request::new(());
        *head.method_mut() = call.method.clone();
        *head.uri_mut() = call.url.uri().clone();
        *head.headers_mut() = call.headers.clone();
        let headers = head.headers_mut();
        add_defaults(headers);
        headers.insert(AUTHORIZATION, token.authorization().clone());
        if call.body != CallBody::Once {
            // The HTTP client counts the bytes; a wrong value would hang the request.
            headers.remove(CONTENT_LENGTH);
        }
        if call.body == CallBody::Empty && NEEDS_A_LENGTH.contains(&call.method) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Self {
            head,
            body: call.body,
            timeout,
            connection: call.connection(),
        }
    }

    /// Returns the whole request: with this body if the call has one, and with the empty body if it
    /// has none or a redirect dropped it.
    pub fn with_body<B: Default>(self, body: B) -> Request<B> {
        let has_body = self.has_body();
        self.head
            .map(|()| if has_body { body } else { B::default() })
    }

    /// Reports whether the call's body is sent with this request.
    #[must_use]
    pub fn has_body(&self) -> bool {
        self.body != CallBody::Empty
    }

    /// Returns the rules that the transport has to obey.
    #[must_use]
    pub fn rules(&self) -> TransportRules {
        TransportRules::of_call(self.timeout, self.is_https())
    }

    /// Returns how long the transport may take, to the last byte of the response.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.rules().deadline()
    }

    /// Returns which connection to use.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connection
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.head.method()
    }

    /// Reports whether the URL's scheme is https. A request over plain http is sent directly, through no
    /// proxy.
    #[must_use]
    pub fn is_https(&self) -> bool {
        url::is_https(self.head.uri())
    }
}

/// Omits the headers and the query: a program may have put a secret there.
impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("method", self.head.method())
            .field("url", &ApiUrl::of(self.head.uri().clone()))
            .field("body", &self.body)
            .field("timeout", &self.timeout())
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

/// Adds the headers that edX's APIs need: without them, some respond with XML, or not in English, on which
/// verdicts rely.
fn add_defaults(headers: &mut HeaderMap) {
    let defaults = [(ACCEPT, "application/json"), (ACCEPT_LANGUAGE, "en")];
    for (name, value) in defaults {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
}

/// The methods that send `Content-Length: 0` if there is no body: a server may wait for one otherwise.
const NEEDS_A_LENGTH: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];
