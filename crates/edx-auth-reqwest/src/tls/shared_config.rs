//! The TLS configuration that all clients of the process share: reading the system's roots takes long.
//! It holds no secret and no proxy.

use std::sync::{Arc, OnceLock};

use edx_auth_driver::http_clients;
use rustls_platform_verifier::BuilderVerifierExt as _;
use rustls_tls::crypto::CryptoProvider;
#[cfg(feature = "rustls")]
use rustls_tls::crypto::aws_lc_rs;
use rustls_tls::{ClientConfig, Error};

/// Returns the shared configuration. The first call that finds roots creates it.
pub(super) fn get() -> Result<ClientConfig, Error> {
    static SHARED: OnceLock<ClientConfig> = OnceLock::new();
    if let Some(config) = SHARED.get() {
        return Ok(config.clone());
    }
    let config = create()?;
    Ok(SHARED.get_or_init(|| config).clone())
}

fn create() -> Result<ClientConfig, Error> {
    let config = ClientConfig::builder_with_provider(provider()?);
    let config = config.with_safe_default_protocol_versions()?;
    let mut config = config.with_platform_verifier()?.with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Returns the provider that the process installed, or else reqwest's.
fn provider() -> Result<Arc<CryptoProvider>, Error> {
    let installed = CryptoProvider::get_default().cloned();
    #[cfg(feature = "rustls")]
    let installed = installed.or_else(|| Some(aws_lc_rs::default_provider().into()));
    installed.ok_or_else(|| Error::General(http_clients::NO_PROVIDER.to_owned()))
}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    /// Each configuration that is created has its own provider, unless the process installed one.
    #[test]
    fn all_clients_share_the_first_configuration() {
        let [first, second] = [(), ()].map(|()| get().unwrap());

        assert!(Arc::ptr_eq(
            first.crypto_provider(),
            second.crypto_provider()
        ));
    }
}
