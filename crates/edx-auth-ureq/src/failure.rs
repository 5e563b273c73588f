//! What ureq says went wrong, in the core's words.

use std::io;

use edx_auth_core::TransportFailure;
use ureq::{Error, Timeout};

use crate::tls;

/// Sorts an error of ureq by what is certain: that nothing was sent, and whether for want of trust,
/// that time ran out, or neither.
pub(crate) fn of(error: &Error) -> TransportFailure {
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

/// std has no kind for a name that nobody knows, and ureq keeps its `HostNotFound` for less.
fn is_unknown_host(error: &io::Error) -> bool {
    error
        .to_string()
        .starts_with("failed to lookup address information")
}
