//! Redirects: followed inside the origins, and nowhere else
//! ([RFC 9110 section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4)).

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE,
    HOST, HeaderName, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};

use super::{ApiCall, CallBody};
use crate::resource::{ApiUrl, is_login_page, reference};

impl ApiCall {
    /// Changes the call to the target of a redirect, if that is inside the origins and not a login
    /// page, and the body can be sent there. If the body is dropped, so are the headers that describe
    /// it; if the origin changes, so are the headers that are meant for one origin alone.
    pub(super) fn follow(&mut self, status: StatusCode, headers: &HeaderMap) -> Option<()> {
        let method = self.redirected_method(status)?;
        let url = self.location(headers)?;
        // A login page would look like the API's response. Only a call of a login page follows to
        // another one.
        if is_login_page(&url) && !is_login_page(&self.url) {
            return None;
        }
        let keeps_body = method == self.method;
        let can_follow = !keeps_body || self.can_repeat_body();
        if self.redirects == MOST_REDIRECTS || !can_follow {
            return None;
        }
        if !keeps_body {
            remove(&mut self.headers, &OF_A_BODY);
            self.body = CallBody::Empty;
        }
        self.redirects += 1;
        self.method = method;
        self.go_to(url);
        Some(())
    }

    /// Goes to another URL. Another origin does not get the headers of this one alone.
    pub(crate) fn go_to(&mut self, url: ApiUrl) {
        if !url.is_same_origin(&self.url) {
            remove(&mut self.headers, &OF_AN_ORIGIN);
        }
        self.url = url;
    }

    /// Returns the method of the request after a redirect of this status, if it is followed.
    ///
    /// Browsers turn a POST that meets 301 or 302 into a GET. What the POST was meant to do would
    /// then be lost silently, so this redirect is not followed.
    fn redirected_method(&self, status: StatusCode) -> Option<Method> {
        match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if !self.is_safe() => None,
            StatusCode::SEE_OTHER if !self.is_safe() => Some(Method::GET),
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => Some(self.method.clone()),
            _ => None,
        }
    }

    fn location(&self, headers: &HeaderMap) -> Option<ApiUrl> {
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let location = reference::resolve(location, &self.url)?;
        self.origins.check_target(&location).ok()
    }
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

/// How many redirects a call follows: about as many as browsers and most HTTP clients.
const MOST_REDIRECTS: u8 = 10;

const OF_A_BODY: [HeaderName; 6] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
];

const OF_AN_ORIGIN: [HeaderName; 3] = [COOKIE, HOST, PROXY_AUTHORIZATION];
