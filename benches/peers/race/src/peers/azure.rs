//! `azure_identity`: a client secret credential. It accepts only an `https` authority, so a transport
//! redirects its requests to the loopback endpoint.

use std::hint::black_box;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential as _;
use azure_core::http::{
    AsyncRawResponse, ClientOptions, HttpClient, Request, Transport, Url, new_http_client,
};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

/// The peer's credential, under its name in the table.
pub type Azure = Arc<ClientSecretCredential>;

/// Creates a credential for this endpoint.
#[must_use]
pub fn credential(endpoint: &str) -> Azure {
    // Another row may have installed the TLS provider.
    let _before = rustls::crypto::ring::default_provider().install_default();
    let loopback = Loopback {
        client: new_http_client(None),
        endpoint: endpoint.parse().expect("a URL"),
    };
    let client_options = ClientOptions {
        transport: Some(Transport::new(Arc::new(loopback))),
        ..ClientOptions::default()
    };
    let options = ClientSecretCredentialOptions { client_options };
    let made = ClientSecretCredential::new(
        "tenant",
        "id".into(),
        "secret".to_owned().into(),
        Some(options),
    );
    made.expect("a credential")
}

/// Returns the token's text, with its expiry, in a new `String`.
pub async fn token(credential: &Azure) -> Option<String> {
    let token = credential.get_token(&["read"], None).await.ok()?;
    Some(format!("Bearer {}", token.token.secret()))
}

/// Makes one call.
pub async fn call(credential: &Azure, into: &mut HeaderMap) {
    let value = token(credential).await.expect("a token");
    into.insert(
        AUTHORIZATION,
        HeaderValue::try_from(value).expect("a value"),
    );
    black_box(into);
}

/// A transport: the peer's own client, and the URL that all its requests are sent to.
#[derive(Debug)]
struct Loopback {
    client: Arc<dyn HttpClient>,
    endpoint: Url,
}

#[async_trait]
impl HttpClient for Loopback {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut request = request.clone();
        *request.url_mut() = self.endpoint.clone();
        self.client.execute_request(&request).await
    }
}
