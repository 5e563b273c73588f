//! A handshake that has no end ends at the deadline.

use std::time::Duration;

use edx_auth_core::TransportFailure;

use super::authority::Authority;
use super::doors::DOORS;
use super::peers;
use super::way::Way;

#[test]
fn a_slow_tls_handshake_is_abandoned_at_the_deadline() {
    for (case, server) in [("silent", peers::silent()), ("dripping", peers::dripping())] {
        is_left_at_the_deadline(&Way::to(&server.url()), case);
    }
}

#[test]
fn an_unresponsive_proxy_is_abandoned_at_the_deadline() {
    let proxy = peers::silent();
    for scheme in ["http", "socks5h"] {
        let url = format!("{scheme}://{}", proxy.address());
        let way = Way::to("https://lms.example").trusting(&Authority::new());
        is_left_at_the_deadline(&way.through(&url), scheme);
    }
}

fn is_left_at_the_deadline(way: &Way, case: &str) {
    let way = way.clone().within(Duration::from_secs(1));
    for door in DOORS {
        let refused = door.go(&way).expect_err(case);

        let case = format!("{}: {case}: {}", door.name, refused.shown);
        assert_eq!(refused.failure, TransportFailure::TimedOut, "{case}");
        assert!(refused.is_retryable, "{case}");
    }
}
