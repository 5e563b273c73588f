//! Sorts reqwest's errors by what is certain about the request.

use edx_auth_driver::{TransportError, TransportFailure};
use reqwest::Error;

use crate::tls;

/// Returns what is certain about a request that ended with this error, with the error as its cause
/// but for the URL, which may hold personal data.
pub(crate) fn transport_error(error: Error) -> TransportError {
    TransportError::from(failure(&error)).with_cause(error.without_url())
}

fn failure(error: &Error) -> TransportFailure {
    if tls::is_distrusted(error) {
        TransportFailure::NotTrusted
    } else if error.is_builder() || error.is_connect() {
        TransportFailure::NotSent
    } else if error.is_timeout() {
        TransportFailure::TimedOut
    } else {
        TransportFailure::MaybeSent
    }
}
