//! Over reqwest: tasks on one thread, each with its share of the client IDs.

use edx_auth_reqwest::{AuthorizedClient, TokenSource};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use crate::{AT_ONCE, CALLS, CLIENTS};

pub(crate) fn run(token_url: &str, api_url: &str) {
    let endpoint = crate::endpoint(token_url);
    let source = |number| TokenSource::new(crate::request(&endpoint, number)).expect("a source");
    let sources: Vec<_> = (0..CLIENTS).map(source).collect();
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut tasks = JoinSet::new();
        for share in sources.chunks(CLIENTS.div_ceil(AT_ONCE)) {
            tasks.spawn(call_all(share.to_vec(), api_url.to_owned()));
        }
        tasks.join_all().await;
    });
}

async fn call_all(sources: Vec<TokenSource>, api_url: String) {
    for source in &sources {
        call(source, &api_url).await;
    }
}

/// Makes the calls of one client ID over one connection, which ends with them.
async fn call(source: &TokenSource, api_url: &str) {
    let client = AuthorizedClient::new(source.clone()).expect("a client");
    for _ in 0..CALLS {
        let response = client.get(api_url).send().await.expect("a response");
        assert_eq!(response.status(), 200);
        response.bytes().await.expect("a body");
    }
}
