//! One exchange over a wire that works: what goes out, and what comes back.

use edx_auth_core::{Cause, ErrorCode, ExchangeError, NoToken};

use super::Driver;
use super::seen::{Seen, demand};
use super::stage::{PATIENCE, driver, site};
use crate::{MockEdx, Reply};

/// [`Item::ErrorBodies`](super::Item::ErrorBodies).
pub(super) fn error_bodies<D: Driver>() -> Seen {
    let edx = site()?;
    let body = r#"{"error": "unauthorized_client", "error_description": "Not this grant."}"#;
    edx.play_next(MockEdx::TOKEN_PATH, Reply::json(401, body));

    let error = failed_exchange(&driver::<D>(&edx)?)?;

    let code = error.oauth_code();
    demand(code == Some(&ErrorCode::UnauthorizedClient), || {
        format!("an error object of a 401 became: {error}")
    })
}

/// How a driver's first exchange fails that has to.
pub(super) fn failed_exchange<D: Driver>(driver: &D) -> Seen<ExchangeError> {
    match driver.token(PATIENCE) {
        Ok(_) => Err("got a token".to_owned()),
        Err(error) => exchange_error(&error),
    }
}

fn exchange_error(error: &NoToken) -> Seen<ExchangeError> {
    match error.cause() {
        Some(Cause::Exchange(error)) => Ok(error.clone()),
        _ => Err(format!("the exchange did not end by itself: {error}")),
    }
}
