//! TLS: whose, with which roots, and what to say where there is none.

use reqwest::{ClientBuilder, Error};

use crate::stack::Reach;

/// The builder with the system's roots, so that a company's own authority counts here as it does
/// everywhere else. rustls wherever it is switched on: another crate may have switched on the
/// other one too.
///
/// Where plain http is asked no root is needed, so a slim container without any still works.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn with_system_roots(
    builder: ClientBuilder,
    reach: Reach,
) -> Result<ClientBuilder, Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    use rustls_tls::{ClientConfig, RootCertStore};

    let Some(provider) = provider() else { return Ok(builder) };
    let config = ClientConfig::builder_with_provider(provider);
    let Ok(config) = config.with_safe_default_protocol_versions() else { return Ok(builder) };
    let config = match reach {
        Reach::Plaintext => config.with_root_certificates(RootCertStore::empty()),
        Reach::Encrypted => match config.with_platform_verifier() {
            Ok(config) => config,
            // reqwest meets the same fault, and knows how to say it.
            Err(_) => return Ok(builder),
        },
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}
