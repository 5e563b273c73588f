//! Web pages, whose requests a browser sends.

use edx_auth_testkit::MockEdx;

use super::Proxy;
use crate::site::Site;

const PAGE: &str = "http://localhost:3000";

#[test]
fn a_page_of_an_allowed_origin_reads_with_the_secret() {
    let site = Site::start();
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-origin", PAGE]);
    let (host, origin) = (
        format!("Host: 127.0.0.1:{}", proxy.port),
        format!("Origin: {PAGE}\r\nSec-Fetch-Site: cross-site"),
    );
    let path = MockEdx::CATALOGS_PATH;

    let question = proxy.send_bare(&format!(
        "OPTIONS {path} HTTP/1.1\r\n{host}\r\n{origin}\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: edx-auth-proxy"
    ));
    assert_eq!(question.status, 204, "{question:?}");
    assert_eq!(question.header("access-control-allow-origin"), Some(PAGE));
    let allowed = question.header("access-control-allow-headers").unwrap();
    assert!(allowed.contains("edx-auth-proxy") && allowed.contains("content-type"));
    assert_eq!(site.edx.requests().len(), 1);

    let page = proxy.send("GET", path, &origin);
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("access-control-allow-origin"), Some(PAGE));
    assert!(page.head.contains("\r\nvary: origin\r\n"), "{page:?}");
    let without_secret = proxy.send_bare(&format!("GET {path} HTTP/1.1\r\n{host}\r\n{origin}"));
    assert_eq!(without_secret.status, 403);
}

#[test]
fn no_other_page_reads_or_learns_that_one_may() {
    let site = Site::start();
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-origin", PAGE]);

    for headers in [
        "Origin: https://hostile.example",
        "Origin: null",
        "Origin: http://localhost:3000.hostile.example",
        "Origin: http://localhost:3000\r\nOrigin: https://hostile.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: none",
    ] {
        for method in ["GET", "OPTIONS"] {
            let asks = format!("{headers}\r\nAccess-Control-Request-Method: GET");
            let received = proxy.send(method, MockEdx::CATALOGS_PATH, &asks);
            assert_eq!(received.status, 403, "{headers}: {received:?}");
            assert!(!received.head.contains("access-control"), "{received:?}");
        }
    }
    assert_eq!(site.edx.requests().len(), 1);
}

#[test]
fn an_address_with_a_path_is_no_origin() {
    let site = Site::start();
    let arguments = ["proxy", "--port=0", "--secret-file=secret", "--to=edx"];

    let ended = site.run(&[&arguments[..], &["--allow-origin=http://localhost:3000/"]].concat());

    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("such as http://localhost:3000"));
}
