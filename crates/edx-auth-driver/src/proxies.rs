//! The proxies that the environment names, read in one way for every HTTP client.

mod no_proxy;
#[cfg(test)]
mod tests;
mod url;

use edx_auth_core::EnvConfigError;
use zeroize::Zeroizing;

use crate::environment;
use no_proxy::NoProxy;
pub use url::ProxyUrl;

/// The proxy of the environment, and the hosts that are reached without it.
///
/// The variables are those of curl, Go and Python. Where those three differ, these rules hold:
///
/// * `HTTPS_PROXY`, or else `ALL_PROXY`, is the proxy's URL: `http`, `https`, `socks4`, `socks4a`,
///   `socks5` or `socks5h`, with `http` if it has no scheme. The default ports are 80, 443 and 1080.
/// * `NO_PROXY` lists exempt hosts, separated by commas or blanks: a domain with its subdomains, with
///   or without a leading dot (`lms.test`, `.lms.test`, `*.lms.test`), an address, a network
///   (`10.0.0.0/8`, `fd00::/8`), or `*` for all. A port limits an entry to that port (`lms.test:8443`,
///   `[::1]:8443`). Names are not looked up: a network exempts addresses only.
/// * The name in lower case takes precedence over the one in upper case. An empty variable counts as unset.
/// * `HTTP_PROXY` is not read. It is for plain http, which passes no proxy here; and in a CGI program it
///   is the header `Proxy` of any request (CVE-2016-5385).
///
/// ```
/// use edx_auth_driver::EnvProxies;
///
/// let proxies = EnvProxies::read(|name| match name {
///     "HTTPS_PROXY" => Some(b"http://acme:s3cret@proxy.example:3128".to_vec()),
///     "NO_PROXY" => Some(b"lms.test, 10.0.0.0/8".to_vec()),
///     _ => None,
/// })?;
/// let proxy = proxies.for_host("api.edx.org", 443).unwrap();
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// assert!(proxies.for_host("courses.lms.test", 443).is_none());
/// # Ok::<(), edx_auth_driver::EnvConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvProxies {
    proxy: Option<ProxyUrl>,
    exempt: NoProxy,
}

impl EnvProxies {
    /// Reads the variables of this process.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_env() -> Result<Self, EnvConfigError> {
        Self::read(environment::variable)
    }

    /// Reads the variables. `variable` returns the value of a variable if it is set.
    ///
    /// # Errors
    /// Returns [`EnvConfigError::Proxy`] with the variable that is not a proxy's URL, or
    /// [`EnvConfigError::NotUnicode`].
    pub fn read(variable: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self, EnvConfigError> {
        let proxy = first_of(&PROXY, &variable)?;
        let exempt = first_of(&NO_PROXY, &variable)?;
        Ok(Self {
            proxy: proxy.as_ref().map(ProxyUrl::parse).transpose()?,
            exempt: exempt.map_or_else(NoProxy::default, |list| NoProxy::parse(&list.value)),
        })
    }

    /// Returns the proxy, without regard to the exempt hosts.
    #[must_use]
    pub fn proxy(&self) -> Option<&ProxyUrl> {
        self.proxy.as_ref()
    }

    /// Returns the proxy for https to this host and port; `None` if it is reached without one.
    #[must_use]
    pub fn for_host(&self, host: &str, port: u16) -> Option<&ProxyUrl> {
        self.proxy().filter(|_| !self.exempt.contains(host, port))
    }
}

/// A variable that is set.
struct Variable {
    name: &'static str,
    value: Zeroizing<String>,
}

/// Returns the first of these variables that is not empty.
fn first_of(
    names: &[&'static str],
    variable: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Option<Variable>, EnvConfigError> {
    let mut set = names.iter().filter_map(|&name| {
        let value = variable(name).map(Zeroizing::new)?;
        (!value.trim_ascii().is_empty()).then_some((name, value))
    });
    let Some((name, value)) = set.next() else {
        return Ok(None);
    };
    let text = std::str::from_utf8(value.trim_ascii());
    let value = text.map_err(|_| EnvConfigError::NotUnicode { variable: name })?;
    let value = Zeroizing::new(value.to_owned());
    Ok(Some(Variable { name, value }))
}

const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];
