//! Trouble that passes: waited out where it is short, told at once where it is long.

use std::time::Duration;

use edx_auth_testkit::{Behavior, Reply};

use crate::scenarios::deed::Deed::{Ask, AskWithin};
use crate::scenarios::deed::Outcome::Token;
use crate::scenarios::deed::nothing;
use crate::scenarios::row::{Row, row};
use crate::scenarios::sent::asked;

pub(super) fn rows() -> Vec<Row> {
    vec![
        passing("a restart is waited out", page(503)),
        passing("a gateway's 400 is waited out", page(400)),
        passing("a page of maintenance is waited out", page(200)),
        passing("a body cut short is asked for again", cut_short()),
        passing("a closed connection is made again", closed()),
        lasting("a limit is told at once", LIMITED, page(429)),
        lasting(
            "a wait of the site's is told at once",
            UNAVAILABLE,
            page_for_an_hour(),
        ),
        lasting("a long pause is told at once", UNAVAILABLE, page(503)).with_long_pauses(),
        lasting("a broken connection may last too", BROKEN, closed()).with_long_pauses(),
        row("nobody waits for longer than their own patience")
            .patience(A_MINUTE)
            .answered([Behavior::stall()])
            .does([(AskWithin(Duration::ZERO), nothing(NOT_YET))])
            .sends([asked()]),
        row("nobody waits for longer than the source's patience")
            .patience(Duration::ZERO)
            .answered([Behavior::stall()])
            .does([(Ask, nothing(NOT_YET))])
            .sends([asked()]),
    ]
}

/// Trouble that ends while a caller waits, which then has its token.
fn passing(name: &'static str, trouble: Behavior) -> Row {
    row(name)
        .answered([trouble])
        .does([(Ask, Token(1)), (Ask, Token(1))])
        .sends([asked(), asked()])
}

/// Trouble that outlasts every caller: each is told, and the site is asked once.
fn lasting(name: &'static str, told: &str, trouble: Behavior) -> Row {
    let told = nothing(told);
    row(name)
        .answered([trouble])
        .does([
            (Ask, told.clone()),
            (Ask, told.clone()),
            (AskWithin(Duration::ZERO), told),
        ])
        .sends([asked()])
}

fn page(status: u16) -> Behavior {
    Reply::html(status, "<h1>Be right back</h1>").into()
}

fn page_for_an_hour() -> Behavior {
    Reply::html(503, "").header("Retry-After", "3600").into()
}

/// Three bytes are promised, and two come.
fn cut_short() -> Behavior {
    Behavior::bytes(Reply::json(200, "{}").header("Content-Length", "3"))
}

fn closed() -> Behavior {
    Behavior::bytes("")
}

const LIMITED: &str = "throttled the token request (status 429)";
const UNAVAILABLE: &str = "is temporarily unavailable (status 503)";
const BROKEN: &str = "closed the connection before the response was complete";
const NOT_YET: &str = "no token arrived within the time to wait for one";

const A_MINUTE: Duration = Duration::from_secs(60);
