//! The TLS of the drivers: rustls, or the system's.

#[cfg(feature = "rustls")]
pub(super) use of_rustls::*;
#[cfg(not(feature = "rustls"))]
pub(super) use of_the_system::*;

#[cfg(feature = "rustls")]
mod of_rustls {
    use edx_auth_core::TransportFailure;
    use reqwest::{ClientBuilder, Identity};
    use ureq::tls::TlsProvider;

    pub(in super::super) const PROVIDER: TlsProvider = TlsProvider::Rustls;

    /// The failure for an untrusted certificate, and whether it is retryable.
    pub(in super::super) const UNTRUSTED: (TransportFailure, bool) =
        (TransportFailure::NotTrusted, false);

    pub(in super::super) fn of(client: ClientBuilder) -> ClientBuilder {
        client.tls_backend_rustls()
    }

    pub(in super::super) fn identity(certificate: &str, key: &str) -> Identity {
        Identity::from_pem([certificate, key].concat().as_bytes()).unwrap()
    }
}

#[cfg(not(feature = "rustls"))]
mod of_the_system {
    use edx_auth_core::TransportFailure;
    use reqwest::{ClientBuilder, Identity};
    use ureq::tls::TlsProvider;

    pub(in super::super) const PROVIDER: TlsProvider = TlsProvider::NativeTls;

    /// The system's TLS does not say why it rejects a certificate.
    pub(in super::super) const UNTRUSTED: (TransportFailure, bool) =
        (TransportFailure::NotSent, true);

    pub(in super::super) fn of(client: ClientBuilder) -> ClientBuilder {
        client.tls_backend_native()
    }

    pub(in super::super) fn identity(certificate: &str, key: &str) -> Identity {
        Identity::from_pkcs8_pem(certificate.as_bytes(), key.as_bytes()).unwrap()
    }
}
