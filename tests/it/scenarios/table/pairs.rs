//! Programs whose pair changes while they run.

use std::time::Duration;

use edx_auth_core::RenewalPolicy;
use edx_auth_tests::openedx::{CLIENT, TestClient};

use crate::scenarios::deed::Deed::{Ask, AskUntilServed, RenewNow};
use crate::scenarios::deed::Outcome::Token;
use crate::scenarios::deed::nothing;
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::{asked, asked_by};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a new pair takes over where the old one is refused and nobody notices")
            .by([OLD, CLIENT])
            .does([(Ask, Token(1)), (Ask, Token(1))])
            .sends([asked_by(OLD), asked()]),
        row("a new pair is used at the next renewal")
            .site(|site| site.client(NEXT.id, NEXT.secret))
            .by([CLIENT, NEXT])
            .does([(Ask, Token(1)), (RenewNow, Token(2))])
            .sends([asked(), asked_by(NEXT)]),
        row("a pair that is refused twice is not tried again")
            .by([OLD, NEXT])
            .does([(Ask, nothing(UNKNOWN)), (Ask, nothing(UNKNOWN))])
            .sends([asked_by(OLD), asked_by(NEXT)]),
        row("a new pair that comes in the pause is taken after it")
            .by([OLD, OLD, CLIENT])
            .policy(SHORT_REFUSALS)
            .does([(AskUntilServed, Token(1)), (Ask, Token(1))])
            .sends([asked_by(OLD), asked()]),
    ]
}

const OLD: TestClient = TestClient {
    id: "old-client",
    secret: "old-secret",
};

const NEXT: TestClient = TestClient {
    id: "next-client",
    secret: "next-secret",
};

const UNKNOWN: &str = "rejected the client credentials (invalid_client, status 401)";

/// A refusal that stays is waited out too.
const SHORT_REFUSALS: RenewalPolicy = {
    let pause = Duration::from_millis(5);
    match RenewalPolicy::builder()
        .permanent_backoff(pause, pause)
        .build()
    {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
};
