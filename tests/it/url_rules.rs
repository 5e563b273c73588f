//! Thousands of random URLs, of which some may carry a secret. Whether plain http is allowed depends on the
//! spelling of the host alone, and no accepted URL can be read in two ways.

use std::net::Ipv6Addr;

use edx_auth_core::{ApiUrl, PlaintextHosts, TokenEndpoint, UrlError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #[test]
    fn plain_http_is_allowed_to_a_loopback_host(host in loopback(), rest in rest()) {
        let url = format!("http://{host}{rest}");

        prop_assert_eq!(url_error(&url), None);
    }

    #[test]
    fn plain_http_to_any_other_host_needs_its_name(host in host(), named in select(NAMED), rest in rest()) {
        let plaintext = PlaintextHosts::dangerously_allow([named]);

        let permitted = is_loopback(&host) || host.eq_ignore_ascii_case(named);
        match ApiUrl::new(&format!("http://{host}{rest}"), &plaintext) {
            Ok(_) => prop_assert!(permitted),
            Err(UrlError::PlaintextHttp { host: told }) => prop_assert!(!permitted && told == host),
            Err(_) => prop_assert!(is_broken(&host)),
        }
    }

    #[test]
    fn naming_a_host_allows_only_that_host(
        before in "[a-z.-]{0,2}",
        named in select(NAMED),
        after in "[a-z.-]{0,2}",
    ) {
        let plaintext = PlaintextHosts::dangerously_allow([named]);
        let url = format!("http://{before}{named}{after}:8000");

        let is_asked = TokenEndpoint::open_edx_with(&url, &plaintext).is_ok();

        prop_assert_eq!(is_asked, before.is_empty() && after.is_empty());
    }

    #[test]
    fn https_is_allowed_to_any_host(host in "[a-zA-Z0-9]([a-zA-Z0-9.-]{0,20}[a-zA-Z0-9])?", rest in rest()) {
        prop_assert_eq!(url_error(&format!("https://{host}{rest}")), None);
    }

    #[test]
    fn a_url_with_a_user_is_rejected(user in "([a-zA-Z0-9._~:-]|%40|%3A){0,12}", rest in rest()) {
        let url = format!("https://{user}@lms.example{rest}");

        prop_assert_eq!(url_error(&url), Some(UrlError::Userinfo));
    }

    #[test]
    fn a_query_is_allowed_only_in_api_calls(query in "[a-z=&?]{1,12}", rest in rest()) {
        let url = format!("https://lms.example{rest}?{query}");
        let api_url = ApiUrl::new(&url, &PlaintextHosts::none()).unwrap();

        prop_assert_eq!(url_error(&url), Some(UrlError::Query));
        prop_assert_eq!(api_url.uri().query(), Some(query.as_str()));
    }

    #[test]
    fn a_url_with_a_fragment_is_rejected(before in "[a-z/?]{0,6}", after in "[a-z/?#@:]{0,6}") {
        let url = format!("https://lms.example/{before}#{after}");

        prop_assert_eq!(url_error(&url), Some(UrlError::Fragment));
    }

    #[test]
    fn no_url_beyond_ascii_is_accepted(
        before in "[a-z]{0,3}(/[a-z]{0,3})?",
        character in "[^\\x00-\\x7f]",
        after in "[a-z/?]{0,6}",
    ) {
        let url = format!("https://lms.example/{before}{character}{after}");
        let host = format!("https://{character}{after}");

        let expected = [Some(UrlError::NotAscii), Some(UrlError::Malformed)];
        prop_assert!(expected.contains(&url_error(&url)) && expected.contains(&url_error(&host)));
    }

    #[test]
    fn a_port_is_a_number_from_1_to_65535(port in port()) {
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse().is_ok_and(|port: u128| (1..=65_535).contains(&port));

        for rest in ["", "/", "/oauth2"] {
            let error = url_error(&format!("https://lms.example:{port}{rest}"));

            prop_assert_eq!(error.is_none(), is_port, "{:?}", error);
        }
    }

    #[test]
    fn an_accepted_url_has_only_one_reading(pieces in vec(select(PIECES), 1..9)) {
        let url = pieces.concat();
        let plaintext = PlaintextHosts::dangerously_allow(["lms"]);
        let Ok(endpoint) = TokenEndpoint::exact_with(&url, &plaintext) else { return Ok(()) };

        let (scheme, authority) = beginning(&url);
        let (host, port) = host_and_port(authority);
        let is_https = scheme.eq_ignore_ascii_case("https");
        prop_assert_eq!(endpoint.uri().authority().unwrap().as_str(), authority);
        prop_assert_eq!(endpoint.uri().host(), Some(host));
        prop_assert!(port.is_empty() || port.starts_with(':'), "{}", port);
        prop_assert!(is_https || is_loopback(host) || host.eq_ignore_ascii_case("lms"));
        prop_assert!(!authority.contains('@') && !url.contains(['\\', '#', ' ']));
    }
}

/// Returns the error for the URL of a token endpoint, which both constructors must report.
fn url_error(url: &str) -> Option<UrlError> {
    let [exact, site] = [TokenEndpoint::exact(url), TokenEndpoint::open_edx(url)].map(Result::err);
    assert_eq!(exact, site, "{url}");
    exact
}

/// Returns scheme and authority by RFC 3986 section 3.
fn beginning(url: &str) -> (&str, &str) {
    let (scheme, rest) = url.split_once("://").unwrap();
    (scheme, rest.split(['/', '?', '#']).next().unwrap())
}

/// Returns the host and the rest.
fn host_and_port(authority: &str) -> (&str, &str) {
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.split_at(end)
}

/// Returns whether the host is this machine, in a notation that every parser reads the same way.
fn is_loopback(host: &str) -> bool {
    let octets: Option<Vec<u8>> = host.split('.').map(octet).collect();
    host.eq_ignore_ascii_case("localhost")
        || octets.is_some_and(|octets| octets.len() == 4 && octets[0] == 127)
        || ipv6(host).is_some_and(|address| u128::from(address) == 1)
}

fn octet(text: &str) -> Option<u8> {
    let octet: u8 = text.parse().ok()?;
    (octet.to_string() == text).then_some(octet)
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// Returns whether the host has a bracket outside of an address.
fn is_broken(host: &str) -> bool {
    host.contains(['[', ']']) && ipv6(host).is_none()
}

fn loopback() -> impl Strategy<Value = String> {
    let quad = any::<[u8; 3]>().prop_map(|[b, c, d]| format!("127.{b}.{c}.{d}"));
    prop_oneof![
        "[lL][oO][cC][aA][lL][hH][oO][sS][tT]",
        quad,
        select(vec![
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[0::1]",
            "[::0:1]",
            "[0000::0001]"
        ])
        .prop_map(str::to_owned),
    ]
}

/// Generates loopback hosts, named ones, and hosts that look like them.
fn host() -> impl Strategy<Value = String> {
    let number = prop_oneof![Just(127), Just(0), 0..400_u16];
    let quad = vec((select(vec!["", "", "0", "0x"]), number), 1..6).prop_map(|parts| {
        let parts: Vec<_> = parts
            .iter()
            .map(|(before, number)| format!("{before}{number}"))
            .collect();
        parts.join(".")
    });
    let address = prop_oneof![
        0..4_u128,
        any::<u128>(),
        0xffff_7f00_0000..0xffff_7f00_0004_u128
    ];
    prop_oneof![
        loopback(),
        (loopback(), "[a-z0-9.-]{1,6}").prop_map(|(host, more)| host + &more),
        ("[a-z0-9.-]{1,6}", loopback()).prop_map(|(more, host)| more + &host),
        quad,
        address.prop_map(|address| format!("[{}]", Ipv6Addr::from(address))),
        select(NAMED).prop_map(str::to_uppercase),
        "[a-zA-Z0-9.-]{1,12}",
    ]
}

fn port() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..70_000_u32).prop_map(|port| port.to_string()),
        any::<u64>().prop_map(|port| port.to_string()),
        "0{0,3}[0-9]{0,6}",
        "[0-9+-]{0,6}",
    ]
}

/// Generates the rest of a URL after the host.
fn rest() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "/",
        ":8000",
        ":8000/",
        "/oauth2/access_token",
        ":443/a/b",
    ])
}

const NAMED: &[&str] = &["lms", "local.openedx.io", "edx.devstack.lms"];

const PIECES: &[&str] = &[
    "https://",
    "https://",
    "http://",
    "http://",
    "HTTP://",
    "https:",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "?",
    "#",
    "%40",
    "%2f",
    "[",
    "]",
    "[::1]",
    "localhost",
    "127.0.0.1",
    "lms",
    "evil.example",
    ".",
    "80",
    "443",
    " ",
];
