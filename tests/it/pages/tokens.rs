//! Tokens that become invalid in the middle of a list.

use std::thread;
use std::time::Duration;

use edx_auth_testkit::{ClockOffset, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Setup, age_tokens};
use edx_auth_tests::timeout::within_timeout;

use super::over_both;

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
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::builder().token_lifetime(Duration::from_secs(2));
            let edx = edx.start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));

            let listing = client.list(&edx.catalogs_url(), None, &mut |item| {
                if item.id % 10 == 0 {
                    thread::sleep(Duration::from_millis(2500));
                }
            });

            assert_eq!(
                listing.ids,
                (1..=25).collect::<Vec<_>>(),
                "{}",
                library.name
            );
            assert_eq!(listing.broken, None, "{}", library.name);
            assert_eq!(calls_and_tokens(&edx), (3, 3), "{}", library.name);
        });
    }
}

fn calls_and_tokens(edx: &MockEdx) -> (usize, usize) {
    (super::list::requests(edx), edx.token_requests())
}
