//! What an item saw.

use std::error::Error;

use edx_auth_core::{
    ErrorKind, ExchangeError, LiveToken, RenewalError, TokenError, TransportFailure,
};
use http::Response;

use super::Driver;
use super::stage::PATIENCE;

/// What an item needs to go on, or what was seen instead.
pub(super) type Seen<T = ()> = Result<T, String>;

/// An objection, unless it is so.
pub(super) fn demand(is_so: bool, seen: impl FnOnce() -> String) -> Seen {
    if is_so { Ok(()) } else { Err(seen()) }
}

/// A token, where nothing stands in the way of one.
pub(super) fn token_of<D: Driver>(driver: &D) -> Seen<LiveToken> {
    let token = driver.token(PATIENCE);
    token.map_err(|error| format!("got no token of a site that is well: {error}"))
}

/// How an exchange ends that has to fail.
pub(super) fn failed_exchange<D: Driver>(driver: &D) -> Seen<ExchangeError> {
    match driver.token(PATIENCE) {
        Ok(_) => Err("got a token".to_owned()),
        Err(error) => cause_of(&error),
    }
}

/// How it fails where no whole reply comes.
pub(super) fn broken_exchange<D: Driver>(driver: &D) -> Seen<TransportFailure> {
    let error = failed_exchange(driver)?;
    match error.kind() {
        ErrorKind::Transport(failure) => Ok(failure),
        _ => Err(format!("took it for a reply: {error}")),
    }
}

/// A reply, where nothing stands in the way of one.
pub(super) fn reply_of(called: Called) -> Seen<Response<Vec<u8>>> {
    called.map_err(|error| format!("an API call to a site that is well ended by: {error}"))
}

/// What becomes of an API call.
pub(super) type Called = Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

fn cause_of(error: &TokenError) -> Seen<ExchangeError> {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => Ok(error.clone()),
        Some(other) => Err(format!("did not say how its exchange ended, but: {other}")),
        None => Err(format!("said nothing of its exchange in {PATIENCE:?}")),
    }
}
