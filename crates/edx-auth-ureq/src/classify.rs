//! Classifies ureq's errors by whether the request was sent.

use std::io;

use edx_auth_driver::{TransportError, TransportFailure};
use ureq::{Error, Timeout};

use crate::tls;

/// Returns what is certain about a request that ended with this error, with the error as its cause.
pub(crate) fn transport_error(error: Error) -> TransportError {
    TransportError::from(failure(&error)).with_cause(error)
}

fn failure(error: &Error) -> TransportFailure {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | Error::Http(_)
        | Error::BadUri(_)
        | Error::HostNotFound
        | Error::InvalidProxyUrl
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::Tls(_)
        | Error::TlsRequired
        | Error::RequireHttpsOnly(_) => TransportFailure::NotSent,
        Error::Timeout(_) => TransportFailure::TimedOut,
        #[cfg(feature = "rustls-no-provider")]
        Error::Rustls(_) => TransportFailure::NotSent,
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) => TransportFailure::NotSent,
        Error::Io(error) if tls::is_distrusted(error) => TransportFailure::NotTrusted,
        Error::Io(error) if is_before_sending(error) => TransportFailure::NotSent,
        _ => TransportFailure::MaybeSent,
    }
}

fn is_before_sending(error: &io::Error) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable};
    match error.kind() {
        ConnectionRefused | HostUnreachable | NetworkUnreachable | AddrNotAvailable => true,
        _ => tls::is_refused(error) || is_unknown_host(error),
    }
}

/// std has no error kind for an unknown host, and ureq has `HostNotFound` for other cases.
fn is_unknown_host(error: &io::Error) -> bool {
    error
        .to_string()
        .starts_with("failed to lookup address information")
}
