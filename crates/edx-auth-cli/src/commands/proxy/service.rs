//! One request of a local program, from its head to the response.

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;

use super::admission::Admission;
use super::body::ProxyBody;
use super::editing::Editing;
use super::links::{Links, Target};
use super::rejection::Rejection;
use super::upstream::Upstream;
use super::{headers, health};

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
        let response = self.pass(request).await;
        let mut response = response.unwrap_or_else(|rejection| rejection.response());
        // Programs read it; web pages must not embed it.
        response.headers_mut().extend(NOT_FOR_PAGES);
        response
    }

    async fn pass(&self, request: Request<Incoming>) -> Result<Response<ProxyBody>, Rejection> {
        let (head, body) = request.into_parts();
        let host = self.admission.check_caller(&head.headers)?;
        if head.uri.path() == health::PATH {
            self.upstream.source().prefetch();
            return Ok(health::response(self.upstream.source().health()));
        }
        self.admission.check_request(&head)?;
        let links = Links::new(self.upstream.origin(), host);
        let (response, tokens) = self.upstream.send(&head, body).await?;
        let (mut head, body) = response.into_parts();
        check_encoding(&head.headers)?;
        redirect_through(&links, &mut head.headers)?;
        headers::of_response(&mut head.headers);
        tokens.remove_from(&mut head.headers);
        head.headers.remove(CONTENT_LENGTH);
        head.extensions.clear();
        let editing = Editing::of(&head.headers, &tokens, links);
        let body = ProxyBody::Api(body, Box::new(editing));
        Ok(Response::from_parts(head, body))
    }
}

/// Checks that a body is readable as it is. The request accepts no compression.
fn check_encoding(headers: &HeaderMap) -> Result<(), Rejection> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        Ok(())
    } else {
        Err(Rejection::Compressed)
    }
}

/// Leads a redirect inside the origin through the proxy. The program never sees one to another origin: it
/// would follow it past the proxy.
fn redirect_through(links: &Links, headers: &mut HeaderMap) -> Result<(), Rejection> {
    let Some(location) = headers.get(LOCATION) else {
        return Ok(());
    };
    let target = location
        .to_str()
        .map_or(Target::Outside, |to| links.target(to));
    let Target::Inside(location) = target else {
        return Err(Rejection::ForeignRedirect);
    };
    let location = HeaderValue::try_from(location).map_err(|_| Rejection::ForeignRedirect)?;
    headers.insert(LOCATION, location);
    Ok(())
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
