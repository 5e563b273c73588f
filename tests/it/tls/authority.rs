//! Valid certificates, and invalid ones of every kind.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls_tls::crypto::ring::default_provider;
use rustls_tls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls_tls::server::WebPkiClientVerifier;
use rustls_tls::{RootCertStore, ServerConfig};

/// A certificate authority: a company's own, or an unknown one.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(super) struct Identity {
    certificate: Certificate,
    key: KeyPair,
}

/// The validity period of a certificate.
#[derive(Clone, Copy)]
pub(super) enum Validity {
    Now,
    Over,
    ToCome,
}

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = &mut params.distinguished_name;
        name.push(DnType::CommonName, "An authority of a company");
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub(super) fn der(&self) -> &[u8] {
        self.0.der()
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// Returns a certificate for this name or address.
    pub(super) fn certify(&self, name: &str, validity: Validity) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, validity).signed_by(&key, &self.0).unwrap();
        Identity { certificate, key }
    }

    /// Returns the configuration of a server that requires client certificates of this authority.
    pub(super) fn mutual(&self, server: &Identity) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(roots.into(), default_provider().into());
        let config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap());
        let (chain, key) = server.chain_and_key();
        config.with_single_cert(chain, key).unwrap().into()
    }
}

impl Identity {
    /// Returns a self-signed certificate.
    pub(super) fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, Validity::Now).self_signed(&key).unwrap();
        Self { certificate, key }
    }

    /// Returns the configuration of a server with this certificate.
    pub(super) fn server(&self) -> Arc<ServerConfig> {
        let config = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth();
        let (chain, key) = self.chain_and_key();
        config.with_single_cert(chain, key).unwrap().into()
    }

    pub(super) fn certificate_der(&self) -> &[u8] {
        self.certificate.der()
    }

    /// Returns the certificate and its key.
    pub(super) fn pem(&self) -> (String, String) {
        (self.certificate.pem(), self.key.serialize_pem())
    }

    fn chain_and_key(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        (vec![self.certificate.der().clone()], key.into())
    }
}

fn params(name: &str, validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    match validity {
        Validity::Now => {}
        Validity::Over => params.not_after = date_time_ymd(2020, 1, 1),
        Validity::ToCome => params.not_before = date_time_ymd(2500, 1, 1),
    }
    params
}
