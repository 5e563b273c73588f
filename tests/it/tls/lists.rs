//! Lists of a site behind a proxy that ends TLS: their links begin with `http:`.

use std::net::SocketAddr;

use edx_auth_core::{ClientCredentials, TokenRequest};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};
use edx_auth_tests::timeout::within_timeout;
use serde_json::Value;

use super::authority::{Authority, Validity};
use super::connectors::{SECRET, runtime};
use super::peers;
use super::target::{Supplied, Target};

#[test]
fn a_list_behind_a_tls_proxy_is_read_to_its_end_over_tls() {
    let edx = MockEdx::builder().client("acme", SECRET).start().unwrap();

    read_over_tls(edx.address(), |request| request);
}

#[test]
fn a_list_of_a_real_openedx_behind_a_tls_proxy_is_read_over_tls() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let address = site.url().trim_start_matches("http://").parse().unwrap();

        read_over_tls(address, |request| {
            request.with_credentials(ClientCredentials::new(CLIENT.id, CLIENT.secret).unwrap())
        });
    }
}

/// Reads the 25 catalogs of a site over both clients, through a proxy in front of it.
fn read_over_tls(site: SocketAddr, credentials: fn(TokenRequest) -> TokenRequest) {
    for read in [over_ureq, over_reqwest] {
        let company = Authority::new();
        let server = company.certify("127.0.0.1", Validity::Now).server();
        let proxy = peers::in_front_of(site, server);
        let target = Target::to(&proxy.url()).trusting(&company);

        let items = within_timeout(move || read(&target, credentials(target.request())));

        assert_eq!(items.len(), 25);
        let sent = proxy.decrypted();
        assert!(sent.contains("GET /api/v1/catalogs/?page=3 "), "{sent}");
    }
}

fn over_ureq(target: &Target, request: TokenRequest) -> Vec<Value> {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let agent = supplied(target).agent();
    let source = TokenSource::builder(request).http_client(agent);
    let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
    client.pages(&list_of(target)).map(Result::unwrap).collect()
}

fn over_reqwest(target: &Target, request: TokenRequest) -> Vec<Value> {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let supplied = supplied(target).clone();
    let source = TokenSource::builder(request).http_client(move || supplied.client_builder());
    let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
    let (mut pages, runtime) = (client.pages(&list_of(target)), runtime());
    let items = std::iter::from_fn(|| runtime.block_on(pages.next()));
    items.map(Result::unwrap).collect()
}

fn supplied(target: &Target) -> &Supplied {
    target.supplied.as_ref().unwrap()
}

fn list_of(target: &Target) -> String {
    target.url.clone() + MockEdx::CATALOGS_PATH
}
