//! reqwest's requests as API calls, and API responses as reqwest's.

use bytes::Bytes;
use edx_auth_driver::{
    ApiCall, ApiRequest, CallSettings, Origins, TransportError, TransportFailure,
};
use http::Response;
use reqwest::{Body, Request, ResponseBuilderExt as _, Url};

use crate::Error;
use crate::body::PeekedBody;
use crate::classify::transport_error;

/// The body of a call.
pub(crate) type Payload = edx_auth_driver::Payload<Bytes, Body>;

/// Returns the call that a request describes, and its body. The request's own timeout counts first.
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
    let headers = std::mem::take(request.headers_mut());
    let call = call.headers(headers).body(payload.kind());
    Ok((settings.apply(defaults, call), payload))
}

/// Returns a call's request with its body.
pub(crate) fn request_of(
    request: ApiRequest,
    payload: &mut Payload,
) -> Result<Request, TransportError> {
    let request = request.with_body(body(payload));
    Request::try_from(request).map_err(transport_error)
}

/// Returns the body for one sending.
fn body(payload: &mut Payload) -> Body {
    match payload {
        Payload::Bytes(bytes) => Body::from(bytes.clone()),
        Payload::Once(body) => std::mem::take(body),
    }
}

/// Returns a response, which has to come from the URL of its request. It keeps that URL.
pub(crate) fn received(
    response: reqwest::Response,
    asked: &Url,
) -> Result<Response<Body>, TransportError> {
    if response.url() != asked {
        return Err(TransportFailure::Redirected.into());
    }
    let mut with_url = Response::builder().url(response.url().clone());
    let mut response = Response::<Body>::from(response);
    if let Some(url) = with_url.extensions_mut() {
        response.extensions_mut().extend(std::mem::take(url));
    }
    Ok(response)
}

/// Returns the response to a call as reqwest's.
pub(crate) fn into_reqwest(response: Response<PeekedBody<Body>>) -> reqwest::Response {
    response.map(Body::wrap).into()
}
