//! The URL of a proxy, which may contain a password.

use std::fmt;

use edx_auth_core::EnvConfigError;
use http::uri::Authority;
use zeroize::Zeroizing;

use super::Variable;

/// The URL of a proxy. Its `Debug` and `Display` show the scheme, the host and the port.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl {
    variable: &'static str,
    scheme: &'static str,
    /// What is before the `@`: a user name and a password.
    user: Option<Zeroizing<String>>,
    host: String,
    port: u16,
}

impl ProxyUrl {
    pub(super) fn parse(variable: &Variable) -> Result<Self, EnvConfigError> {
        let name = variable.name;
        Self::of(name, &variable.value).ok_or(EnvConfigError::Proxy { variable: name })
    }

    fn of(variable: &'static str, url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let known = |(name, _): &&(&str, u16)| scheme.eq_ignore_ascii_case(name);
        let &(scheme, default_port) = SCHEMES.iter().find(known)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(Zeroizing::new(escape(user))), host),
            None => (None, authority),
        };
        let (host, port) = host_and_port(host)?;
        Some(Self {
            variable,
            scheme,
            user,
            host: host.to_owned(),
            port: port.unwrap_or(default_port),
        })
    }

    /// Returns the URL with its user name and password.
    #[must_use]
    pub fn expose(&self) -> String {
        let Some(user) = &self.user else {
            return self.to_string();
        };
        let (scheme, user, host, port) = (self.scheme, user.as_str(), &self.host, self.port);
        format!("{scheme}://{user}@{host}:{port}")
    }

    /// Returns the error for an HTTP client that does not accept this URL. It names the variable.
    #[must_use]
    pub fn invalid(&self) -> EnvConfigError {
        let variable = self.variable;
        EnvConfigError::Proxy { variable }
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

/// Splits a host from its port; `None` if one of them is invalid.
pub(super) fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_host = host.parse::<Authority>().is_ok_and(|of| of.host() == host);
    let port = port.filter(|port| !port.is_empty()).map(str::parse);
    is_host.then_some((host, port.transpose().ok()?))
}

/// Encodes what a URL does not allow in a user name or a password, and leaves the rest as it is.
fn escape(user: &str) -> String {
    let escaped = user.bytes().map(|byte| match byte {
        b'%' | b':' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    escaped.collect()
}

/// The schemes that both HTTP clients support, with their default ports.
const SCHEMES: [(&str, u16); 6] = [
    ("http", 80),
    ("https", 443),
    ("socks4", 1080),
    ("socks4a", 1080),
    ("socks5", 1080),
    ("socks5h", 1080),
];
