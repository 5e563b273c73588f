//! When a refused call is sent again, and when its refusal is the reply.

use std::time::Duration;

use edx_auth_core::Verdict::TokenRejected;
use edx_auth_core::{AccessToken, TokenType};
use edx_auth_testkit::{Behavior, Reply};
use edx_auth_tests::clients::{Call, Setup, pausing};
use http::Method;

use crate::calls::action::Action::Send;
use crate::calls::action::{fine, got};
use crate::calls::performance::TAKEN;
use crate::calls::row::{Row, get, post, row};
use crate::calls::sent::Sent::Mint;
use crate::calls::sent::{sent, token};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a POST whose body can be sent again is sent again")
            .answered([refused()])
            .calls(post().body(BODY), fine(200, TAKEN))
            .sends([
                Mint,
                sent("POST", 1).body(BODY),
                Mint,
                sent("POST", 2).body(BODY),
            ]),
        row("so is a DELETE without any")
            .answered([refused()])
            .calls(Call::new(Method::DELETE, "/api/"), fine(200, TAKEN))
            .sends([Mint, sent("DELETE", 1), Mint, sent("DELETE", 2)]),
        row("of a HEAD the status alone says that its token is over")
            .answered([refused()])
            .calls(Call::new(Method::HEAD, "/api/"), fine(200, ""))
            .sends([Mint, sent("HEAD", 1), Mint, sent("HEAD", 2)]),
        row("an upload that cannot be sent again is not, and its refusal is the reply")
            .answered([refused()])
            .calls(post().body_once(BODY), got(401, TokenRejected, INVALID))
            .sends([Mint, sent("POST", 1).body(BODY), Mint]),
        row("a refusal that breaks off is one all the same")
            .answered([cut()])
            .calls(get(), fine(200, TAKEN))
            .sends([Mint, sent("GET", 1), Mint, sent("GET", 2)]),
        row("a refusal without an end is not read to its end")
            .answered([endless()])
            .calls(get(), fine(200, TAKEN))
            .sends([Mint, sent("GET", 1), Mint, sent("GET", 2)]),
        row("a token of one challenge among others is meant")
            .answered([with_challenge(r#"Basic realm="a, b", JWT realm="api""#)])
            .calls(get(), fine(200, TAKEN))
            .sends([Mint, sent("GET", 1), Mint, sent("GET", 2)]),
        row("a young token is tried again, and no other is asked for")
            .by(|setup| aged_from(Duration::from_secs(3), setup))
            .answered([refused()])
            .calls(get(), fine(200, TAKEN))
            .sends([Mint, sent("GET", 1), sent("GET", 1)]),
        row("a young token that would come of age too late is refused")
            .by(|setup| aged_from(A_MINUTE, setup))
            .answered([refused()])
            .calls(
                get().timeout(Duration::from_secs(5)),
                got(401, TokenRejected, INVALID),
            )
            .sends([Mint, sent("GET", 1)]),
        row("a second refusal so soon would have to wait for longer than the call may")
            .answered([refused(), taken(), refused()])
            .does([
                (Send(get()), fine(200, TAKEN)),
                (
                    Send(get().timeout(Duration::from_secs(2))),
                    got(401, TokenRejected, INVALID),
                ),
            ])
            .sends([Mint, sent("GET", 1), Mint, sent("GET", 2), sent("GET", 2)]),
        row("without a newer token the refusal is the reply")
            .answered([refused()])
            .by(|setup| Setup {
                policy: pausing(Duration::from_secs(60 * 60), Duration::from_millis(1)),
                ..setup
            })
            .then_minting(Reply::html(503, "<h1>Be right back</h1>"))
            .calls(get(), got(401, TokenRejected, INVALID))
            .sends([Mint, sent("GET", 1), Mint]),
        row("a token that was handed in cannot be replaced")
            .by(|setup| Setup {
                fixed: Some(AccessToken::new(TokenType::Jwt, &token(1)).unwrap()),
                ..setup
            })
            .answered([refused(), refused()])
            .does([
                (Send(get()), got(401, TokenRejected, INVALID)),
                (Send(get()), got(401, TokenRejected, INVALID)),
                (Send(get()), fine(200, TAKEN)),
            ])
            .sends([sent("GET", 1), sent("GET", 1), sent("GET", 1)]),
        row("a newer token that does not come in time is none")
            .answered([refused()])
            .then_minting(Behavior::stall())
            .calls_with_a_token(
                get().timeout(Duration::from_secs(1)),
                got(401, TokenRejected, INVALID),
            )
            .sends([Mint, sent("GET", 1), Mint]),
    ]
}

fn refused() -> Behavior {
    with_challenge(r#"JWT realm="api""#)
}

fn with_challenge(challenge: &str) -> Behavior {
    let refusal = Reply::json(401, INVALID);
    refusal.header("WWW-Authenticate", challenge).into()
}

fn taken() -> Behavior {
    Reply::json(200, TAKEN).into()
}

fn endless() -> Behavior {
    let head = "HTTP/1.1 401 \r\nTransfer-Encoding: chunked\r\n\r\n";
    Behavior::endless(head, format!("1000\r\n{}\r\n", " ".repeat(0x1000)))
}

fn cut() -> Behavior {
    let whole = Reply::json(401, INVALID).to_bytes();
    let all_but_some = whole.len() - 9;
    Behavior::cut(whole, all_but_some)
}

/// A program that takes tokens up to this age for young.
fn aged_from(age: Duration, setup: Setup) -> Setup {
    Setup {
        policy: pausing(Duration::from_millis(5), age),
        ..setup
    }
}

const A_MINUTE: Duration = Duration::from_secs(60);
const BODY: &str = r#"{"user":"ada"}"#;
const INVALID: &str = r#"{"detail":"Invalid token."}"#;
