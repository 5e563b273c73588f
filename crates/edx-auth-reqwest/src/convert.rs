//! reqwest's requests as API calls, and API responses as reqwest's.

use std::fmt::Write as _;
use std::mem;

use bytes::Bytes;
use edx_auth_driver::{
    ApiCall, ApiRequest, CallSettings, Origins, TransportError, TransportFailure,
};
use http::uri::{Authority, PathAndQuery};
use http::{Response, Uri};
use reqwest::{Body, Request, ResponseBuilderExt as _, Url};

use crate::Error;
use crate::body::PeekedBody;
use crate::tls::BoxError;

/// The body of a call.
pub(crate) type Payload = edx_auth_driver::Payload<Bytes, Body>;

/// Returns the call that a request describes, and its body. The request's own timeout takes precedence.
pub(crate) fn call_of(
    mut request: Request,
    origins: Origins,
    defaults: CallSettings,
) -> Result<(ApiCall, Payload), Error> {
    let body = request.body_mut().take().unwrap_or_default();
    let payload = match body.as_bytes() {
        Some(bytes) => Payload::Bytes(Bytes::copy_from_slice(bytes)),
        None => Payload::Once(body),
    };
    let call = ApiCall::new(request.method().clone(), request.url().as_str(), origins)?;
    let mut settings = CallSettings::default();
    settings.timeout = request.timeout().copied();
    let headers = mem::take(request.headers_mut());
    let call = call.headers(headers).body(payload.kind());
    Ok((settings.apply(defaults, call), payload))
}

/// Returns a call's request with its body.
pub(crate) fn request_of(
    request: ApiRequest,
    payload: &mut Payload,
) -> Result<Request, TransportError> {
    let (mut head, body) = request.with_body(body(payload)).into_parts();
    let mut request = Request::new(head.method, url_of(&head.uri)?);
    mem::swap(request.headers_mut(), &mut head.headers);
    *request.body_mut() = Some(body);
    Ok(request)
}

/// Returns the same URL for reqwest.
fn url_of(uri: &Uri) -> Result<Url, TransportError> {
    let path = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let authority = uri.authority().map_or("", Authority::as_str);
    let mut url = String::with_capacity("https://".len() + authority.len() + path.len());
    let written = write!(url, "{uri}");
    let parsed = written
        .map_err(BoxError::from)
        .and_then(|()| Ok(Url::parse(&url)?));
    parsed.map_err(|error| TransportError::from(TransportFailure::NotSent).with_cause(error))
}

/// Returns the body for one sending.
fn body(payload: &mut Payload) -> Body {
    match payload {
        Payload::Bytes(bytes) => Body::from(bytes.clone()),
        Payload::Once(body) => mem::take(body),
    }
}

/// The body of a response over reqwest.
pub(crate) enum Content {
    /// One that nothing was read of, in reqwest's response, whose headers and extensions are with the call.
    Unread(reqwest::Response),
    /// One whose beginning may have been read.
    Peeked(PeekedBody<Body>),
}

/// Returns the beginning, as far as it was read.
impl AsRef<[u8]> for Content {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Unread(_) => &[],
            Self::Peeked(body) => body.as_ref(),
        }
    }
}

/// Returns a response with its whole body. This allocates nothing, and neither does the way back.
pub(crate) fn unread(mut response: reqwest::Response) -> Response<Content> {
    let mut head = Response::new(());
    *head.status_mut() = response.status();
    mem::swap(head.headers_mut(), response.headers_mut());
    mem::swap(head.extensions_mut(), response.extensions_mut());
    head.map(|()| Content::Unread(response))
}

/// Returns a response whose body can be read. It keeps its URL.
pub(crate) fn opened(response: reqwest::Response) -> Response<Body> {
    let mut with_url = Response::builder().url(response.url().clone());
    let mut response = Response::<Body>::from(response);
    if let Some(url) = with_url.extensions_mut() {
        response.extensions_mut().extend(mem::take(url));
    }
    response
}

/// Returns a response, which has to come from the URL of its request.
pub(crate) fn received(
    response: reqwest::Response,
    asked: &Url,
) -> Result<Response<Body>, TransportError> {
    if response.url() == asked {
        Ok(opened(response))
    } else {
        Err(TransportFailure::Redirected.into())
    }
}

/// Returns the response to a call as reqwest's.
pub(crate) fn into_reqwest(response: Response<Content>) -> reqwest::Response {
    let (mut head, content) = response.into_parts();
    match content {
        Content::Unread(mut response) => {
            mem::swap(&mut head.headers, response.headers_mut());
            mem::swap(&mut head.extensions, response.extensions_mut());
            response
        }
        Content::Peeked(body) => Response::from_parts(head, Body::wrap(body)).into(),
    }
}
