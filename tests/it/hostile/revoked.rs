//! A program that keeps asking with a revoked secret: the site limits requests by address, so all
//! programs behind that address would be throttled.

use std::time::Duration;

use edx_auth_core::{ErrorCode, Need};
use edx_auth_testkit::{MockEdx, MockResponse, Timeline};
use edx_auth_tests::drivers::Setup;
use edx_auth_tests::timeout::within_timeout;

use super::{exchange_error, over_every_stack};

#[test]
fn a_thousand_calls_with_a_revoked_secret_are_three_requests_at_most() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        let setup = Setup::new(&edx.token_url(), edx.client_id(), "revoked");

        within_timeout(move || {
            let source = (stack.new_source)(setup);
            for _ in 0..1000 {
                let error = source.token().unwrap_err();
                let code = exchange_error(&error).oauth_code();
                assert_eq!(code, Some(&ErrorCode::InvalidClient), "{}", stack.name);
                assert!(!error.is_retryable(), "{}", stack.name);
            }
        });

        let sent = edx.token_requests();
        assert!((1..=3).contains(&sent), "{}: {sent}", stack.name);
    });
}

#[test]
fn a_minute_of_a_thousand_calls_with_a_revoked_secret_is_three_requests_at_most() {
    let mut timeline = Timeline::new();
    timeline.set_response(MockResponse::json(401, r#"{"error": "invalid_client"}"#));

    for _ in 0..1000 {
        timeline.token_for(Need::any(), Duration::ZERO).unwrap_err();
        timeline.advance(Duration::from_millis(60));
    }

    assert_eq!(timeline.token_requests().len(), 2);
}
