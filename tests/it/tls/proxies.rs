//! Proxies from the environment: under TLS they learn the host and the port only, and plain http never
//! uses them.

use edx_auth_testkit::MockEdx;
use rustls_tls::ServerConfig;

use super::authority::{Authority, Validity};
use super::connectors::SECRET;
use super::listener::Listener;
use super::program::{DRIVERS, run, system_roots};
use super::{peers, proxy};

#[test]
fn an_http_proxy_learns_only_host_and_port() {
    for (driver, variable) in combinations(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    {
        let (company, site) = company_site();
        let proxy = proxy::connecting(site.address());
        let url = format!("http://{}", proxy.address());
        let (roots, file) = system_roots(&company, &format!("http-{driver}-{variable}.pem"));

        let run = run(driver, SITE, &[(variable, &url), (roots, &file)]);

        assert!(run.succeeded, "{driver} {variable}: {}", run.output);
        let asked = "CONNECT lms.example:443 HTTP/1.1\n".repeat(2);
        assert_eq!(proxy.decrypted(), asked, "{driver} {variable}");
        saw_no_secret(&proxy);
        assert!(site.decrypted().contains(SECRET), "{driver} {variable}");
    }
}

#[test]
fn a_socks_proxy_learns_only_host_and_port() {
    for (driver, variable) in combinations(["HTTPS_PROXY", "ALL_PROXY"]) {
        let (company, site) = company_site();
        let proxy = proxy::socks(site.address());
        let url = format!("socks5h://{}", proxy.address());
        let (roots, file) = system_roots(&company, &format!("socks-{driver}-{variable}.pem"));

        let run = run(driver, SITE, &[(variable, &url), (roots, &file)]);

        assert!(run.succeeded, "{driver} {variable}: {}", run.output);
        let asked = "lms.example:443\n".repeat(2);
        assert_eq!(proxy.decrypted(), asked, "{driver} {variable}");
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

        assert!(!run.succeeded, "{driver}: {}", run.output);
        assert!(
            run.output.contains("company proxy"),
            "{driver}: {}",
            run.output
        );
        assert_eq!(eavesdropper.decrypted(), "", "{driver}");
        saw_no_secret(&proxy);
    }
}

#[test]
fn an_error_of_a_proxy_that_needs_another_password_omits_the_password() {
    for driver in DRIVERS {
        let proxy = proxy::requiring_password();
        let url = format!("http://acme:pr0xy-password@{}", proxy.address());
        let (roots, file) = system_roots(
            &Authority::new(),
            &format!("requiring_password-{driver}.pem"),
        );

        let run = run(driver, SITE, &[("HTTPS_PROXY", &url), (roots, &file)]);

        assert!(!run.succeeded, "{driver}: {}", run.output);
        assert!(
            !run.output.contains("pr0xy-password"),
            "{driver}: {}",
            run.output
        );
        assert!(
            run.output.contains("HTTPS_PROXY"),
            "{driver}: {}",
            run.output
        );
        assert!(
            proxy.decrypted().starts_with("CONNECT lms.example:443"),
            "{driver}"
        );
        saw_no_secret(&proxy);
    }
}

#[test]
fn an_error_of_a_proxy_that_rejects_names_the_proxy_and_its_status() {
    for (proxy, status, advice) in [
        (
            proxy::requiring_password(),
            "407",
            "HTTPS_PROXY=http://user:password@host:port",
        ),
        (proxy::forbidding(), "403", "NO_PROXY"),
    ] {
        for driver in DRIVERS {
            let url = format!("http://acme:pr0xy-password@{}", proxy.address());
            let file = format!("rejecting-{driver}-{status}.pem");
            let (roots, file) = system_roots(&Authority::new(), &file);

            let output = run(driver, SITE, &[("HTTPS_PROXY", &url), (roots, &file)]).output;

            let rejected = "could not be reached: the proxy rejected the connection";
            for part in [rejected, &proxy.address().to_string(), advice] {
                assert!(output.contains(part), "{driver}: {part}: {output}");
            }
            // reqwest tells no status but 407.
            if driver == "ureq" || status == "407" {
                assert!(
                    output.contains(&format!("(status {status})")),
                    "{driver}: {output}"
                );
            }
            assert!(!output.contains("pr0xy-password"), "{driver}: {output}");
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
            let before = proxy.decrypted().lines().count();

            let run = run(
                driver,
                &site.url(),
                &[variables, &[(roots, &file)]].concat(),
            );

            assert!(run.succeeded, "{driver} {variables:?}: {}", run.output);
            let asked = proxy.decrypted().lines().count() - before;
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

            let output = run(driver, SITE, &[(variable, url), (roots, &file)]).output;

            let words = format!("{variable} is not the URL of a proxy");
            assert!(output.contains(&words), "{driver}: {output}");
            assert!(output.contains("http://host:port"), "{driver}: {output}");
            assert!(
                !output.contains("acme") && !output.contains("pr0xy"),
                "{driver}: {output}"
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
                run.output.starts_with("404"),
                "{driver} {scheme}: {}",
                run.output
            );
            assert_eq!(edx.token_requests(), 1, "{driver} {scheme}");
            assert_eq!(proxy.wire(), "", "{driver} {scheme}");
        }
    }
}

/// A web server passes the request header `Proxy` to a CGI program as `HTTP_PROXY` (CVE-2016-5385);
/// `REQUEST_METHOD` shows that the program runs under CGI.
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

        assert!(run.succeeded, "{driver}: {}", run.output);
        assert_eq!(planted.wire(), "", "{driver}");
    }
}

/// Returns a site whose name only the proxy resolves, and its authority.
fn company_site() -> (Authority, Listener) {
    let company = Authority::new();
    let site = peers::site(certified(&company, "lms.example"));
    (company, site)
}

fn certified(company: &Authority, name: &str) -> std::sync::Arc<ServerConfig> {
    company.certify(name, Validity::Now).server()
}

fn combinations<const COUNT: usize>(
    variables: [&'static str; COUNT],
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = move |driver| variables.map(|variable| (driver, variable));
    DRIVERS.into_iter().flat_map(of)
}

fn saw_no_secret(proxy: &Listener) {
    let wire = proxy.wire();
    for output in [SECRET, "grant_type", "e30.e30.c2ln", "POST ", "GET "] {
        assert!(!wire.contains(output), "{wire}");
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
