//! Whether the proxy has a token.

use edx_auth_reqwest::Health;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

use super::body::ProxyBody;

/// The path of the health check, which needs no secret: a supervisor does not know it.
pub(super) const PATH: &str = "/-/health";

/// Returns 200 if programs get a token without waiting, and 503 otherwise, with the state of the token.
pub(super) fn response(mut health: Health) -> Response<ProxyBody> {
    // They name the client and the site, which is not for all users of the machine.
    health.label = None;
    health.error = None;
    let body = serde_json::to_vec(&health).unwrap_or_default();
    let mut response = Response::new(ProxyBody::Own(body.into()));
    if !health.is_ready() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
