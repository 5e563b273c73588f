//! A call ends with its time, wherever the time went.

use std::time::Duration;

use edx_auth_core::Verdict;
use edx_auth_testkit::{Behavior, MockEdx, Reply};
use edx_auth_tests::clients::Ending::Late;

use crate::calls::action::Outcome::Cut;
use crate::calls::action::{failed, fine};
use crate::calls::performance::TAKEN;
use crate::calls::row::{Row, get, post, row};
use crate::calls::sent::Sent::Mint;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let heads = [
        ("nothing comes", Behavior::stall()),
        ("half a line comes", Behavior::endless("HTTP/1.", "")),
        (
            "half a head comes",
            Behavior::endless("HTTP/1.1 200 OK\r\n", ""),
        ),
        ("a head comes by and by", Behavior::slow_body(HEAD, EVERY)),
    ];
    let heads = heads.map(|(name, behavior)| {
        row(name)
            .answered([behavior])
            .calls_with_a_token(
                get().timeout(TIMEOUT),
                failed("/api/ did not respond in time"),
            )
            .sends([Mint, sent("GET", 1)])
    });
    let bodies = [200, 500].map(|status| {
        let long = Reply::json(status, " ".repeat(20_000));
        let head = format!("HTTP/1.1 {status} \r\nContent-Length: 9\r\n\r\n[");
        [
            late(
                format!("a {status} by and by"),
                Behavior::slow_body(long, A_MOMENT),
                status,
            ),
            late(
                format!("a {status} that stops"),
                Behavior::endless(head, ""),
                status,
            ),
        ]
    });
    let bodies = bodies.into_iter().flatten();
    heads.into_iter().chain(bodies).chain(others()).collect()
}

fn others() -> [Row; 3] {
    [
        row("all the time in the world")
            .calls(get().timeout(Duration::MAX), fine(200, TAKEN))
            .sends([Mint, sent("GET", 1)]),
        row("a call that writes is not repeated either")
            .answered([Behavior::stall()])
            .calls_with_a_token(
                post().body("{}").timeout(TIMEOUT),
                failed("/api/ did not respond in time"),
            )
            .sends([Mint, sent("POST", 1).body("{}")]),
        row("a token that does not come in time")
            .answered_at(MockEdx::TOKEN_PATH, [Behavior::stall()])
            .calls(
                get().timeout(TIMEOUT),
                failed("timed out while waiting for a token"),
            )
            .sends([Mint]),
    ]
}

fn late(name: String, behavior: Behavior, status: u16) -> Row {
    let verdict = (status == 500).then_some(Verdict::Unavailable { wait: None });
    row(name)
        .answered([behavior])
        .calls_with_a_token(get().timeout(PAST_THE_HEAD), Cut(status, verdict, Late))
        .sends([Mint, sent("GET", 1)])
}

const TIMEOUT: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_millis(50);

/// A head takes a hundred of these, and its body 20 000.
const A_MOMENT: Duration = Duration::from_millis(1);
const PAST_THE_HEAD: Duration = Duration::from_secs(2);
const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n";
