//! `google-cloud-auth`: its metadata credentials, over any endpoint.

use std::hint::black_box;

use google_cloud_auth::credentials::{CacheableResource, Credentials, EntityTag, mds};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, HeaderValue};

/// Creates credentials for this endpoint, in a runtime.
#[must_use]
pub fn credentials(endpoint: &str) -> Credentials {
    // Another row may have installed the TLS provider.
    let _before = rustls::crypto::ring::default_provider().install_default();
    let builder = mds::Builder::default().with_endpoint(endpoint);
    builder.build().expect("credentials")
}

/// Returns new headers with the token, and the tag by which a call can reuse them.
pub async fn headers(credentials: &Credentials) -> Option<(EntityTag, HeaderMap)> {
    match credentials.headers(Extensions::new()).await {
        Ok(CacheableResource::New { entity_tag, data }) => Some((entity_tag, data)),
        _ => None,
    }
}

/// Makes one call with new headers, as the documentation does at first.
pub async fn call(credentials: &Credentials, into: &mut HeaderMap) {
    let (_, headers) = headers(credentials).await.expect("headers");
    into.insert(AUTHORIZATION, headers[AUTHORIZATION].clone());
    black_box(into);
}

/// Makes one call that reuses the headers by their tag.
pub async fn call_with_tag(
    credentials: &Credentials,
    kept: &(EntityTag, HeaderValue),
    into: &mut HeaderMap,
) {
    let mut extensions = Extensions::new();
    extensions.insert(kept.0.clone());
    let headers = credentials.headers(extensions).await.expect("headers");
    assert!(matches!(headers, CacheableResource::NotModified));
    into.insert(AUTHORIZATION, kept.1.clone());
    black_box(into);
}
