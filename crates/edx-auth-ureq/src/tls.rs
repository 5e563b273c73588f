//! TLS: which implementation, which roots, and the error if there is none.

use std::io;
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
use std::sync::LazyLock;

use edx_auth_driver::http_clients;
#[cfg(feature = "rustls-no-provider")]
use rustls_tls::crypto::CryptoProvider;
#[cfg(feature = "rustls-no-provider")]
use rustls_tls::{AlertDescription, Error as RustlsError};
use ureq::Error;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
use ureq::unversioned::transport::Connector as _;
#[cfg(feature = "native-tls")]
use ureq::unversioned::transport::NativeTlsConnector;
#[cfg(feature = "rustls-no-provider")]
use ureq::unversioned::transport::RustlsConnector;
use ureq::unversioned::transport::{ConnectionDetails, Either, Transport};

use crate::below_tls::BelowTls;

/// Uses the system's roots, so that a company's own authority is trusted here as everywhere else.
/// rustls is used if it is enabled, even if another crate has enabled native-tls too.
#[cfg(any(feature = "rustls-no-provider", feature = "native-tls"))]
pub(crate) fn with_system_roots(agent: ConfigBuilder<AgentScope>) -> ConfigBuilder<AgentScope> {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

    let provider = if cfg!(feature = "rustls-no-provider") {
        TlsProvider::Rustls
    } else {
        TlsProvider::NativeTls
    };
    let config = TlsConfig::builder().provider(provider);
    agent.tls_config(config.root_certs(RootCerts::PlatformVerifier).build())
}

#[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
pub(crate) fn with_system_roots(agent: ConfigBuilder<AgentScope>) -> ConfigBuilder<AgentScope> {
    agent
}

/// The TLS of all agents of this crate. They have the same configuration, which it creates at the first
/// connection that needs it: reading the system's roots takes long.
#[cfg(feature = "rustls-no-provider")]
static RUSTLS: LazyLock<RustlsConnector> = LazyLock::new(RustlsConnector::default);
#[cfg(feature = "native-tls")]
static NATIVE_TLS: LazyLock<NativeTlsConnector> = LazyLock::new(NativeTlsConnector::default);

/// Returns the connection over TLS if its URL is https.
pub(crate) fn over<T: Transport>(
    socket: Option<T>,
    details: &ConnectionDetails<'_>,
) -> Result<Option<Box<dyn Transport>>, Error> {
    let connection = socket.map(|socket| {
        if details.needs_tls() {
            Either::B(BelowTls(socket))
        } else {
            Either::A(socket)
        }
    });
    #[cfg(feature = "rustls-no-provider")]
    let connection = RUSTLS.connect(details, connection)?;
    #[cfg(feature = "native-tls")]
    let connection = NATIVE_TLS.connect(details, connection)?;
    match connection {
        Some(connection) if details.needs_tls() && !connection.is_tls() => Err(Error::TlsRequired),
        connection => Ok(connection.map(Transport::boxed)),
    }
}

/// Checks that https is possible at all; ureq would panic if it is not.
pub(crate) fn ready() -> Result<(), Error> {
    if cfg!(feature = "rustls") || has_process_provider() {
        Ok(())
    } else if cfg!(feature = "rustls-no-provider") {
        Err(Error::Tls(http_clients::NO_PROVIDER))
    } else if cfg!(feature = "native-tls") {
        Ok(())
    } else {
        Err(Error::Tls(http_clients::NO_TLS))
    }
}

#[cfg(feature = "rustls-no-provider")]
fn has_process_provider() -> bool {
    CryptoProvider::get_default().is_some()
}

#[cfg(not(feature = "rustls-no-provider"))]
fn has_process_provider() -> bool {
    false
}

/// Reports whether the system has no roots, which ureq notices at the first connection.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn has_no_roots(error: &RustlsError) -> bool {
    matches!(error, RustlsError::General(text) if text.starts_with(http_clients::NO_ROOTS))
}

/// Reports whether the server's certificate is untrusted.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn is_distrusted(error: &io::Error) -> bool {
    matches!(of_rustls(error), Some(RustlsError::InvalidCertificate(_)))
}

/// Reports whether TLS with this server failed before anything was sent.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn is_handshake_failure(error: &io::Error) -> bool {
    use AlertDescription::{HandshakeFailure, ProtocolVersion};
    use RustlsError::{AlertReceived, InvalidMessage, PeerIncompatible};

    matches!(
        of_rustls(error),
        Some(
            InvalidMessage(_)
                | PeerIncompatible(_)
                | AlertReceived(HandshakeFailure | ProtocolVersion)
        )
    )
}

#[cfg(feature = "rustls-no-provider")]
fn of_rustls(error: &io::Error) -> Option<&RustlsError> {
    error.get_ref()?.downcast_ref()
}

/// Reports whether the server's certificate is untrusted, as OpenSSL says it.
#[cfg(feature = "native-tls")]
pub(crate) fn is_distrusted_by_the_system(error: &impl ToString) -> bool {
    error.to_string().contains(http_clients::DISTRUSTED)
}

/// Returns `false`: native-tls has its own error type, never one of I/O.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn is_distrusted(_error: &io::Error) -> bool {
    false
}

#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn is_handshake_failure(_error: &io::Error) -> bool {
    false
}
