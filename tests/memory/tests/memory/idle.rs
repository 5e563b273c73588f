//! The memory that a token source takes while nothing is asked of it.

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_memory::Watching;
use tokio::runtime::Builder;

use crate::site::{self, Responses};

#[test]
fn an_idle_source_takes_its_token_and_little_more() {
    let over_ureq = held_by_one(|request| {
        let source = edx_auth_ureq::TokenSource::new(request).unwrap();
        source.token().unwrap();
        source
    });
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let over_reqwest = held_by_one(|request| {
        let source = edx_auth_reqwest::TokenSource::new(request).unwrap();
        runtime.block_on(source.token()).unwrap();
        source
    });

    assert!(over_ureq <= OVER_UREQ, "{over_ureq} bytes");
    assert!(over_reqwest <= OVER_REQWEST, "{over_reqwest} bytes");
}

/// Returns how many bytes one of many sources of a site holds beside its token, on average.
fn held_by_one<S>(source_with_token: impl Fn(TokenRequest) -> S) -> usize {
    let address = site::start(ISSUES);
    let endpoint = TokenEndpoint::exact(&format!("http://{address}/oauth2/access_token")).unwrap();
    let source = |number| source_with_token(request(&endpoint, number));
    let _first = source(0);
    let watching = Watching::for_any_of(&[]);
    let mut sources = Vec::with_capacity(SOURCES);
    let without = watching.held();
    sources.extend((1..=SOURCES).map(source));
    (watching.held() - without) / SOURCES - TOKEN.len()
}

/// Returns the request of one tenant, with a client ID and a secret as long as those that a site generates.
fn request(endpoint: &TokenEndpoint, number: usize) -> TokenRequest {
    let (id, secret) = (format!("{number:0>40}"), format!("{number:0>128}"));
    let credentials = ClientCredentials::new(id, secret).unwrap();
    TokenRequest::new(endpoint.clone(), credentials)
}

const SOURCES: usize = 1000;

/// The header value of [`ISSUES`].
const TOKEN: &str = "JWT eyJhbGciOiJIUzI1NiJ9.e30.c2ln";

const ISSUES: Responses = Responses {
    head: b"HTTP/1.1 200 OK\r\nContent-Length: 85\r\nConnection: close\r\n\r\n\
            {\"access_token\":\"eyJhbGciOiJIUzI1NiJ9.e30.c2ln\",\"expires_in\":3600,\"token_type\":\"JWT\"}",
    chunk: b"",
    times: 0,
    api: b"",
};

/// Ten thousand sources take 15 MiB. A third of it is the client credentials and their encoded form.
const OVER_UREQ: usize = 1536;

/// reqwest's client is shared by all sources of a process.
const OVER_REQWEST: usize = 4 * 1024;
