//! When a rejected call is replayed, and when the rejection is the response.

use std::time::Duration;

use edx_auth_core::Verdict::TokenRejected;
use edx_auth_core::{AccessToken, TokenType};
use edx_auth_testkit::{Behavior, MockResponse};
use edx_auth_tests::clients::{Call, Setup, pausing};
use http::Method;

use crate::calls::action::Action::Send;
use crate::calls::action::{got, success};
use crate::calls::row::{Row, get, post, row};
use crate::calls::run::TAKEN;
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::{sent, token};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("a POST with a repeatable body is replayed")
            .responds([rejected()])
            .calls(post().body(BODY), success(200, TAKEN))
            .sends([
                Issue,
                sent("POST", 1).body(BODY),
                Issue,
                sent("POST", 2).body(BODY),
            ]),
        row("a DELETE without a body is replayed")
            .responds([rejected()])
            .calls(Call::new(Method::DELETE, "/api/"), success(200, TAKEN))
            .sends([Issue, sent("DELETE", 1), Issue, sent("DELETE", 2)]),
        row("a HEAD is replayed by its status alone")
            .responds([rejected()])
            .calls(Call::new(Method::HEAD, "/api/"), success(200, ""))
            .sends([Issue, sent("HEAD", 1), Issue, sent("HEAD", 2)]),
        row("an upload that is not repeatable returns the rejection")
            .responds([rejected()])
            .calls(post().body_once(BODY), got(401, TokenRejected, INVALID))
            .sends([Issue, sent("POST", 1).body(BODY), Issue]),
        row("a rejection whose body breaks off is a rejection")
            .responds([cut()])
            .calls(get(), success(200, TAKEN))
            .sends([Issue, sent("GET", 1), Issue, sent("GET", 2)]),
        row("an endless rejection is not read to its end")
            .responds([endless()])
            .calls(get(), success(200, TAKEN))
            .sends([Issue, sent("GET", 1), Issue, sent("GET", 2)]),
        row("a token challenge among other challenges")
            .responds([with_challenge(r#"Basic realm="a, b", JWT realm="api""#)])
            .calls(get(), success(200, TAKEN))
            .sends([Issue, sent("GET", 1), Issue, sent("GET", 2)]),
        row("a token within its grace for clock skew is sent again without a token request")
            .with_setup(|setup| with_skew_grace(Duration::from_secs(3), setup))
            .responds([rejected()])
            .calls(get(), success(200, TAKEN))
            .sends([Issue, sent("GET", 1), sent("GET", 1)]),
        row("a token whose grace for clock skew ends after the timeout is rejected")
            .with_setup(|setup| with_skew_grace(A_MINUTE, setup))
            .responds([rejected()])
            .calls(
                get().timeout(Duration::from_secs(5)),
                got(401, TokenRejected, INVALID),
            )
            .sends([Issue, sent("GET", 1)]),
        row("a second rejection whose backoff exceeds the timeout")
            .responds([rejected(), taken(), rejected()])
            .does([
                (Send(get()), success(200, TAKEN)),
                (
                    Send(get().timeout(Duration::from_secs(2))),
                    got(401, TokenRejected, INVALID),
                ),
            ])
            .sends([Issue, sent("GET", 1), Issue, sent("GET", 2), sent("GET", 2)]),
        row("without a newer token the rejection is returned")
            .responds([rejected()])
            .with_setup(|setup| Setup {
                policy: pausing(Duration::from_secs(60 * 60), Duration::from_millis(1)),
                ..setup
            })
            .responds_to_the_second_token_request(MockResponse::html(503, "<h1>Be right back</h1>"))
            .calls(get(), got(401, TokenRejected, INVALID))
            .sends([Issue, sent("GET", 1), Issue]),
        row("a fixed token cannot be renewed")
            .with_setup(|setup| Setup {
                fixed: Some(AccessToken::new(TokenType::Jwt, &token(1)).unwrap()),
                ..setup
            })
            .responds([rejected(), rejected()])
            .does([
                (Send(get()), got(401, TokenRejected, INVALID)),
                (Send(get()), got(401, TokenRejected, INVALID)),
                (Send(get()), success(200, TAKEN)),
            ])
            .sends([sent("GET", 1), sent("GET", 1), sent("GET", 1)]),
        row("a newer token does not arrive in time")
            .responds([rejected()])
            .responds_to_the_second_token_request(Behavior::stall())
            .calls_with_a_token(
                get().timeout(Duration::from_secs(3)),
                got(401, TokenRejected, INVALID),
            )
            .sends([Issue, sent("GET", 1), Issue]),
    ]
}

fn rejected() -> Behavior {
    with_challenge(r#"JWT realm="api""#)
}

fn with_challenge(challenge: &str) -> Behavior {
    let rejection = MockResponse::json(401, INVALID);
    rejection.header("WWW-Authenticate", challenge).into()
}

fn taken() -> Behavior {
    MockResponse::json(200, TAKEN).into()
}

fn endless() -> Behavior {
    let head = "HTTP/1.1 401 \r\nTransfer-Encoding: chunked\r\n\r\n";
    Behavior::endless(head, format!("1000\r\n{}\r\n", " ".repeat(0x1000)))
}

fn cut() -> Behavior {
    let whole = MockResponse::json(401, INVALID).to_bytes();
    let all_but_some = whole.len() - 9;
    Behavior::cut(whole, all_but_some)
}

/// Sets the grace for clock skew: a token that is rejected before this age is sent again once it has the age.
fn with_skew_grace(age: Duration, setup: Setup) -> Setup {
    Setup {
        policy: pausing(Duration::from_millis(5), age),
        ..setup
    }
}

const A_MINUTE: Duration = Duration::from_secs(60);
const BODY: &str = r#"{"user":"ada"}"#;
const INVALID: &str = r#"{"detail":"Invalid token."}"#;
