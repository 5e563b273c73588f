//! A site of an item's own, and drivers for it.

use std::fmt::Display;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Origins, RenewalPolicy, RenewalPolicyBuilder, TokenEndpoint, TokenRequest,
};

use super::seen::Seen;
use super::{Driver, Setup};
use crate::MockEdx;

/// Starts a site.
pub(super) fn site() -> Seen<MockEdx> {
    MockEdx::start().map_err(in_the_kit)
}

/// A driver for this site that never asks twice in one item: its pauses outlast it.
pub(super) fn driver<D: Driver>(edx: &MockEdx) -> Seen<D> {
    Ok(D::start(setup(edx)?))
}

/// What such a driver is made from.
pub(super) fn setup(edx: &MockEdx) -> Seen<Setup> {
    let endpoint = TokenEndpoint::exact(&edx.token_url()).map_err(in_the_kit)?;
    let pair = ClientCredentials::new(edx.client_id(), edx.client_secret());
    let request = TokenRequest::new(endpoint, pair.map_err(in_the_kit)?);
    Ok(Setup {
        origins: Origins::of(request.endpoint()),
        request: request.deadline(PATIENCE),
        policy: policy(|numbers| numbers)?,
        timeout: PATIENCE,
    })
}

/// The numbers of an item: long pauses, and no token that is young, but for this change.
pub(super) fn policy(
    change: impl FnOnce(RenewalPolicyBuilder) -> RenewalPolicyBuilder,
) -> Seen<RenewalPolicy> {
    let numbers = RenewalPolicy::builder()
        .young(Duration::from_millis(1))
        .transient_pause(AN_HOUR, AN_HOUR)
        .throttled_pause(AN_HOUR)
        .permanent_pause(AN_HOUR, AN_HOUR);
    change(numbers).build().map_err(in_the_kit)
}

/// No fault of the driver's.
pub(super) fn in_the_kit(error: impl Display) -> String {
    format!("the kit itself could not go on: {error}")
}

/// Far above what a loopback site takes, and below the guard of the whole check.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

pub(super) const AN_HOUR: Duration = Duration::from_secs(60 * 60);
