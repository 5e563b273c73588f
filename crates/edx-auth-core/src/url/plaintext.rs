//! The hosts that unencrypted http is allowed to.

use super::ipv6;
use alloc::string::String;
use alloc::sync::Arc;
use core::net::{Ipv4Addr, Ipv6Addr};

/// The hosts that unencrypted http is allowed to.
///
/// Loopback hosts (127.0.0.0/8, `[::1]`, `localhost`) are always allowed. Inside a cluster
/// operators use `http://lms:8000`: anyone who can read that network's traffic then has the client
/// secret. Therefore every such host must be allowed by name. There are no patterns.
///
/// ```
/// use edx_auth_core::{PlaintextHosts, TokenEndpoint};
///
/// let cluster = PlaintextHosts::dangerously_allow(["lms"]);
/// let endpoint = TokenEndpoint::open_edx_with("http://lms:8000", &cluster)?;
/// assert_eq!(endpoint.to_string(), "http://lms:8000/oauth2/access_token");
/// # Ok::<(), edx_auth_core::UrlError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct PlaintextHosts(Arc<[String]>);

impl PlaintextHosts {
    /// Allows only loopback hosts.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Also allows these hosts, although anyone on the network path can read the traffic. Write a
    /// host without scheme and port, in upper or lower case.
    #[must_use]
    pub fn dangerously_allow<S: Into<String>>(hosts: impl IntoIterator<Item = S>) -> Self {
        Self(hosts.into_iter().map(Into::into).collect())
    }

    /// Reports whether unencrypted http is allowed to this host.
    pub(crate) fn allows(&self, host: &str) -> bool {
        is_loopback(host)
            || self
                .0
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}

/// Reports whether the host is spelled like a loopback host. No name is looked up, so no resolver
/// can change the result.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|host: Ipv4Addr| host.is_loopback())
        || ipv6(host) == Some(Ipv6Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_host_is_recognized_by_its_spelling() {
        for host in [
            "localhost",
            "LocalHost",
            "127.0.0.1",
            "127.255.255.254",
            "[::1]",
            "[0:0::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.",
            "localhost.evil.com",
            "127.0.0.1.evil.com",
            "127.1",
            "0127.0.0.1",
            "0x7f.0.0.1",
            "2130706433",
            "128.0.0.1",
            "0.0.0.0",
            "[::]",
            "[::ffff:127.0.0.1]",
            "::1",
            "local.openedx.io",
            "",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn naming_a_host_allows_only_that_host() {
        let hosts = PlaintextHosts::dangerously_allow(["lms"]);

        assert!(hosts.allows("LMS"));
        assert!(!hosts.allows("lms.evil.com"));
        assert!(!hosts.allows("xlms"));
        assert!(!hosts.allows("lms."));
    }
}
