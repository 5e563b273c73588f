//! Cookies, which a driver must not store.

use super::Driver;
use super::fixture::{API, SHORT_DELAY, driver, get, site, token_response};
use super::result::ItemResult;
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::NoCookies`](super::Item::NoCookies).
pub(super) fn no_cookies<D: Driver>() -> ItemResult {
    let edx = site()?;
    for token in ["first.of.two", "second.of.two"] {
        edx.next_request(MockEdx::TOKEN_PATH, baked(token_response(token)));
    }
    edx.on("GET", API, baked(MockResponse::json(200, "{}")));
    edx.next_request(API, Behavior::pass_through());
    edx.next_request(
        API,
        Behavior::after(SHORT_DELAY, baked(MockResponse::invalid_token())),
    );
    let driver = driver::<D>(&edx)?;

    // First a token and a call. Then a call, another token, and the replay of the call.
    for _ in 0..2 {
        let _either = driver.call(get(&edx)?);
    }

    let requests = edx.requests();
    let sent = requests.iter().find(|sent| sent.header("cookie").is_some());
    sent.map_or(Ok(()), |sent| {
        Err(format!("sent a cookie to {}", sent.path()))
    })
}

fn baked(response: MockResponse) -> MockResponse {
    response.header("Set-Cookie", "session=of-the-item; Path=/")
}
