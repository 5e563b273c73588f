//! The result of an item, and the steps that produce one.

use std::error::Error;

use edx_auth_core::{
    ErrorKind, ExchangeError, LiveToken, RenewalError, TokenError, TransportFailure,
};
use http::Response;

use super::Driver;
use super::fixture::PATIENCE;

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

/// Gets a token. The item expects one.
pub(super) fn token_of<D: Driver>(driver: &D) -> ItemResult<LiveToken> {
    let token = driver.token(PATIENCE);
    token.map_err(|error| format!("got no token of a site that is well: {error}"))
}

/// Gets the error of an exchange. The item expects one.
pub(super) fn failed_exchange<D: Driver>(driver: &D) -> ItemResult<ExchangeError> {
    match driver.token(PATIENCE) {
        Ok(_) => Err("got a token".to_owned()),
        Err(error) => cause_of(&error),
    }
}

/// Gets the transport failure of an exchange. The item expects one.
pub(super) fn broken_exchange<D: Driver>(driver: &D) -> ItemResult<TransportFailure> {
    let error = failed_exchange(driver)?;
    match error.kind() {
        ErrorKind::Transport(failure) => Ok(failure),
        _ => Err(format!("took it for a reply: {error}")),
    }
}

/// Returns the response of an API call. The item expects one.
pub(super) fn reply_of(called: CallResult) -> ItemResult<Response<Vec<u8>>> {
    called.map_err(|error| format!("an API call to a site that is well ended by: {error}"))
}

/// The result of an API call.
pub(super) type CallResult = Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

fn cause_of(error: &TokenError) -> ItemResult<ExchangeError> {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => Ok(error.clone()),
        Some(other) => Err(format!("did not say how its exchange ended, but: {other}")),
        None => Err(format!("said nothing of its exchange in {PATIENCE:?}")),
    }
}
