//! One request of a local program, from its head to the response.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::admission::{self, Admission};
use super::body::ProxyBody;
use super::editing::Editing;
use super::links::{Links, Target};
use super::rejection::Rejection;
use super::upstream::Upstream;
use super::{headers, health, web_pages};

/// The proxy, without its connections.
#[derive(Debug)]
pub(super) struct Service {
    upstream: Upstream,
    admission: Admission,
}

impl Service {
    pub(super) fn new(upstream: Upstream, admission: Admission) -> Self {
        Self {
            upstream,
            admission,
        }
    }

    /// Returns the response to a request: the API's, or why there is none.
    pub(super) async fn respond(&self, request: Request<Incoming>) -> Response<ProxyBody> {
        let page = self.admission.page(request.headers());
        let response = self.pass(request).await;
        let mut response = response.unwrap_or_else(|rejection| rejection.response());
        // Programs read it; web pages must not embed it.
        response.headers_mut().extend(NOT_FOR_PAGES);
        if let Some(page) = page {
            web_pages::open_to(page, response.headers_mut());
        }
        response
    }

    async fn pass(&self, request: Request<Incoming>) -> Result<Response<ProxyBody>, Rejection> {
        let (head, body) = request.into_parts();
        let host = self.admission.check_caller(&head.headers)?;
        if web_pages::is_preflight(&head) && self.admission.page(&head.headers).is_some() {
            return Ok(web_pages::preflight(headers::of_programs()));
        }
        if head.uri.path() == health::PATH {
            admission::check_open_request(&head)?;
            self.upstream.source().prefetch();
            return Ok(health::response(self.upstream.source().health()));
        }
        self.admission.check_request(&head)?;
        let (method, links) = (
            head.method.clone(),
            Links::new(self.upstream.origin(), host),
        );
        let (response, tokens) = self.upstream.send(&head, body).await?;
        let (mut head, body) = response.into_parts();
        if is_compressed(&head.headers) {
            return Err(compressed(&method, head.status));
        }
        lead_through(&links, &mut head)?;
        headers::of_response(&mut head.headers);
        tokens.remove_from(&mut head.headers);
        head.headers.remove(CONTENT_LENGTH);
        head.extensions.clear();
        let editing = Editing::of(&head.headers, &tokens, links);
        let body = ProxyBody::Api(body, Box::new(editing));
        Ok(Response::from_parts(head, body))
    }
}

/// Reports whether a body cannot be read as it is. The request accepts no compression.
fn is_compressed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    !encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Returns what replaces a compressed response. The status of a write stays: it says whether the API has acted.
fn compressed(method: &Method, status: StatusCode) -> Rejection {
    Rejection::Compressed(if method.is_safe() {
        StatusCode::BAD_GATEWAY
    } else {
        status
    })
}

/// Leads a `Location` inside the origin through the proxy. The program never sees one to another origin: it
/// would follow it past the proxy.
fn lead_through(links: &Links, head: &mut Parts) -> Result<(), Rejection> {
    let Some(location) = head.headers.remove(LOCATION) else {
        return Ok(());
    };
    match through(links, &location) {
        Some(through) => {
            head.headers.insert(LOCATION, through);
            Ok(())
        }
        None if head.status.is_redirection() => Err(Rejection::ForeignRedirect),
        // The API has acted: it says where the result is.
        None => Ok(()),
    }
}

fn through(links: &Links, location: &HeaderValue) -> Option<HeaderValue> {
    match links.target(location.to_str().ok()?) {
        Target::Inside(location) => location.try_into().ok(),
        Target::Outside => None,
    }
}

const NOT_FOR_PAGES: [(HeaderName, HeaderValue); 2] = [
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    ),
];
