//! Jitter, which keeps many programs from acting at the same instant.

use std::time::Duration;

use super::Driver;
use super::fixture::{TIMEOUT, driver, site};
use super::result::{ItemResult, ensure};
use crate::{MockEdx, MockResponse};

/// [`Item::Jitter`](super::Item::Jitter).
pub(super) fn jitter<D: Driver>() -> ItemResult {
    let backoffs = (0..DRIVERS).map(|_| backoff_of_a_new_driver::<D>());
    let backoffs = backoffs.collect::<ItemResult<Vec<_>>>()?;
    let (shortest, longest) = (backoffs.iter().min(), backoffs.iter().max());
    let difference = longest
        .zip(shortest)
        .map(|(long, short)| long.saturating_sub(*short));
    ensure(difference > Some(MORE_THAN_A_RUN), || {
        format!("gave {DRIVERS} drivers the same backoff, without jitter: {backoffs:?}")
    })
}

/// Returns how long a new driver backs off after a failure: an hour, and a random part of a quarter.
fn backoff_of_a_new_driver<D: Driver>() -> ItemResult<Duration> {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    let error = driver::<D>(&edx)?.token(TIMEOUT).err();
    let backoff = error.and_then(|error| error.retry_after());
    backoff.ok_or_else(|| "did not back off after a 503".to_owned())
}

const DRIVERS: usize = 8;

/// Backoffs that differ by more than the check takes differ by their jitter.
const MORE_THAN_A_RUN: Duration = Duration::from_secs(60);
