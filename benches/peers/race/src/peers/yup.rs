//! `yup-oauth2`: a service account, whose key contains the endpoint.

use std::hint::black_box;
use std::process::Command;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use yup_oauth2::authenticator::Authenticator;
use yup_oauth2::{
    DefaultHyperClientBuilder, HyperClientBuilder, ServiceAccountAuthenticator, ServiceAccountKey,
};

/// The peer's authenticator, under its name in the table.
pub type Yup = Authenticator<<DefaultHyperClientBuilder as HyperClientBuilder>::Connector>;

/// Creates an authenticator for this endpoint, with a new key.
pub async fn authenticator(endpoint: &str) -> Yup {
    let key = serde_json::json!({
        "type": "service_account",
        "private_key": key(),
        "client_email": "bench@example.org",
        "token_uri": endpoint,
    });
    let key: ServiceAccountKey = serde_json::from_value(key).expect("a key");
    let built = ServiceAccountAuthenticator::builder(key).build().await;
    built.expect("an authenticator")
}

/// Makes one call.
pub async fn call(authenticator: &Yup, into: &mut HeaderMap) {
    let token = authenticator.token(&["read"]).await.expect("a token");
    let value = format!("Bearer {}", token.token().expect("its text"));
    into.insert(
        AUTHORIZATION,
        HeaderValue::try_from(value).expect("a value"),
    );
    black_box(into);
}

fn key() -> String {
    static KEY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let made = || {
        let made = Command::new("openssl").args(["genrsa", "2048"]).output();
        String::from_utf8(made.expect("openssl").stdout).expect("text")
    };
    KEY.get_or_init(made).clone()
}
