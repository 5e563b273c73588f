//! The result of an item, and the steps that produce one.

use std::error::Error;

use edx_auth_core::{
    ErrorKind, ExchangeError, LiveToken, RenewalError, TokenError, TransportFailure,
};
use http::Response;

use super::Driver;
use super::fixture::TIMEOUT;

/// A value that the item needs, or a description of what the driver did wrong.
pub(super) type ItemResult<T = ()> = Result<T, String>;

/// Returns an error with this description unless the condition holds.
pub(super) fn ensure(condition: bool, description: impl FnOnce() -> String) -> ItemResult {
    if condition {
        Ok(())
    } else {
        Err(description())
    }
}

/// Gets a token, which the item expects.
pub(super) fn token_of<D: Driver>(driver: &D) -> ItemResult<LiveToken> {
    let token = driver.token(TIMEOUT);
    token.map_err(|error| format!("returned no token although the site works: {error}"))
}

/// Gets the error of a token request, which the item expects.
pub(super) fn failed_exchange<D: Driver>(driver: &D) -> ItemResult<ExchangeError> {
    match driver.token(TIMEOUT) {
        Ok(_) => Err("returned a token".to_owned()),
        Err(error) => cause_of(&error),
    }
}

/// Gets the transport failure of a token request, which the item expects.
pub(super) fn broken_exchange<D: Driver>(driver: &D) -> ItemResult<TransportFailure> {
    let error = failed_exchange(driver)?;
    match error.kind() {
        ErrorKind::Transport(failure) => Ok(failure),
        _ => Err(format!(
            "reported a response instead of a transport failure: {error}"
        )),
    }
}

/// Returns the response of an API call, which the item expects.
pub(super) fn response_of(called: CallResult) -> ItemResult<Response<Vec<u8>>> {
    called.map_err(|error| format!("failed an API call although the site works: {error}"))
}

/// The result of an API call.
pub(super) type CallResult = Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

fn cause_of(error: &TokenError) -> ItemResult<ExchangeError> {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => Ok(error.clone()),
        Some(other) => Err(format!(
            "reported an error that does not belong to the token request: {other}"
        )),
        None => Err(format!(
            "did not report the result of the token request within {TIMEOUT:?}"
        )),
    }
}
