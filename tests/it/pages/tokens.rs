//! Tokens that end in the middle of a list.

use std::thread;
use std::time::Duration;

use edx_auth_testkit::{ClockOffset, MockEdx, Reply};
use edx_auth_tests::clients::{CLIENTS, Setup, age_tokens};
use edx_auth_tests::patience::within_patience;

use super::over_both;

#[test]
fn a_token_revoked_between_two_pages_costs_one_token_request() {
    over_both(|edx, client| {
        age_tokens(edx);
        let walked = client.walk(&edx.catalogs_url(), None, &mut |item| {
            if item.id == 10 {
                edx.rotate_signing_key();
            }
        });

        assert_eq!(walked.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(walked.broken, None);
        assert_eq!(calls_and_tokens(edx), (4, 2));
    });
}

/// One call's time is over before the token endpoint's throttle is; the walk's patience is not.
#[test]
fn a_throttling_token_endpoint_is_retried_like_a_page() {
    for library in CLIENTS {
        within_patience(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            let mut setup = Setup::of(&edx);
            setup.timeout = Duration::from_secs(1);
            let client = (library.new_client)(setup);
            let walked = client.walk(&edx.catalogs_url(), None, &mut |item| {
                if item.id == 10 {
                    edx.rotate_signing_key();
                    edx.next_request(MockEdx::TOKEN_PATH, Reply::throttled(2));
                }
            });

            assert_eq!(walked.broken, None, "{}", library.name);
            assert_eq!(walked.ids, (1..=25).collect::<Vec<_>>(), "{}", library.name);
        });
    }
}

#[test]
fn a_token_that_the_site_considers_expired_costs_one_token_request() {
    over_both(|edx, client| {
        age_tokens(edx);
        let walked = client.walk(&edx.catalogs_url(), None, &mut |item| {
            if item.id == 20 {
                edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
            }
        });

        assert_eq!(walked.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(walked.broken, None);
        assert_eq!(calls_and_tokens(edx), (4, 2));
    });
}

#[test]
fn a_token_that_expires_between_two_pages_is_not_sent_again() {
    for library in CLIENTS {
        within_patience(move || {
            let edx = MockEdx::builder().token_lifetime(Duration::from_secs(2));
            let edx = edx.start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));

            let walked = client.walk(&edx.catalogs_url(), None, &mut |item| {
                if item.id % 10 == 0 {
                    thread::sleep(Duration::from_millis(2500));
                }
            });

            assert_eq!(walked.ids, (1..=25).collect::<Vec<_>>(), "{}", library.name);
            assert_eq!(walked.broken, None, "{}", library.name);
            assert_eq!(calls_and_tokens(&edx), (3, 3), "{}", library.name);
        });
    }
}

fn calls_and_tokens(edx: &MockEdx) -> (usize, usize) {
    (super::list::requests(edx), edx.token_requests())
}
