//! TLS with the system's roots, where the URL says so.

use crate::address::Address;
use crate::connection::{Stream, Timed};
use crate::{RedisError, RedisSetupError};

#[cfg(feature = "rustls")]
pub(crate) use with_rustls::Tls;
#[cfg(not(feature = "rustls"))]
pub(crate) use without::Tls;

#[cfg(feature = "rustls")]
mod with_rustls {
    use std::io;
    use std::sync::Arc;

    use rustls_platform_verifier::BuilderVerifierExt as _;
    use rustls_tls::crypto::{CryptoProvider, ring};
    use rustls_tls::pki_types::ServerName;
    use rustls_tls::{ClientConfig, ClientConnection, StreamOwned};

    use super::{Address, RedisError, RedisSetupError, Stream, Timed};

    /// How to encrypt a connection; `None` if it is not encrypted.
    pub(crate) struct Tls(Option<Arc<ClientConfig>>);

    impl Tls {
        pub(crate) fn of(address: &Address) -> Result<Self, RedisSetupError> {
            let config = address.is_tls.then(config).transpose();
            let config = config.map_err(|error| RedisSetupError::NoRoots(error.into()))?;
            Ok(Self(config.map(Arc::new)))
        }

        pub(crate) fn over(
            &self,
            socket: Timed,
            address: &Address,
        ) -> Result<Box<dyn Stream>, RedisError> {
            let Some(config) = &self.0 else {
                return Ok(Box::new(socket));
            };
            let name = ServerName::try_from(address.host.clone()).map_err(io::Error::other)?;
            let session = ClientConnection::new(Arc::clone(config), name);
            let session = session.map_err(io::Error::other)?;
            Ok(Box::new(StreamOwned::new(session, socket)))
        }
    }

    fn config() -> Result<ClientConfig, rustls_tls::Error> {
        let of_process = CryptoProvider::get_default().cloned();
        let provider = of_process.unwrap_or_else(|| Arc::new(ring::default_provider()));
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions()?;
        Ok(builder.with_platform_verifier()?.with_no_client_auth())
    }
}

#[cfg(not(feature = "rustls"))]
mod without {
    use super::{Address, RedisError, RedisSetupError, Stream, Timed};

    /// This build encrypts no connection.
    pub(crate) struct Tls;

    impl Tls {
        pub(crate) fn of(address: &Address) -> Result<Self, RedisSetupError> {
            if address.is_tls {
                return Err(RedisSetupError::NoTls);
            }
            Ok(Self)
        }

        #[expect(clippy::unnecessary_wraps, reason = "with TLS it may fail")]
        #[expect(clippy::unused_self, reason = "with TLS it is used")]
        pub(crate) fn over(
            &self,
            socket: Timed,
            _: &Address,
        ) -> Result<Box<dyn Stream>, RedisError> {
            Ok(Box::new(socket))
        }
    }
}
