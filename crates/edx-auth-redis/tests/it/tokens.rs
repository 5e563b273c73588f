//! Tokens and token requests for the tests.

use std::time::{Duration, UNIX_EPOCH};

use edx_auth_driver::{
    AccessToken, ClientCredentials, Moment, StoreError, StoredToken, TokenEndpoint, TokenRequest,
    TokenStore, TokenType,
};
use edx_auth_redis::{RedisError, RedisStore};

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn request() -> TokenRequest {
    request_with("s3cret")
}

pub(crate) fn request_with(secret: &str) -> TokenRequest {
    let credentials = ClientCredentials::new("acme-api", secret).unwrap();
    TokenRequest::new(TokenEndpoint::edx(), credentials)
}

/// Returns a token of this name that was issued now.
pub(crate) fn token(name: &str, lifetime: Duration) -> StoredToken {
    let token = AccessToken::new(TokenType::Jwt, &format!("name-{name}")).unwrap();
    StoredToken::new(token, lifetime, now().wall)
}

pub(crate) fn name(token: &StoredToken) -> String {
    let bytes = String::from_utf8(token.to_bytes()).unwrap();
    let (_, name) = bytes.trim_end().split_once("name-").unwrap();
    name.to_owned()
}

/// Returns the name of the stored token.
pub(crate) fn loaded(store: &RedisStore) -> Option<String> {
    let loaded = store.load(&request()).unwrap();
    loaded.as_ref().map(name)
}

pub(crate) fn now() -> Moment {
    Moment {
        monotonic: Duration::ZERO,
        wall: UNIX_EPOCH.elapsed().unwrap(),
    }
}

/// Returns what Redis did, as the cause of an error of the store.
pub(crate) fn cause<T>(result: Result<T, StoreError>) -> RedisError {
    match result.err() {
        Some(StoreError::Other { source: cause, .. }) => *cause.downcast().unwrap(),
        other => panic!("{other:?}"),
    }
}
