//! An origin: scheme, host and port.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::net::Ipv6Addr;

use http::Uri;

use crate::url;

/// An origin ([RFC 6454 section 4](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
///
/// Host names are compared without case and otherwise exactly. `api.edx.org.` with a trailing dot
/// is another host, as it is for TLS certificates.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Origin {
    is_https: bool,
    host: Host,
    port: u16,
}

#[derive(Clone, PartialEq, Eq)]
enum Host {
    /// A name in lower case.
    Name(String),
    /// An IPv6 address. All of its spellings are equal.
    Address(Ipv6Addr),
}

impl Origin {
    /// Returns the origin of a URL that was checked already.
    pub(super) fn of(uri: &Uri) -> Self {
        let host = uri.host().unwrap_or_default();
        Self {
            is_https: url::is_https(uri),
            host: match url::ipv6(host) {
                Some(address) => Host::Address(address),
                None => Host::Name(host.to_ascii_lowercase()),
            },
            port: port(uri),
        }
    }

    /// Returns the origin of this host with https and port 443.
    pub(super) fn https(host: &str) -> Self {
        Self {
            is_https: true,
            host: Host::Name(host.to_owned()),
            port: default_port(true),
        }
    }

    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }

    /// Reports whether a URL that was checked already has this origin.
    pub(super) fn matches(&self, uri: &Uri) -> bool {
        self.is_https == url::is_https(uri)
            && self.port == port(uri)
            && self.host.matches(uri.host().unwrap_or_default())
    }
}

impl Host {
    fn matches(&self, host: &str) -> bool {
        match self {
            Self::Name(name) => name.eq_ignore_ascii_case(host),
            Self::Address(own) => url::ipv6(host).is_some_and(|address| address == *own),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_https { "https://" } else { "http://" })?;
        match &self.host {
            Host::Name(name) => f.write_str(name)?,
            Host::Address(address) => write!(f, "[{address}]")?,
        }
        if self.port == default_port(self.is_https) {
            Ok(())
        } else {
            write!(f, ":{}", self.port)
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn port(uri: &Uri) -> u16 {
    let own = || default_port(url::is_https(uri));
    uri.port_u16().unwrap_or_else(own)
}

fn default_port(is_https: bool) -> u16 {
    if is_https { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn origin(url: &'static str) -> Origin {
        Origin::of(&Uri::from_static(url))
    }

    #[test]
    fn an_address_is_the_same_however_it_is_spelled() {
        let own = origin("https://[2001:db8::1]:8443/api/");

        for (url, is_own) in [
            ("https://[2001:DB8:0:0::1]:8443/other", true),
            ("https://[2001:db8::2]:8443/", false),
            ("https://[2001:db8::1]/", false),
            ("https://lms.test:8443/", false),
        ] {
            assert_eq!(own.matches(&Uri::from_static(url)), is_own, "{url}");
            assert_eq!(own == origin(url), is_own, "{url}");
        }
    }

    #[test]
    fn an_origin_is_shown_as_it_is_written() {
        for (url, shown) in [
            ("https://API.edx.org:443/catalog/", "https://api.edx.org"),
            ("http://localhost:80/", "http://localhost"),
            ("http://localhost:443/", "http://localhost:443"),
            (
                "https://[2001:DB8:0:0::1]:8443/",
                "https://[2001:db8::1]:8443",
            ),
        ] {
            assert_eq!(format!("{}", origin(url)), shown);
            assert_eq!(format!("{:?}", origin(url)), shown);
        }
    }
}
