//! Hosts that may be asked in plain text.

use alloc::string::String;
use alloc::sync::Arc;
use core::net::{Ipv4Addr, Ipv6Addr};

/// The hosts that may be spoken to over plain http, named one by one.
///
/// Loopback hosts (127.0.0.0/8, `[::1]`, `localhost`) always may. Inside a cluster operators use
/// `http://lms:8000`: whoever can read along on that network then owns the secret, so each such
/// host is named, and no pattern ever names more than one.
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
    /// None but the loopback hosts.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These hosts too, in spite of everybody on the way who can read along. A host is named
    /// without scheme and port, in any case.
    #[must_use]
    pub fn dangerously_allow<S: Into<String>>(hosts: impl IntoIterator<Item = S>) -> Self {
        Self(hosts.into_iter().map(Into::into).collect())
    }

    /// Whether this host may be spoken to over plain http.
    pub(crate) fn permit(&self, host: &str) -> bool {
        is_loopback(host) || self.0.iter().any(|named| named.eq_ignore_ascii_case(host))
    }
}

/// By spelling alone: no name is looked up, so no resolver can make another host of it.
fn is_loopback(host: &str) -> bool {
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match bracketed {
        Some(host) => host.parse() == Ok(Ipv6Addr::LOCALHOST),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse().is_ok_and(|host: Ipv4Addr| host.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_a_matter_of_spelling() {
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
    fn a_named_host_is_that_host_alone() {
        let hosts = PlaintextHosts::dangerously_allow(["lms"]);

        assert!(hosts.permit("LMS"));
        assert!(!hosts.permit("lms.evil.com"));
        assert!(!hosts.permit("xlms"));
        assert!(!hosts.permit("lms."));
    }
}
