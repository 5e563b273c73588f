//! Classifies ureq's errors by whether the request was sent.

use std::io;

use edx_auth_driver::{TransportError, TransportFailure};
use http::StatusCode;
use ureq::{Error, Timeout};

use crate::tls;

/// Converts an error of ureq into what is certain about its request. The error becomes the cause. An
/// error that this crate itself has passed through ureq is returned unchanged.
pub(crate) fn transport_error(error: Error) -> TransportError {
    let failure = failure(&error);
    match error {
        Error::Other(cause) => match cause.downcast::<TransportError>() {
            Ok(error) => *error,
            Err(cause) => TransportError::from(failure).with_cause(cause),
        },
        // rustls says the same in other words.
        _ if failure == TransportFailure::NoRoots => failure.into(),
        error => TransportError::from(failure).with_cause(error),
    }
}

fn failure(error: &Error) -> TransportFailure {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | Error::Http(_)
        | Error::BadUri(_)
        | Error::HostNotFound
        | Error::InvalidProxyUrl
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::TlsRequired
        | Error::RequireHttpsOnly(_) => TransportFailure::NotSent,
        Error::Timeout(_) => TransportFailure::TimedOut,
        Error::ConnectProxyFailed(reason) => TransportFailure::ProxyRejected {
            status: status_at_the_end_of(reason),
        },
        Error::LargeResponseHeader(..) => TransportFailure::HeadTooLarge,
        Error::Protocol(error) if has_too_many_headers(error) => TransportFailure::HeadTooLarge,
        #[cfg(feature = "rustls-no-provider")]
        Error::Rustls(error) if tls::has_no_roots(error) => TransportFailure::NoRoots,
        #[cfg(feature = "rustls-no-provider")]
        Error::Rustls(_) => TransportFailure::NotSent,
        #[cfg(feature = "native-tls")]
        Error::NativeTls(error) if tls::is_distrusted_by_the_system(error) => {
            TransportFailure::NotTrusted
        }
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
        _ => tls::is_handshake_failure(error) || is_unknown_host(error),
    }
}

/// Reports whether the host name was not found. std has no error kind for it, and ureq returns
/// `HostNotFound` only in other cases.
fn is_unknown_host(error: &io::Error) -> bool {
    error
        .to_string()
        .starts_with("failed to lookup address information")
}

/// Returns the status in ureq's text: `proxy server responded 407/407`.
fn status_at_the_end_of(reason: &str) -> Option<StatusCode> {
    let (_, status) = reason.rsplit_once('/')?;
    status.parse().ok()
}

/// Reports whether the response has too many headers. The text is compared, because the error's type is in
/// a crate that ureq does not export.
fn has_too_many_headers(error: &impl ToString) -> bool {
    error.to_string().ends_with("too many headers")
}
