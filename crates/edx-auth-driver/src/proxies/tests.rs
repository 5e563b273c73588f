#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use super::*;

const PROXY_URL: (&str, &str) = ("HTTPS_PROXY", "http://127.0.0.1:3128");

fn read(variables: &[(&str, &str)]) -> Result<EnvProxies, EnvConfigError> {
    EnvProxies::read(|name| {
        let mut set = variables.iter().filter(|(set, _)| *set == name);
        set.next().map(|(_, value)| value.as_bytes().to_vec())
    })
}

/// Returns the URL of the proxy that these variables name.
fn proxy(variables: &[(&str, &str)]) -> Option<String> {
    let proxies = read(variables).unwrap();
    proxies.proxy().map(ProxyUrl::expose)
}

fn is_exempt(host: &str, port: u16, no_proxy: &str) -> bool {
    let proxies = read(&[PROXY_URL, ("NO_PROXY", no_proxy)]).unwrap();
    proxies.for_host(host, port).is_none()
}

#[test]
fn no_proxy_exempts_domains_addresses_networks_and_ports() {
    for (host, no_proxy) in [
        ("lms.test", "lms.test"),
        ("courses.lms.test", "lms.test"),
        ("a.b.lms.test", "lms.test"),
        ("lms.test", "test"),
        ("lms.test", ".lms.test"),
        ("courses.lms.test", ".lms.test"),
        ("courses.lms.test", "*.lms.test"),
        ("lms.test", "*.lms.test"),
        ("LMS.Test", "lms.test"),
        ("lms.test", "LMS.TEST"),
        ("lms.test.", "lms.test"),
        ("lms.test", "lms.test."),
        ("lms.test", "other.test,lms.test"),
        ("lms.test", "other.test, lms.test"),
        ("lms.test", "other.test lms.test"),
        ("lms.test", " lms.test "),
        ("lms.test", "lms.test,"),
        ("lms.test", ",,lms.test"),
        ("lms.test", "*"),
        ("lms.test", " * "),
        ("lms.test", "other.test,*"),
        ("10.1.2.3", "*"),
        ("lms.test", "lms.test:443"),
        ("courses.lms.test", ".lms.test:443"),
        ("10.1.2.3", "10.1.2.3"),
        ("10.1.2.3", "10.1.2.3:443"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3", "10.9.9.9/8"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("10.1.2.3", "0.0.0.0/0"),
        ("10.1.2.3", "::ffff:10.0.0.0/104"),
        ("[::ffff:10.1.2.3]", "10.0.0.0/8"),
        ("[::1]", "::1"),
        ("[::1]", "[::1]"),
        ("[::1]", "[::1]:443"),
        ("::1", "0:0:0:0:0:0:0:1"),
        ("[fd00::1]", "FD00::/8"),
        ("[fd00::1]", "[fd00::]/8"),
        ("[fd00::1]", "::/0"),
    ] {
        assert!(is_exempt(host, 443, no_proxy), "{host} {no_proxy:?}");
    }
}

#[test]
fn no_proxy_does_not_exempt_a_host_that_it_does_not_name() {
    for (host, no_proxy) in [
        ("lms.test", ""),
        ("lms.test", ","),
        ("lms.test", "."),
        ("lms.test", "*."),
        ("lms.test", "courses.lms.test"),
        ("lms.test", "ms.test"),
        ("lms.test", "lms"),
        ("lms.test", "lms.test.example"),
        ("lms.test", "l*.test"),
        ("lms.test", "https://lms.test"),
        ("lms.test", "lms.test/path"),
        ("lms.test", "lms.test:8443"),
        ("lms.test", "lms.test:99999"),
        ("10.1.2.3", "1.2.3"),
        ("10.1.2.3", "2.3"),
        ("10.1.2.3", "10.1.2"),
        ("10.1.2.3", "10.1.2.3:8443"),
        ("10.1.2.3", "11.0.0.0/8"),
        ("10.1.2.3", "10.1.2.2/32"),
        ("10.1.2.3", "10.0.0.0/33"),
        ("10.1.2.3", "10.0.0.0/-1"),
        ("10.1.2.3", "10.0.0.0/"),
        ("10.1.2.3", "::/0"),
        ("lms.test", "0.0.0.0/0"),
        ("[fd00::1]", "fe00::/8"),
        ("[fd00::1]", "fd00::/129"),
        ("[fd00::1]", "0.0.0.0/0"),
        ("[::1]", "::2"),
        ("[::1]", "1"),
    ] {
        assert!(!is_exempt(host, 443, no_proxy), "{host} {no_proxy:?}");
    }
}

#[test]
fn an_exempt_port_is_the_port_of_the_url() {
    assert!(is_exempt("lms.test", 8443, "lms.test:8443"));
    assert!(is_exempt("lms.test", 8443, "lms.test"));
    assert!(!is_exempt("lms.test", 8443, "lms.test:443"));
    assert!(is_exempt("::1", 8443, "[::1]:8443"));
}

#[test]
fn the_more_specific_variable_wins_and_an_empty_one_is_not_set() {
    let (one, two) = ("http://one:1", "http://two:2");
    for (variables, expected) in [
        (&[("ALL_PROXY", two), ("HTTPS_PROXY", one)][..], Some(one)),
        (&[("all_proxy", two), ("HTTPS_PROXY", one)], Some(one)),
        (&[("ALL_PROXY", two)], Some(two)),
        (&[("HTTPS_PROXY", two), ("https_proxy", one)], Some(one)),
        (&[("HTTPS_PROXY", ""), ("https_proxy", one)], Some(one)),
        (&[("HTTPS_PROXY", one), ("https_proxy", "")], Some(one)),
        (&[("HTTPS_PROXY", " "), ("ALL_PROXY", two)], Some(two)),
        (&[("HTTP_PROXY", one), ("http_proxy", one)], None),
        (&[("HTTPS_PROXY", "")], None),
        (&[], None),
    ] {
        assert_eq!(proxy(variables).as_deref(), expected, "{variables:?}");
    }
}

#[test]
fn the_lower_case_no_proxy_wins_unless_it_is_empty() {
    let exempt = |lower, upper| {
        let variables = [PROXY_URL, ("no_proxy", lower), ("NO_PROXY", upper)];
        let proxies = read(&variables).unwrap();
        proxies.for_host("lms.test", 443).is_none()
    };

    assert!(exempt("lms.test", "other.test"));
    assert!(!exempt("other.test", "lms.test"));
    assert!(exempt("", "lms.test"));
}

#[test]
fn a_proxys_url_may_lack_its_scheme_its_port_and_its_path() {
    for (url, expected) in [
        ("http://proxy.test:3128", "http://proxy.test:3128"),
        (" http://proxy.test:3128/ ", "http://proxy.test:3128"),
        (
            "HTTP://proxy.test:3128/path?query",
            "http://proxy.test:3128",
        ),
        ("proxy.test:3128", "http://proxy.test:3128"),
        ("proxy.test", "http://proxy.test:80"),
        ("https://proxy.test", "https://proxy.test:443"),
        ("socks4://proxy.test", "socks4://proxy.test:1080"),
        ("socks4a://proxy.test", "socks4a://proxy.test:1080"),
        ("socks5://proxy.test", "socks5://proxy.test:1080"),
        ("socks5h://proxy.test:9", "socks5h://proxy.test:9"),
        ("http://[::1]:3128", "http://[::1]:3128"),
        ("[::1]", "http://[::1]:80"),
        (
            "acme:s3cret@proxy.test:3128",
            "http://acme:s3cret@proxy.test:3128",
        ),
        ("http://acme@proxy.test", "http://acme@proxy.test:80"),
        (
            "http://acme:p@ss%20w+rd@proxy.test",
            "http://acme:p%40ss%20w%2Brd@proxy.test:80",
        ),
    ] {
        assert_eq!(proxy(&[("HTTPS_PROXY", url)]).as_deref(), Some(expected));
    }
}

#[test]
fn a_proxys_url_that_is_invalid_is_an_error_that_names_the_variable() {
    for url in [
        "ftp://proxy.test:3128",
        "socks://proxy.test:1080",
        "http://",
        "http://:3128",
        "http://proxy.test:port",
        "http://proxy.test:99999",
        "http://proxy.test:1:2",
        "http://acme:s3c/ret@proxy.test:3128",
        "http://pro xy.test:3128",
        "http://pröxy.test:3128",
        "::1",
    ] {
        let error = read(&[("all_proxy", url)]).unwrap_err();

        let variable = "all_proxy";
        assert_eq!(error, EnvConfigError::Proxy { variable }, "{url}");
        assert!(error.advice().contains("http://host:port"), "{url}");
    }
}

#[test]
fn a_variable_that_is_not_unicode_is_named() {
    let error = EnvProxies::read(|name| (name == "NO_PROXY").then(|| vec![0xff])).unwrap_err();

    let variable = "NO_PROXY";
    assert_eq!(error, EnvConfigError::NotUnicode { variable });
}

#[test]
fn nothing_but_expose_shows_the_password_of_a_proxy() {
    let proxies = read(&[("HTTPS_PROXY", "http://acme:s3cret@proxy.test:3128")]).unwrap();

    let shown = format!("{proxies:?} {proxies:#?} {}", proxies.proxy().unwrap());
    assert!(shown.contains("http://proxy.test:3128"), "{shown}");
    assert!(
        !shown.contains("acme") && !shown.contains("s3cret"),
        "{shown}"
    );
}
