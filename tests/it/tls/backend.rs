//! The TLS of the drivers: rustls, or the system's.

#[cfg(feature = "rustls")]
pub(super) use of_rustls::*;
#[cfg(not(feature = "rustls"))]
pub(super) use of_the_system::*;

#[cfg(feature = "rustls")]
mod of_rustls {
    use reqwest::{ClientBuilder, Identity};
    use ureq::tls::TlsProvider;

    pub(in super::super) const PROVIDER: TlsProvider = TlsProvider::Rustls;

    /// The drivers that tell a body without a length that was cut off from a whole one.
    pub(in super::super) const DETECTING: &[&str] = &["ureq", "reqwest"];

    pub(in super::super) fn of(client: ClientBuilder) -> ClientBuilder {
        client.tls_backend_rustls()
    }

    pub(in super::super) fn identity(certificate: &str, key: &str) -> Identity {
        Identity::from_pem([certificate, key].concat().as_bytes()).unwrap()
    }
}

#[cfg(not(feature = "rustls"))]
mod of_the_system {
    use reqwest::{ClientBuilder, Identity};
    use ureq::tls::TlsProvider;

    pub(in super::super) const PROVIDER: TlsProvider = TlsProvider::NativeTls;

    /// native-tls takes the end of a connection for the end of the body. Over ureq, a connector of this crate
    /// is below TLS and sees it.
    pub(in super::super) const DETECTING: &[&str] = &["ureq"];

    pub(in super::super) fn of(client: ClientBuilder) -> ClientBuilder {
        client.tls_backend_native()
    }

    pub(in super::super) fn identity(certificate: &str, key: &str) -> Identity {
        Identity::from_pkcs8_pem(certificate.as_bytes(), key.as_bytes()).unwrap()
    }
}
