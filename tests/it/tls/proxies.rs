//! Proxies that the environment names: under TLS they see where, and nothing of what; plain text
//! never gets there.

use edx_auth_testkit::MockEdx;
use rustls_tls::ServerConfig;

use super::authority::{Authority, Validity};
use super::doors::SECRET;
use super::listener::Listener;
use super::program::{DRIVERS, run, system_roots};
use super::{peers, proxy};

#[test]
fn an_http_proxy_learns_only_host_and_port() {
    for (driver, variable) in pairs(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
        let (company, site) = company_site();
        let proxy = proxy::connecting(site.address());
        let url = format!("http://{}", proxy.address());
        let (roots, file) = system_roots(&company, &format!("http-{driver}-{variable}.pem"));

        let run = run(driver, SITE, &[(variable, &url), (roots, &file)]);

        assert!(run.is_well, "{driver} {variable}: {}", run.said);
        let asked = "CONNECT lms.example:443 HTTP/1.1\n".repeat(2);
        assert_eq!(proxy.opened(), asked, "{driver} {variable}");
        saw_no_secret(&proxy);
        assert!(site.opened().contains(SECRET), "{driver} {variable}");
    }
}

#[test]
fn a_socks_proxy_learns_only_host_and_port() {
    for (driver, variable) in pairs(["HTTPS_PROXY", "ALL_PROXY"]) {
        let (company, site) = company_site();
        let proxy = proxy::socks(site.address());
        let url = format!("socks5h://{}", proxy.address());
        let (roots, file) = system_roots(&company, &format!("socks-{driver}-{variable}.pem"));

        let run = run(driver, SITE, &[(variable, &url), (roots, &file)]);

        assert!(run.is_well, "{driver} {variable}: {}", run.said);
        let asked = "lms.example:443\n".repeat(2);
        assert_eq!(proxy.opened(), asked, "{driver} {variable}");
        saw_no_secret(&proxy);
    }
}

#[test]
fn an_intercepting_proxy_is_rejected_unless_the_system_trusts_its_authority() {
    for driver in DRIVERS {
        let (_, eavesdropper) = company_site();
        let proxy = proxy::connecting(eavesdropper.address());
        let url = format!("http://{}", proxy.address());
        let other = system_roots(&Authority::new(), &format!("eavesdropped-{driver}.pem"));

        let run = run(driver, SITE, &[("HTTPS_PROXY", &url), (other.0, &other.1)]);

        assert!(!run.is_well, "{driver}: {}", run.said);
        assert!(run.said.contains("company proxy"), "{driver}: {}", run.said);
        assert_eq!(eavesdropper.opened(), "", "{driver}");
        saw_no_secret(&proxy);
    }
}

#[test]
fn an_error_of_a_proxy_that_needs_another_password_omits_the_password() {
    for driver in DRIVERS {
        let proxy = proxy::demanding();
        let url = format!("http://acme:pr0xy-password@{}", proxy.address());
        let (roots, file) = system_roots(&Authority::new(), &format!("demanding-{driver}.pem"));

        let run = run(driver, SITE, &[("HTTPS_PROXY", &url), (roots, &file)]);

        assert!(!run.is_well, "{driver}: {}", run.said);
        assert!(
            !run.said.contains("pr0xy-password"),
            "{driver}: {}",
            run.said
        );
        assert!(run.said.contains("HTTPS_PROXY"), "{driver}: {}", run.said);
        assert!(
            proxy.opened().starts_with("CONNECT lms.example:443"),
            "{driver}"
        );
        saw_no_secret(&proxy);
    }
}

#[test]
fn an_error_of_a_proxy_that_refuses_names_the_proxy_and_its_status() {
    for (proxy, status, advice) in [
        (
            proxy::demanding(),
            "407",
            "HTTPS_PROXY=http://user:password@host:port",
        ),
        (proxy::forbidding(), "403", "NO_PROXY"),
    ] {
        for driver in DRIVERS {
            let url = format!("http://acme:pr0xy-password@{}", proxy.address());
            let file = format!("refusing-{driver}-{status}.pem");
            let (roots, file) = system_roots(&Authority::new(), &file);

            let said = run(driver, SITE, &[("HTTPS_PROXY", &url), (roots, &file)]).said;

            let refused = "could not be reached: the proxy refused to connect";
            for part in [refused, &proxy.address().to_string(), advice] {
                assert!(said.contains(part), "{driver}: {part}: {said}");
            }
            // reqwest does not tell the others.
            if driver == "ureq" || status == "407" {
                assert!(
                    said.contains(&format!("(status {status})")),
                    "{driver}: {said}"
                );
            }
            assert!(!said.contains("pr0xy-password"), "{driver}: {said}");
        }
    }
}

#[test]
fn no_proxy_and_the_more_specific_variable_decide_for_both_drivers() {
    let company = Authority::new();
    let site = peers::site(certified(&company, "127.0.0.1"));
    let address = site.address().to_string();
    let proxy = proxy::connecting(site.address());
    let url = format!("http://{}", proxy.address());
    let nowhere = "http://127.0.0.1:9";
    for (variables, is_direct) in [
        (
            &[
                ("HTTPS_PROXY", url.as_str()),
                ("NO_PROXY", "other.test, 127.0.0.1"),
            ][..],
            true,
        ),
        (&[("HTTPS_PROXY", &url), ("NO_PROXY", "127.0.0.0/8")], true),
        (&[("HTTPS_PROXY", &url), ("NO_PROXY", &address)], true),
        (&[("HTTPS_PROXY", &url), ("NO_PROXY", " * ")], true),
        (&[("HTTPS_PROXY", &url), ("NO_PROXY", "127.0.0.1:1")], false),
        (&[("HTTPS_PROXY", &url), ("NO_PROXY", "0.0.1")], false),
        (&[("ALL_PROXY", nowhere), ("HTTPS_PROXY", &url)], false),
        (&[("HTTPS_PROXY", ""), ("https_proxy", &url)], false),
        (&[("HTTPS_PROXY", nowhere), ("https_proxy", &url)], false),
        (&[("HTTP_PROXY", nowhere), ("http_proxy", nowhere)], true),
        (&[("HTTPS_PROXY", ""), ("ALL_PROXY", "")], true),
    ] {
        for driver in DRIVERS {
            let (roots, file) = system_roots(&company, &format!("no-proxy-{driver}.pem"));
            let before = proxy.opened().lines().count();

            let run = run(
                driver,
                &site.url(),
                &[variables, &[(roots, &file)]].concat(),
            );

            assert!(run.is_well, "{driver} {variables:?}: {}", run.said);
            let asked = proxy.opened().lines().count() - before;
            assert_eq!(
                asked,
                if is_direct { 0 } else { 2 },
                "{driver} {variables:?}"
            );
        }
    }
}

#[test]
fn a_proxy_variable_that_is_no_url_is_an_error_that_names_it() {
    for driver in DRIVERS {
        for (variable, url) in [
            ("HTTPS_PROXY", "ftp://acme:pr0xy-password@proxy.test"),
            ("all_proxy", "http://acme:pr0xy/password@proxy.test:3128"),
        ] {
            let (roots, file) = system_roots(&Authority::new(), &format!("no-url-{driver}.pem"));

            let said = run(driver, SITE, &[(variable, url), (roots, &file)]).said;

            let words = format!("{variable} is not the URL of a proxy");
            assert!(said.contains(&words), "{driver}: {said}");
            assert!(said.contains("http://host:port"), "{driver}: {said}");
            assert!(
                !said.contains("acme") && !said.contains("pr0xy"),
                "{driver}: {said}"
            );
        }
    }
}

#[test]
fn plain_http_bypasses_every_proxy() {
    for scheme in ["http", "socks5h"] {
        for driver in DRIVERS {
            let edx = MockEdx::builder().client("acme", SECRET).start().unwrap();
            let proxy = proxy::connecting(edx.address());
            let url = format!("{scheme}://{}", proxy.address());
            let proxies = PROXY_VARIABLES.map(|variable| (variable, url.as_str()));

            let run = run(driver, edx.url(), &proxies);

            assert!(
                run.said.starts_with("404"),
                "{driver} {scheme}: {}",
                run.said
            );
            assert_eq!(edx.token_requests(), 1, "{driver} {scheme}");
            assert_eq!(proxy.wire(), "", "{driver} {scheme}");
        }
    }
}

/// A web server hands a program the header `Proxy` of whoever asks it as `HTTP_PROXY`
/// (CVE-2016-5385), and says by `REQUEST_METHOD` that it does so.
#[test]
fn a_proxy_header_sets_no_proxy_for_a_cgi_program() {
    for driver in DRIVERS {
        let company = Authority::new();
        let site = peers::site(certified(&company, "127.0.0.1"));
        let planted = proxy::connecting(site.address());
        let url = format!("http://{}", planted.address());
        let (roots, file) = system_roots(&company, &format!("httpoxy-{driver}.pem"));
        let variables = [
            ("HTTP_PROXY", url.as_str()),
            ("REQUEST_METHOD", "GET"),
            (roots, &file),
        ];

        let run = run(driver, &site.url(), &variables);

        assert!(run.is_well, "{driver}: {}", run.said);
        assert_eq!(planted.wire(), "", "{driver}");
    }
}

/// A site of a name that only its proxy knows, and who vouches for it.
fn company_site() -> (Authority, Listener) {
    let company = Authority::new();
    let site = peers::site(certified(&company, "lms.example"));
    (company, site)
}

fn certified(company: &Authority, name: &str) -> std::sync::Arc<ServerConfig> {
    company.certify(name, Validity::Now).server()
}

fn pairs<const COUNT: usize>(
    variables: [&'static str; COUNT],
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = move |driver| variables.map(|variable| (driver, variable));
    DRIVERS.into_iter().flat_map(of)
}

fn saw_no_secret(proxy: &Listener) {
    let wire = proxy.wire();
    for said in [SECRET, "grant_type", "e30.e30.c2ln", "POST ", "GET "] {
        assert!(!wire.contains(said), "{wire}");
    }
}

const SITE: &str = "https://lms.example";

const PROXY_VARIABLES: [&str; 6] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
];
