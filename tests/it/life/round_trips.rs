//! A token's life begins when its request leaves, however long the reply is on its way.

use std::time::Duration;

use edx_auth_core::Need;
use edx_auth_testkit::{Reply, Timeline};

#[test]
fn no_round_trip_extends_a_lifetime() {
    for life in LIVES {
        for round_trip in ROUND_TRIPS {
            let mut timeline = Timeline::new();
            timeline.set_token_lifetime(life);
            timeline.set_latency(Duration::from_millis(round_trip));
            // Where the reply comes behind its token's life, there is none.
            if timeline.token_for(Need::any(), Duration::ZERO).is_err() {
                assert!(round_trip / 1000 >= life / 2, "{life} {round_trip}");
                continue;
            }
            let left = *timeline.token_requests().last().unwrap();
            let end = left + Duration::from_secs(life);

            // The site issues no more of them: the one at hand is served for as long as it may be.
            timeline.set_response(Reply::new(503));
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

/// In milliseconds; an exchange takes no longer than its deadline.
const ROUND_TRIPS: [u64; 8] = [0, 1, 50, 500, 2_000, 5_000, 10_000, 20_000];
