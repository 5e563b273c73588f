//! Sorts reqwest's errors by what is certain about the request.

use std::error::Error as StdError;

use edx_auth_driver::{TransportError, TransportFailure};
use reqwest::Error;

use crate::tls;

/// Converts an error of reqwest into what is certain about its request. The error becomes the cause, but
/// without its URL, which may hold personal data. An error that this crate itself has passed through
/// reqwest is returned unchanged.
pub(crate) fn transport_error(error: Error) -> TransportError {
    let ours = |error: &(dyn StdError + 'static)| error.downcast_ref::<TransportError>().cloned();
    if let Some(ours) = tls::chain(&error).find_map(ours) {
        return ours;
    }
    TransportError::from(failure(&error)).with_cause(error.without_url())
}

fn failure(error: &Error) -> TransportFailure {
    if tls::is_distrusted(error) {
        TransportFailure::NotTrusted
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

/// Reports whether hyper found the head of the response too large. It has a method for this error only
/// in its server part, so the text is compared.
fn has_too_large_a_head(error: &Error) -> bool {
    tls::chain(error).any(|error| error.to_string() == "message head is too large")
}
