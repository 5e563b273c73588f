//! A proxy that an attacker set could read everything that passes it in plain text, as in httpoxy.

use std::net::{Ipv4Addr, TcpListener};

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::timeout::within_timeout;
use tokio::runtime::Builder;

/// Gets a token and calls an API, over an HTTP client with this proxy.
type Program = fn(&MockEdx, &str);

const DRIVERS: [(&str, Program); 2] = [("ureq", over_ureq), ("reqwest", over_reqwest)];

#[test]
fn plain_http_never_uses_a_supplied_proxy() {
    for (driver, program) in DRIVERS {
        let (edx, proxy) = (MockEdx::start().unwrap(), Proxy::listen());
        let url = proxy.url();

        let edx = within_timeout(move || {
            program(&edx, &url);
            edx
        });

        assert_eq!(edx.requests().len(), 2, "{driver}");
        assert!(!proxy.was_asked(), "{driver}");
    }
}

/// A proxy that must get no connection.
struct Proxy(TcpListener);

impl Proxy {
    fn listen() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    fn was_asked(&self) -> bool {
        self.0.accept().is_ok()
    }
}

fn over_ureq(edx: &MockEdx, proxy: &str) {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let proxy = ureq::Proxy::new(proxy).unwrap();
    let agent = ureq::Agent::config_builder().proxy(Some(proxy)).build();
    let agent = agent.new_agent();
    let source = TokenSource::builder(request(edx)).http_client(agent);
    let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
    let response = client.get(&edx.catalogs_url()).send();
    assert_eq!(response.unwrap().status(), 200);
}

fn over_reqwest(edx: &MockEdx, proxy: &str) {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let proxy = reqwest::Proxy::all(proxy).unwrap();
    let builder = move || reqwest::Client::builder().proxy(proxy.clone());
    let source = TokenSource::builder(request(edx)).http_client(builder);
    let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
    let response = client.get(&edx.catalogs_url()).send();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(response).unwrap().status(), 200);
}

fn request(edx: &MockEdx) -> TokenRequest {
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    TokenRequest::new(TokenEndpoint::exact(&edx.token_url()).unwrap(), credentials)
}
