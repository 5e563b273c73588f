//! Redirects of the token request, which carries the secret.

use edx_auth_core::ErrorKind;

use super::Driver;
use super::seen::{Seen, demand, failed_exchange};
use super::stage::{driver, site};
use crate::{MockEdx, Reply};

/// [`Item::TokenRedirects`](super::Item::TokenRedirects).
pub(super) fn token_redirects<D: Driver>() -> Seen {
    for status in STATUSES {
        let other = site()?;
        leads_nowhere::<D>(status, &other.token_url())?;
        demand(other.requests().is_empty(), || {
            format!("followed a {status} to another port")
        })?;
        leads_nowhere::<D>(status, "/oauth2/v1/access_token")?;
    }
    Ok(())
}

fn leads_nowhere<D: Driver>(status: u16, location: &str) -> Seen {
    let edx = site()?;
    edx.play_next(MockEdx::TOKEN_PATH, Reply::redirect(status, location));
    let outcome = failed_exchange(&driver::<D>(&edx)?);
    let requests = edx.requests().len();
    demand(requests == 1, || {
        format!("followed a {status} on the same server: {requests} requests")
    })?;
    match outcome {
        Ok(error) if error.kind() == ErrorKind::Redirected => Ok(()),
        Ok(error) => Err(format!("made of a {status}: {error}")),
        Err(seen) => Err(format!("followed a {status} to another port, and {seen}")),
    }
}

pub(super) const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
