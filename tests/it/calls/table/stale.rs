//! Every response by which Open edX rejects a token: one token request, and one replay.

use edx_auth_core::Verdict::TokenRejected;
use edx_auth_testkit::MockResponse;

use crate::calls::action::{got, success};
use crate::calls::row::{Row, get, row};
use crate::calls::run::TAKEN;
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let once = REJECTIONS.into_iter().map(rejected_once);
    let twice = REJECTIONS.into_iter().map(rejected_twice);
    once.chain(twice).collect()
}

type Rejection = (u16, &'static str);

fn rejected_once((status, body): Rejection) -> Row {
    row(format!("a rejected token: {status} {body}"))
        .responds([rejection((status, body)).into()])
        .calls(get(), success(200, TAKEN))
        .sends([Issue, sent("GET", 1), Issue, sent("GET", 2)])
}

fn rejected_twice((status, body): Rejection) -> Row {
    row(format!("a second rejected token: {status} {body}"))
        .responds([
            rejection((401, "")).into(),
            rejection((status, body)).into(),
        ])
        .calls(get(), got(status, TokenRejected, body))
        .sends([Issue, sent("GET", 1), Issue, sent("GET", 2)])
}

/// Returns the rejection as Django REST framework sends it: only a 401 has a challenge.
fn rejection((status, body): Rejection) -> MockResponse {
    let response = MockResponse::json(status, body);
    match status {
        401 => response.header("WWW-Authenticate", r#"JWT realm="api""#),
        _ => response,
    }
}

const REJECTIONS: [Rejection; 26] = [
    (401, r#"{"detail":"Invalid token."}"#),
    (401, r#"{"detail":"Ungültiges Token."}"#),
    (
        401,
        r#"{"detail":"JWT must include a preferred_username or username claim!"}"#,
    ),
    (401, r#"{"detail":"Token has expired."}"#),
    (401, r#"{"detail":"Error decoding token."}"#),
    (401, r#"{"detail":"Signature has expired."}"#),
    (401, r#"{"detail":"Error decoding signature."}"#),
    (401, r#"{"detail":"User account is disabled."}"#),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_expired"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_malformed"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"token_nonexistent"}"#,
    ),
    (
        401,
        r#"{"developer_message":"x","error_code":"user_not_active"}"#,
    ),
    (
        401,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","detail":"Abgelaufen."}"#,
    ),
    (401, "<html>Sign in</html>"),
    (401, ""),
    (403, r#"{"detail":"Invalid token."}"#),
    (
        403,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","detail":"Abgelaufen."}"#,
    ),
    (403, r#"{"detail":"Token has expired."}"#),
    (403, r#"{"detail":"Error decoding token."}"#),
    (403, r#"{"detail":"Signature has expired."}"#),
    (403, r#"{"detail":"Error decoding signature."}"#),
    (403, r#"{"developer_message":"Invalid token."}"#),
    (403, r#"{"developer_message":{"detail":"Invalid token."}}"#),
    (
        403,
        r#"{"developer_message":"x","error_code":"token_expired"}"#,
    ),
    (
        403,
        r#"{"developer_message":{"error_code":"token_nonexistent","developer_message":"x"}}"#,
    ),
    (403, r#"{"error_code":"token_malformed"}"#),
];
