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
