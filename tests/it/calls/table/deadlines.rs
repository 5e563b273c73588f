//! A call ends at its deadline, in every phase of the call.

use std::time::Duration;

use edx_auth_core::Verdict;
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::Ending::Late;
use edx_auth_tests::clients::Setup;

use crate::calls::action::Outcome::Cut;
use crate::calls::action::{failed, got, success};
use crate::calls::row::{Row, get, post, row};
use crate::calls::run::TAKEN;
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let heads = [
        ("nothing comes", Behavior::stall()),
        ("half a status line", Behavior::endless("HTTP/1.", "")),
        ("half a head", Behavior::endless("HTTP/1.1 200 OK\r\n", "")),
        ("a slow head", Behavior::slow_body(HEAD, EVERY)),
    ];
    let heads = heads.map(|(name, behavior)| {
        row(name)
            .responds([behavior])
            .calls_with_a_token(
                get().timeout(TIMEOUT),
                failed("/api/ did not respond in time"),
            )
            .sends([Issue, sent("GET", 1)])
    });
    let bodies = [200, 500].map(|status| {
        let long = format!("HTTP/1.1 {status} \r\n\r\n{:20000}", "");
        let head = format!("HTTP/1.1 {status} \r\nContent-Length: 9\r\n\r\n[");
        [
            late(
                format!("a slow body: {status}"),
                Behavior::slow_body(long, A_MILLISECOND),
                status,
            ),
            late(
                format!("a body that stops: {status}"),
                Behavior::endless(head, ""),
                status,
            ),
        ]
    });
    let bodies = bodies.into_iter().flatten();
    heads.into_iter().chain(bodies).chain(others()).collect()
}

fn others() -> [Row; 6] {
    [
        row("an error body that takes longer than its status waits for it")
            .responds([Behavior::slow_body(
                MockResponse::json(500, LONG_BLANK),
                Duration::from_millis(40),
            )])
            .calls_with_a_token(
                get(),
                got(500, Verdict::Unavailable { wait: None }, LONG_BLANK),
            )
            .sends([Issue, sent("GET", 1)]),
        row("the longest timeout")
            .calls(get().timeout(Duration::MAX), success(200, TAKEN))
            .sends([Issue, sent("GET", 1)]),
        row("a call that writes is not repeated")
            .responds([Behavior::stall()])
            .calls_with_a_token(
                post().body("{}").timeout(TIMEOUT),
                failed("/api/ did not respond in time"),
            )
            .sends([Issue, sent("POST", 1).body("{}")]),
        row("no token in time")
            .responds_at(MockEdx::TOKEN_PATH, [Behavior::stall()])
            .calls(
                get().timeout(TIMEOUT),
                failed("timed out while waiting for a token"),
            )
            .sends([Issue]),
        row("no token in the time of the call's token timeout")
            .responds_at(MockEdx::TOKEN_PATH, [Behavior::stall()])
            .calls(
                get().timeout(Duration::MAX).token_timeout(TIMEOUT),
                failed("timed out while waiting for a token"),
            )
            .sends([Issue]),
        row("no token in the time of the client's token timeout")
            .with_setup(|setup| Setup {
                token_timeout: Some(TIMEOUT),
                ..setup
            })
            .responds_at(MockEdx::TOKEN_PATH, [Behavior::stall()])
            .calls(
                get().timeout(Duration::MAX),
                failed("timed out while waiting for a token"),
            )
            .sends([Issue]),
    ]
}

fn late(name: String, behavior: Behavior, status: u16) -> Row {
    let verdict = (status == 500).then_some(Verdict::Unavailable { wait: None });
    row(name)
        .responds([behavior])
        .calls_with_a_token(get().timeout(PAST_THE_HEAD), Cut(status, verdict, Late))
        .sends([Issue, sent("GET", 1)])
}

/// Far longer than a request takes to arrive.
const TIMEOUT: Duration = Duration::from_secs(3);
/// The pause after each byte of a slow head, of which only fifteen arrive in time.
const EVERY: Duration = Duration::from_millis(200);
/// At a byte in 40 ms, it takes longer than its status waits for it.
const LONG_BLANK: &str =
    "[                                                                                ]";

/// The pause after each byte: a head has twenty bytes, and its body 20 000.
const A_MILLISECOND: Duration = Duration::from_millis(1);
/// Longer than a head takes, and shorter than its body.
const PAST_THE_HEAD: Duration = Duration::from_secs(3);
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n";
