//! The clocks of a driver, which give a token its age.

use std::time::{Duration, SystemTime};

use edx_auth_core::{AccessToken, StoredToken, TokenType};

use super::Driver;
use super::fixture::{kit_error, policy, setup, site, token_response};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx};

/// [`Item::AgeFromRequest`](super::Item::AgeFromRequest).
pub(super) fn age_from_request<D: Driver>() -> ItemResult {
    let edx = site()?;
    let slowly = Behavior::after(LATENCY, token_response("of.the.item"));
    edx.next_request(MockEdx::TOKEN_PATH, slowly);
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.expiry_margin(Duration::from_millis(1)))?;

    let usable_for = token_of(&D::start(setup))?.usable_for();

    ensure(usable_for <= AN_HOUR.saturating_sub(LATENCY), || {
        format!("made a token younger than its request: usable for {usable_for:?} of {AN_HOUR:?}")
    })
}

/// [`Item::WallClock`](super::Item::WallClock).
pub(super) fn wall_clock<D: Driver>() -> ItemResult {
    let valid = token_requests_after::<D>(AN_HOUR / 2)?;
    ensure(valid == 0, || {
        "requested a token although it started with a valid one".to_owned()
    })?;
    let expired = token_requests_after::<D>(AN_HOUR * 2)?;
    ensure(expired == 1, || {
        "used a stored token that has expired by the wall clock".to_owned()
    })
}

/// Returns how many token requests a driver sends for its first token if it starts with a token of
/// this age, which lives for an hour.
fn token_requests_after<D: Driver>(age: Duration) -> ItemResult<usize> {
    let edx = site()?;
    let token = AccessToken::new(TokenType::Jwt, "of.the.past").map_err(kit_error)?;
    let now = SystemTime::UNIX_EPOCH.elapsed().map_err(kit_error)?;
    let mut setup = setup(&edx)?;
    setup.stored = Some(StoredToken::new(token, AN_HOUR, now.saturating_sub(age)));
    token_of(&D::start(setup))?;
    Ok(edx.token_requests())
}

/// How long the token response takes: far longer than the token is on its way to its caller.
const LATENCY: Duration = Duration::from_secs(4);

const AN_HOUR: Duration = Duration::from_secs(60 * 60);
