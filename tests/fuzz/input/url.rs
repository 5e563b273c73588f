//! URLs: the `url` crate, here called the reference, reads each URL that may carry a secret or a token in the
//! same way.

use edx_auth_core::{ApiUrl, Origins, PlaintextHosts, TokenEndpoint, UrlError};
use url::{Host, ParseError, Position, Url};

use crate::shown;

/// Checks the text as the URL of a token endpoint and of an API. `named` is the one host that is allowed
/// without TLS.
pub(crate) fn check(text: &str, named: &str) {
    let plaintext = PlaintextHosts::dangerously_allow([named]);
    let exact = TokenEndpoint::exact_with(text, &plaintext);
    let site = TokenEndpoint::open_edx_with(text, &plaintext);
    assert_eq!(exact.as_ref().err(), site.as_ref().err(), "{text:?}");
    for endpoint in [exact, site] {
        match endpoint {
            Ok(endpoint) => check_endpoint(&endpoint, named),
            Err(error) => check_error(&error),
        }
    }
    match ApiUrl::new(text, &plaintext) {
        Ok(url) => check_api_url(&url, named),
        Err(error) => check_error(&error),
    }
}

/// Checks `origin` as an origin in addition to edX's, and `url` as a URL inside or outside of them.
pub(crate) fn check_origin(origin: &str, url: &str) {
    let origins = match Origins::edx().allow(origin) {
        Ok(origins) => origins,
        Err(error) => return check_error(&error),
    };
    let known = EDX.into_iter().chain([origin]).filter_map(read);
    let known: Vec<_> = known.collect();
    assert!(
        known
            .iter()
            .all(|known| &known[Position::BeforePath..] == "/")
    );
    match origins.check(url) {
        Ok(permitted) => check_permitted(&permitted, &known),
        Err(error) => check_error(&error),
    }
}

fn check_permitted(permitted: &ApiUrl, known: &[Url]) {
    let Some(url) = read(&permitted.to_string()) else {
        return;
    };
    let is_known = known.iter().any(|known| known.origin() == url.origin());
    assert!(is_known, "{url}");
    check_no_user(&url);
}

fn check_endpoint(endpoint: &TokenEndpoint, named: &str) {
    let text = endpoint.to_string();
    check_reading(&text, endpoint.is_https(), named);
    assert_eq!(endpoint.uri().query(), None);
    let again = TokenEndpoint::exact_with(&text, &PlaintextHosts::dangerously_allow([named]));
    assert_eq!(again.as_ref(), Ok(endpoint));
    let origins = Origins::of(endpoint);
    assert!(origins.check(&text).is_ok());
    assert_eq!(origins.has_plaintext(), !endpoint.is_https());
}

fn check_api_url(url: &ApiUrl, named: &str) {
    check_reading(&url.to_string(), url.is_https(), named);
    let again = ApiUrl::new(
        &url.to_string(),
        &PlaintextHosts::dangerously_allow([named]),
    );
    assert_eq!(again.as_ref(), Ok(url));
}

/// Checks that the URL is https or of a plaintext host, and that it has one meaning.
fn check_reading(text: &str, is_https: bool, named: &str) {
    assert!(text.is_ascii() && !text.contains(char::is_control));
    assert!(!text.contains(['#', '\\', ' ']));
    let Some(url) = read(text) else { return };
    let may_be_plain = is_loopback(&url) || named.eq_ignore_ascii_case(host_as_written(text));
    assert_eq!(url.scheme() == "https", is_https, "{text:?}");
    assert!(is_https || may_be_plain, "{text:?} leads to {url}");
    assert_eq!(url.query().is_some(), text.contains('?'));
    assert!(url.port() != Some(0));
    check_host(&url, host_as_written(text));
    check_no_user(&url);
}

/// Checks that the reference finds no other host. Numbers that represent an address are skipped: over
/// https one parser takes them for a name and the other for an address, and both fail.
fn check_host(url: &Url, written: &str) {
    match url.host() {
        Some(Host::Domain(name)) => assert!(name.eq_ignore_ascii_case(written), "{url}"),
        Some(Host::Ipv6(address)) => {
            let own = written.trim_matches(['[', ']']).parse();
            assert_eq!(own, Ok(address), "{url}");
        }
        Some(Host::Ipv4(_)) => {}
        None => panic!("{url} leads nowhere"),
    }
}

fn check_no_user(url: &Url) {
    assert!(url.username().is_empty() && url.password().is_none());
}

/// Returns how the reference reads an accepted URL, and checks that it does. `None` is a host that looks like
/// an IPv4 address or an encoded name and is invalid: nothing can be sent to it.
fn read(text: &str) -> Option<Url> {
    match Url::parse(text) {
        Ok(url) => Some(url),
        Err(ParseError::InvalidIpv4Address | ParseError::IdnaError) => None,
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn host_as_written(text: &str) -> &str {
    let (_, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let end = authority.find(']').map(|bracket| bracket + 1);
    let end = end.or_else(|| authority.find(':'));
    &authority[..end.unwrap_or(authority.len())]
}

fn check_error(error: &UrlError) {
    shown::check(error, error.advice());
}

const EDX: [&str; 3] = [
    "https://api.edx.org",
    "https://discovery.edx.org",
    "https://courses.edx.org",
];
