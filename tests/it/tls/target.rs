//! The server that a program connects to, and the settings that it supplies.

use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, Origins, TokenEndpoint, TokenRequest, TokenType,
};

use super::authority::{Authority, Identity};
use super::backend;
use super::connectors::{SECRET, TOKEN};

/// A server, with the system's roots or the program's settings.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) url: String,
    pub(super) deadline: Duration,
    pub(super) supplied: Option<Supplied>,
}

#[derive(Clone)]
pub(super) struct Supplied {
    authority: Vec<u8>,
    proxy: Option<String>,
    /// A certificate and its key, in PEM.
    identity: Option<(String, String)>,
}

impl Target {
    /// Returns the way to this server, with the system's roots.
    pub(super) fn to(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            deadline: Duration::from_secs(20),
            supplied: None,
        }
    }

    /// Trusts this authority, and no other.
    pub(super) fn trusting(self, authority: &Authority) -> Self {
        self.trusting_der(authority.der())
    }

    pub(super) fn trusting_der(mut self, authority: &[u8]) -> Self {
        self.supplied = Some(Supplied {
            authority: authority.to_vec(),
            proxy: None,
            identity: None,
        });
        self
    }

    /// Presents a client certificate.
    pub(super) fn showing(mut self, identity: &Identity) -> Self {
        self.supplied.as_mut().unwrap().identity = Some(identity.pem());
        self
    }

    /// Uses this proxy.
    pub(super) fn through(mut self, proxy: &str) -> Self {
        self.supplied.as_mut().unwrap().proxy = Some(proxy.to_owned());
        self
    }

    pub(super) fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    pub(super) fn request(&self) -> TokenRequest {
        let endpoint = TokenEndpoint::open_edx(&self.url).unwrap();
        let credentials = ClientCredentials::new("acme", SECRET).unwrap();
        TokenRequest::new(endpoint, credentials).deadline(self.deadline)
    }

    pub(super) fn token(&self) -> (AccessToken, Origins) {
        let token = AccessToken::new(TokenType::Bearer, TOKEN).unwrap();
        (token, Origins::none().allow(&self.url).unwrap())
    }
}

impl Supplied {
    pub(super) fn agent(&self) -> ureq::Agent {
        use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
        let roots = [Certificate::from_der(&self.authority).to_owned()];
        let proxy = self
            .proxy
            .as_ref()
            .map(|url| ureq::Proxy::new(url).unwrap());
        let identity = self.identity.as_ref().map(|(certificate, key)| {
            let chain = [Certificate::from_pem(certificate.as_bytes()).unwrap()];
            let key = PrivateKey::from_pem(key.as_bytes()).unwrap();
            ClientCert::new_with_certs(&chain, key)
        });
        let tls = TlsConfig::builder()
            .provider(backend::PROVIDER)
            .root_certs(RootCerts::new_with_certs(&roots))
            .client_cert(identity);
        let agent = ureq::Agent::config_builder().tls_config(tls.build());
        agent.proxy(proxy).build().new_agent()
    }

    pub(super) fn client_builder(&self) -> reqwest::ClientBuilder {
        let root = reqwest::Certificate::from_der(&self.authority).unwrap();
        let mut client = backend::of(reqwest::Client::builder()).tls_certs_only([root]);
        if let Some(url) = &self.proxy {
            client = client.proxy(reqwest::Proxy::all(url).unwrap());
        }
        if let Some((certificate, key)) = &self.identity {
            client = client.identity(backend::identity(certificate, key));
        }
        client
    }
}
