//! Tokens that become invalid in the middle of a list.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use edx_auth_testkit::{ClockOffset, MockEdx, MockResponse, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Setup, age_tokens};
use edx_auth_tests::timeout::within_timeout;

use super::{list, over_both};

#[test]
fn a_token_revoked_between_two_pages_costs_one_token_request() {
    over_both(|edx, client| {
        age_tokens(edx);
        let listing = client.list(&edx.catalogs_url(), None, &mut |item| {
            if item.id == 10 {
                edx.rotate_signing_key();
            }
        });

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(listing.broken, None);
        assert_eq!(calls_and_tokens(edx), (4, 2));
    });
}

/// The call times out before the token endpoint's throttle ends; the `retry_timeout` is longer.
#[test]
fn a_throttling_token_endpoint_is_retried_like_a_page() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            let mut setup = Setup::of(&edx);
            setup.timeout = Duration::from_secs(1);
            let client = (library.new_client)(setup);
            let listing = client.list(&edx.catalogs_url(), None, &mut |item| {
                if item.id == 10 {
                    edx.rotate_signing_key();
                    edx.next_request(MockEdx::TOKEN_PATH, MockResponse::throttled(2));
                }
            });

            assert_eq!(listing.broken, None, "{}", library.name);
            assert_eq!(
                listing.ids,
                (1..=25).collect::<Vec<_>>(),
                "{}",
                library.name
            );
        });
    }
}

#[test]
fn a_token_that_the_site_considers_expired_costs_one_token_request() {
    over_both(|edx, client| {
        age_tokens(edx);
        let listing = client.list(&edx.catalogs_url(), None, &mut |item| {
            if item.id == 20 {
                edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
            }
        });

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(listing.broken, None);
        assert_eq!(calls_and_tokens(edx), (4, 2));
    });
}

#[test]
fn a_token_that_expires_between_two_pages_is_not_sent_again() {
    over_both(|edx, client| {
        list::serve(edx, 3);
        // More than three: on a slow machine some may have expired when they arrive.
        for number in 1..=20 {
            edx.next_request(MockEdx::TOKEN_PATH, short_lived(number));
        }

        let listing = client.list(&list::url(edx, 1), None, &mut |item| {
            if item.id % 3 == 0 {
                thread::sleep(LIFETIME);
            }
        });

        assert_eq!((listing.ids, listing.broken), (list::ids(1..=3), None));
        let requests = edx.requests();
        let pages = requests.iter().filter(|sent| sent.method() == "GET");
        let tokens: HashSet<_> = pages.map(ReceivedRequest::token).collect();
        assert_eq!((list::requests(edx), tokens.len()), (3, 3));
    });
}

/// Returns a response with a token of this number. The list takes it even if it has expired.
fn short_lived(number: u32) -> MockResponse {
    let seconds = LIFETIME.as_secs();
    MockResponse::json(
        200,
        format!(
            r#"{{"access_token": "token.{number}.x", "expires_in": {seconds}, "token_type": "JWT"}}"#
        ),
    )
}

fn calls_and_tokens(edx: &MockEdx) -> (usize, usize) {
    (list::requests(edx), edx.token_requests())
}

const LIFETIME: Duration = Duration::from_secs(2);
