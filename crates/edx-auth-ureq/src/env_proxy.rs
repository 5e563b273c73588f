//! The proxy of the environment, as ureq takes it.

use std::sync::Arc;

use edx_auth_driver::{EnvConfigError, EnvProxies};
use http::Uri;
use ureq::Proxy;

/// The proxy of the environment, and the hosts that are reached without it.
#[derive(Clone)]
pub(crate) struct EnvProxy {
    proxy: Proxy,
    proxies: Arc<EnvProxies>,
}

impl EnvProxy {
    /// Reads the variables of this process; `None` if they name no proxy.
    pub(crate) fn read() -> Result<Option<Self>, EnvConfigError> {
        let proxies = EnvProxies::from_env()?;
        let Some(url) = proxies.proxy() else {
            return Ok(None);
        };
        let proxy = Proxy::new(&url.expose()).map_err(|_| url.invalid())?;
        let proxies = Arc::new(proxies);
        Ok(Some(Self { proxy, proxies }))
    }

    pub(crate) fn proxy(&self) -> Proxy {
        self.proxy.clone()
    }

    /// Reports whether this URL's host is reached without the proxy.
    pub(crate) fn exempts(&self, uri: &Uri) -> bool {
        let port = uri.port_u16().unwrap_or(HTTPS);
        let host = uri.host().unwrap_or_default();
        self.proxies.for_host(host, port).is_none()
    }
}

const HTTPS: u16 = 443;
