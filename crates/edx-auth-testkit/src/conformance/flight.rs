//! Many callers, and the one exchange they share.

use std::time::Duration;

use super::Driver;
use super::crowd::crowd;
use super::seen::{Seen, demand, token_of};
use super::stage::{PATIENCE, driver, policy, setup, site};
use crate::{MockEdx, Play, Reply};

/// [`Item::SingleFlight`](super::Item::SingleFlight).
pub(super) fn single_flight<D: Driver>() -> Seen {
    let edx = site()?;
    edx.play_next(MockEdx::TOKEN_PATH, slowly());
    let driver = driver::<D>(&edx)?;

    let crowd = crowd(16, || token_of(&driver))?;

    let requests = edx.token_requests();
    demand(requests == 1, || {
        format!("sent {requests} token requests for 16 callers at once")
    })?;
    crowd.into_iter().try_for_each(|token| token.map(drop))
}

/// [`Item::GivingUp`](super::Item::GivingUp).
pub(super) fn giving_up<D: Driver>() -> Seen {
    let edx = site()?;
    let playback = edx.play_next(MockEdx::TOKEN_PATH, slowly());
    let driver = driver::<D>(&edx)?;

    let _left = driver.token(LITTLE);
    let has_waited = playback.ends_within(Duration::ZERO);
    let other = driver.token(PATIENCE);

    demand(!has_waited, || {
        format!("kept a caller with {LITTLE:?} of patience until the reply came")
    })?;
    let requests = edx.token_requests();
    demand(requests == 1, || {
        format!("sent {requests} token requests where one caller left and one stayed")
    })?;
    let without = |error| format!("left the other without a token when one caller left: {error}");
    other.map(drop).map_err(without)
}

/// [`Item::OneRequestPerPause`](super::Item::OneRequestPerPause).
pub(super) fn one_request_per_pause<D: Driver>() -> Seen {
    let edx = site()?;
    edx.on("POST", MockEdx::TOKEN_PATH, trouble());
    let driver = driver::<D>(&edx)?;

    let _first = driver.token(PATIENCE);
    for _ in 0..3 {
        crowd(8, || drop(driver.token(SOME)))?;
    }

    let requests = edx.token_requests();
    demand(requests == 1, || {
        format!("sent {requests} token requests in one pause")
    })
}

/// [`Item::PauseWaitedOut`](super::Item::PauseWaitedOut).
pub(super) fn pause_waited_out<D: Driver>() -> Seen {
    let edx = site()?;
    edx.play_next(MockEdx::TOKEN_PATH, trouble());
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.transient_backoff(SOME, SOME))?;

    let token = D::start(setup).token(PATIENCE);

    let requests = edx.token_requests();
    demand(requests <= 2, || {
        format!("sent {requests} token requests where the second was answered")
    })?;
    let left =
        |error| format!("left although the pause ended within the caller's patience: {error}");
    token.map(drop).map_err(left)
}

/// Long enough for everybody to be in line, and for those without patience to be gone.
fn slowly() -> Play {
    Play::after(Duration::from_secs(2), Play::as_usual())
}

fn trouble() -> Reply {
    Reply::html(503, "<h1>Be right back</h1>")
}

const LITTLE: Duration = Duration::from_millis(50);
const SOME: Duration = Duration::from_millis(300);
