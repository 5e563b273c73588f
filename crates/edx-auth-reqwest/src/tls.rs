//! TLS: which implementation, which roots, and the error if there is none.

#[cfg(feature = "rustls-no-provider")]
mod shared_config;

use std::error::Error;
use std::io;

use edx_auth_driver::{Error as SetupError, http_clients};
use reqwest::ClientBuilder;

/// Which connections a client may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
pub(crate) fn select(builder: ClientBuilder, reach: Reach) -> Result<ClientBuilder, NoClient> {
    Ok(match reach {
        Reach::Encrypted => {
            builder.tls_backend_preconfigured(shared_config::get().map_err(NoClient::of)?)
        }
        Reach::Plaintext => builder.tls_backend_rustls().tls_certs_only([]),
    })
}

/// Selects the system's own TLS, which finds its roots by itself.
#[cfg(not(feature = "rustls-no-provider"))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it may fail")]
pub(crate) fn select(builder: ClientBuilder, _: Reach) -> Result<ClientBuilder, NoClient> {
    Ok(builder)
}

/// Checks that a client can be built at all; reqwest would panic without a crypto provider.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn ready(_: Reach) -> Result<(), BoxError> {
    let is_installed = rustls_tls::crypto::CryptoProvider::get_default().is_some();
    if is_installed || cfg!(feature = "rustls") {
        Ok(())
    } else {
        Err(http_clients::NO_PROVIDER.into())
    }
}

/// Checks that https is possible if it is needed.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn ready(reach: Reach) -> Result<(), BoxError> {
    match reach {
        Reach::Encrypted if cfg!(not(feature = "native-tls")) => Err(http_clients::NO_TLS.into()),
        Reach::Encrypted | Reach::Plaintext => Ok(()),
    }
}

/// Why a client cannot be built.
#[derive(Debug)]
pub(crate) enum NoClient {
    /// The system has no CA certificates. It may have some at the next request.
    NoRoots,
    /// A setting, of the program or of its environment.
    Setup(SetupError),
}

impl NoClient {
    pub(crate) fn of(error: impl Error + Send + Sync + 'static) -> Self {
        if has_no_roots(&error) {
            Self::NoRoots
        } else {
            Self::Setup(SetupError::setup(error))
        }
    }

    /// Returns the error for a client that is built before its first request, which is the one to say that
    /// there are no CA certificates.
    pub(crate) fn before_requests(self) -> Result<(), SetupError> {
        match self {
            Self::NoRoots => Ok(()),
            Self::Setup(error) => Err(error),
        }
    }
}

impl From<SetupError> for NoClient {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}

/// Reports whether the system has no roots.
#[cfg(feature = "rustls-no-provider")]
fn has_no_roots(error: &(dyn Error + 'static)) -> bool {
    use rustls_tls::Error::General;
    of_rustls(error)
        .any(|error| matches!(error, General(text) if text.starts_with(http_clients::NO_ROOTS)))
}

/// Reports whether the server's certificate is untrusted.
#[cfg(feature = "rustls-no-provider")]
pub(crate) fn is_distrusted(error: &(dyn Error + 'static)) -> bool {
    use rustls_tls::Error::InvalidCertificate;
    of_rustls(error).any(|error| matches!(error, InvalidCertificate(_)))
}

/// Returns the errors of rustls among the causes of this one.
#[cfg(feature = "rustls-no-provider")]
fn of_rustls<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a rustls_tls::Error> + 'a {
    chain(error).filter_map(|error| error.downcast_ref::<rustls_tls::Error>())
}

/// Returns an error and its causes.
pub(crate) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    std::iter::successors(Some(error), |error| beneath(*error))
}

/// Returns the cause of an error. The `source` of an I/O error skips the error that it wraps.
fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|wrapped| wrapped as &dyn Error),
        None => error.source(),
    }
}

/// Reports whether the server's certificate is untrusted, as OpenSSL says it.
#[cfg(not(feature = "rustls-no-provider"))]
pub(crate) fn is_distrusted(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| error.to_string().contains(http_clients::DISTRUSTED))
}

/// Returns `false`: the system's own TLS finds its roots by itself.
#[cfg(not(feature = "rustls-no-provider"))]
fn has_no_roots(_error: &(dyn Error + 'static)) -> bool {
    false
}
