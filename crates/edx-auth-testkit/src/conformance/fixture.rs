//! The site of an item, and drivers for it.

use std::fmt::Display;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Origins, RenewalPolicy, RenewalPolicyBuilder, TokenEndpoint, TokenRequest,
};
use http::{Method, Request};

use super::result::ItemResult;
use super::{Driver, Setup};
use crate::{MockEdx, MockResponse, ReceivedRequest};

/// Starts a site.
pub(super) fn site() -> ItemResult<MockEdx> {
    MockEdx::start().map_err(kit_error)
}

/// Starts a driver for this site. It sends only one token request, unless the item changes the
/// policy: its backoff is longer than the item.
pub(super) fn driver<D: Driver>(edx: &MockEdx) -> ItemResult<D> {
    Ok(D::start(setup(edx)?))
}

/// Returns the setup of such a driver.
pub(super) fn setup(edx: &MockEdx) -> ItemResult<Setup> {
    setup_at(&edx.token_url(), (edx.client_id(), edx.client_secret()))
}

/// Like [`setup`], for any token endpoint.
pub(super) fn setup_at(token_url: &str, (id, secret): (&str, &str)) -> ItemResult<Setup> {
    let endpoint = TokenEndpoint::exact(token_url).map_err(kit_error)?;
    let credentials = ClientCredentials::new(id, secret).map_err(kit_error)?;
    Ok(Setup {
        origins: Origins::of(&endpoint),
        request: TokenRequest::new(endpoint, credentials).deadline(TIMEOUT),
        stored: None,
        policy: policy(|numbers| numbers)?,
        timeout: TIMEOUT,
    })
}

/// Returns the policy of an item with this change. Without a change it has a long backoff and
/// almost no grace for clock skew.
pub(super) fn policy(
    change: impl FnOnce(RenewalPolicyBuilder) -> RenewalPolicyBuilder,
) -> ItemResult<RenewalPolicy> {
    let numbers = RenewalPolicy::builder()
        .skew_grace(Duration::from_millis(1))
        .transient_backoff(AN_HOUR, AN_HOUR)
        .throttled_backoff(AN_HOUR)
        .permanent_backoff(AN_HOUR, AN_HOUR);
    change(numbers).build().map_err(kit_error)
}

/// Returns the body of a response with this token, which expires after `seconds`.
pub(super) fn token_body(token: &str, seconds: u64) -> String {
    format!(r#"{{"access_token": "{token}", "expires_in": {seconds}, "token_type": "JWT"}}"#)
}

/// Returns the response with this token, which expires after an hour.
pub(super) fn token_response(token: &str) -> MockResponse {
    MockResponse::json(200, token_body(token, 3600))
}

/// Creates an API call.
pub(super) fn request(method: Method, url: &str, body: &str) -> ItemResult<Request<Vec<u8>>> {
    let request = Request::builder().method(method).uri(url);
    request.body(body.into()).map_err(kit_error)
}

/// Creates a GET of the item's API at this site.
pub(super) fn get(edx: &MockEdx) -> ItemResult<Request<Vec<u8>>> {
    request(Method::GET, &api_url(edx), "")
}

/// Creates a POST of this body to the item's API at this site.
pub(super) fn post(edx: &MockEdx, body: &str) -> ItemResult<Request<Vec<u8>>> {
    request(Method::POST, &api_url(edx), body)
}

/// Returns the URL of the item's API at this site.
pub(super) fn api_url(edx: &MockEdx) -> String {
    format!("{}{API}", edx.url())
}

/// Returns the requests that the item's API at this site received.
pub(super) fn api_requests(edx: &MockEdx) -> Vec<ReceivedRequest> {
    let mut requests = edx.requests();
    requests.retain(|request| request.path() == API);
    requests
}

/// Describes an error of the kit, which is not the driver's fault.
pub(super) fn kit_error(error: impl Display) -> String {
    format!("the test kit failed: {error}")
}

/// The path of the API of an item.
pub(super) const API: &str = "/api/item/";

/// The timeout of a caller: far above the time of a request to a loopback site, and below the guard
/// of the whole check.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// The delay of a response that arrives when its token is past the grace for clock skew.
pub(super) const SHORT_DELAY: Duration = Duration::from_millis(50);

/// The lifetime in seconds of a token that expires during an item: far above the time that it is on its
/// way.
pub(super) const SHORT_LIFE: u64 = 6;

const AN_HOUR: Duration = Duration::from_secs(60 * 60);
