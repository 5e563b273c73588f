//! Lists of a site behind a proxy that ends TLS: their links begin with `http:`.

use edx_auth_testkit::MockEdx;
use edx_auth_tests::timeout::within_timeout;
use serde_json::Value;

use super::authority::{Authority, Validity};
use super::connectors::{SECRET, runtime};
use super::peers;
use super::target::{Supplied, Target};

#[test]
fn a_list_behind_a_tls_proxy_is_read_to_its_end_over_tls() {
    for read in [over_ureq, over_reqwest] {
        let company = Authority::new();
        let edx = MockEdx::builder().client("acme", SECRET).start().unwrap();
        let server = company.certify("127.0.0.1", Validity::Now).server();
        let proxy = peers::in_front_of(edx.address(), server);
        let target = Target::to(&proxy.url()).trusting(&company);

        let items = within_timeout(move || read(&target));

        assert_eq!(items.len(), 25);
        assert!(proxy.decrypted().contains("GET /api/v1/catalogs/?page=3 "));
    }
}

fn over_ureq(target: &Target) -> Vec<Value> {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let agent = supplied(target).agent();
    let source = TokenSource::builder(target.request()).http_client(agent.clone());
    let client = AuthorizedClient::builder(source.build().unwrap()).http_client(agent);
    let client = client.build().unwrap();
    client.pages(&list_of(target)).map(Result::unwrap).collect()
}

fn over_reqwest(target: &Target) -> Vec<Value> {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let supplied = || supplied(target).client_builder();
    let source = TokenSource::builder(target.request()).http_client(supplied());
    let client = AuthorizedClient::builder(source.build().unwrap()).http_client(supplied());
    let client = client.build().unwrap();
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
