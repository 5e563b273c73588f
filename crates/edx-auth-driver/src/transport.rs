//! The one function that an HTTP client has to implement.

use edx_auth_core::{FormBody, TransportError, TransportRules};
use http::{Request, Response};

use crate::ResponseBody;

/// Sends a token request and returns the response. Any function of this shape is a transport.
///
/// It runs on a thread of this crate and may block. A panic counts as a failure that passes. Every
/// transport must obey these rules:
///
/// * Follow no redirect: return the 3xx. A 307 would carry the secret to another server.
/// * Send the request once. A repeated request counts against the site's rate limit.
/// * Keep the [deadline](TransportRules::deadline), from the look-up of the name to the last byte of
///   the body, and the [connect deadline](TransportRules::connect_deadline).
/// * Stop reading at the [body limit](TransportRules::body_limit), counted after decompression.
/// * Keep no cookies, no cache and no connection.
/// * Reject plain http if the rules say [https only](TransportRules::https_only); otherwise send it
///   without any proxy.
/// * Return responses of every status. A body that ends before its `Content-Length`, or before
///   its last chunk, is not a response.
///
/// Check an implementation with `edx_auth_testkit::conformance`.
pub trait Transport: Send + Sync + 'static {
    /// Sends this request as the rules say.
    ///
    /// # Errors
    /// Returns why there is no complete response, as far as it is certain; in doubt
    /// [`TransportFailure::MaybeSent`](edx_auth_core::TransportFailure::MaybeSent).
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError>;
}

impl<F> Transport for F
where
    F: Fn(Request<FormBody>, TransportRules) -> Result<Response<ResponseBody>, TransportError>,
    F: Send + Sync + 'static,
{
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError> {
        self(request, rules)
    }
}
