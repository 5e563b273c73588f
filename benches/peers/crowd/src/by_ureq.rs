//! Over ureq: threads that block, each with its share of the client IDs.

use std::thread;

use edx_auth_ureq::{AuthorizedClient, TokenSource};

use crate::{AT_ONCE, CALLS, CLIENTS};

pub(crate) fn run(token_url: &str, api_url: &str) {
    let endpoint = crate::endpoint(token_url);
    let source = |number| TokenSource::new(crate::request(&endpoint, number)).expect("a source");
    let sources: Vec<_> = (0..CLIENTS).map(source).collect();
    thread::scope(|scope| {
        for share in sources.chunks(CLIENTS.div_ceil(AT_ONCE)) {
            scope.spawn(move || share.iter().for_each(|source| call(source, api_url)));
        }
    });
}

/// Makes the calls of one client ID over one connection, which ends with them.
fn call(source: &TokenSource, api_url: &str) {
    let client = AuthorizedClient::new(source.clone()).expect("a client");
    for _ in 0..CALLS {
        let mut response = client.get(api_url).send().expect("a response");
        assert_eq!(response.status(), 200);
        response.body_mut().read_to_vec().expect("a body");
    }
}
