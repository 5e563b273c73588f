//! Checks the URLs that a secret or a token may be sent to. No host name is looked up.

mod plaintext;

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::net::Ipv6Addr;

use http::Uri;
use http::uri::{Authority, Scheme};
use thiserror::Error;

pub use plaintext::PlaintextHosts;

/// Why a secret or a token must not be sent to a URL.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is not a URL: it contains whitespace, a control character or a backslash, or has no
    /// valid host.
    #[error("the URL is malformed")]
    Malformed,
    /// The URL contains non-ASCII characters.
    #[error("the URL contains non-ASCII characters")]
    NotAscii,
    /// The URL has no scheme.
    #[error("the URL does not begin with https://")]
    NoScheme,
    /// The scheme is neither `https` nor `http`.
    #[error("the URL is neither https nor http")]
    UnsupportedScheme,
    /// The URL contains `user:password@`, which HTTP clients log and send as a header.
    #[error("the URL contains a user name or a password")]
    Userinfo,
    /// The port is empty, zero, not a number or greater than 65535.
    #[error("the URL has an invalid port")]
    Port,
    /// The URL of a token endpoint has a query. Open edX responds to such a token request with a
    /// 500.
    #[error("the URL has a query")]
    Query,
    /// The URL has a `#fragment`, which is never sent.
    #[error("the URL has a fragment")]
    Fragment,
    /// The URL uses unencrypted `http` to a host that is neither loopback nor allowed.
    #[error("the URL uses unencrypted http to {host}, which anyone on the network path can read")]
    PlaintextHttp {
        /// The host.
        host: String,
    },
    /// The URL has a path or a query, and is therefore not an origin.
    #[error("the URL has more than a scheme, a host and a port")]
    NotAnOrigin,
    /// The URL has an origin that the token must not be sent to.
    #[error("the token is not for {origin}")]
    OtherOrigin {
        /// The scheme, the host and, if it is not the default, the port.
        origin: String,
    },
}

impl UrlError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Malformed => "Write it as https://host/path, without spaces or line breaks.",
            Self::NotAscii => {
                "Write the host in its ASCII form (xn--..) and percent-encode the rest."
            }
            Self::NoScheme => "Give the whole URL, with https:// and the host.",
            Self::UnsupportedScheme => "Use an https:// URL.",
            Self::Userinfo => {
                "Remove the user name and the password: the client credentials are set separately."
            }
            Self::Port => "Use a port from 1 to 65535, or leave it out.",
            Self::Query => "Remove the query: the URL of a token endpoint has none.",
            Self::Fragment => "Remove the # and everything after it.",
            Self::PlaintextHttp { .. } => {
                "Use https or, if the network in between is your own, allow unencrypted http to \
                 this host (EDX_ALLOW_PLAINTEXT_HTTP=host)."
            }
            Self::NotAnOrigin => {
                "Write only the scheme, host and port: https://host or https://host:8443."
            }
            Self::OtherOrigin { .. } => {
                "Check the scheme, host and port. If the token may be sent to this origin, allow \
                 it (EDX_ALLOWED_ORIGINS, or Origins::allow)."
            }
        }
    }
}

/// Parses an absolute URL that a secret may be sent to: https, or unencrypted http to a loopback or
/// allowed host, without userinfo, fragment or an invalid port.
pub(crate) fn parse(text: &str, plaintext: &PlaintextHosts) -> Result<Uri, UrlError> {
    let uri = parse_any(text)?;
    let host = uri.host().unwrap_or_default();
    if !is_https(&uri) && !plaintext.allows(host) {
        return Err(UrlError::PlaintextHttp {
            host: host.to_owned(),
        });
    }
    Ok(uri)
}

/// Like [`parse`], and allows unencrypted http to any host: for callers with a stricter check.
pub(crate) fn parse_any(text: &str) -> Result<Uri, UrlError> {
    check_characters(text)?;
    check_scheme(text)?;
    let uri: Uri = text.parse().map_err(|_| UrlError::Malformed)?;
    let authority = uri.authority().ok_or(UrlError::Malformed)?;
    check_authority(authority)?;
    Ok(uri)
}

/// Reports whether this URL uses https.
pub(crate) fn is_https(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS)
}

/// Returns the https form of a URL with unencrypted http. The default port is left out ([RFC 3986
/// section 6.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.3)); any other one stays.
pub(crate) fn encrypted(uri: &Uri) -> Option<Uri> {
    let authority = uri.authority().filter(|_| !is_https(uri))?;
    let authority = match uri.port_u16() {
        Some(80) => authority.host(),
        _ => authority.as_str(),
    };
    let path = uri.path_and_query()?.as_str();
    let encrypted = Uri::builder().scheme(Scheme::HTTPS).authority(authority);
    encrypted.path_and_query(path).build().ok()
}

fn check_characters(text: &str) -> Result<(), UrlError> {
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if text.contains(is_foreign) {
        return Err(UrlError::Malformed);
    }
    if !text.is_ascii() {
        return Err(UrlError::NotAscii);
    }
    // `http::Uri` silently drops a fragment.
    if text.contains('#') {
        return Err(UrlError::Fragment);
    }
    Ok(())
}

fn check_scheme(text: &str) -> Result<(), UrlError> {
    let (scheme, _) = text.split_once("://").ok_or(UrlError::NoScheme)?;
    let known = ["https", "http"];
    if known.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        Ok(())
    } else if scheme.contains(['/', '?', '.', ':']) {
        Err(UrlError::NoScheme)
    } else {
        Err(UrlError::UnsupportedScheme)
    }
}

fn check_authority(authority: &Authority) -> Result<(), UrlError> {
    if authority.as_str().contains('@') {
        return Err(UrlError::Userinfo);
    }
    if !is_host(authority.host()) {
        return Err(UrlError::Malformed);
    }
    // `http::Uri` accepts `host:` and `host:99999` as having no port.
    // It also accepts anything behind the bracket of an IPv6 address.
    let behind_host = authority.as_str().strip_prefix(authority.host());
    match behind_host.map(|behind| (behind, behind.strip_prefix(':'))) {
        Some(("", _)) => Ok(()),
        Some((_, Some(digits))) if is_port(digits) => Ok(()),
        Some((_, Some(_))) => Err(UrlError::Port),
        Some((_, None)) | None => Err(UrlError::Malformed),
    }
}

/// Reports whether this is an address, or a name of letters, digits, dots, hyphens and underscores:
/// all URL parsers read those in the same way ([RFC 3986 section
/// 3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2)).
pub(crate) fn is_host(host: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_name = !host.is_empty() && host.bytes().all(is_plain);
    is_name || ipv6(host).is_some()
}

/// Returns the address in brackets that this host is, if it is one.
pub(crate) fn ipv6(host: &str) -> Option<Ipv6Addr> {
    let bracketed = host.strip_prefix('[')?.strip_suffix(']')?;
    bracketed.parse().ok()
}

fn is_port(digits: &str) -> bool {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && digits.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Option<UrlError> {
        parse(text, &PlaintextHosts::none()).err()
    }

    #[test]
    fn a_url_that_a_secret_may_be_sent_to_is_accepted() {
        for text in [
            "https://api.edx.org/oauth2/v1/access_token",
            "HTTPS://LMS.example.org",
            "https://lms.example.org:8443/oauth2",
            "https://[2001:db8::1]:443/",
            "http://localhost:18000",
            "http://127.8.9.1/",
            "http://[::1]:8000/",
        ] {
            assert_eq!(error(text), None, "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_own_error() {
        for (text, fault) in [
            ("", UrlError::NoScheme),
            ("lms.example.org", UrlError::NoScheme),
            ("lms.example.org/?next=https://x", UrlError::NoScheme),
            ("//lms.example.org", UrlError::NoScheme),
            ("ftp://lms.example.org", UrlError::UnsupportedScheme),
            ("https://", UrlError::Malformed),
            ("https:///oauth2", UrlError::Malformed),
            ("https://:443/", UrlError::Malformed),
            (" https://lms.example.org", UrlError::Malformed),
            ("https://lms.example.org\n", UrlError::Malformed),
            (
                "https://lms.example.org\\@evil.example",
                UrlError::Malformed,
            ),
            ("https://lms.example.org/a b", UrlError::Malformed),
            ("https://[::1/", UrlError::Malformed),
            ("http://[::1].evil.example/", UrlError::Malformed),
            ("https://[::1]junk:443/", UrlError::Malformed),
            ("https://localhost[]localhost", UrlError::Malformed),
            ("https://lms%2eexample", UrlError::Malformed),
            ("https://[::g]/", UrlError::Malformed),
            ("https://lernen.müller.example", UrlError::NotAscii),
            ("https://id:secret@lms.example.org", UrlError::Userinfo),
            ("https://@lms.example.org", UrlError::Userinfo),
            ("https://lms.example.org#top", UrlError::Fragment),
            ("https://lms.example.org:", UrlError::Port),
            ("https://lms.example.org:0", UrlError::Port),
            ("https://lms.example.org:65536", UrlError::Port),
            ("https://lms.example.org:99999/", UrlError::Port),
        ] {
            assert_eq!(error(text), Some(fault), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_named_hosts_only() {
        let named = PlaintextHosts::dangerously_allow(["lms"]);

        assert!(parse("http://lms:8000/oauth2", &named).is_ok());
        for host in [
            "api.edx.org",
            "lms.example.org",
            "localhost.",
            "127.0.0.1.evil.com",
        ] {
            let fault = UrlError::PlaintextHttp { host: host.into() };
            assert_eq!(parse(&alloc::format!("http://{host}"), &named), Err(fault));
        }
    }

    #[test]
    fn control_characters_and_backslashes_are_malformed_before_a_fragment_too() {
        let steering = [
            "https://host/\u{9f}",
            "https://host/\u{7f}#fragment",
            "https://host\\#fragment",
        ];
        for text in steering {
            assert_eq!(parse_any(text).err(), Some(UrlError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn every_error_says_what_to_do() {
        let host = || "lms.test".to_owned();
        for (error, advice) in [
            (UrlError::Malformed, "https://host/path"),
            (UrlError::NotAscii, "xn--"),
            (UrlError::NoScheme, "with https://"),
            (UrlError::UnsupportedScheme, "Use an https:// URL"),
            (UrlError::Userinfo, "Remove the user name"),
            (UrlError::Port, "from 1 to 65535"),
            (UrlError::Query, "Remove the query"),
            (UrlError::Fragment, "Remove the #"),
            (
                UrlError::PlaintextHttp { host: host() },
                "EDX_ALLOW_PLAINTEXT_HTTP",
            ),
            (UrlError::NotAnOrigin, "only the scheme, host and port"),
            (
                UrlError::OtherOrigin { origin: host() },
                "EDX_ALLOWED_ORIGINS",
            ),
        ] {
            assert!(error.advice().contains(advice), "{error}");
        }
    }
}
