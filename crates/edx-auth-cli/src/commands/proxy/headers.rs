//! Which headers pass.

use http::HeaderMap;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ALT_SVC, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING,
    CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, HeaderName, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LINK, PROXY_AUTHENTICATE, REFRESH, SET_COOKIE,
    STRICT_TRANSPORT_SECURITY, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};

use super::run_secret::RunSecret;

/// Returns the headers of a request that the API gets.
///
/// No other passes: neither credentials and cookies of the program, nor a header by which a server would
/// treat the request as another one, such as `X-HTTP-Method-Override` or `Forwarded`.
pub(super) fn of_request(headers: &HeaderMap) -> HeaderMap {
    let pass = headers.iter().filter(|(name, _)| TO_THE_API.contains(name));
    pass.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Returns the names of the headers that a program may send.
pub(super) fn of_programs() -> impl Iterator<Item = HeaderName> {
    TO_THE_API.into_iter().chain([RunSecret::HEADER])
}

/// Removes the headers of a response that are for the proxy alone, would log the program in, lead it past the
/// proxy, or open the response to web pages.
pub(super) fn of_response(headers: &mut HeaderMap) {
    for name in connection_options(headers) {
        headers.remove(name);
    }
    for name in NOT_TO_PROGRAMS {
        headers.remove(name);
    }
    let cors = headers
        .keys()
        .filter(|name| name.as_str().starts_with(CORS));
    for name in cors.cloned().collect::<Vec<_>>() {
        headers.remove(name);
    }
}

/// Removes every header whose value has this text. A gateway may echo the token.
pub(super) fn remove_with(headers: &mut HeaderMap, text: &str) {
    let has_text = |value: &[u8]| memchr::memmem::find(value, text.as_bytes()).is_some();
    let echoes = headers
        .iter()
        .filter(|(_, value)| has_text(value.as_bytes()));
    for name in echoes.map(|(name, _)| name.clone()).collect::<Vec<_>>() {
        headers.remove(name);
    }
}

/// Returns the headers that hold for one connection only ([RFC 9110 section
/// 7.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1)).
fn connection_options(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(CONNECTION).iter();
    let options = values.filter_map(|value| value.to_str().ok());
    options
        .flat_map(|options| options.split(','))
        .filter_map(|option| option.trim().parse().ok())
        .collect()
}

const TO_THE_API: [HeaderName; 15] = [
    ACCEPT,
    ACCEPT_LANGUAGE,
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_TYPE,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_UNMODIFIED_SINCE,
    USER_AGENT,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("x-request-id"),
];

const NOT_TO_PROGRAMS: [HeaderName; 16] = [
    ALT_SVC,
    CONNECTION,
    CONTENT_LOCATION,
    LINK,
    PROXY_AUTHENTICATE,
    REFRESH,
    SET_COOKIE,
    STRICT_TRANSPORT_SECURITY,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    HeaderName::from_static("clear-site-data"),
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("set-cookie2"),
];

const CORS: &str = "access-control-";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn headers(of: &[(&str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())
        };
        of.iter().map(header).collect()
    }

    fn names(of: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = of.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn credentials_and_cookies_do_not_reach_the_api() {
        let sent = headers(&[
            ("accept", "application/json"),
            ("authorization", "Bearer planted"),
            ("connection", "keep-alive, x-request-id"),
            ("content-type", "application/json"),
            ("cookie", "sessionid=planted"),
            ("edx-auth-proxy", "planted"),
            ("forwarded", "for=1.2.3.4"),
            ("host", "localhost:8080"),
            ("proxy-authorization", "Basic planted"),
            ("range", "bytes=0-1"),
            ("transfer-encoding", "chunked"),
            ("use-jwt-cookie", "true"),
            ("x-csrftoken", "planted"),
            ("x-forwarded-host", "evil.example"),
            ("x-http-method-override", "DELETE"),
            ("x-request-id", "42"),
        ]);

        let passed = of_request(&sent);

        assert_eq!(names(&passed), ["accept", "content-type", "x-request-id"]);
    }

    #[test]
    fn a_response_neither_logs_in_nor_opens_itself_to_web_pages() {
        let mut received = headers(&[
            ("access-control-allow-origin", "*"),
            ("access-control-allow-credentials", "true"),
            ("connection", "close, X-Hop"),
            ("content-location", "https://lms.example.org/a/1"),
            ("content-type", "application/json"),
            ("etag", "\"1\""),
            ("link", "<https://lms.example.org/a/?page=2>; rel=next"),
            ("keep-alive", "timeout=5"),
            ("refresh", "0; url=https://evil.example/"),
            ("retry-after", "7"),
            ("set-cookie", "sessionid=1"),
            ("transfer-encoding", "chunked"),
            ("x-hop", "1"),
        ]);

        of_response(&mut received);

        assert_eq!(names(&received), ["content-type", "etag", "retry-after"]);
    }

    #[test]
    fn a_header_with_the_token_is_removed() {
        let mut received = headers(&[("x-echo", "JWT a.b.c"), ("x-other", "a.b.d")]);

        remove_with(&mut received, "a.b.c");

        assert_eq!(names(&received), ["x-other"]);
    }
}
