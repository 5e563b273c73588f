//! A token's lifetime starts when its request is sent, however long the response takes.

use std::time::Duration;

use edx_auth_core::Need;
use edx_auth_testkit::{MockResponse, Timeline};

#[test]
fn no_round_trip_extends_a_lifetime() {
    for life in LIVES {
        for round_trip in ROUND_TRIPS {
            let mut timeline = Timeline::new();
            timeline.set_token_lifetime(life);
            timeline.set_latency(Duration::from_millis(round_trip));
            // If the response takes longer than the token's lifetime, there is no token.
            if timeline.token_for(Need::any(), Duration::ZERO).is_err() {
                assert!(round_trip / 1000 >= life / 2, "{life} {round_trip}");
                continue;
            }
            let left = *timeline.token_requests().last().unwrap();
            let end = left + Duration::from_secs(life);

            // The site issues no more tokens: the cached one is served until it expires.
            timeline.set_response(MockResponse::new(503));
            timeline.set_latency(Duration::ZERO);
            while let Ok(token) = timeline.token_for(Need::any(), Duration::ZERO) {
                let now = timeline.now().monotonic;
                assert!(
                    now + token.usable_for() < end,
                    "{life} {round_trip} {now:?}"
                );
                timeline.advance(Duration::from_secs(life) / 200);
            }

            assert!(timeline.now().monotonic > end / 4, "{life} {round_trip}");
        }
    }
}

const LIVES: [u64; 8] = [5, 10, 30, 60, 180, 3600, 36_000, 31_536_000];

/// In milliseconds; an exchange takes at most as long as its deadline.
const ROUND_TRIPS: [u64; 8] = [0, 1, 50, 500, 2_000, 5_000, 10_000, 20_000];
