//! What reqwest says went wrong, in the core's words.

use edx_auth_core::TransportFailure;
use reqwest::Error;

/// Sorts an error of reqwest by what is certain: that nothing was sent, that time ran out, or
/// neither.
pub(crate) fn of(error: &Error) -> TransportFailure {
    if error.is_builder() || error.is_connect() {
        TransportFailure::NotSent
    } else if error.is_timeout() {
        TransportFailure::TimedOut
    } else {
        TransportFailure::MaybeSent
    }
}
