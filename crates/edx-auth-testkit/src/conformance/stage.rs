//! A site of an item's own, and drivers for it.

use std::fmt::Display;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Origins, RenewalPolicy, RenewalPolicyBuilder, TokenEndpoint, TokenRequest,
};
use http::{Method, Request};

use super::seen::Seen;
use super::{Driver, Setup};
use crate::{MockEdx, ReceivedRequest, Reply};

/// Starts a site.
pub(super) fn site() -> Seen<MockEdx> {
    MockEdx::start().map_err(in_the_kit)
}

/// A driver for this site that asks once where an item does not say otherwise: its pauses outlast
/// the item.
pub(super) fn driver<D: Driver>(edx: &MockEdx) -> Seen<D> {
    Ok(D::start(setup(edx)?))
}

/// What such a driver is made from.
pub(super) fn setup(edx: &MockEdx) -> Seen<Setup> {
    setup_at(&edx.token_url(), (edx.client_id(), edx.client_secret()))
}

/// The same for a token endpoint anywhere.
pub(super) fn setup_at(token_url: &str, (id, secret): (&str, &str)) -> Seen<Setup> {
    let endpoint = TokenEndpoint::exact(token_url).map_err(in_the_kit)?;
    let pair = ClientCredentials::new(id, secret).map_err(in_the_kit)?;
    Ok(Setup {
        origins: Origins::of(&endpoint),
        request: TokenRequest::new(endpoint, pair).deadline(PATIENCE),
        policy: policy(|numbers| numbers)?,
        timeout: PATIENCE,
    })
}

/// The numbers of an item: long pauses, and no token that is young, but for this change.
pub(super) fn policy(
    change: impl FnOnce(RenewalPolicyBuilder) -> RenewalPolicyBuilder,
) -> Seen<RenewalPolicy> {
    let numbers = RenewalPolicy::builder()
        .skew_grace(Duration::from_millis(1))
        .transient_backoff(AN_HOUR, AN_HOUR)
        .throttled_backoff(AN_HOUR)
        .permanent_backoff(AN_HOUR, AN_HOUR);
    change(numbers).build().map_err(in_the_kit)
}

/// The body of a reply with this token, for so many seconds.
pub(super) fn token_body(token: &str, seconds: u64) -> String {
    format!(r#"{{"access_token": "{token}", "expires_in": {seconds}, "token_type": "JWT"}}"#)
}

/// The reply with this token, for an hour.
pub(super) fn token_reply(token: &str) -> Reply {
    Reply::json(200, token_body(token, 3600))
}

/// An API call of this method.
pub(super) fn request(method: Method, url: &str, body: &str) -> Seen<Request<Vec<u8>>> {
    let request = Request::builder().method(method).uri(url);
    request.body(body.into()).map_err(in_the_kit)
}

/// A GET of the item's API at this site.
pub(super) fn get(edx: &MockEdx) -> Seen<Request<Vec<u8>>> {
    request(Method::GET, &api_url(edx), "")
}

/// A POST of this body to the item's API at this site.
pub(super) fn post(edx: &MockEdx, body: &str) -> Seen<Request<Vec<u8>>> {
    request(Method::POST, &api_url(edx), body)
}

/// The item's API at this site.
pub(super) fn api_url(edx: &MockEdx) -> String {
    format!("{}{API}", edx.url())
}

/// What reached the item's API at this site.
pub(super) fn api_requests(edx: &MockEdx) -> Vec<ReceivedRequest> {
    let mut requests = edx.requests();
    requests.retain(|request| request.path() == API);
    requests
}

/// No fault of the driver's.
pub(super) fn in_the_kit(error: impl Display) -> String {
    format!("the kit itself could not go on: {error}")
}

/// Where an item puts an API of its own.
pub(super) const API: &str = "/api/item/";

/// Far above what a loopback site takes, and below the guard of the whole check.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A reply that takes so long comes after that of a token, which then is no longer young.
pub(super) const A_MOMENT: Duration = Duration::from_millis(50);

const AN_HOUR: Duration = Duration::from_secs(60 * 60);
