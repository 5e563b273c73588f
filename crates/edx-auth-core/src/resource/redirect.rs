//! What changes in a request that follows a redirect.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
    HOST, HeaderName, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};

/// Returns the method that goes on after a redirect of this status, if it is followed
/// ([RFC 9110 section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4)).
///
/// Browsers turn a POST that meets 301 or 302 into a GET. What the POST was meant to do would then be
/// lost silently, so it is not followed.
pub(crate) fn method(status: StatusCode, method: &Method) -> Option<Method> {
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

/// Removes the headers that describe a body which a redirect dropped.
pub(crate) fn remove_body_headers(headers: &mut HeaderMap) {
    remove(headers, &OF_A_BODY);
}

/// Removes the headers that are meant for one origin alone.
pub(crate) fn remove_origin_headers(headers: &mut HeaderMap) {
    remove(headers, &OF_AN_ORIGIN);
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

const OF_AN_ORIGIN: [HeaderName; 3] = [COOKIE, HOST, PROXY_AUTHORIZATION];
