//! `oauth2`: builds requests and reads responses; has no cache.

use std::hint::black_box;

use edx_auth_benches::build::{CLIENT_ID, CLIENT_SECRET, TOKEN_URL};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    TokenUrl,
};

/// A client with an endpoint.
pub type Client =
    BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// Creates a client as a program would.
#[must_use]
pub fn kept() -> Client {
    BasicClient::new(ClientId::new(CLIENT_ID.into()))
        .set_client_secret(ClientSecret::new(CLIENT_SECRET.into()))
        .set_token_uri(TokenUrl::new(TOKEN_URL.into()).expect("a URL"))
        .set_auth_type(AuthType::RequestBody)
}

/// The request was not sent.
#[derive(Debug)]
pub struct NotSent;

impl std::fmt::Display for NotSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not sent")
    }
}

impl std::error::Error for NotSent {}

/// Builds a request. The peer only passes it to an HTTP client, so this client takes it and fails.
pub fn build(client: &Client) {
    let fail = |request: HttpRequest| -> Result<HttpResponse, NotSent> {
        black_box(request);
        Err(NotSent)
    };
    black_box(client.exchange_client_credentials().request(&fail).is_err());
}

/// Builds a request and reads this response.
pub fn build_and_parse(client: &Client, response: &[u8]) -> BasicTokenResponse {
    let respond = |request: HttpRequest| -> Result<HttpResponse, NotSent> {
        black_box(request);
        let mut response = http::Response::new(response.to_vec());
        let json = http::HeaderValue::from_static("application/json");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
        Ok(response)
    };
    let issued = client.exchange_client_credentials().request(&respond);
    black_box(issued.expect("a token"))
}
