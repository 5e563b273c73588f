//! Checks that a `reqwest::Client` that the program builds itself works while `edx-auth-reqwest` is in the
//! build. A separate binary, because nothing else in the process may have installed a crypto provider.
#![allow(clippy::unwrap_used, reason = "a test ends where its expectation does")]

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_reqwest::TokenSource;
use edx_auth_testkit::{MockEdx, MockResponse};
use tokio::runtime::Builder;

#[test]
fn a_bare_client_works_and_a_source_after_it_does_too() {
    let bare = reqwest::Client::new();

    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/api/", MockResponse::json(200, "[]"));
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    let over_http = TokenEndpoint::exact(&edx.token_url()).unwrap();
    let over_http = TokenSource::new(TokenRequest::new(over_http, credentials.clone())).unwrap();
    // Building it needs TLS; nothing is sent.
    let over_https = TokenSource::new(TokenRequest::new(TokenEndpoint::edx(), credentials));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();

    let response = runtime.block_on(bare.get(format!("{}/api/", edx.url())).send());
    let token = runtime.block_on(over_http.token());

    assert_eq!(response.unwrap().status(), 200);
    assert!(token.is_ok(), "{token:?}");
    assert!(over_https.is_ok(), "{over_https:?}");
}
