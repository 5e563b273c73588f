//! A proxy in the environment of a program.

use std::net::{Ipv4Addr, TcpListener};

use edx_auth_testkit::MockEdx;
use edx_auth_tests::openedx::CLIENT;

use super::program::TWINS;

#[test]
fn plain_http_never_uses_a_proxy_of_the_environment() {
    let edx = MockEdx::builder().client(CLIENT.id, CLIENT.secret);
    let edx = edx.start().unwrap();
    let proxy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    proxy.set_nonblocking(true).unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let (token_url, api_url) = (edx.token_url(), edx.catalogs_url());
    let asked = [
        ("EDX_CLIENT_ID", CLIENT.id),
        ("EDX_CLIENT_SECRET", CLIENT.secret),
        ("EDX_TOKEN_URL", &token_url),
        ("EDX_API_URL", &api_url),
    ];
    let proxies = PROXIES.map(|name| (name, url.as_str()));
    let everywhere = ["no_proxy", "NO_PROXY"].map(|name| (name, ""));

    for quickstart in TWINS {
        let run = quickstart.run(&[&asked[..], &proxies, &everywhere].concat());

        assert_eq!(run.code, Some(0), "{}: {}", quickstart.name, run.stderr);
        assert!(proxy.accept().is_err(), "{}", quickstart.name);
    }
    assert!(edx.requests().len() >= 4);
}

/// The third is httpoxy's: a CGI program gets a request header of that name as this variable.
const PROXIES: [&str; 6] = [
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];
