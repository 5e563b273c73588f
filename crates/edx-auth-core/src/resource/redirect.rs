//! What changes in a request that follows a redirect.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
    HOST, HeaderName, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};

/// A redirect that is followed. The URL and the method are the [`ApiCall`](super::ApiCall)'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub(super) body: Body,
    pub(super) origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Kept,
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Same,
    Other,
}

impl Redirect {
    /// Whether the body is sent again.
    #[must_use]
    pub fn keeps_body(self) -> bool {
        self.body == Body::Kept
    }

    /// Takes out of the request's headers what does not go along: those about a body that is
    /// dropped, and those that are one server's alone.
    pub fn adapt(self, headers: &mut HeaderMap) {
        if self.body == Body::Dropped {
            remove(headers, &OF_A_BODY);
        }
        if self.origin == Origin::Other {
            remove(headers, &OF_A_SERVER);
        }
    }
}

/// The method that goes on after a redirect of this status, if it is followed
/// ([RFC 9110 section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4)).
///
/// Browsers make a GET of a POST that meets 301 or 302. What the POST was to bring about would then
/// be lost without a word: it is not followed.
pub(super) fn method(status: StatusCode, method: &Method) -> Option<Method> {
    let reads = [Method::GET, Method::HEAD].contains(method);
    match status {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if !reads => None,
        StatusCode::SEE_OTHER if !reads => Some(Method::GET),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => Some(method.clone()),
        _ => None,
    }
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

const OF_A_BODY: [HeaderName; 6] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
];

const OF_A_SERVER: [HeaderName; 3] = [COOKIE, HOST, PROXY_AUTHORIZATION];
