//! TLS: which implementation, which roots, and the error if there is none.

use std::error::Error;
#[cfg(feature = "rustls-no-provider")]
use std::io;

use reqwest::ClientBuilder;

/// Which connections a client may make.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// https alone.
    Encrypted,
    /// Plain http too, and then through no proxy.
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

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// Selects TLS with the system's roots, so that a company's own authority is trusted here as
/// everywhere else. rustls is used if it is enabled, even if another crate has enabled native-tls too.
///
/// Plain http needs no roots, so a slim container without any works.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn select(builder: ClientBuilder, reach: Reach) -> Result<ClientBuilder, BoxError> {
    ready(reach)?;
    let builder = builder.tls_backend_rustls();
    Ok(match reach {
        Reach::Encrypted => builder,
        Reach::Plaintext => builder.tls_certs_only([]),
    })
}

/// Selects the system's own TLS, which finds its roots by itself.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn select(builder: ClientBuilder, reach: Reach) -> Result<ClientBuilder, BoxError> {
    ready(reach)?;
    Ok(builder)
}

/// Checks that a client can be built at all; reqwest would panic without a crypto provider.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn ready(_: Reach) -> Result<(), BoxError> {
    let is_installed = rustls_tls::crypto::CryptoProvider::get_default().is_some();
    if is_installed || cfg!(feature = "rustls") {
        Ok(())
    } else {
        Err(NO_PROVIDER.into())
    }
}

/// Checks that https is possible if it is needed.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn ready(reach: Reach) -> Result<(), BoxError> {
    match reach {
        Reach::Encrypted if cfg!(not(feature = "native-tls")) => Err(NO_TLS.into()),
        Reach::Encrypted | Reach::Plaintext => Ok(()),
    }
}

/// Reports whether the server's certificate is untrusted.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn is_distrusted(error: &(dyn Error + 'static)) -> bool {
    let chain = std::iter::successors(Some(error), |error| beneath(*error));
    let mut of_rustls = chain.filter_map(|error| error.downcast_ref::<rustls_tls::Error>());
    of_rustls.any(|error| matches!(error, rustls_tls::Error::InvalidCertificate(_)))
}

/// Returns the cause of an error. An error of I/O does not name the one that it wraps.
#[cfg(feature = "rustls-no-provider")]
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|wrapped| wrapped as &dyn Error),
        None => error.source(),
    }
}

/// native-tls does not say why it rejects a certificate.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn is_distrusted(_error: &(dyn Error + 'static)) -> bool {
    false
}

#[cfg(feature = "rustls-no-provider")]
const NO_PROVIDER: &str =
    "rustls has no crypto provider: install one in the process, or use the feature `rustls`";

#[cfg(not(feature = "rustls-no-provider"))]
const NO_TLS: &str = "built without TLS: use the feature `rustls` or `native-tls`";
