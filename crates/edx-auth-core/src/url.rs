//! Which URLs a secret or a token may be sent to, decided on their spelling alone.

mod plaintext;

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::net::Ipv6Addr;

use http::Uri;
use http::uri::Authority;
use thiserror::Error;

pub use plaintext::PlaintextHosts;

/// A URL that nothing secret is sent to.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// Not a URL: white space, a control character, a backslash, or no host.
    #[error("this is not a URL")]
    Malformed,
    /// Characters beyond ASCII.
    #[error("the URL has characters beyond ASCII")]
    NotAscii,
    /// No `https://` in front.
    #[error("the URL does not begin with https://")]
    NoScheme,
    /// Another scheme than `https` or `http`.
    #[error("the URL is neither https nor http")]
    UnsupportedScheme,
    /// `user:password@` before the host, which HTTP stacks print and turn into headers.
    #[error("the URL has a user or a password before its host")]
    Userinfo,
    /// A port that is empty, zero, no number or beyond 65535.
    #[error("the URL has a port that cannot be")]
    Port,
    /// `?name=value`: Open edX answers a token request with a query by an error 500.
    #[error("the URL has a query")]
    Query,
    /// `#fragment`, which is never sent.
    #[error("the URL has a fragment")]
    Fragment,
    /// Plain `http` to a host that is neither loopback nor named.
    #[error("the URL is plain http to {host}, where everybody on the way can read along")]
    PlaintextHttp {
        /// The host that was not named.
        host: String,
    },
    /// A path or a query where an origin is named: scheme, host and port, and no more.
    #[error("this is more than scheme, host and port")]
    NotAnOrigin,
    /// An origin that the token is not for.
    #[error("the token is not for {origin}")]
    OtherOrigin {
        /// Scheme, host and, unless it is the scheme's own, port.
        origin: String,
    },
}

impl UrlError {
    /// One sentence on what to do next.
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
                "Take user and password out of the URL: the client id and secret go beside it."
            }
            Self::Port => "Use a port from 1 to 65535, or leave it out.",
            Self::Query => "Take the query out: the token endpoint is asked by its path alone.",
            Self::Fragment => "Take out the # and what follows it.",
            Self::PlaintextHttp { .. } => {
                "Use https, or, where the network between is your own, name this very host as one \
                 that may be asked in plain text (EDX_ALLOW_PLAINTEXT_HTTP=host)."
            }
            Self::NotAnOrigin => {
                "Name scheme, host and port alone: https://host, or https://host:8443."
            }
            Self::OtherOrigin { .. } => {
                "Check scheme, host and port; if this server may have the token, name it as an \
                 origin of its own (EDX_ALLOWED_ORIGINS, or Origins::allow)."
            }
        }
    }
}

/// An absolute URL that something secret may be sent to: https, or plain http to a loopback host
/// or a named one; without userinfo, fragment or an impossible port.
pub(crate) fn parse(text: &str, plaintext: &PlaintextHosts) -> Result<Uri, UrlError> {
    let uri = parse_any(text)?;
    let host = uri.host().unwrap_or_default();
    if !is_https(&uri) && !plaintext.permit(host) {
        return Err(UrlError::PlaintextHttp {
            host: host.to_owned(),
        });
    }
    Ok(uri)
}

/// The same, of any host over plain http too: for whoever goes by something stricter.
pub(crate) fn parse_any(text: &str) -> Result<Uri, UrlError> {
    check_characters(text)?;
    check_scheme(text)?;
    let uri: Uri = text.parse().map_err(|_| UrlError::Malformed)?;
    let authority = uri.authority().ok_or(UrlError::Malformed)?;
    check_authority(authority)?;
    Ok(uri)
}

/// Whether requests to this URL travel under TLS.
pub(crate) fn is_https(uri: &Uri) -> bool {
    uri.scheme() == Some(&http::uri::Scheme::HTTPS)
}

fn check_characters(text: &str) -> Result<(), UrlError> {
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if text.contains(is_foreign) {
        return Err(UrlError::Malformed);
    }
    if !text.is_ascii() {
        return Err(UrlError::NotAscii);
    }
    // `http::Uri` drops a fragment without a word.
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
    // `http::Uri` takes `host:` and `host:99999`, and says that they have no port.
    // And it takes anything behind the bracket of an IPv6 address.
    let behind_host = authority.as_str().strip_prefix(authority.host());
    match behind_host.map(|behind| (behind, behind.strip_prefix(':'))) {
        Some(("", _)) => Ok(()),
        Some((_, Some(digits))) if is_port(digits) => Ok(()),
        Some((_, Some(_))) => Err(UrlError::Port),
        Some((_, None)) | None => Err(UrlError::Malformed),
    }
}

/// A name of letters, digits, dots, hyphens and underscores, or an address: what every parser of
/// URLs reads in the same way.
fn is_host(host: &str) -> bool {
    let in_brackets = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    if let Some(address) = in_brackets {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !host.is_empty() && host.bytes().all(is_plain)
}

fn is_port(digits: &str) -> bool {
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && digits.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<UrlError> {
        parse(text, &PlaintextHosts::none()).err()
    }

    #[test]
    fn what_may_carry_a_secret() {
        for text in [
            "https://api.edx.org/oauth2/v1/access_token",
            "HTTPS://LMS.example.org",
            "https://lms.example.org:8443/oauth2",
            "https://[2001:db8::1]:443/",
            "http://localhost:18000",
            "http://127.8.9.1/",
            "http://[::1]:8000/",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_own_name() {
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
            assert_eq!(refusal(text), Some(fault), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_and_named_hosts() {
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
    fn what_steers_a_terminal_or_a_parser_is_malformed_whatever_follows_it() {
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
            (UrlError::Userinfo, "Take user and password out"),
            (UrlError::Port, "from 1 to 65535"),
            (UrlError::Query, "Take the query out"),
            (UrlError::Fragment, "Take out the #"),
            (
                UrlError::PlaintextHttp { host: host() },
                "EDX_ALLOW_PLAINTEXT_HTTP",
            ),
            (UrlError::NotAnOrigin, "host and port alone"),
            (
                UrlError::OtherOrigin { origin: host() },
                "EDX_ALLOWED_ORIGINS",
            ),
        ] {
            assert!(error.advice().contains(advice), "{error}");
        }
    }
}
