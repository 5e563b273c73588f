//! Builds one token request, as an HTTP library sends it.

use std::hint::black_box;

use bytes::Bytes;
use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

/// Returns a request as a source stores it.
#[must_use]
pub fn kept() -> TokenRequest {
    let endpoint = TokenEndpoint::open_edx("https://courses.example.org").expect("a URL");
    let credentials = ClientCredentials::new(CLIENT_ID, CLIENT_SECRET).expect("valid credentials");
    TokenRequest::new(endpoint, credentials)
}

/// Builds a token request with these crates.
pub fn ours(request: &TokenRequest) {
    let (to_send, exchange) = request.begin();
    black_box(to_send);
    drop(black_box(exchange));
}

/// The same by hand: a request that was rendered before, to be cloned.
#[derive(Debug)]
pub struct ByHand {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl ByHand {
    /// Renders the request, as a program does once.
    #[must_use]
    pub fn kept() -> Self {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        let body = format!(
            "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
             &token_type=jwt"
        );
        Self {
            uri: Uri::from_static(TOKEN_URL),
            headers,
            body: Bytes::from_owner(body),
        }
    }

    /// Builds a request from the rendered one. This is the limit.
    pub fn build(&self) {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        black_box(request);
    }
}

/// A client ID as long as those of Open edX.
pub const CLIENT_ID: &str = "8pQbX2vY7nK4mJ6tR9wLzC3fH5gD1sAe0uViWoNx";

/// A client secret as long as those of Open edX.
pub const CLIENT_SECRET: &str = "Zt4Rk9Wq2Xv7Bn5Mj8Lp3Hg6Fd1Sa0Qe9Uy4Ti7Ro2Pw5Ek8Nc3Vb6Xz1Jm4Gh7Df0Ls9Ay2Qt5Wr8\
                                 Eu3Io6Pk1Zx4Cv7Bn0Ml9Kj2Hg5Fd8Sa3Tq6We1R";

/// The token endpoint.
pub const TOKEN_URL: &str = "https://courses.example.org/oauth2/access_token";
