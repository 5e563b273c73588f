//! TLS: whose, with which roots, and what to say where there is none.

use std::error::Error;
#[cfg(feature = "rustls-no-provider")]
use std::io;

use reqwest::ClientBuilder;

/// Which connections a client may make.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// https alone.
    Encrypted,
    /// Plain http too, and then past no proxy.
    Plaintext,
}

impl Reach {
    pub(crate) fn of(is_https: bool) -> Self {
        if is_https {
            Self::Encrypted
        } else {
            Self::Plaintext
        }
    }
}

/// Why the stack cannot be set up.
pub(crate) type Fault = Box<dyn Error + Send + Sync>;

/// The builder with the system's roots, so that a company's own authority counts here as it does
/// everywhere else. rustls wherever it is switched on: another crate may have switched on the
/// other one too.
///
/// Where plain http is asked no root is needed, so a slim container without any still works.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn with_system_roots(
    builder: ClientBuilder,
    reach: Reach,
) -> Result<ClientBuilder, Fault> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    use rustls_tls::{ClientConfig, RootCertStore};

    let config = ClientConfig::builder_with_provider(provider()?);
    let config = config.with_safe_default_protocol_versions()?;
    let config = match reach {
        Reach::Encrypted => config.with_platform_verifier()?,
        Reach::Plaintext => config.with_root_certificates(RootCertStore::empty()),
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// The builder as it is: native-tls finds the system's roots by itself.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn with_system_roots(
    builder: ClientBuilder,
    reach: Reach,
) -> Result<ClientBuilder, Fault> {
    match reach {
        Reach::Encrypted if cfg!(not(feature = "native-tls")) => Err(NO_TLS.into()),
        Reach::Encrypted | Reach::Plaintext => Ok(builder),
    }
}

/// Makes sure that reqwest finds a crypto provider for a builder that was handed in: it would panic
/// where there is none, and takes it from the process alone.
#[cfg_attr(
    not(feature = "rustls-no-provider"),
    expect(
        clippy::unnecessary_wraps,
        reason = "with rustls there may be no provider"
    )
)]
pub(crate) fn provide() -> Result<(), Fault> {
    #[cfg(feature = "rustls-no-provider")]
    if rustls_tls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have been faster: then there is one.
        let _installed = (*provider()?).clone().install_default();
    }
    Ok(())
}

/// The provider of the process, if it has one; else ring.
#[cfg(feature = "rustls-no-provider")]
fn provider() -> Result<std::sync::Arc<rustls_tls::crypto::CryptoProvider>, Fault> {
    let provider = rustls_tls::crypto::CryptoProvider::get_default().cloned();
    #[cfg(feature = "rustls")]
    let provider = provider.or_else(|| Some(rustls_tls::crypto::ring::default_provider().into()));
    provider.ok_or_else(|| NO_PROVIDER.into())
}

/// Whether it is the server's certificate that is not trusted.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn is_distrusted(error: &(dyn Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |error| beneath(*error));
    let mut of_rustls = chain.filter_map(|error| error.downcast_ref::<rustls_tls::Error>());
    of_rustls.any(|error| matches!(error, rustls_tls::Error::InvalidCertificate(_)))
}

/// What an error stands on. One of I/O does not say that it is the one that it wraps.
#[cfg(feature = "rustls-no-provider")]
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|wrapped| wrapped as &dyn Error),
        None => error.source(),
    }
}

/// native-tls does not say why it refuses.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn is_distrusted(_error: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(feature = "rustls-no-provider")]
const NO_PROVIDER: &str =
    "rustls has no crypto provider: install one in the process, or use the feature `rustls`";

#[cfg(not(feature = "rustls-no-provider"))]
const NO_TLS: &str = "built without TLS: use the feature `rustls` or `native-tls`";
