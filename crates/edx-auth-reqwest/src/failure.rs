//! What reqwest says went wrong, in the core's words.

use edx_auth_core::TransportFailure;
use reqwest::Error;

use crate::tls;

/// Sorts an error of reqwest by what is certain: that nothing was sent, and whether for want of
/// trust, that time ran out, or neither.
pub(crate) fn of(error: &Error) -> TransportFailure {
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
