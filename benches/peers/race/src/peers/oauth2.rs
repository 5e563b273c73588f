//! `oauth2`: builds requests and reads replies; has no cache.

use std::hint::black_box;

use edx_auth_benches::build::{CLIENT_ID, CLIENT_SECRET, TOKEN_URL};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    TokenUrl,
};

/// A client that has where to ask.
pub type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A client as a program keeps it.
#[must_use]
pub fn kept() -> Client {
    BasicClient::new(ClientId::new(CLIENT_ID.into()))
        .set_client_secret(ClientSecret::new(CLIENT_SECRET.into()))
        .set_token_uri(TokenUrl::new(TOKEN_URL.into()).expect("a URL"))
        .set_auth_type(AuthType::RequestBody)
}

/// Nothing was sent.
#[derive(Debug)]
pub struct NotSent;

impl std::fmt::Display for NotSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not sent")
    }
}

impl std::error::Error for NotSent {}

/// Builds a request. It hands requests to an HTTP client alone, so one takes it and fails.
pub fn build(client: &Client) {
    let refuse = |request: HttpRequest| -> Result<HttpResponse, NotSent> {
        black_box(request);
        Err(NotSent)
    };
    black_box(
        client
            .exchange_client_credentials()
            .request(&refuse)
            .is_err(),
    );
}

/// Builds a request and reads this reply.
pub fn build_and_parse(client: &Client, reply: &[u8]) -> BasicTokenResponse {
    let answer = |request: HttpRequest| -> Result<HttpResponse, NotSent> {
        black_box(request);
        let mut response = http::Response::new(reply.to_vec());
        let json = http::HeaderValue::from_static("application/json");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
        Ok(response)
    };
    let issued = client.exchange_client_credentials().request(&answer);
    black_box(issued.expect("a token"))
}
