//! The connection of a token request is not reused: it carries no other request, and no bytes left on
//! it are read as another response.

use std::collections::BTreeSet;

use edx_auth_core::TokenRequest;
use edx_auth_testkit::{MockEdx, ReceivedRequest};
use edx_auth_tests::timeout::within_timeout;
use tokio::runtime::Builder;

use super::{over_every_stack, setup};

#[test]
fn each_token_request_has_its_own_connection() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        let setup = setup(&edx);
        within_timeout(move || {
            let source = (stack.new_source)(setup);
            source.token().unwrap();
            for _ in 0..3 {
                source.renew_now().unwrap();
            }
        });

        assert_eq!(connections(&edx), 4, "{}", stack.name);
    });
}

/// Applies also to a supplied client with connection pooling.
#[test]
fn a_supplied_client_keeps_no_connection_of_a_token_request() {
    for (driver, ask) in [("ureq", over_ureq as Ask), ("reqwest", over_reqwest)] {
        let edx = MockEdx::start().unwrap();
        let (request, url) = (setup(&edx).request, edx.catalogs_url());

        within_timeout(move || ask(request, &url));

        assert_eq!(connections(&edx), 4, "{driver}");
    }
}

/// Gets three tokens from one source, and then makes an API call over the same client.
type Ask = fn(TokenRequest, &str);

fn over_ureq(request: TokenRequest, url: &str) {
    let agent = ureq::Agent::new_with_defaults();
    let source = edx_auth_ureq::TokenSource::builder(request).http_client(agent);
    let source = source.build().unwrap();
    source.token().unwrap();
    source.renew_now().unwrap();
    source.renew_now().unwrap();
    let client = edx_auth_ureq::AuthorizedClient::new(source).unwrap();
    client.get(url).send().unwrap();
}

fn over_reqwest(request: TokenRequest, url: &str) {
    let client = || reqwest::Client::builder().pool_max_idle_per_host(9);
    let source = edx_auth_reqwest::TokenSource::builder(request).http_client(client);
    let source = source.build().unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(source.token()).unwrap();
    runtime.block_on(source.renew_now()).unwrap();
    runtime.block_on(source.renew_now()).unwrap();
    let client = edx_auth_reqwest::AuthorizedClient::new(source).unwrap();
    runtime.block_on(client.get(url).send()).unwrap();
}

fn connections(edx: &MockEdx) -> usize {
    let sent = edx.requests();
    let connections = sent.iter().map(ReceivedRequest::connection);
    connections.collect::<BTreeSet<_>>().len()
}
