//! Web pages that may use the proxy, by the [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol).

use std::str::FromStr;

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN, VARY,
};
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, request};

use super::body::ProxyBody;

/// The origins whose pages may use the proxy. They need the secret of the run too.
#[derive(Debug, Default)]
pub(super) struct PageOrigins(Vec<PageOrigin>);

/// An origin as browsers write it.
#[derive(Clone, Debug)]
pub(super) struct PageOrigin(HeaderValue);

/// A text that is no origin of a web page.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an origin has a scheme, a host in small letters and a port unless it is the usual one, such as http://localhost:3000"
)]
pub(super) struct PageOriginError;

impl PageOrigins {
    /// Returns the origin of the page that a browser sends this request for, if its pages may use the proxy.
    /// What a browser sends without an `Origin`, such as for an image, is for no page.
    pub(super) fn page(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut origins = headers.get_all(ORIGIN).iter();
        let page = origins.next().filter(|_| origins.next().is_none())?;
        let allowed = self.0.iter().find(|allowed| allowed.0 == page)?;
        Some(allowed.0.clone())
    }
}

impl FromIterator<PageOrigin> for PageOrigins {
    fn from_iter<T: IntoIterator<Item = PageOrigin>>(origins: T) -> Self {
        Self(origins.into_iter().collect())
    }
}

impl FromStr for PageOrigin {
    type Err = PageOriginError;

    fn from_str(text: &str) -> Result<Self, PageOriginError> {
        let url = text.parse::<Uri>().map_err(|_| PageOriginError)?;
        let (Some(scheme), Some(host)) = (url.scheme(), url.authority()) else {
            return Err(PageOriginError);
        };
        if text == format!("{scheme}://{host}") && is_host(host) && !has_usual_port(scheme, host) {
            text.parse().map(Self).map_err(|_| PageOriginError)
        } else {
            Err(PageOriginError)
        }
    }
}

fn is_host(host: &Authority) -> bool {
    let host = host.as_str();
    !host.contains('@') && !host.contains(char::is_uppercase)
}

/// Reports whether an origin names the port that browsers leave out.
fn has_usual_port(scheme: &Scheme, host: &Authority) -> bool {
    let usual = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    host.port_u16() == Some(usual)
}

/// Reports whether a browser asks whether it may send a request of a page.
pub(super) fn is_preflight(request: &request::Parts) -> bool {
    let asks = request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    request.method == Method::OPTIONS && asks
}

/// Returns the response to such a question. Whether the request itself may pass is decided when it comes.
pub(super) fn preflight(headers: impl Iterator<Item = HeaderName>) -> Response<ProxyBody> {
    let mut response = Response::new(ProxyBody::Own(Vec::new().into()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let names = headers.map(|name| name.to_string()).collect::<Vec<_>>();
    let allowed = response.headers_mut();
    allowed.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE"),
    );
    if let Ok(names) = names.join(", ").parse() {
        allowed.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    response
}

/// Lets the page read the response. Its browser must not show it to a page of another origin out of its cache.
pub(super) fn open_to(page: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, page);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    headers.append(VARY, HeaderValue::from_static("Origin"));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for origin in [
            "http://localhost:3000",
            "https://app.example.org",
            "http://[::1]:8000",
        ] {
            assert!(origin.parse::<PageOrigin>().is_ok(), "{origin}");
        }
        for other in [
            "",
            "*",
            "null",
            "localhost:3000",
            "http://localhost:3000/",
            "http://LOCALHOST:3000",
            "http://localhost:80",
            "https://app.example.org:443",
            "https://user@app.example.org",
            "https://app.example.org?a",
        ] {
            assert!(other.parse::<PageOrigin>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_page_has_one_origin_and_it_is_an_allowed_one() {
        let origins = PageOrigins::from_iter("http://localhost:3000".parse());
        let page = |values: &[&str]| {
            let headers = values.iter().map(|value| (ORIGIN, value.parse().unwrap()));
            origins.page(&headers.collect())
        };

        assert_eq!(
            page(&["http://localhost:3000"]).unwrap(),
            "http://localhost:3000"
        );
        for other in [
            &[][..],
            &["null"],
            &["https://hostile.example"],
            &["http://localhost:3000.hostile.example"],
            &["http://localhost:3000", "http://localhost:3000"],
        ] {
            assert_eq!(page(other), None, "{other:?}");
        }
    }
}
