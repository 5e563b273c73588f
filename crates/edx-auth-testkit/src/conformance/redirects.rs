//! Redirects of the token request, which carries the secret.

use edx_auth_core::{ErrorKind, ExchangeError};

use super::Driver;
use super::fixture::{driver, site};
use super::result::{ItemResult, ensure, failed_exchange};
use crate::{MockEdx, MockResponse};

/// [`Item::TokenRedirects`](super::Item::TokenRedirects).
pub(super) fn token_redirects<D: Driver>() -> ItemResult {
    for status in STATUSES {
        let other = site()?;
        let outcome = redirected::<D>(status, &other.token_url())?;
        ensure(other.requests().is_empty(), || {
            format!("followed a {status} to another port")
        })?;
        is_told(status, outcome)?;
        is_told(
            status,
            redirected::<D>(status, MockEdx::GATEWAY_TOKEN_PATH)?,
        )?;
    }
    Ok(())
}

/// Sends a token request that gets this redirect. Returns its error.
fn redirected<D: Driver>(status: u16, location: &str) -> ItemResult<ItemResult<ExchangeError>> {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::redirect(status, location),
    );
    let outcome = failed_exchange(&driver::<D>(&edx)?);
    let requests = edx.requests().len();
    ensure(requests == 1, || {
        format!("followed a {status} on the same server: {requests} requests")
    })?;
    Ok(outcome)
}

fn is_told(status: u16, outcome: ItemResult<ExchangeError>) -> ItemResult {
    let error = outcome.map_err(|reason| format!("{reason} (a redirect with status {status})"))?;
    ensure(error.kind() == ErrorKind::Redirected, || {
        format!("reported another error than a redirect for a {status}: {error}")
    })
}

pub(super) const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
