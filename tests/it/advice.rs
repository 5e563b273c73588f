//! Every error that has advice becomes an `Error` by `?`, and the advice comes with it.

use std::any::type_name;
use std::collections::BTreeSet;
use std::io;

use edx_auth_core::{
    AccessTokenError, CallError, ClaimsError, ClientNameError, CredentialsError, EnvConfigError,
    ExchangeError, ItemsPathError, PageError, PolicyError, PositionError, RenewalError, ScopeError,
    StoredTokenError, TokenError, UrlError,
};
use edx_auth_driver::{Error, StoreError, TenancyError};
use edx_auth_redis::{RedisError, RedisSetupError, RedisStore};

#[test]
fn every_error_with_advice_becomes_one_error() {
    let mut unknown: BTreeSet<_> = APIS.iter().flat_map(|api| with_advice(api)).collect();
    for name in becomes_an_error().into_iter().chain(OTHERS) {
        assert!(unknown.remove(name), "{name} has no advice");
    }

    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn a_failed_attempt_keeps_its_advice_and_its_wait() {
    let wait = std::time::Duration::from_secs(7);
    for error in [RenewalError::OverLimit(wait), RenewalError::DeadOnArrival] {
        let one = Error::from(error.clone());

        assert_eq!(one.to_string(), error.to_string());
        assert_eq!(one.advice(), error.advice());
        assert_eq!(one.is_retryable(), error.is_retryable());
        assert_eq!(one.retry_after(), error.retry_after());
    }
}

#[test]
fn what_redis_says_comes_with_its_advice() {
    let no_server = io::Error::from(io::ErrorKind::ConnectionRefused);
    for error in [RedisError::Unreachable(no_server), RedisError::Full("OOM")] {
        let advice = error.advice();

        assert_eq!(Error::from(StoreError::from(error)).advice(), advice);
    }
    let setup = RedisStore::new("cache.internal").unwrap_err();
    let advice = setup.advice();
    let report = Error::from(setup).report().to_string();
    assert!(report.ends_with(&format!("is not the URL of a Redis server\n{advice}")));
}

/// Returns the names of the errors that become an `Error`, which this function compiles only for those.
fn becomes_an_error() -> Vec<&'static str> {
    fn name<E: Into<Error>>() -> &'static str {
        let path = type_name::<E>();
        path.rsplit("::").next().unwrap_or(path)
    }
    vec![
        name::<AccessTokenError>(),
        name::<CallError>(),
        name::<ClaimsError>(),
        name::<ClientNameError>(),
        name::<CredentialsError>(),
        name::<EnvConfigError>(),
        name::<Error>(),
        name::<ExchangeError>(),
        name::<ItemsPathError>(),
        name::<PageError>(),
        name::<PolicyError>(),
        name::<PositionError>(),
        name::<RedisSetupError>(),
        name::<RenewalError>(),
        name::<ScopeError>(),
        name::<StoreError>(),
        name::<StoredTokenError>(),
        name::<TenancyError>(),
        name::<TokenError>(),
        name::<UrlError>(),
    ]
}

/// An `Error` needs more than these: the URL of a call that has no response, the response with this verdict,
/// or the store. The last one is what an `Error` consists of.
const OTHERS: [&str; 5] = [
    "TransportError",
    "TransportFailure",
    "Verdict",
    "RedisError",
    "InputError",
];

/// Returns the types of a public API that have advice.
fn with_advice(api: &str) -> impl Iterator<Item = &str> {
    let paths = api
        .lines()
        .filter_map(|line| line.split_once("::advice(").map(|(path, _)| path));
    paths.filter_map(|path| path.rsplit("::").next())
}

const APIS: [&str; 3] = [
    include_str!("../public-api/edx-auth-core.txt"),
    include_str!("../public-api/edx-auth-driver.txt"),
    include_str!("../public-api/edx-auth-redis.txt"),
];
