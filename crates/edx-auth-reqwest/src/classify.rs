//! Sorts reqwest's errors by what is certain about the request.

use std::error::Error as StdError;

use edx_auth_driver::{ProxyUrl, TransportError, TransportFailure};
use http::StatusCode;
use reqwest::Error;

use crate::tls;

/// Converts an error of reqwest into what is certain about its request. The error becomes the cause, but
/// without its URL, which may hold personal data. An error that this crate itself has passed through
/// reqwest is returned unchanged.
pub(crate) fn transport_error(error: Error) -> TransportError {
    error_through(None, error)
}

/// Does the same for a client whose requests go through this proxy. Names the proxy if it is the cause.
pub(crate) fn error_through(proxy: Option<&ProxyUrl>, error: Error) -> TransportError {
    let ours = |error: &(dyn StdError + 'static)| error.downcast_ref::<TransportError>().cloned();
    if let Some(ours) = tls::chain(&error).find_map(ours) {
        return ours;
    }
    let sorted = TransportError::from(failure(&error));
    match proxy.zip(rejection(&error)) {
        Some((proxy, text)) => sorted.with_cause(format!("{proxy}: {text}")),
        None => sorted.with_cause(error.without_url()),
    }
}

fn failure(error: &Error) -> TransportFailure {
    if tls::is_distrusted(error) {
        TransportFailure::NotTrusted
    } else if let Some(text) = rejection(error) {
        let needs_login = text.ends_with("proxy authorization required");
        let status = needs_login.then_some(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
        TransportFailure::ProxyRejected { status }
    } else if error.is_builder() || error.is_connect() {
        TransportFailure::NotSent
    } else if error.is_timeout() {
        TransportFailure::TimedOut
    } else if has_too_large_a_head(error) {
        TransportFailure::HeadTooLarge
    } else {
        TransportFailure::MaybeSent
    }
}

/// Returns the text of the error of a proxy that opened no tunnel: it responded to CONNECT with an error, or
/// closed the connection. hyper-util does not export the type of this error, and tells no status but 407. An
/// error while connecting to the proxy has a source; this one has none.
fn rejection(error: &Error) -> Option<String> {
    let innermost = tls::chain(error).last()?.to_string();
    innermost.starts_with("tunnel error: ").then_some(innermost)
}

/// Reports whether hyper found the head of the response too large. It has a method for this error only
/// in its server part, so the text is compared.
fn has_too_large_a_head(error: &Error) -> bool {
    tls::chain(error).any(|error| error.to_string() == "message head is too large")
}
