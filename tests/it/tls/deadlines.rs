//! An endless handshake ends at the deadline.

use std::time::Duration;

use edx_auth_core::TransportFailure;

use super::authority::Authority;
use super::connectors::CONNECTORS;
use super::peers;
use super::target::Target;

#[test]
fn a_slow_tls_handshake_is_abandoned_at_the_deadline() {
    for (case, server) in [("silent", peers::silent()), ("slow", peers::slow())] {
        ends_at_the_deadline(&Target::to(&server.url()), case);
    }
}

#[test]
fn an_unresponsive_proxy_is_abandoned_at_the_deadline() {
    let proxy = peers::silent();
    for scheme in ["http", "socks5h"] {
        let url = format!("{scheme}://{}", proxy.address());
        let target = Target::to("https://lms.example").trusting(&Authority::new());
        ends_at_the_deadline(&target.through(&url), scheme);
    }
}

fn ends_at_the_deadline(target: &Target, case: &str) {
    let target = target.clone().within(Duration::from_secs(1));
    for connector in CONNECTORS {
        let rejected = connector.connect(&target).expect_err(case);

        let case = format!("{}: {case}: {}", connector.name, rejected.shown);
        assert_eq!(rejected.failure, TransportFailure::TimedOut, "{case}");
        assert!(rejected.is_retryable, "{case}");
    }
}
